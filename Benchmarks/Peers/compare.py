#!/usr/bin/env python3
"""Times sqsnn and its peers in turns and prints one table of ratios.

All peers are prepared first; then, round after round, sqsnn and each peer run alone, one after the other. A
ratio is taken within a round, so that what slows the machine for minutes slows both sides; the table has its
median over the rounds, and the least and greatest. Of a peer's variants (eager or compiled, threads, and so
on) the fastest of each round counts, so that one which the rest of the machine held up does not; the table
names the one that was it most often.

sqsnn's figures are those of `sqsnn bench step --json`: median seconds of a step, and, beside the single
neurons, `neuron_steps_per_second`: all steps of the hidden layer's neurons for one batch, each neuron with
angles of its own and each sample with currents of its own, on all threads, random numbers included.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from measurement import Failure, Round, core_count
from workload import Workload, positive_integer

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
NETWORKS = ("network_pytorch.py", "network_snntorch.py")
NEURONS = ("neuron_aer.py", "neuron_pennylane.py")
#: Cores. Above, a round is told to be of little worth.
TOLERABLE_DISTURBANCE = 0.1
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"

#: What a quantity is called in the table, in which of sqsnn's figures it has its counterpart.
QUANTITIES = {
    "training_step_seconds": ("training step", "training_step_seconds"),
    "inference_step_seconds": ("inference step", "inference_step_seconds"),
    "one_circuit_neuron_steps_per_second": ("one circuit, many shots", "neuron_steps_per_second"),
    "one_circuit_deferred_neuron_steps_per_second": (
        "one circuit, measured at the end",
        "neuron_steps_per_second",
    ),
    "different_circuits_neuron_steps_per_second": ("different circuits", "neuron_steps_per_second"),
}


class RunningPeer:
    """A peer's process that gives a round on request."""

    def __init__(self, script: str, options: list[str]) -> None:
        self.script = script
        self.process = subprocess.Popen(
            [sys.executable, str(FOLDER / script), "--rounds-on-request", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.description = self._answer()

    def measure(self) -> Round:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._answer()

    def processor_seconds(self) -> float:
        """What the process has used so far, its threads included."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _answer(self) -> dict:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"{self.script} ended with status {self.process.wait()}; its message is above")
        return json.loads(line)


class Disturbance:
    """How much of the machine other processes and other virtual machines use, from `/proc`."""

    def __init__(self, peers: list[RunningPeer]) -> None:
        self.peers = peers
        self._others_seconds, self._start = self._others(), time.perf_counter()

    def cores(self) -> float:
        """Cores' worth since the beginning."""
        return max(0, self._others() - self._others_seconds) / (time.perf_counter() - self._start)

    def _others(self) -> float:
        # user, nice, system, idle, I/O wait, interrupts (hard, soft), stolen; the rest is part of these.
        ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        everyone = (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        ours = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        return everyone - ours - sum(peer.processor_seconds() for peer in self.peers)


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
            text(self.ours) + (" (its own LIF)" if self.side != "sqsnn" else ""),
            ratio,
        ]


HEADER = ["peer", "fastest variant", "peer's figure", "sqsnn", "times faster: median (least … greatest)"]


def significant(value: float) -> str:
    """Three digits, thousands separated: 0.123, 12.3, 123, 12,300."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:.3g}"


#: Of peers whose neuron is not the default: what it is to be held against as well.
COUNTERPARTS = {"snnTorch, LIF of the same size": ["--model=lif", "--spike-surrogate=fast-sigmoid"]}


def sqsnn_round(arguments: argparse.Namespace, workload: Workload, model: list[str] | None = None) -> dict:
    # Images say inputs, outputs and density themselves.
    sizes = [f"--{name}={getattr(workload, name)}" for name in ("hidden", "steps", "batch")]
    options = [*sizes, "--dataset", arguments.dataset] if arguments.dataset else workload.command_line
    options += [*(model or []), "--threads", str(arguments.threads)]
    command = [str(arguments.sqsnn), "bench", "step", *options, "--json"]
    try:
        result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    except (OSError, subprocess.CalledProcessError, json.JSONDecodeError) as error:
        raise Failure(f"{' '.join(command)}: {error}") from error
    figures = {counterpart for _, counterpart in QUANTITIES.values()}
    if model:
        figures = {name for name in figures if name.endswith("_seconds")}
    if missing := figures - result.keys():
        raise Failure(
            f"{' '.join(command)}: expected {', '.join(sorted(missing))} in the JSON object, found none"
        )
    return result


@contextlib.contextmanager
def started(workload: Workload) -> Iterator[list[RunningPeer]]:
    """All peers, ready for their first round."""
    with contextlib.ExitStack() as stack:
        peers = []
        for script in NETWORKS + NEURONS:
            print(f"Preparing {script}", file=sys.stderr)
            options = workload.command_line if script in NETWORKS else ["--steps", str(workload.steps)]
            peer = RunningPeer(script, options)
            stack.callback(peer.stop)
            peers.append(peer)
        yield peers


def comparison(arguments: argparse.Namespace) -> dict:
    """Everything that was measured: how, and each round."""
    workload = Workload.of(arguments)
    # First, so that a tool that does not work is told before the peers are compiled.
    ours = sqsnn_round(arguments, workload)
    rounds: list[dict] = []
    with started(workload) as peers:
        for number in range(1, arguments.rounds + 1):
            print(f"Round {number} of {arguments.rounds}", file=sys.stderr)
            disturbance = Disturbance(peers)
            found = {"sqsnn": sqsnn_round(arguments, workload)}
            for peer in peers:
                name = peer.description["peer"]
                found[name] = peer.measure()
                if name in COUNTERPARTS:
                    found[f"sqsnn beside {name}"] = sqsnn_round(arguments, workload, COUNTERPARTS[name])
            rounds.append(found | {"cores_used_by_others": disturbance.cores()})
            if rounds[-1]["cores_used_by_others"] > TOLERABLE_DISTURBANCE:
                print(
                    f"compare: others used {rounds[-1]['cores_used_by_others']:.2f} cores in this round; "
                    "its figures, most of all those on all threads, say little",
                    file=sys.stderr,
                )
        return {
            "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "machine": machine(),
            "threads": arguments.threads,
            "workload": str(workload) + (f" (sqsnn: {arguments.dataset})" if arguments.dataset else ""),
            "sqsnn": {"version": ours["version"], "instruction_set": ours["instruction_set"]},
            "peers": [peer.description for peer in peers],
            "rounds": rounds,
        }


def machine() -> dict[str, object]:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": core_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def rows(result: dict) -> list[Row]:
    made = []
    for description in result["peers"]:
        peer = description["peer"]
        for quantity in result["rounds"][0][peer]:
            fastest = min if quantity.endswith("_seconds") else max
            best = []
            for round_ in result["rounds"]:
                variants = round_[peer][quantity]
                best.append(fastest(variants.items(), key=lambda item: item[1]))
            variant = statistics.mode(name for name, _ in best)
            for side in ("sqsnn", f"sqsnn beside {peer}"):
                if side in result["rounds"][0]:
                    ours = [figure(round_[side][QUANTITIES[quantity][1]]) for round_ in result["rounds"]]
                    made.append(Row(peer, side, quantity, variant, [value for _, value in best], ours))
    return made


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
        f"{result['threads']} threads); {len(result['rounds'])} rounds in turns; "
        f"networks {result['workload']}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
    )


def text_table(cells: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells
    )


def markdown(result: dict) -> str:
    def line(cells: list[str]) -> str:
        return f"| {' | '.join(cells)} |"

    table = [line(HEADER), line(["---"] * len(HEADER)), *(line(row.cells()) for row in rows(result))]
    return "\n".join([conditions(result) + ".", "", *table])


def between_markers(path: Path) -> tuple[str, str]:
    """What stands before and after the table in the file, markers included."""
    try:
        text = path.read_text()
    except OSError as error:
        raise Failure(
            f"{path}: {error.strerror}; expected a file with the lines {BEGIN} and {END}"
        ) from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Failure(f"{path}: expected the lines {BEGIN} and {END}, between which the table goes")
    return before + begin, end + after


def check(tool: Path) -> None:
    """Every peer against the equations, PyTorch's network against sqsnn too."""
    for script in NETWORKS + NEURONS:
        options = ["--sqsnn", str(tool)] if script == "network_pytorch.py" else []
        status = subprocess.run(
            [sys.executable, str(FOLDER / script), "--check", *options], check=False
        ).returncode
        if status:
            raise Failure(f"{script} --check ended with status {status}; its message is above")


def run(arguments: argparse.Namespace) -> None:
    if not arguments.sqsnn.is_file():
        raise Failure(
            f"{arguments.sqsnn}: no such file; build it with swift build -c release --product sqsnn"
        )
    if arguments.check:
        check(arguments.sqsnn)
        return
    surroundings = between_markers(arguments.markdown) if arguments.markdown else None
    if arguments.json:
        writable(arguments.json)
    result = comparison(arguments)
    print(conditions(result))
    print(text_table([HEADER, *(row.cells() for row in rows(result))]))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n")
    if surroundings:
        before, after = surroundings
        arguments.markdown.write_text(f"{before}\n{markdown(result)}\n{after}")


def writable(path: Path) -> None:
    """Told before minutes of measuring, not after."""
    try:
        path.open("a").close()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}; expected a file that can be written") from error


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="compare", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sqsnn", type=Path, default=ROOT / ".build/release/sqsnn", help="a release build of the tool"
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
        "--dataset",
        metavar="NAME",
        help="sqsnn takes images under an intensity ceiling of 0.5 instead of random spikes; "
        "the peers' cost does not depend on which inputs spike",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all rounds and variants")
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help=f"write the table between {BEGIN} and {END}"
    )
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
