#!/usr/bin/env python3
"""Expectation values and gradients of the QNN's circuits by PennyLane: writes qnn.json beside this file.

Needs `pip install pennylane`; ran with PennyLane 0.45.1 (default.qubit, backpropagation, double precision).
"""

import json
import pathlib

import pennylane as qml
from pennylane import numpy as np

ENTANGLERS = {"basic": qml.BasicEntanglerLayers, "strong": qml.StronglyEntanglingLayers}


def case(qubits, layers, embedding, entangler, random):
    layer = ENTANGLERS[entangler]
    shape = layer.shape(n_layers=layers, n_wires=qubits)
    features = np.array(random.uniform(-4, 4, qubits), requires_grad=True)
    angles = np.array(random.uniform(-4, 4, shape), requires_grad=True)
    errors = np.array(random.uniform(-1, 1, qubits), requires_grad=False)

    @qml.qnode(qml.device("default.qubit", wires=qubits), diff_method="backprop")
    def circuit(features, angles):
        if embedding == "z":
            for wire in range(qubits):
                qml.Hadamard(wires=wire)
        qml.AngleEmbedding(features, wires=range(qubits), rotation=embedding.upper())
        layer(angles, wires=range(qubits))
        return [qml.expval(qml.PauliZ(wire)) for wire in range(qubits)]

    def loss(features, angles):
        return np.sum(errors * np.stack(circuit(features, angles)))

    by_feature, by_angle = qml.grad(loss)(features, angles)
    return {
        "qubits": qubits, "layers": layers, "embedding": embedding, "entangler": entangler,
        "features": features.tolist(), "angles": angles.flatten().tolist(), "errors": errors.tolist(),
        "expectations": [float(value) for value in circuit(features, angles)],
        "feature_gradient": by_feature.tolist(), "angle_gradient": by_angle.flatten().tolist(),
    }


def main():
    random = np.random.default_rng(1)
    cases = [
        case(qubits, layers, embedding, entangler, random)
        for embedding in "xyz"
        for entangler in ENTANGLERS
        for qubits, layers in [(1, 2), (2, 2), (3, 3), (4, 2), (5, 4), (6, 1)]
    ]
    text = json.dumps({"pennylane": qml.__version__, "cases": cases}, indent=1)
    (pathlib.Path(__file__).parent / "qnn.json").write_text(text + "\n")


main()
