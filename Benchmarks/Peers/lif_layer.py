"""Times one layer of LIF neurons, forward and back, on what `sqsnn bench layer --record` wrote.

A request names the file. The first one for a file compiles, warms up and writes spikes and gradients beside it,
for `open_neuromorphic.py` to compare. All variants are tried on the first file; the fastest is the one that all
rounds time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

import measurement

#: A round begins no other repetition after so long.
ENOUGH_SECONDS = 1


class Recorded:
    """A layer and its input."""

    def __init__(self, path: Path) -> None:
        try:
            arrays = np.load(path)
            #: [neuron, input]
            self.weights: np.ndarray = arrays["weights"]
            self._input: np.ndarray = arrays["input"]
        except (OSError, KeyError, ValueError) as error:
            raise measurement.Failure(
                f"{path}: {error}; expected a file that sqsnn bench layer --record has written"
            ) from error

    def input(self) -> np.ndarray:
        """[step, sample, input], Float32."""
        return np.ascontiguousarray(unpacked(self._input, self.weights.shape[1]).astype(np.float32).swapaxes(0, 1))


def unpacked(bits: np.ndarray, neurons: int) -> np.ndarray:
    """[sample, step, byte] → [sample, step, neuron], 0 or 1."""
    return np.unpackbits(bits, axis=2, count=neurons, bitorder="little")


def packed(spikes: np.ndarray) -> np.ndarray:
    """[step, sample, neuron] → [sample, step, byte], padded to whole words of 64 neurons."""
    bits = np.packbits(spikes.swapaxes(0, 1) != 0, axis=2, bitorder="little")
    return np.pad(bits, ((0, 0), (0, 0), (0, -bits.shape[2] % 8)))


@dataclass(frozen=True)
class Passes:
    """Both return when their result is there, not when it has been asked for."""

    forward: Callable[[], object]
    #: From what forward returned to the gradient of the weights; None where both are one function.
    backward: Callable[[object], object] | None = None
    both: Callable[[], tuple[object, object]] | None = None

    def timed(self) -> tuple[float, float, object, object]:
        """Seconds forward, and forward and back; spikes and gradient."""
        start = time.perf_counter()
        spikes = self.forward()
        forward = time.perf_counter() - start
        if self.both:
            start = time.perf_counter()
            spikes, gradient = self.both()
        else:
            gradient = self.backward(spikes)
        return forward, time.perf_counter() - start, spikes, gradient


class Runs:
    """A library's side."""

    def variants(self, layer: Recorded) -> dict[str, Passes | str]:
        """What to run, or why it cannot be."""
        raise NotImplementedError

    def arrays(self, spikes: object, gradient: object, neurons: int) -> tuple[np.ndarray, np.ndarray]:
        """``packed`` spikes, and the gradient of the first neurons [neuron, input]."""
        raise NotImplementedError


class LayerPeer:
    def __init__(self, name: str, packages: tuple[str, ...], runs: Runs) -> None:
        self.name, self.runs = name, runs
        self.path = ""
        self.ready: dict[str, Passes | str] = {}
        self.fastest = ""
        self.description = {"peer": name, "versions": measurement.versions(*packages)}

    def measure(self, request: str) -> measurement.Round:
        if request == self.path:
            timings = {
                variant: passes if isinstance(passes, str) else measurement.attempted(lambda: seconds(passes))
                for variant, passes in self.ready.items()
            }
        else:
            timings = self._load(request)
        return {
            quantity: {
                variant: timing if isinstance(timing, str) else timing[place]
                for variant, timing in timings.items()
            }
            for place, quantity in enumerate(("forward_seconds", "forward_backward_seconds"))
        }

    def _load(self, path: str) -> dict[str, tuple[float, float] | str]:
        """Seconds of first runs, which do not count, or why there are none."""
        # What the last file took is given back before the next is read.
        self.path, self.ready = path, {}
        layer = Recorded(Path(path))
        variants = self.runs.variants(layer)
        if self.fastest:
            variants = {self.fastest: variants[self.fastest]}

        def begun(passes: Passes) -> tuple[tuple[float, float], tuple[np.ndarray, np.ndarray]]:
            *timing, spikes, gradient = passes.timed()
            result = self.runs.arrays(spikes, gradient, min(64, len(layer.weights)))
            del spikes, gradient
            if len(variants) > 1:
                # The second may still compile, for a state that has a gradient now.
                passes.timed()
                timing = seconds(passes)
            return tuple(timing), result

        outcomes = {
            name: passes if isinstance(passes, str) else measurement.attempted(lambda: begun(passes))
            for name, passes in variants.items()
        }
        self.ready = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, str)}
        done = {name: outcome for name, outcome in outcomes.items() if name not in self.ready}
        if done:
            self.fastest = min(done, key=lambda name: done[name][0][1])
            self.ready[self.fastest] = variants[self.fastest]
            spikes, gradient = done[self.fastest][1]
            np.savez(result_path(path, self.name), spikes=spikes, gradient=gradient)
        return self.ready | {name: timing for name, (timing, _) in done.items()}


def seconds(passes: Passes) -> tuple[float, float]:
    """Medians of one round."""
    timings = [passes.timed()[:2]]
    while sum(both for _, both in timings) < ENOUGH_SECONDS and len(timings) < 20:
        timings.append(passes.timed()[:2])
    return tuple(median(values) for values in zip(*timings))


def result_path(path: str | Path, side: str) -> Path:
    return Path(f"{path}.{side}.npz")


def add_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--layer",
        action="store_true",
        help="time a layer, on the files that the requests name, instead of a network",
    )
