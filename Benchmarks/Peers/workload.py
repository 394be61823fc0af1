"""The network step that every network peer runs, and its sizes."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

#: How a network's steps are timed in a round.
ROUND_REPETITIONS, WARM_UPS = 8, 2
#: As in `sqsnn train`'s recipes; the speed does not depend on it.
TEMPERATURE, LEARNING_RATE = 5, 1e-3


@dataclass(frozen=True)
class Workload:
    """A network inputs → hidden → outputs on one batch of random spikes; defaults as `sqsnn bench step`."""

    inputs: int = 784
    hidden: int = 1000
    outputs: int = 10
    steps: int = 5
    batch: int = 256
    density: float = 0.2

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser) -> None:
        default = Workload()
        parser.add_argument(
            "--inputs", type=positive_integer, default=default.inputs, help="input channels (%(default)s)"
        )
        parser.add_argument(
            "--hidden", type=positive_integer, default=default.hidden, help="hidden neurons (%(default)s)"
        )
        parser.add_argument(
            "--outputs", type=positive_integer, default=default.outputs, help="output neurons (%(default)s)"
        )
        parser.add_argument(
            "--steps", type=positive_integer, default=default.steps, help="time steps T (%(default)s)"
        )
        parser.add_argument(
            "--batch", type=positive_integer, default=default.batch, help="samples a batch (%(default)s)"
        )
        parser.add_argument(
            "--density",
            type=probability,
            default=default.density,
            help="probability of an input spike (%(default)s)",
        )

    @staticmethod
    def of(arguments: argparse.Namespace) -> Workload:
        return Workload(
            arguments.inputs,
            arguments.hidden,
            arguments.outputs,
            arguments.steps,
            arguments.batch,
            arguments.density,
        )

    @property
    def command_line(self) -> list[str]:
        """The options of `sqsnn bench step` and of the network peers."""
        sizes = ("inputs", "hidden", "outputs", "steps", "batch", "density")
        return [word for name in sizes for word in (f"--{name}", str(getattr(self, name)))]

    def __str__(self) -> str:
        return (
            f"{self.inputs}-{self.hidden}-{self.outputs}, T = {self.steps}, batch {self.batch}, "
            f"input density {self.density:g}"
        )


def positive_integer(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"found {text}, expected 1 or more")
    return value


def probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"found {text}, expected 0 to 1")
    return value
