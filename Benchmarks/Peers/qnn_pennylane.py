#!/usr/bin/env python3
"""The QNN of `sqsnn bench qnn` with PennyLane's circuits inside PyTorch, Float32 where PennyLane allows it.

Two ways: `default.qubit` with backpropagation, all circuits and samples of a batch broadcast as one call; and
`lightning.qubit` with the adjoint method, which runs circuit after circuit. The latter takes minutes a batch, so
that a few of its circuits are timed and the classical layers and the other circuits are not: the figure is that
time times the number of circuits, a lower bound.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

import numpy as np
import pennylane as qml
import torch
from torch import Tensor, nn

import measurement
from measurement import Round, attempted, core_count, median_seconds, threads_label, versions
from workload import LEARNING_RATE

QUBITS, CIRCUITS, LAYERS = 4, 250, 2
INPUTS, CLASSES, BATCH = 784, 10, 256
#: Circuits that lightning runs for a figure.
SAMPLED = 64


def circuit(device: qml.devices.Device, method: str) -> Callable[[Tensor, Tensor], list[Tensor]]:
    @qml.qnode(device, interface="torch", diff_method=method)
    def run(features: Tensor, angles: Tensor) -> list[Tensor]:
        qml.AngleEmbedding(features, wires=range(QUBITS), rotation="Y")
        qml.StronglyEntanglingLayers(angles, wires=range(QUBITS))
        return [qml.expval(qml.PauliZ(wire)) for wire in range(QUBITS)]

    return run


class Broadcast(nn.Module):
    """All circuits and samples in one call: parameters are broadcast like features."""

    def __init__(self) -> None:
        super().__init__()
        self.input = nn.Linear(INPUTS, QUBITS * CIRCUITS)
        self.angles = nn.Parameter(0.1 * torch.randn(CIRCUITS, LAYERS, QUBITS, 3))
        self.output = nn.Linear(QUBITS * CIRCUITS, CLASSES)
        self.run = circuit(qml.device("default.qubit", wires=QUBITS), "backprop")

    def forward(self, images: Tensor) -> Tensor:
        features = (math.pi * self.input(images)).view(-1, CIRCUITS, QUBITS)
        count = len(images)
        # [layer, qubit, angle] with the broadcast dimension first, as the template takes it.
        angles = self.angles.expand(count, *self.angles.shape).reshape(-1, LAYERS, QUBITS, 3)
        values = torch.stack(self.run(features.reshape(-1, QUBITS), angles), 1)
        return self.output(values.view(count, -1).to(torch.float32))


class QNNPeer:
    def __init__(self) -> None:
        torch.manual_seed(1)
        self.images = torch.rand(BATCH, INPUTS)
        self.targets = torch.randint(CLASSES, (BATCH,))
        self.network = Broadcast()
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=LEARNING_RATE, fused=True)
        self.lightning = circuit(qml.device("lightning.qubit", wires=QUBITS), "adjoint")
        self.description = {
            "peer": "PennyLane, QNN of the same size",
            "versions": versions("pennylane", "pennylane-lightning", "torch"),
            "workload": f"{CIRCUITS} circuits of {QUBITS} qubits, {LAYERS} strong layers, batch {BATCH}",
        }

    def measure(self, request: str) -> Round:
        counts = sorted({1, core_count()})
        broadcast = {
            f"default.qubit, broadcast, {threads_label(threads)}": threads for threads in counts
        }
        return {
            f"qnn_{name}_step_seconds": {
                variant: attempted(lambda: self._seconds(step, threads)) for variant, threads in broadcast.items()
            }
            | {"lightning.qubit, circuit after circuit": attempted(lambda: self._lightning(name == "training"))}
            for name, step in (("training", self._train), ("inference", self._infer))
        }

    def _seconds(self, step: Callable[[], object], threads: int) -> float:
        torch.set_num_threads(threads)
        return median_seconds(step, repetitions=3, warm_ups=1)

    def _train(self) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(self.network(self.images), self.targets).backward()
        self.optimizer.step()

    @torch.inference_mode()
    def _infer(self) -> Tensor:
        return self.network(self.images).argmax(1)

    def _lightning(self, is_training: bool) -> float:
        features = torch.rand(SAMPLED, QUBITS, requires_grad=is_training)
        angles = torch.rand(LAYERS, QUBITS, 3, requires_grad=is_training)

        def run() -> None:
            for row in features:
                value = sum(self.lightning(row, angles))
                if is_training:
                    value.backward()

        return median_seconds(run, repetitions=3, warm_ups=1) / SAMPLED * CIRCUITS * BATCH


def check(arguments: argparse.Namespace) -> list[str]:
    """The broadcast network against circuit after circuit, values and gradients."""
    torch.manual_seed(2)
    network, images = Broadcast(), torch.rand(2, INPUTS)
    found = network(images)
    found.sum().backward()
    lightning = circuit(qml.device("lightning.qubit", wires=QUBITS), "adjoint")
    with torch.no_grad():
        features = (math.pi * network.input(images)).view(2, CIRCUITS, QUBITS)
        values = [
            [torch.stack(lightning(features[sample, index], network.angles[index])) for index in range(CIRCUITS)]
            for sample in range(2)
        ]
        expected = network.output(torch.stack([torch.cat(row) for row in values]).float())
    angles = network.angles[0].detach().clone().requires_grad_()
    readout = network.output.weight.detach().sum(0)[:QUBITS]
    sum(
        (readout * torch.stack(lightning(features[sample, 0], angles))).sum() for sample in range(2)
    ).backward()
    return [
        measurement.expect_close("QNN, logits", found.detach(), expected, 1e-4),
        measurement.expect_close("QNN, gradient of a circuit's angles", network.angles.grad[0], angles.grad, 1e-4),
    ]


if __name__ == "__main__":
    measurement.run("Time a QNN of PennyLane's circuits.", lambda arguments: QNNPeer(), check)
