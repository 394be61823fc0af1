#!/usr/bin/env python3
"""Times sqsnn and its peers in turns and prints one table of ratios.

All peers are prepared first; then, round after round, sqsnn and each peer run alone, one after the other. A
ratio is taken within a round, so that what slows the machine for minutes slows both sides; the table has its
median over the rounds, and the least and greatest. Of a peer's variants (eager or compiled, threads, and so
on) the fastest of each round counts, so that one which the rest of the machine held up does not; the table
names the one that was it most often. A peer or a variant that cannot do a size, is not installed or fails
stands in the table with the reason.

sqsnn's figures are those of `sqsnn bench step --json`: median seconds of a step, and, beside the single
neurons, `neuron_steps_per_second`: all steps of the hidden layer's neurons for one batch, each neuron with
angles of its own and each sample with currents of its own, on all threads, random numbers included.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import turns
from measurement import Failure, core_count
from table import Output, markdown_table, significant, text_table
from turns import Disturbance, PeerFailure, RunningPeer
from workload import Workload, positive_integer

NETWORKS = (
    "network_pytorch.py",
    "lif_snntorch.py",
    "lif_norse.py",
    "lif_spikingjelly.py",
    "lif_spyx.py",
    "qlif_pytorch.py",
)
NEURONS = ("neuron_aer.py", "neuron_pennylane.py")
#: A model without spikes, of one size.
QNNS = ("qnn_pennylane.py",)
MARKS = "peers"

#: What a quantity is called in the table, in which of sqsnn's figures it has its counterpart.
QUANTITIES = {
    "training_step_seconds": ("training step", "training_step_seconds"),
    "inference_step_seconds": ("inference step", "inference_step_seconds"),
    "qnn_training_step_seconds": ("training step", "qnn_training_step_seconds"),
    "qnn_inference_step_seconds": ("inference step", "qnn_inference_step_seconds"),
    "one_circuit_neuron_steps_per_second": ("one circuit, many shots", "neuron_steps_per_second"),
    "one_circuit_deferred_neuron_steps_per_second": (
        "one circuit, measured at the end",
        "neuron_steps_per_second",
    ),
    "different_circuits_neuron_steps_per_second": ("different circuits", "neuron_steps_per_second"),
}


@dataclass(frozen=True)
class Row:
    """One peer's quantity beside sqsnn's, over all rounds."""

    peer: str
    #: Which of sqsnn's measurements it is held against.
    side: str
    quantity: str
    #: Most often the fastest.
    variant: str
    #: Of the fastest variant of each round.
    found: list[float]
    ours: list[float]

    @property
    def ratios(self) -> list[float]:
        """How many times faster sqsnn is, round by round."""
        pairs = zip(self.found, self.ours, strict=True)
        return [found / ours if self.is_time else ours / found for found, ours in pairs]

    @property
    def is_time(self) -> bool:
        return self.quantity.endswith("_seconds")

    def cells(self) -> list[str]:
        def text(values: list[float]) -> str:
            value = statistics.median(values)
            return f"{value * 1e3:.1f} ms" if self.is_time else f"{significant(value)} neuron-steps/s"

        least, greatest = min(self.ratios), max(self.ratios)
        ratio = (
            f"{significant(statistics.median(self.ratios))} ({significant(least)} … {significant(greatest)})"
        )
        return [
            f"{self.peer}: {QUANTITIES[self.quantity][0]}",
            self.variant,
            text(self.found),
            text(self.ours) + (" (its own neuron of that kind)" if self.side != "sqsnn" else ""),
            ratio,
        ]


HEADER = ["peer", "fastest variant", "peer's figure", "sqsnn", "times faster: median (least … greatest)"]


@dataclass(frozen=True)
class Absence:
    """Something that has no figure."""

    what: str
    variant: str
    reason: str

    def cells(self) -> list[str]:
        return [self.what, self.variant, self.reason, "–", "–"]


#: Of peers whose neuron is not the default: what it is to be held against as well, the same neuron with the same surrogate.
COUNTERPARTS = {
    f"{name}, LIF of the same size": ["--model=lif", f"--spike-surrogate={kind}", f"--surrogate-width={width}"]
    for name, kind, width in (
        ("snnTorch", "fast-sigmoid", 25),
        ("Norse", "fast-sigmoid", 1),
        ("SpikingJelly", "arctan", 2),
        ("Spyx", "fast-sigmoid", 25),
    )
} | {"PyTorch, QLIF of the same size": ["--model=qlif"]}


def sqsnn_round(arguments: argparse.Namespace, workload: Workload, model: list[str] | None = None) -> dict:
    # Images say inputs, outputs and density themselves.
    sizes = [f"--{name}={getattr(workload, name)}" for name in ("hidden", "steps", "batch")]
    options = [*sizes, "--dataset", arguments.dataset] if arguments.dataset else workload.command_line
    options += [*(model or []), "--threads", str(arguments.threads), "--precision", arguments.precision]
    result = turns.call_sqsnn(arguments.sqsnn, "bench", "step", *options)
    if not model:
        qnn = turns.call_sqsnn(arguments.sqsnn, "bench", "qnn", "--threads", str(arguments.threads))
        result |= {f"qnn_{name}": value for name, value in qnn.items() if name.endswith("_seconds")}
    figures = {counterpart for _, counterpart in QUANTITIES.values()}
    if model:
        figures = {"training_step_seconds", "inference_step_seconds"}
    if missing := figures - result.keys():
        raise Failure(
            f"{arguments.sqsnn} bench step: expected {', '.join(sorted(missing))} in the JSON object, found none"
        )
    return result


def processes(workload: Workload) -> list[tuple[str, list[str]]]:
    """Scripts with their options. Spyx has a process for each number of threads."""
    made = []
    for script in NETWORKS:
        threads = sorted({1, core_count()}) if script == "lif_spyx.py" else [None]
        for count in threads:
            made.append((script, workload.command_line + (["--threads", str(count)] if count else [])))
    made += [(script, ["--steps", str(workload.steps)]) for script in NEURONS]
    return made + [(script, []) for script in QNNS]


@contextlib.contextmanager
def started(workload: Workload) -> Iterator[tuple[list[RunningPeer], list[Absence]]]:
    """All peers, ready for their first round, and those that are not."""
    with contextlib.ExitStack() as stack:
        peers, absent = [], []
        for script, options in processes(workload):
            print(f"Preparing {script}", file=sys.stderr)
            try:
                peer = RunningPeer(script, options)
            except PeerFailure as failure:
                absent.append(absence(failure))
                continue
            stack.callback(peer.stop)
            peers.append(peer)
        yield peers, absent


def absence(failure: PeerFailure) -> Absence:
    script, _, reason = str(failure).partition(": ")
    return Absence(script, "–", f"failed: {reason}")


def comparison(arguments: argparse.Namespace) -> dict:
    """Everything that was measured: how, and each round."""
    workload = Workload.of(arguments)
    # First, so that a tool that does not work is told before the peers are compiled.
    ours = sqsnn_round(arguments, workload)
    rounds: list[dict] = []
    with started(workload) as (peers, absent):
        for number in range(1, arguments.rounds + 1):
            print(f"Round {number} of {arguments.rounds}", file=sys.stderr)
            disturbance = Disturbance(peers)
            found = {"sqsnn": sqsnn_round(arguments, workload)}
            for peer in list(peers):
                name = peer.description["peer"]
                try:
                    figures = peer.measure()
                except PeerFailure as failure:
                    absent.append(absence(failure))
                    peers.remove(peer)
                    continue
                # Processes of one name are variants of one peer.
                known = found.setdefault(name, {})
                for quantity, variants in figures.items():
                    known.setdefault(quantity, {}).update(variants)
                beside = f"sqsnn beside {name}"
                if name in COUNTERPARTS and beside not in found:
                    found[beside] = sqsnn_round(arguments, workload, COUNTERPARTS[name])
            rounds.append(found | {"cores_used_by_others": disturbance.cores()})
            turns.warn_of(rounds[-1]["cores_used_by_others"], "compare")
        if not peers:
            raise Failure("no peer could be measured; their messages are above")
        return {
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "machine": turns.machine(),
            "threads": arguments.threads,
            "precision": arguments.precision,
            "workload": str(workload) + (f" (sqsnn: {arguments.dataset})" if arguments.dataset else ""),
            "sqsnn": {"version": ours["version"], "instruction_set": ours["instruction_set"]},
            "peers": [peer.description for peer in peers],
            "absent": [vars(entry) for entry in absent],
            "rounds": rounds,
        }


def rows(result: dict) -> list[Row | Absence]:
    made: list[Row | Absence] = []
    rounds = result["rounds"]
    for peer in dict.fromkeys(description["peer"] for description in result["peers"]):
        for quantity in rounds[0][peer]:
            fastest = min if quantity.endswith("_seconds") else max
            best = []
            for round_ in rounds:
                variants = {
                    name: value
                    for name, value in round_[peer][quantity].items()
                    if not isinstance(value, str)
                }
                if variants:
                    best.append((round_, *fastest(variants.items(), key=lambda item: item[1])))
            sides = [side for side in ("sqsnn", f"sqsnn beside {peer}") if best and side in rounds[0]]
            for side in sides:
                ours = [figure(round_[side][QUANTITIES[quantity][1]]) for round_, *_ in best]
                variant = statistics.mode(name for _, name, _ in best)
                made.append(Row(peer, side, quantity, variant, [value for *_, value in best], ours))
            made += reasons(f"{peer}: {QUANTITIES[quantity][0]}", [round_[peer][quantity] for round_ in rounds])
    return made + [Absence(**entry) for entry in result["absent"]]


def reasons(what: str, variants: list[dict]) -> list[Absence]:
    """Why variants have no figure in some round; those for the same reason as one."""
    found: dict[str, dict[str, None]] = {}
    for round_ in variants:
        for name, value in round_.items():
            if isinstance(value, str):
                found.setdefault(value, {})[name] = None
    return [Absence(what, "; ".join(names), reason) for reason, names in found.items()]


def figure(value: float | dict[str, float]) -> float:
    """Of a time, sqsnn gives more than the median."""
    return value["median"] if isinstance(value, dict) else value


def conditions(result: dict) -> str:
    versions: dict[str, str] = {}
    for description in result["peers"]:
        versions |= description["versions"]
    computer = result["machine"]
    sqsnn = result["sqsnn"]
    disturbance = max(round_["cores_used_by_others"] for round_ in result["rounds"])
    return (
        f"{result['date']}, {computer['processor']}, {computer['cores']} cores, of which others used "
        f"{disturbance:.2f} at most in a round; sqsnn {sqsnn['version']} ({sqsnn['instruction_set']}, "
        f"{result['threads']} threads, {result['precision']}); {len(result['rounds'])} rounds in turns; "
        f"networks {result['workload']}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
    )


def check(tool: Path) -> None:
    """Every peer against the equations, PyTorch's network against sqsnn too."""
    failed = []
    for script in NETWORKS + NEURONS + QNNS:
        options = ["--sqsnn", str(tool)] if script == "network_pytorch.py" else []
        status = subprocess.run(
            [sys.executable, str(turns.FOLDER / script), "--check", *options], check=False
        ).returncode
        if status:
            failed.append(script)
    if failed:
        raise Failure(f"--check failed in {', '.join(failed)}; the messages are above")


def run(arguments: argparse.Namespace) -> None:
    turns.require_tool(arguments.sqsnn)
    if arguments.check:
        check(arguments.sqsnn)
        return
    output = Output(MARKS, arguments)
    result = comparison(arguments)
    made = rows(result)
    table = [HEADER, *(row.cells() for row in made)]
    print(conditions(result))
    print(text_table(table))
    output.write(
        json.dumps(result, indent=2), "\n".join([conditions(result) + ".", "", markdown_table(table)])
    )
    if not any(isinstance(row, Row) for row in made):
        raise Failure("no peer could be measured; the table has the reasons")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sqsnn", type=Path, default=turns.TOOL, help="a release build of the tool"
    )
    parser.add_argument(
        "--rounds", type=positive_integer, default=5, help="how often each has its turn (%(default)s)"
    )
    parser.add_argument(
        "--threads",
        type=positive_integer,
        default=core_count(),
        help="threads of sqsnn (%(default)s); peers try 1 and all",
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "fixed16"),
        default="float32",
        help="of sqsnn's sums over synapses (%(default)s)",
    )
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        help="sqsnn takes images under an intensity ceiling of 0.5 instead of random spikes; "
        "the peers' cost does not depend on which inputs spike",
    )
    Output.add_arguments(parser, MARKS)
    parser.add_argument(
        "--check", action="store_true", help="compare the peers with the equations instead of timing them"
    )
    Workload.add_arguments(parser)
    try:
        run(parser.parse_args())
    except Failure as failure:
        sys.exit(f"compare: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
