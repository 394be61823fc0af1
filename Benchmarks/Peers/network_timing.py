"""Times a PyTorch network's training and inference step, with the threads and the mode that are fastest here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn

from measurement import core_count, seconds, versions
from workload import Workload


@dataclass(frozen=True)
class Mode:
    """How a network runs."""

    compiled: bool
    threads: int

    def __str__(self) -> str:
        plural = "s" if self.threads > 1 else ""
        return f"{'torch.compile' if self.compiled else 'eager'}, {self.threads} thread{plural}"


class NetworkPeer:
    """A network whose training step (forward, softmax cross-entropy of the spike rates, backward, fused Adam) and inference
    step (forward under `inference_mode`, most active output) are timed on one ready batch, Float32.

    Drawing the batch is not timed; the random numbers that the neurons need are. Preparing tries every mode, a few
    repetitions each; the rounds time the fastest one for each of the two steps.
    """

    tuning_repetitions: ClassVar[int] = 7
    round_repetitions: ClassVar[int] = 20
    #: As in `sqsnn train`'s recipes; the speed does not depend on it.
    temperature: ClassVar[float] = 5
    learning_rate: ClassVar[float] = 1e-3

    def __init__(
        self,
        name: str,
        workload: Workload,
        inputs: torch.Tensor,
        make_network: Callable[[bool], nn.Module],
        packages: tuple[str, ...],
    ) -> None:
        """`make_network(compiled)` gives a network that maps `inputs` to spike rates, samples × outputs."""
        self.inputs = inputs
        self.targets = torch.randint(workload.outputs, (workload.batch,))
        # Numbers below 1e-38 take a slow path in the processor, and matter to nobody.
        torch.set_flush_denormal(True)
        # A compiled function is made again for each size, thread count and kind of step.
        torch._dynamo.config.recompile_limit = 64
        self.networks = {compiled: make_network(compiled) for compiled in (False, True)}
        self.steps = {compiled: self._steps(network) for compiled, network in self.networks.items()}
        self.tuning = self._tuned()
        self.fastest = {
            step: min(self.tuning[step], key=lambda mode, step=step: self.tuning[step][mode]) for step in self.tuning
        }
        self.description = {
            "peer": name,
            "workload": str(workload),
            "versions": versions(*packages),
            "tuning_minimum_seconds": {
                step: {str(mode): time for mode, time in times.items()} for step, times in self.tuning.items()
            },
            "mode": {step: str(mode) for step, mode in self.fastest.items()},
        }

    def measure(self) -> dict[str, object]:
        return {f"{step}_step_seconds": self._time(step, mode, self.round_repetitions) for step, mode in self.fastest.items()}

    def _steps(self, network: nn.Module) -> dict[str, Callable[[], object]]:
        optimizer = torch.optim.Adam(network.parameters(), lr=self.learning_rate, fused=True)

        def training() -> None:
            optimizer.zero_grad(set_to_none=True)
            rates = network(self.inputs)
            nn.functional.cross_entropy(self.temperature * rates, self.targets).backward()
            optimizer.step()

        @torch.inference_mode()
        def inference() -> torch.Tensor:
            return network(self.inputs).argmax(1)

        return {"training": training, "inference": inference}

    def _time(self, step: str, mode: Mode, repetitions: int) -> dict[str, float]:
        torch.set_num_threads(mode.threads)
        return seconds(self.steps[mode.compiled][step], repetitions)

    def _tuned(self) -> dict[str, dict[Mode, float]]:
        modes = [Mode(compiled, threads) for compiled in (False, True) for threads in sorted({1, core_count()})]
        return {
            step: {mode: self._time(step, mode, self.tuning_repetitions)["minimum"] for mode in modes}
            for step in ("training", "inference")
        }
