"""Circuits: the same unitaries and gates in Qiskit, in PennyLane and in the command line tool."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from sqsnn.circuits import (
    Circuit,
    Gate,
    from_pennylane,
    from_qiskit,
    quantum_function,
    to_pennylane,
    to_qiskit,
)

# A matrix that is no tensor product, so that an order of qubits shows.
MATRIX = np.linalg.qr(np.arange(16).reshape(4, 4) ** 1.5 + 1j * np.eye(4))[0]

ALL_GATES = Circuit(
    2, 1,
    [
        Gate("rx", (0,), parameter=0),
        Gate("ry", (1,), parameter=1, scale=-0.3),
        Gate("rz", (2,), angle=0.1),
        Gate("h", (0,)),
        Gate("x", (1,)),
        Gate("cx", (2, 0)),
        Gate("cz", (0, 1)),
        Gate("crx", (0, 2), parameter=2, scale=1 / 3),
        Gate("cry", (2, 1), parameter=1),
        Gate("crz", (1, 0), parameter=0, scale=2),
        Gate("rxx", (0, 2), parameter=3),
        Gate("ryy", (1, 2), angle=-1.7),
        Gate("rzz", (2, 0), parameter=2),
        Gate("unitary", (2, 0), matrix=MATRIX.tolist()),
        Gate("unitary", (1,), matrix=((0, 1j), (1, 0))),
    ],
    parameter_count=5, name="all gates",
)  # fmt: skip
ANGLES = [0.3, -1.1, 2.5, 0.7, 9.0]

needs_tool = pytest.mark.skipif(
    "SQSNN_TOOL" not in os.environ, reason="SQSNN_TOOL does not name the sqsnn command line tool"
)


def tool(*arguments: str) -> str:
    return subprocess.run(
        [os.environ["SQSNN_TOOL"], *arguments], check=True, capture_output=True, text=True
    ).stdout


def test_unitary_of_a_controlled_rotation_by_hand():
    # |1⟩ of qubit 0, the more significant bit, turns qubit 1: cos π/4, −i sin π/4 in that block.
    circuit = Circuit(1, 1, [Gate("crx", (0, 1), parameter=0, scale=0.5)])
    c = np.sqrt(0.5)
    expected = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, c, -1j * c], [0, 0, -1j * c, c]]
    np.testing.assert_allclose(circuit.unitary([np.pi]), expected, atol=1e-15)


def test_qiskit_has_the_same_unitary():
    from qiskit.quantum_info import Operator

    circuit = to_qiskit(ALL_GATES)
    bound = circuit.assign_parameters({p: ANGLES[p.index] for p in circuit.parameters})
    matrix = Operator(bound.reverse_bits()).data
    np.testing.assert_allclose(matrix, ALL_GATES.unitary(ANGLES), atol=1e-12)
    # Without reversing the bits it is another one: the test above can fail.
    assert np.abs(Operator(bound).data - matrix).max() > 0.1


def test_qiskit_round_trip_is_exact():
    assert from_qiskit(to_qiskit(ALL_GATES)) == ALL_GATES
    circuit = to_qiskit(ALL_GATES)
    again = to_qiskit(from_qiskit(circuit))
    # Parameters of two vectors are never equal, whatever their names: both get the same values.
    assert again.assign_parameters(ANGLES[:4]) == circuit.assign_parameters(ANGLES[:4])
    assert [p.name for p in again.parameters] == [f"theta[{k}]" for k in range(4)]


@pytest.mark.parametrize("seed", range(15))
def test_qiskit_keeps_every_scale_and_angle(seed):
    numbers = np.random.default_rng(seed).normal(size=2) * 10.0 ** (seed - 11)
    gates = [Gate("rx", (0,), parameter=0, scale=numbers[0]), Gate("ry", (0,), angle=numbers[1])]
    assert from_qiskit(to_qiskit(Circuit(1, 0, gates))).gates == tuple(gates)


def test_a_scale_that_qiskit_forgets_is_refused():
    with pytest.raises(ValueError, match=r"gates\[0\].scale: found 1e-17"):
        to_qiskit(Circuit(1, 0, [Gate("rx", (0,), parameter=0, scale=1e-17)]))
    still = Circuit(1, 0, [Gate("rx", (0,), parameter=0, scale=0)])
    assert from_qiskit(to_qiskit(still)) == still


def test_qiskit_text_of_a_scaled_parameter():
    [entry] = to_qiskit(Circuit(1, 0, [Gate("rx", (0,), parameter=0, scale=2)])).data
    assert str(entry.operation.params[0]).replace(".0", "") in ("2*theta[0]", "theta[0]*2")


def test_qiskit_parameters_of_ones_own():
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter

    a, b = Parameter("a"), Parameter("b")
    circuit = QuantumCircuit(2, name="own")
    circuit.rx(-b, 0)
    circuit.cry(a / 4, 1, 0)
    found = from_qiskit(circuit, 1, parameters=[b, a])
    gates = [Gate("rx", (0,), parameter=0, scale=-1), Gate("cry", (1, 0), parameter=1, scale=0.25)]
    assert found == Circuit(1, 1, gates, name="own")
    # Qiskit's own order is by name.
    assert [gate.parameter for gate in from_qiskit(circuit, 1).gates] == [1, 0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c, p: c.swap(0, 1), "found 'swap'.*expected one of rx, ry"),
        (lambda c, p: c.measure_all(), "found 'barrier'"),
        (lambda c, p: c.cx(0, 1, ctrl_state=0), "found 'cx_o0'"),
        (lambda c, p: c.rx(p + 0.5, 0), "a number times one parameter"),
        (lambda c, p: c.rx(p * p, 0), "a number times one parameter"),
        (lambda c, p: c.rx(p.sin(), 0), "a number times one parameter"),
        (lambda c, p: setattr(c, "global_phase", 0.5), "global_phase 0.5"),
    ],
)
def test_qiskit_refusals(change, message):
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter

    circuit = QuantumCircuit(2)
    change(circuit, Parameter("p"))
    with pytest.raises(ValueError, match=message):
        from_qiskit(circuit, 1)


def test_qiskit_layout_must_be_told():
    from qiskit import QuantumCircuit

    with pytest.raises(ValueError, match="io_qubits: found none given and registers q"):
        from_qiskit(QuantumCircuit(2))


def test_pennylane_has_the_same_unitary():
    import pennylane

    tape = to_pennylane(ALL_GATES, ANGLES)
    matrix = pennylane.matrix(tape, wire_order=range(3))
    np.testing.assert_allclose(matrix, ALL_GATES.unitary(ANGLES), atol=1e-12)


def test_pennylane_round_trips_are_exact():
    function = quantum_function(ALL_GATES)
    assert from_pennylane(function, 2, 1, parameter_count=5, name="all gates") == ALL_GATES
    tape = to_pennylane(ALL_GATES, ANGLES)
    constant = from_pennylane(tape, 2, 1)
    assert [gate.name for gate in constant.gates] == [gate.name for gate in ALL_GATES.gates]
    np.testing.assert_array_equal(constant.unitary(), ALL_GATES.unitary(ANGLES))
    assert to_pennylane(constant).operations == tape.operations


def test_pennylane_wires_are_an_order_of_qubits():
    function = quantum_function(ALL_GATES, wires=["m", "in", 7])
    found = from_pennylane(
        function, 2, 1, parameter_count=5, wires=["m", "in", 7], name="all gates"
    )
    assert found == ALL_GATES
    with pytest.raises(ValueError, match="found wire 'm', expected one of"):
        from_pennylane(function, 2, 1, parameter_count=5)


def test_pennylane_differentiates_the_function():
    import pennylane
    from pennylane import numpy as autograd_numpy

    device = pennylane.device("default.qubit", wires=3)

    @pennylane.qnode(device)
    def spike(angles):
        quantum_function(ALL_GATES)(angles)
        return pennylane.expval(pennylane.PauliZ(0))

    gradient = pennylane.grad(spike)(autograd_numpy.array(ANGLES, requires_grad=True))
    z = np.kron(np.diag([1, -1]), np.eye(4))

    def expectation(angles):
        state = ALL_GATES.unitary(angles)[:, 0]
        return (state.conj() @ z @ state).real

    steps = 1e-6 * np.eye(5)
    expected = [(expectation(ANGLES + s) - expectation(ANGLES - s)) / 2e-6 for s in steps]
    np.testing.assert_allclose(gradient, expected, atol=1e-8)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (lambda q, a: q.SWAP(wires=[0, 1]), "found 'SWAP'.*expected one of RX, RY"),
        (lambda q, a: q.RX(a[0] + 0.5, wires=0), "a number times one angle"),
        (lambda q, a: q.RX(a[0] ** 2, wires=0), "a number times one angle"),
        (lambda q, a: q.RX(a[0] + a[1], wires=0), "depends on angles \\[0, 1\\]"),
        (lambda q, a: q.RX(a[0] * a[1], wires=0), "depends on several angles"),
        (
            lambda q, a: q.RX(0.1, wires=0) if a[1] else None,
            "found other gates at angles\\[1\\] = 1",
        ),
        (lambda q, a: q.expval(q.PauliZ(0)), "found the measurement expval"),
    ],
)
def test_pennylane_refusals(program, message):
    import pennylane

    with pytest.raises(ValueError, match=message):
        from_pennylane(lambda angles: program(pennylane, angles), 1, 1, parameter_count=2)


def test_files_round_trip(tmp_path):
    path = tmp_path / "all.json"
    ALL_GATES.save(path)
    assert Circuit.load(path) == ALL_GATES
    path.write_text('{"io_qubits": 1, "memory_qubits": 0, "gates": []}')
    assert Circuit.load(path).name == "all"


def test_a_scale_needs_a_parameter():
    with pytest.raises(ValueError, match="scale: found 2.0 without a parameter"):
        Gate("rx", (0,), angle=1, scale=2)


@pytest.mark.parametrize(
    ("gate", "message"),
    [
        (
            '{"gate": "swap", "qubits": [0, 1]}',
            r"gates\[0\].name: found 'swap', expected one of rx",
        ),
        ('{"gate": "rx", "qubits": [0], "angel": 1}', r"gates\[0\].found the field 'angel'"),
        ('{"gate": "rx", "qubits": [0]}', r"gates\[0\].angle: .*expected one of 'parameter' and"),
        (
            '{"gate": "rx", "qubits": [3], "angle": 1}',
            r"gates\[0\].qubits: found \[3\], expected 0 to",
        ),
        ('{"gate": "cx", "qubits": [1, 1]}', r"gates\[0\].qubits: found \[1, 1\]"),
        ('{"gate": "unitary", "qubits": [0], "matrix": [[[1,0],[0,0]],[[0,0],[2,0]]]}', "U†U"),
        ('{"gate": "unitary", "qubits": [0], "matrix": [[1,0],[0,1]]}', "expected rows of pairs"),
        (
            '{"gate": "h", "qubits": [0.5]}',
            r"gates\[0\].qubits: found 0.5, expected a whole number",
        ),
        (
            '{"gate": "rx", "qubits": [0], "angle": "1"}',
            r"gates\[0\].angle: found '1', expected a num",
        ),
    ],
)
def test_files_are_refused_by_field(tmp_path, gate, message):
    path = tmp_path / "bad.json"
    path.write_text(f'{{"io_qubits": 1, "memory_qubits": 1, "gates": [{gate}]}}')
    with pytest.raises(ValueError, match=message):
        Circuit.load(path)


def test_what_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "qiskit", None)
    monkeypatch.setitem(sys.modules, "pennylane", None)
    with pytest.raises(ImportError, match=r"pip install sqsnn\[qiskit\]"):
        to_qiskit(ALL_GATES)
    with pytest.raises(ImportError, match=r"pip install sqsnn\[pennylane\]"):
        to_pennylane(ALL_GATES, ANGLES)


@needs_tool
def test_the_tool_has_the_same_unitary_and_gates(tmp_path):
    path = tmp_path / "all.json"
    ALL_GATES.save(path)
    angles = ",".join(map(str, ANGLES))
    text = tool("neuron", "circuit", str(path), "--angles", angles, "--unitary", "--json")
    rows = np.array(json.loads(text)["unitary"])
    np.testing.assert_allclose(
        rows[..., 0] + 1j * rows[..., 1], ALL_GATES.unitary(ANGLES), atol=1e-12
    )
    assert Circuit.from_json(json.loads(text)) == ALL_GATES


@needs_tool
@pytest.mark.parametrize("name", ["exchange", "two-way", "partial-swap", "layered-2"])
def test_the_tool_measures_a_circuit_that_went_through_qiskit(tmp_path, name):
    known = Circuit.from_json(json.loads(tool("neuron", "circuit", name, "--json")))
    path = tmp_path / "back.json"
    from_qiskit(to_qiskit(known)).save(path)
    options = ["--draws", "2", "--steps", "3", "--lags", "2", "--warm-up", "5", "--json"]
    [measured] = json.loads(tool("neuron", "memory", str(path), *options))["circuits"]
    [expected] = json.loads(tool("neuron", "memory", name, *options))["circuits"]
    assert measured == expected
