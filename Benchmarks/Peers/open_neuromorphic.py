#!/usr/bin/env python3
"""Open Neuromorphic's benchmark, repaired: a linear layer n × n and LIF neurons, forward and back, on the CPU.

As published it does not wait for the device, runs Norse for one step and Spyx over the samples instead of the steps,
and nobody looks at what comes out. Here all sides have the same weights, input and recurrence (`lif_reference.py`),
and their spikes are compared before they are timed: trains of a neuron in a sample are equal, or differ from a step
on at which the exact potential is within 1e-4 of the threshold, where the order of a Float32 sum decides; those are
counted. Gradients of the weights are compared too.

The published input is real numbers. Here it is spikes: at 1, 5 and 20 per cent, and at 50 as the dense case. Half of
all inputs is where spikes are least predictable and no sum can be shared, and where a method that follows spikes and
one that multiplies everything differ least; a dense product costs the same for any input. (At 100 per cent, which
--densities takes, all steps are the same.) Weights are uniform in ±√(1/(2 p n)) at density p, so that neurons fire
at each.

The loss is the sum of all spikes, as published. Forward is timed as a part of training, with what the way back needs;
forward and back end with the gradient of the weights. Sides run in turns, each alone on all
threads (PyTorch's small layers on one, where that is faster).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import math
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import lif_layer
import lif_reference
import turns
from compare import reasons
from measurement import Failure, core_count
from table import Output, markdown_table, significant, text_table
from turns import Disturbance, PeerFailure, RunningPeer
from workload import positive_integer, probability

SIDES = ("lif_snntorch.py", "lif_norse.py", "lif_spikingjelly.py", "lif_spyx.py")
OURS = "sqsnn"
MARKS = "open-neuromorphic"
#: How close to the threshold an exact potential has to be for rounding to decide.
MARGIN = 1e-4
#: Neurons whose spikes are always compared with the exact potentials, and gradients with sqsnn's.
COMPARED = 64
#: Of the largest gradient.
GRADIENT_TOLERANCE = 1e-3
#: Their gradient goes through the resets, sqsnn's and the others' does not.
THROUGH_RESETS = {"Spyx"}


@dataclass(frozen=True)
class Size:
    neurons: int
    density: float
    steps: int
    batch: int

    def __str__(self) -> str:
        return f"n = {self.neurons}, {100 * self.density:g} %"

    def record(self, arguments: argparse.Namespace, path: Path | None) -> dict:
        """One round of sqsnn; with a path, what the others need is written there."""
        gain = math.sqrt(1 / (2 * self.density))
        options = {
            "inputs": self.neurons,
            "hidden": self.neurons,
            "steps": self.steps,
            "batch": self.batch,
            "density": self.density,
            "gain": gain,
            "threads": arguments.threads,
            "model": "lif",
            "decay": lif_reference.DECAY,
            "threshold": lif_reference.THRESHOLD,
            "spike-surrogate": "fast-sigmoid",
            "surrogate-width": lif_reference.COMMON_SLOPE,
        }
        words = [f"--{name}={value}" for name, value in options.items()]
        return turns.call_sqsnn(
            arguments.sqsnn, "bench", "layer", *words, *([f"--record={path}"] if path else [])
        )


class Agreement:
    """What the sides made of one size, against sqsnn's and the exact potentials."""

    def __init__(self, size: Size, path: Path) -> None:
        self.size, self.path = size, path
        with np.load(path) as arrays:
            self.weights, self.input = arrays["weights"], arrays["input"]
            self.spikes, self.gradient = arrays["spikes"], arrays["gradient"]

    def compared(self, sides: list[str]) -> dict[str, dict]:
        """By side, the trains that differ and the largest difference of the gradients; throws where one is not to be
        excused."""
        found = {OURS: (self.spikes, self.gradient)}
        for side in sides:
            with np.load(lif_layer.result_path(self.path, side)) as arrays:
                found[side] = (arrays["spikes"], arrays["gradient"])
        neurons = set(range(min(COMPARED, self.size.neurons)))
        for spikes, _ in found.values():
            neurons |= set(self._neurons_that_differ(spikes))
        chosen = np.array(sorted(neurons))
        exact = self._potentials(chosen)
        result = {}
        for side, (spikes, gradient) in found.items():
            trains = np.stack(
                [spikes[:, :, neuron // 8] >> (neuron % 8) & 1 for neuron in chosen], axis=2
            ).swapaxes(0, 1)
            differs = trains != (exact > lif_reference.THRESHOLD)
            apart = differs.any(0)
            margins = np.abs(exact - lif_reference.THRESHOLD)
            first = np.take_along_axis(margins, differs.argmax(0)[None], axis=0)[0]
            if (wrong := apart & ~(first <= MARGIN)).any():
                raise Failure(
                    f"{self.size}: {wrong.sum()} of {wrong.size} compared spike trains of {side} differ where the "
                    f"exact potential is more than {MARGIN:g} from the threshold; expected none"
                )
            same = ~np.isin(np.arange(len(gradient)), chosen[apart.any(0)])
            difference = float(
                np.max(np.abs(gradient - self.gradient)[same], initial=0) / np.max(np.abs(self.gradient))
            )
            if side not in THROUGH_RESETS and not difference <= GRADIENT_TOLERANCE:
                raise Failure(
                    f"{self.size}: the weights' gradient of {side} is up to {difference:.1e} of the largest from "
                    f"sqsnn's, expected at most {GRADIENT_TOLERANCE:g}"
                )
            result[side] = {"trains_that_differ": int(apart.sum()), "gradient_difference": difference}
        return result

    def _neurons_that_differ(self, spikes: np.ndarray) -> np.ndarray:
        different = np.bitwise_or.reduce(spikes ^ self.spikes, axis=(0, 1))
        return np.flatnonzero(np.unpackbits(different, count=self.size.neurons, bitorder="little"))

    def _potentials(self, neurons: np.ndarray) -> np.ndarray:
        """[step, sample, neuron], from Float64 sums."""
        weights = self.weights[neurons].astype(np.float64).T
        currents = [
            lif_layer.unpacked(sample[None], self.size.neurons)[0].astype(np.float64) @ weights
            for sample in self.input
        ]
        return lif_reference.potentials(np.stack(currents, axis=1))


def measured(arguments: argparse.Namespace, neurons: int, folder: Path) -> list[dict]:
    """All densities of one size. Processes live for one size, so that what one needed is free for the next."""
    made = []
    with contextlib.ExitStack() as stack:
        peers: list[RunningPeer] = []
        absent: dict[str, str] = {}
        for script in SIDES:
            print(f"n = {neurons}: preparing {script}", file=sys.stderr)
            try:
                peer = RunningPeer(script, ["--layer"])
            except PeerFailure as failure:
                note(absent, failure)
                continue
            stack.callback(peer.stop)
            peers.append(peer)
        for density in arguments.densities:
            size = Size(neurons, density, arguments.steps, arguments.batch)
            # A name of its own, so that peers read it anew.
            path = folder / f"layer-{density}.npz"
            print(f"{size}: comparing spikes", file=sys.stderr)
            size.record(arguments, path)
            # Loads the file, compiles, writes spikes.
            sides = [side for side, figures in turn(peers, absent, path).items() if has_figure(figures)]
            agreement = Agreement(size, path).compared(sides)
            rounds = []
            for number in range(1, arguments.rounds + 1):
                print(f"{size}: round {number} of {arguments.rounds}", file=sys.stderr)
                disturbance = Disturbance(peers)
                ours = size.record(arguments, None)
                found = {OURS: figures_of_ours(ours, arguments.threads)} | turn(peers, absent, path)
                rounds.append(found | {"cores_used_by_others": disturbance.cores()})
                turns.warn_of(rounds[-1]["cores_used_by_others"], MARKS)
            made.append(
                {
                    "neurons": neurons,
                    "density": density,
                    "spikes_per_neuron_step": ours["spikes_per_neuron_step"],
                    "sqsnn": {key: ours[key] for key in ("version", "instruction_set")},
                    "peers": [peer.description for peer in peers],
                    "agreement": agreement,
                    "absent": dict(absent),
                    "rounds": rounds,
                }
            )
            for file in folder.iterdir():
                file.unlink()
    return made


def has_figure(figures: dict[str, dict]) -> bool:
    return any(not isinstance(value, str) for value in figures["forward_backward_seconds"].values())


def name(peer: RunningPeer) -> str:
    return peer.description["peer"]


def note(absent: dict[str, str], failure: PeerFailure) -> None:
    script, _, reason = str(failure).partition(": ")
    absent[script] = f"failed: {reason}"


def turn(peers: list[RunningPeer], absent: dict[str, str], path: Path) -> dict:
    """A round of each; those that end are taken out."""
    found = {}
    for peer in list(peers):
        try:
            found[name(peer)] = peer.measure(str(path))
        except PeerFailure as failure:
            note(absent, failure)
            peers.remove(peer)
    return found


def figures_of_ours(result: dict, threads: int) -> dict:
    return {
        quantity: {f"{threads} threads": result[quantity]["median"]}
        for quantity in ("forward_seconds", "forward_backward_seconds")
    }


HEADER = ["n, spikes", "side", "variant", "forward", "forward and back", "sqsnn times faster", "trains that differ"]


def rows(sizes: list[dict]) -> list[list[str]]:
    made = []
    for size in sizes:
        label = f"{size['neurons']}, {100 * size['density']:g} %"
        rounds = size["rounds"]

        def seconds(side: str, quantity: str) -> list[float]:
            return [next(v for v in round_[side][quantity].values() if not isinstance(v, str)) for round_ in rounds]

        for side, agreement in size["agreement"].items():
            if any(side not in round_ for round_ in rounds):
                continue
            variants = rounds[0][side]["forward_backward_seconds"]
            variant = next((name for name, value in variants.items() if not isinstance(value, str)), None)
            if variant:
                times = [seconds(side, quantity) for quantity in ("forward_seconds", "forward_backward_seconds")]
                both = zip(times[1], seconds(OURS, "forward_backward_seconds"))
                ratios = [found / ours for found, ours in both]
                middle, least, greatest = statistics.median(ratios), min(ratios), max(ratios)
                ratio = f"{significant(middle)} ({significant(least)} … {significant(greatest)})"
                made.append(
                    [label, side, variant]
                    + [f"{significant(1e3 * statistics.median(values))} ms" for values in times]
                    + ["–" if side == OURS else ratio, str(agreement["trains_that_differ"])]
                )
        for side in rounds[0]:
            if side == "cores_used_by_others":
                continue
            every = [round_[side]["forward_backward_seconds"] for round_ in rounds if side in round_]
            made += [[label, side, entry.variant, entry.reason, "–", "–", "–"] for entry in reasons(side, every)]
        made += [[label, script, "–", reason, "–", "–", "–"] for script, reason in size["absent"].items()]
    return made


def conditions(result: dict) -> str:
    computer = result["machine"]
    versions: dict[str, str] = {}
    for size in result["sizes"]:
        for description in size["peers"]:
            versions |= description["versions"]
    first = result["sizes"][0]
    disturbance = max(round_["cores_used_by_others"] for size in result["sizes"] for round_ in size["rounds"])
    return (
        f"{result['date']}, {computer['processor']}, {computer['cores']} cores, of which others used "
        f"{disturbance:.2f} at most in a round; sqsnn {first['sqsnn']['version']} "
        f"({first['sqsnn']['instruction_set']}, {result['threads']} threads); {len(first['rounds'])} rounds in turns; "
        f"T = {result['steps']}, batch {result['batch']}; "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
    )


def run(arguments: argparse.Namespace) -> None:
    turns.require_tool(arguments.sqsnn)
    output = Output(MARKS, arguments)
    sizes = []
    with tempfile.TemporaryDirectory() as folder:
        for neurons in arguments.sizes:
            sizes += measured(arguments, neurons, Path(folder))
    if all(len(size["agreement"]) < 2 for size in sizes):
        raise Failure("no side but sqsnn could be measured; their messages are above")
    result = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": turns.machine(),
        "threads": arguments.threads,
        "steps": arguments.steps,
        "batch": arguments.batch,
        "sizes": sizes,
    }
    table = [HEADER, *rows(sizes)]
    print(conditions(result))
    print(text_table(table))
    output.write(json.dumps(result, indent=2), f"{conditions(result)}.\n\n{markdown_table(table)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog=MARKS, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )

    def option(name: str, default: object, help: str, **rest: object) -> None:
        parser.add_argument(name, default=default, help=help, **rest)

    option("--sqsnn", turns.TOOL, "a release build of the tool", type=Path)
    option("--sizes", [512, 4096], "neurons n, commas between (512,4096)", type=listed(positive_integer))
    option(
        "--densities",
        [0.01, 0.05, 0.2, 0.5],
        "probabilities of an input spike (0.01,0.05,0.2,0.5)",
        type=listed(positive_probability),
    )
    option("--steps", 500, "time steps T (%(default)s)", type=positive_integer)
    option("--batch", 16, "samples a batch (%(default)s)", type=positive_integer)
    option("--rounds", 3, "how often each has its turn (%(default)s)", type=positive_integer)
    option("--threads", core_count(), "threads of sqsnn (%(default)s); peers take all", type=positive_integer)
    Output.add_arguments(parser, MARKS)
    try:
        run(parser.parse_args())
    except Failure as failure:
        sys.exit(f"{MARKS}: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


def listed(kind: type) -> object:
    def values(text: str) -> list:
        return [kind(word) for word in text.split(",")]

    return values


def positive_probability(text: str) -> float:
    value = probability(text)
    if value == 0:
        raise argparse.ArgumentTypeError("found 0, expected more: without spikes there is no work")
    return value


if __name__ == "__main__":
    main()
