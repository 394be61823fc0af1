#!/usr/bin/env python3
"""Echo-state networks of reservoirpy on the tasks of `sqsnn reservoir`, with as many read-out features.

The series are those of `sqsnn reservoir series`, the same for all; washout, training and test steps, ridge regression
(lambda times the mean variation of the features) and measures are those of sqsnn, written down once more in NumPy. A network
has `--units` leaky tanh units. Spectral radius, leak, input scaling, bias and ridge are chosen from `--trials` random ones
(the first is reservoirpy's usual), judged as sqsnn judges its own: by two seeds after those that are measured, on series of these
seeds (capacity, narma) or on a held-out part of what trains (mackey-glass, classify). With `--shots N` a unit's state x is read as
the share of N coin tosses of probability (1 + x)/2, as a spike would be; the network itself goes on with x.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from reservoirpy.nodes import Reservoir

import turns
from measurement import Failure
from workload import positive_integer

#: 10^-4 quantile from above of chi squared with one degree of freedom, as in sqsnn.
CHI_SQUARED_QUANTILE = 15.14
LAGS = 20
#: Points that train nothing, and those of training and test: NeuroBench's, and the halves of the part that trains.
WASHOUT, PUBLISHED, VALIDATION = 45, (750, 750), (375, 375)
#: Seeds after those that are measured, which settings are judged by.
OTHER_SEEDS = 2


class Settings:
    def __init__(self, radius: float, leak: float, scaling: float, bias: float, ridge: float) -> None:
        self.radius, self.leak, self.scaling, self.bias, self.ridge = radius, leak, scaling, bias, ridge

    @staticmethod
    def drawn(random: np.random.Generator) -> Settings:
        return Settings(
            radius=random.uniform(0.2, 1.2),
            leak=10 ** random.uniform(-0.7, 0),
            scaling=10 ** random.uniform(-2, 0.5),
            bias=10 ** random.uniform(-2, 0),
            ridge=10 ** random.uniform(-10, -1),
        )

    def __str__(self) -> str:
        return (
            f"spectral radius {self.radius:.3g}, leak {self.leak:.3g}, input scaling {self.scaling:.3g}, "
            f"bias {self.bias:.3g}, ridge {self.ridge:.3g}"
        )


class Network:
    """Inputs come in as 2u - 1."""

    def __init__(self, settings: Settings, inputs: int, seed: int, units: int, shots: int | None) -> None:
        random = np.random.default_rng(seed)
        self.node = Reservoir(
            units,
            lr=settings.leak,
            sr=settings.radius,
            input_scaling=settings.scaling / math.sqrt(inputs),
            input_connectivity=1.0,
            bias=settings.bias * random.uniform(-1, 1, units),
            input_dim=inputs,
            seed=seed,
        )
        self.shots, self.random = shots, random

    def restart(self) -> None:
        if self.node.initialized:
            self.node.reset()

    def features(self, inputs: np.ndarray) -> np.ndarray:
        """[step, input] → [step, unit], from where the network is."""
        states = np.asarray(self.node.run(2 * inputs - 1))
        if self.shots is None:
            return states
        return self.random.binomial(self.shots, np.clip((1 + states) / 2, 0, 1)) / self.shots


class Readout:
    """Ridge regression of sqsnn's `LinearReadout`."""

    def __init__(self, features: np.ndarray, targets: np.ndarray, ridge: float) -> None:
        self.feature_means, self.means = features.mean(0), targets.mean(0)
        deviations = features - self.feature_means
        gram = deviations.T @ deviations
        variation = np.trace(gram) / len(gram)
        gram += ridge * variation * np.eye(len(gram))
        self.weights = np.linalg.solve(gram, deviations.T @ (targets - self.means)) if variation > 0 else 0 * gram[:, :1]

    def __call__(self, features: np.ndarray) -> np.ndarray:
        return self.means + (features - self.feature_means) @ self.weights


class Drawn:
    """Capacity and NARMA-10: series of every seed."""

    def __init__(self, task: str, options: argparse.Namespace) -> None:
        # The first seeds are measured, the others judge settings.
        exported = call(options, "series", task, f"--seeds={options.seeds + OTHER_SEEDS}")
        self.schedule = exported["schedule"]
        self.series = {entry["seed"]: entry for entry in exported["series"]}
        self.task = task

    def measure(self, make: Callable[[int, int], Network], ridge: float, seed: int, judges: bool) -> float:
        washout, training = self.schedule["washout"], self.schedule["training_steps"]
        inputs = np.array(self.series[seed]["inputs"])
        trained, tested = slice(washout, washout + training), slice(washout + training, None)
        if self.task == "narma":
            features = make(1, seed).features(2 * inputs[:, None])
            target = np.array(self.series[seed]["targets"])
            answer = Readout(features[trained], target[trained], ridge)(features[tested])
            return math.sqrt(((answer - target[tested]) ** 2).mean() / target[tested].var())
        features = make(1, seed).features(inputs[:, None])
        delayed = np.stack([np.concatenate([np.zeros(lag), 2 * inputs[: len(inputs) - lag] - 1]) for lag in range(LAGS + 1)], 1)
        products = np.stack([delayed[:, a] * delayed[:, b] for a in range(LAGS + 1) for b in range(a + 1)], 1)

        def total(targets: np.ndarray) -> float:
            answer = Readout(features[trained], targets[trained], ridge)(features[tested])
            answer, truth = answer - answer.mean(0), targets[tested] - targets[tested].mean(0)
            capacities = (answer * truth).sum(0) ** 2 / ((answer**2).sum(0) * (truth**2).sum(0) + 1e-300)
            return float(capacities[capacities > CHI_SQUARED_QUANTILE / len(truth)].sum())

        past = total(delayed[:, 1:])
        return -past if judges else complex(past, total(products))


class MackeyGlass:
    def __init__(self, options: argparse.Namespace) -> None:
        self.series = [np.array(entry["values"]) for entry in call(options, "series", "mackey-glass")]

    def measure(self, make: Callable[[int, int], Network], ridge: float, seed: int, judges: bool) -> float:
        training, test = VALIDATION if judges else PUBLISHED
        start = 0 if judges else (seed - 1) * 75 // 2
        errors = []
        for values in self.series:
            points = values[start : start + training + test + 1]
            low, high = points[:training].min(), points[:training].max()

            def inputs(numbers: np.ndarray) -> np.ndarray:
                return np.clip((numbers - low) / (high - low), 0, 1)[:, None]

            network = make(1, seed)
            features = network.features(inputs(points[:training]))
            answer = Readout(features[WASHOUT:], points[WASHOUT + 1 : training + 1], ridge)
            point, total = points[training], 0.0
            for truth in points[training + 1 :]:
                point = float(answer(network.features(inputs(np.array([point]))))[0])
                total += abs(point - truth) / (abs(point) + abs(truth))
            errors.append(200 * total / test if math.isfinite(total) else 200.0)
        return statistics.mean(errors)


class Classification:
    def __init__(self, options: argparse.Namespace) -> None:
        exported = call(options, "series", "classify")
        self.segments = options.segments

        def samples(part: str) -> list[tuple[int, np.ndarray]]:
            return [(entry["label"], np.array(entry["values"]).T) for entry in exported[part]]

        self.training, self.test = samples("training"), samples("test")

    def measure(self, make: Callable[[int, int], Network], ridge: float, seed: int, judges: bool) -> float:
        training, test = self.training, self.test
        if judges:
            # The last third of each class.
            classes = [[sample for sample in training if sample[0] == label] for label in range(9)]
            training = [sample for found in classes for sample in found[: len(found) - len(found) // 3]]
            test = [sample for found in classes for sample in found[len(found) - len(found) // 3 :]]
        numbers = np.concatenate([values for _, values in training])
        low, high = numbers.min(0), numbers.max(0)
        network = make(numbers.shape[1], seed)

        def averages(values: np.ndarray) -> np.ndarray:
            network.restart()
            features, count = network.features(np.clip((values - low) / (high - low), 0, 1)), self.segments
            bounds = [segment * len(features) // count for segment in range(count + 1)]
            return np.concatenate([features[a : max(a + 1, b)].mean(0) for a, b in zip(bounds, bounds[1:])])

        features = np.stack([averages(values) for _, values in training + test])
        targets = np.eye(9)[[label for label, _ in training]]
        answers = Readout(features[: len(training)], targets, ridge)(features[len(training) :])
        accuracy = float((answers.argmax(1) == [label for label, _ in test]).mean())
        return 1 - accuracy if judges else 100 * accuracy


def call(options: argparse.Namespace, *words: str) -> dict:
    command = [str(options.sqsnn), "reservoir", *words]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise Failure(f"{' '.join(command)}: {made.stderr.strip()}")
    return json.loads(made.stdout)


def run(options: argparse.Namespace) -> None:
    turns.require_tool(options.sqsnn)
    task = {"mackey-glass": MackeyGlass, "classify": Classification}.get(options.task)
    task = task(options) if task else Drawn(options.task, options)

    def measure(settings: Settings, seed: int, judges: bool) -> float:
        def make(inputs: int, seed: int) -> Network:
            return Network(settings, inputs, seed, options.units, options.shots)

        return task.measure(make, settings.ridge, seed, judges)

    random = np.random.default_rng(1)
    best, least = None, math.inf
    for trial in range(options.trials):
        settings = Settings.drawn(random) if trial else Settings(radius=1, leak=1, scaling=1, bias=0.1, ridge=1e-9)
        others = range(options.seeds + 1, options.seeds + OTHER_SEEDS + 1)
        found = statistics.mean(measure(settings, seed, True) for seed in others)
        if found < least or best is None:
            best, least = settings, found
    values = [measure(best, seed, False) for seed in range(1, options.seeds + 1)]

    def text(numbers: list[float]) -> str:
        error = statistics.stdev(numbers) / math.sqrt(len(numbers)) if len(numbers) > 1 else math.nan
        return f"{statistics.mean(numbers):.3f} ± {error:.3f}"

    reading = f"{options.shots} shots" if options.shots else "exact states"
    size = f"{options.units} units, {options.seeds} seeds, {reading}"
    if options.task == "capacity":
        print(f"past {text([v.real for v in values])}, quadratic {text([v.imag for v in values])}; {size}")
    else:
        name = {"narma": "NRMSE", "mackey-glass": "sMAPE", "classify": "accuracy (%)"}[options.task]
        print(f"{name} {text(values)}; {size}")
    print(f"best of {options.trials}: {best} ({least:.4g})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["capacity", "narma", "mackey-glass", "classify"])
    parser.add_argument("--sqsnn", type=Path, default=turns.TOOL, help="a release build of the tool")
    parser.add_argument("--units", type=positive_integer, default=50, help="(%(default)s)")
    parser.add_argument("--shots", type=positive_integer, help="coin tosses that a state is read by (exact)")
    parser.add_argument("--seeds", type=positive_integer, default=5, help="(%(default)s)")
    parser.add_argument("--trials", type=positive_integer, default=20, help="(%(default)s)")
    parser.add_argument("--segments", type=positive_integer, default=1, help="of classify (%(default)s)")
    try:
        run(parser.parse_args())
    except Failure as failure:
        sys.exit(f"reservoirpy_rival: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
