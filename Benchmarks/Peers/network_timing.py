"""Times a PyTorch network's training and inference step, eager and compiled, on one thread and on all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from measurement import Impossible, Round, attempted, core_count, median_seconds, threads_label, versions
from workload import LEARNING_RATE, ROUND_REPETITIONS, TEMPERATURE, WARM_UPS, Workload


@dataclass(frozen=True)
class Mode:
    """How a network runs."""

    compiled: bool
    threads: int

    def __str__(self) -> str:
        return f"{'torch.compile' if self.compiled else 'eager'}, {threads_label(self.threads)}"


class NetworkPeer:
    """A network whose training step (forward, softmax cross-entropy of the spike rates, backward, fused Adam)
    and inference step (forward under `inference_mode`, most active output) are timed on one ready batch,
    Float32.

    Drawing the batch is not timed; the random numbers that the neurons need are. Preparing runs every mode
    once, so that all is compiled; a round times every mode.
    """

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
        self.steps = {
            compiled: attempted(lambda: self._steps(make_network(compiled))) for compiled in (False, True)
        }
        self.modes = [
            Mode(compiled, threads) for compiled in self.steps for threads in sorted({1, core_count()})
        ]
        for mode in self.modes:
            for step in ("training", "inference"):
                attempted(lambda: self._median_seconds(step, mode, repetitions=1))
        self.description = {
            "peer": name,
            "versions": versions(*packages),
            "workload": str(workload),
            "repetitions_per_round": ROUND_REPETITIONS,
        }

    def measure(self, request: str) -> Round:
        return {
            f"{step}_step_seconds": {
                str(mode): attempted(lambda: self._median_seconds(step, mode, ROUND_REPETITIONS))
                for mode in self.modes
            }
            for step in ("training", "inference")
        }

    def _steps(self, network: nn.Module) -> dict[str, Callable[[], object]]:
        optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, fused=True)

        def training() -> None:
            optimizer.zero_grad(set_to_none=True)
            rates = network(self.inputs)
            nn.functional.cross_entropy(TEMPERATURE * rates, self.targets).backward()
            optimizer.step()

        @torch.inference_mode()
        def inference() -> torch.Tensor:
            return network(self.inputs).argmax(1)

        return {"training": training, "inference": inference}

    def _median_seconds(self, step: str, mode: Mode, repetitions: int) -> float:
        steps = self.steps[mode.compiled]
        if isinstance(steps, str):
            raise Impossible(steps)
        torch.set_num_threads(mode.threads)
        return median_seconds(steps[step], repetitions, WARM_UPS)
