#!/usr/bin/env python3
"""The quantum leaky integrate-and-fire neuron in PyTorch, (S1)–(S8) of arXiv:2506.21324, Float32: a network as
`sqsnn bench step --model qlif` has it.

Phases are kept in place of √α, whose arcsine has no derivative at 0 and 1; the backward pass goes along the
recorded spikes with the arctan surrogate. Layer-major: the currents of all steps are one product.
"""

from __future__ import annotations

import argparse
import math
import os
from pathlib import Path

os.environ.setdefault(
    "TORCHINDUCTOR_CACHE_DIR", str(Path(__file__).resolve().parents[2] / ".build/peers/compiled")
)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402

import measurement  # noqa: E402
from network_timing import NetworkPeer  # noqa: E402
from workload import Workload  # noqa: E402

THRESHOLD, WIDTH, RATE = 0.5, 2.0, 100 / 60


class Spike(torch.autograd.Function):
    """1 where α > ϑ; backward the arctan surrogate."""

    @staticmethod
    def forward(context, probability: Tensor) -> Tensor:
        context.save_for_backward(probability)
        return (probability > THRESHOLD).to(probability.dtype)

    @staticmethod
    def backward(context, error: Tensor) -> Tensor:
        (probability,) = context.saved_tensors
        scaled = math.pi / 2 * WIDTH * (probability - THRESHOLD)
        return error * (WIDTH / 2) / (1 + scaled * scaled)


def step(excitation: Tensor, leak: Tensor, start: Tensor) -> tuple[Tensor, Tensor]:
    """From the half phase at the start, arcsin √α in radians from 0 to π/2, to the spike and the next start."""
    survival = torch.exp(-RATE / 2 * leak.abs())
    sine = survival * torch.sin(start)
    # cos² of the fall, without the cancellation of 1 − (x sin h)².
    square = torch.cos(start) ** 2 + torch.sin(start) ** 2 * (1 - survival * survival)
    fall = torch.atan2(sine, square.clamp_min(1e-12).sqrt())
    phase = torch.where(excitation > 0, start + math.pi / 2 * excitation, start - fall)
    spike = Spike.apply(torch.sin(phase) ** 2)
    # The distance to the nearest whole number of half turns: arcsin |sin|, but for its kinks' derivatives.
    folded = phase - math.pi * torch.round(phase.detach() / math.pi)
    return spike, torch.where(spike.detach() > 0, 0.0, folded.abs())


class Network(nn.Module):
    """inputs → hidden → outputs; spikes [step, sample, input] → rates [sample, output]."""

    def __init__(self, workload: Workload, advance=step) -> None:
        super().__init__()
        self.advance = advance

        def weights(outputs: int, inputs: int) -> nn.Parameter:
            return nn.Parameter(torch.empty(2 * outputs, inputs).uniform_(-1, 1) / math.sqrt(inputs))

        self.hidden = weights(workload.hidden, workload.inputs)
        self.output = weights(workload.outputs, workload.hidden)

    def forward(self, inputs: Tensor) -> Tensor:
        return self._layer(self.output, self._layer(self.hidden, inputs)).mean(0)

    def _layer(self, weights: Tensor, inputs: Tensor) -> Tensor:
        excitations, leaks = nn.functional.linear(inputs, weights).chunk(2, dim=2)
        start = torch.zeros_like(excitations[0])
        spikes = []
        for excitation, leak in zip(excitations.unbind(0), leaks.unbind(0)):
            spike, start = self.advance(excitation, leak, start)
            spikes.append(spike)
        return torch.stack(spikes)


def prepare(arguments: argparse.Namespace) -> NetworkPeer:
    torch.manual_seed(1)
    workload = Workload.of(arguments)
    inputs = (torch.rand(workload.steps, workload.batch, workload.inputs) < workload.density).float()

    def made(is_compiled: bool) -> nn.Module:
        if not is_compiled:
            return Network(workload)
        # Long sequences: the step alone, as all steps as one function would take the compiler minutes.
        if workload.steps > 10:
            return Network(workload, torch.compile(step, dynamic=False))
        return torch.compile(Network(workload), dynamic=False)

    return NetworkPeer("PyTorch, QLIF of the same size", workload, inputs, made, ("torch",))


def check(arguments: argparse.Namespace) -> list[str]:
    """Potentials and spikes against (S3)–(S8) in NumPy, eager and compiled; gradients against differences of α."""
    random = np.random.default_rng(7)
    steps, neurons = 12, 200
    excitation = random.uniform(-0.3, 0.6, (steps, neurons))
    leak = random.uniform(-1, 1, (steps, neurons))
    alpha, fired, expected = np.zeros(neurons), np.zeros(neurons, bool), []
    for time in range(steps):
        start = 2 * np.arcsin(np.sqrt(np.where(fired, 0, alpha)))
        left = np.sin(start / 2) ** 2 * np.exp(-RATE * np.abs(leak[time]))
        turn = np.where(excitation[time] > 0, np.pi * excitation[time], -2 * np.arcsin(np.sqrt(left)))
        alpha = np.sin((start + turn) / 2) ** 2
        fired = alpha > THRESHOLD
        expected.append(fired)
    lines = []
    for way, advance in (("eager", step), ("compiled", torch.compile(step, dynamic=False))):
        start, found = torch.zeros(neurons, dtype=torch.float64), []
        for time in range(steps):
            spike, start = advance(torch.tensor(excitation[time]), torch.tensor(leak[time]), start)
            found.append(spike.numpy() > 0)
        lines.append(measurement.expect_close(f"QLIF, {way}, spikes", np.array(found, float), np.array(expected, float), 0))
    # One step's half phase from another, where neither fires.
    inputs = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.1, 0.3, 0.4)]

    def phase(excitation: Tensor, leak: Tensor, start: Tensor) -> Tensor:
        _, after = step(excitation, leak, start)
        return step(excitation - 0.2, leak, after)[1]

    if not torch.autograd.gradcheck(phase, inputs):
        raise measurement.Failure("QLIF: gradients of the phase differ from differences")
    return lines + ["QLIF, gradients of the phase: as differences"]


if __name__ == "__main__":
    measurement.run("Time a network of QLIF neurons in PyTorch.", prepare, check, Workload.add_arguments)
