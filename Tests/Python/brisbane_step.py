"""A neuron's step on FakeBrisbane, in the device's gates, and Aer's counts of several such steps.

Standard input: `{"program", "values": {name: value}, "steps", "shots", "seed"}`, the program of one step; standard output: the qubits,
the file of the device's properties, the gates of the step (first qubit the input-output qubit, matrices with the first
qubit the more significant) and counts by history.
"""

import json
import pathlib
import sys

import qiskit.qasm3
import qiskit_ibm_runtime
from qiskit import QuantumCircuit
from qiskit.quantum_info import Operator
from qiskit_ibm_runtime.fake_provider import FakeBrisbane

from sqsnn_bridge.aer import noisy_simulator, reduced
from sqsnn_bridge.layout import best_pair, transpiled
from sqsnn_bridge.programs import history

request = json.load(sys.stdin)
circuit = qiskit.qasm3.loads(request["program"]).assign_parameters(request["values"])
backend = FakeBrisbane()
pair = best_pair(backend.target)
step, qubits = reduced(transpiled(circuit, backend))
assert qubits == sorted(pair)
# The neuron's qubit 0 is the first of the pair, wherever it comes in the device's order.
number = [pair.index(qubit) for qubit in qubits]

gates = []
run = QuantumCircuit(2, request["steps"])
for turn in range(request["steps"]):
    for entry in step.data:
        places = [step.find_bit(qubit).index for qubit in entry.qubits]
        name = entry.operation.name
        if name == "measure":
            run.measure(places[0], turn)
            continue
        run.append(entry.operation, places)
        if turn > 0 or name == "reset":
            continue
        gate = {"qubits": [number[place] for place in places]}
        if name == "rz":
            gate |= {"gate": "rz", "angle": float(entry.operation.params[0])}
        elif name == "x":
            gate |= {"gate": "x"}
        else:
            # Reversed: Qiskit's first qubit is the less significant.
            matrix = Operator(entry.operation).reverse_qargs().data
            gate |= {"gate": "unitary", "matrix": [[[value.real, value.imag] for value in row] for row in matrix]}
        gates.append(gate)

simulator = noisy_simulator(backend, qubits)
counts = simulator.run(run, shots=request["shots"], seed_simulator=request["seed"]).result().get_counts()
folder = pathlib.Path(qiskit_ibm_runtime.__file__).parent / "fake_provider" / "backends" / "brisbane"
json.dump(
    {
        "qubits": pair,
        "properties": str(folder / "props_brisbane.json"),
        "gates": gates,
        "counts": {history(bits): count for bits, count in counts.items()},
    },
    sys.stdout,
)
