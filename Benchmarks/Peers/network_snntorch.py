#!/usr/bin/env python3
"""A network of leaky integrate-and-fire neurons of the same size in snnTorch, Float32.

The weights' products are layer-major and without bias, as in the peer in plain PyTorch; the neurons are
`snntorch.Leaky` with the fast-sigmoid surrogate. Not the same neuron: it says what the field's usual
simulator takes for a network of this size.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import measurement
from workload import Workload

os.environ.setdefault(
    "TORCHINDUCTOR_CACHE_DIR", str(Path(__file__).resolve().parents[2] / ".build/peers/compiled")
)

import snntorch  # noqa: E402
import torch  # noqa: E402
from snntorch import surrogate  # noqa: E402
from torch import Tensor, nn  # noqa: E402

from network_timing import NetworkPeer  # noqa: E402

DECAY = 0.9


class LeakyNetwork(nn.Module):
    """inputs → hidden → outputs; spikes [step, sample, input] → rates [sample, output]."""

    def __init__(self, workload: Workload) -> None:
        super().__init__()

        def neurons() -> snntorch.Leaky:
            return snntorch.Leaky(beta=DECAY, spike_grad=surrogate.fast_sigmoid())

        self.hidden_weights = nn.Linear(workload.inputs, workload.hidden, bias=False)
        self.hidden = neurons()
        self.output_weights = nn.Linear(workload.hidden, workload.outputs, bias=False)
        self.output = neurons()

    def forward(self, inputs: Tensor) -> Tensor:
        hidden = spikes_of(self.hidden, self.hidden_weights(inputs))
        return spikes_of(self.output, self.output_weights(hidden)).mean(0)


def spikes_of(neurons: snntorch.Leaky, currents: Tensor) -> Tensor:
    """[step, sample, neuron] → the same shape."""
    potential = torch.zeros_like(currents[0])
    spikes = []
    for current in currents.unbind(0):
        fired, potential = neurons(current, potential)
        spikes.append(fired)
    return torch.stack(spikes)


def made(workload: Workload, compiled: bool) -> nn.Module:
    network = LeakyNetwork(workload)
    return torch.compile(network, dynamic=False) if compiled else network


def prepare(arguments: argparse.Namespace) -> NetworkPeer:
    torch.manual_seed(1)
    workload = Workload.of(arguments)
    inputs = (torch.rand(workload.steps, workload.batch, workload.inputs) < workload.density).float()
    return NetworkPeer(
        "snnTorch, LIF of the same size",
        workload,
        inputs,
        lambda compiled: made(workload, compiled),
        ("snntorch", "torch"),
    )


def check(arguments: argparse.Namespace) -> list[str]:
    """The neurons against U ← βU + I − θ·s, with the reset one step late as snnTorch has it."""
    torch.manual_seed(1)
    currents = torch.rand(20, 3, 4)
    found = spikes_of(snntorch.Leaky(beta=DECAY, spike_grad=surrogate.fast_sigmoid()), currents)
    potential = torch.zeros(3, 4)
    expected = []
    for current in currents:
        reset = (potential > 1).float()
        potential = DECAY * potential + current - reset
        expected.append((potential > 1).float())
    return [measurement.expect_close("spikes", found, torch.stack(expected), 0)]


if __name__ == "__main__":
    measurement.run(
        "Time a LIF network of the same size in snnTorch.", prepare, check, Workload.add_arguments
    )
