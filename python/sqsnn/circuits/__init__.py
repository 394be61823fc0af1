"""Neuron circuits as values, to and from files, Qiskit and PennyLane.

A circuit is a list of gates on N input-output qubits, which come first, and M_q memory qubits
after them: the JSON that ``sqsnn neuron circuit --json`` prints and every ``sqsnn`` command takes.
What is every neuron's, the rotation by the current before the gates, the measurement and the reset
after them, is not part of it.

>>> from sqsnn.circuits import Circuit, Gate, to_qiskit
>>> turn = Gate("ry", (1,), parameter=0, scale=2)
>>> circuit = Circuit(1, 1, [Gate("crx", (0, 1), parameter=0), turn])
>>> to_qiskit(circuit).num_qubits
2
"""

from __future__ import annotations

from .circuit import Circuit
from .gate import GATE_NAMES, Gate
from .pennylane import from_pennylane, quantum_function, to_pennylane
from .qiskit import from_qiskit, to_qiskit

__all__ = [
    "GATE_NAMES",
    "Circuit",
    "Gate",
    "from_pennylane",
    "from_qiskit",
    "quantum_function",
    "to_pennylane",
    "to_qiskit",
]
