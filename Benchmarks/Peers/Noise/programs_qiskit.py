#!/usr/bin/env python3
"""OpenQASM 3 of circuits with matrices, read by Qiskit: the same unitary up to a global phase."""

from __future__ import annotations

import sys

import numpy as np
import qiskit.qasm3
from qiskit.quantum_info import Operator

import sqsnn


def main() -> int:
    random = np.random.default_rng(3)
    farthest = 0.0
    count = 20
    for number in range(count):
        qubits = 2 + number % 2
        gates, angles = sqsnn.random_gates(random, qubits, 6)
        gates.append({"gate": "unitary", "qubits": [1, 0], "matrix": sqsnn.as_json(sqsnn.random_unitary(random, 2))})
        circuit = {"io_qubits": 1, "memory_qubits": qubits - 1, "gates": gates, "parameter_count": len(angles)}
        options = ["--angles", ",".join(map(repr, angles))] if angles else []
        answer = sqsnn.run_on(circuit, "neuron", "circuit", "FILE", "--openqasm", "--currents", "0", *options)
        program = qiskit.qasm3.loads(answer["openqasm"])
        for instruction in list(program.data):
            if instruction.operation.name in ("measure", "reset"):
                program.data.remove(instruction)
        # Qiskit's first qubit is the less significant.
        found = Operator(program.reverse_bits()).data
        expected = np.eye(2**qubits)
        for gate in gates:
            expected = embedded(sqsnn.matrix(gate, angles), gate["qubits"], qubits) @ expected
        overlap = np.trace(found.conj().T @ expected) / 2**qubits
        farthest = max(farthest, abs(1 - abs(overlap)))
    print(f"programs_qiskit: {count} programs, fidelity with the gate lists at least 1 - {farthest:.1e}")
    return 1 if farthest > 1e-9 else 0


def embedded(matrix: np.ndarray, on: list[int], qubits: int) -> np.ndarray:
    rest = [qubit for qubit in range(qubits) if qubit not in on]
    order = on + rest
    full = np.kron(matrix, np.eye(2 ** len(rest))).reshape([2] * (2 * qubits))
    axes = [order.index(qubit) for qubit in range(qubits)]
    return full.transpose(axes + [qubits + axis for axis in axes]).reshape(2**qubits, 2**qubits)


if __name__ == "__main__":
    sys.exit(main())
