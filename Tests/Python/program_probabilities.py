"""Exact probabilities of all spike histories of programs in OpenQASM 3, as Qiskit reads them.

Standard input: `[{"program", "values": {name: value}}]`; standard output: `[{history: probability}]`. States are followed gate by gate,
and split in two at every measurement; nothing of ours is used but the programs.
"""

import json
import sys

import numpy as np
import qiskit.qasm3
from qiskit.quantum_info import Operator, Statevector


def histories(circuit):
    branches = [("", Statevector.from_int(0, 2**circuit.num_qubits))]
    for entry in circuit.data:
        places = [circuit.find_bit(qubit).index for qubit in entry.qubits]
        name = entry.operation.name
        if name == "measure":
            # Bits are written in the order in which the histories list them.
            bit = circuit.find_bit(entry.clbits[0]).index
            assert all(len(history) == bit for history, _ in branches)
            branches = [
                (history + str(value), project(state, places[0], value)) for history, state in branches for value in (0, 1)
            ]
        elif name == "reset":
            # Follows the qubit's measurement: what is there is one basis state.
            flip = Operator.from_label("X")
            branches = [
                (history, state.evolve(flip, places) if norm(project(state, places[0], 1)) > 1e-9 else state)
                for history, state in branches
            ]
        else:
            operator = Operator(entry.operation)
            branches = [(history, state.evolve(operator, places)) for history, state in branches]
    return {history: norm(state) for history, state in branches}


def project(state, qubit, value):
    data = np.array(state.data)
    kept = (np.arange(len(data)) >> qubit) & 1 == value
    return Statevector(np.where(kept, data, 0))


def norm(state):
    return float(np.sum(np.abs(state.data) ** 2))


answers = []
for case in json.load(sys.stdin):
    circuit = qiskit.qasm3.loads(case["program"])
    known = {parameter.name for parameter in circuit.parameters}
    circuit = circuit.assign_parameters({name: value for name, value in case["values"].items() if name in known})
    answers.append(histories(circuit))
json.dump(answers, sys.stdout)
