"""Times a PyTorch network's training and inference step, eager and compiled, on one thread and on all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import nn

from measurement import Round, core_count, median_seconds, versions
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
    """A network whose training step (forward, softmax cross-entropy of the spike rates, backward, fused Adam)
    and inference step (forward under `inference_mode`, most active output) are timed on one ready batch,
    Float32.

    Drawing the batch is not timed; the random numbers that the neurons need are. Preparing runs every mode
    once, so that all is compiled; a round times every mode.
    """

    round_repetitions: ClassVar[int] = 8
    warm_ups: ClassVar[int] = 2
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
        self.steps = {compiled: self._steps(make_network(compiled)) for compiled in (False, True)}
        self.modes = [
            Mode(compiled, threads) for compiled in self.steps for threads in sorted({1, core_count()})
        ]
        for mode in self.modes:
            for step in self.steps[mode.compiled]:
                self._median_seconds(step, mode, repetitions=1)
        self.description = {
            "peer": name,
            "versions": versions(*packages),
            "workload": str(workload),
            "repetitions_per_round": self.round_repetitions,
        }

    def measure(self) -> Round:
        return {
            f"{step}_step_seconds": {
                str(mode): self._median_seconds(step, mode, self.round_repetitions) for mode in self.modes
            }
            for step in ("training", "inference")
        }

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

    def _median_seconds(self, step: str, mode: Mode, repetitions: int) -> float:
        torch.set_num_threads(mode.threads)
        return median_seconds(self.steps[mode.compiled][step], repetitions, self.warm_ups)
