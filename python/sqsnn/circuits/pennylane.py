"""Circuits to and from PennyLane."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .circuit import Circuit
from .gate import UNITARY, Gate

if TYPE_CHECKING:
    from pennylane.tape import QuantumScript

#: PennyLane's operation of each gate; in both a gate's first qubit is the more significant bit.
OPERATIONS = {
    "rx": "RX",
    "ry": "RY",
    "rz": "RZ",
    "crx": "CRX",
    "cry": "CRY",
    "crz": "CRZ",
    "rxx": "IsingXX",
    "ryy": "IsingYY",
    "rzz": "IsingZZ",
    "h": "Hadamard",
    "x": "PauliX",
    "cx": "CNOT",
    "cz": "CZ",
    UNITARY: "QubitUnitary",
}
_GATES = {operation: gate for gate, operation in OPERATIONS.items()}


def quantum_function(
    circuit: Circuit, wires: Sequence[Hashable] | None = None
) -> Callable[[Any], None]:
    """The gates as a quantum function of the trainable angles.

    Parameters
    ----------
    circuit
        Qubit q of it acts on ``wires[q]``.
    wires
        Shape (qubit_count,); 0, 1, … by default.

    Returns
    -------
    Callable
        Takes angles of shape (parameter_count,), in radians, of any interface that PennyLane
        differentiates, and queues the operations; to be called in a QNode.
    """
    pennylane = _pennylane()
    wires = _wires(circuit.qubit_count, wires)

    def function(angles: Any = ()) -> None:
        circuit.check_angles(angles)
        for gate in circuit.gates:
            on = [wires[qubit] for qubit in gate.qubits]
            operation = getattr(pennylane, OPERATIONS[gate.name])
            if gate.matrix is not None:
                operation(np.array(gate.matrix), wires=on)
            elif gate.parameter is not None:
                angle = angles[gate.parameter]
                operation(angle if gate.scale == 1 else gate.scale * angle, wires=on)
            elif gate.angle is not None:
                operation(gate.angle, wires=on)
            else:
                operation(wires=on)

    return function


def to_pennylane(
    circuit: Circuit, angles: Sequence[float] = (), wires: Sequence[Hashable] | None = None
) -> QuantumScript:
    """The gates at given angles, of shape (parameter_count,) in radians, as a tape."""
    return _pennylane().tape.make_qscript(quantum_function(circuit, wires))(angles)


def from_pennylane(
    program: QuantumScript | Callable[[Any], Any],
    io_qubits: int,
    memory_qubits: int,
    *,
    parameter_count: int | None = None,
    wires: Sequence[Hashable] | None = None,
    name: str = "custom",
) -> Circuit:
    """The neuron circuit of a tape, or of a quantum function of the trainable angles.

    Parameters
    ----------
    program
        A tape, whose angles become constants; or a quantum function that takes an array of
        ``parameter_count`` angles, each of whose gates turns by a constant or by a number times one
        angle. The function is called ``parameter_count`` + 2 times, and its angles are compared.
    io_qubits, memory_qubits
        N and M_q: the first N wires are the input-output qubits.
    parameter_count
        Of a quantum function: number of angles it takes.
    wires
        Shape (N + M_q,): which wire is qubit 0, 1, …; by default the wires 0, 1, ….

    Raises
    ------
    ValueError
        For another operation, or a measurement, by name; for an angle of another form.
    """
    pennylane = _pennylane()
    order = {wire: qubit for qubit, wire in enumerate(_wires(io_qubits + memory_qubits, wires))}
    if isinstance(program, pennylane.tape.QuantumScript):
        if parameter_count is not None:
            raise ValueError(
                f"parameter_count: found {parameter_count} with a tape, whose angles are "
                "constants; give a quantum function"
            )
        return Circuit(io_qubits, memory_qubits, _gates(program, order), name=name)
    if parameter_count is None:
        raise ValueError(
            "parameter_count: found none, expected the number of angles of the quantum function"
        )

    def gates(angles: np.ndarray) -> list[Gate]:
        return _gates(pennylane.tape.make_qscript(program)(angles), order)

    return Circuit(
        io_qubits,
        memory_qubits,
        _parametrized(gates, parameter_count),
        parameter_count=parameter_count,
        name=name,
    )


def _parametrized(gates: Callable[[np.ndarray], list[Gate]], count: int) -> list[Gate]:
    """Finds which angle each gate turns by, and the factor, by moving one angle at a time.

    At the unit vector k a gate that turns by ``scale × angles[k]`` turns by its scale, exactly.
    """
    resting = gates(np.zeros(count))
    moved = [
        _same_shape(resting, gates(unit), f"angles[{k}] = 1")
        for k, unit in enumerate(np.eye(count))
    ]
    # Numbers without a simple relation, at which an angle of another form shows.
    probe = np.sqrt(2.0 + np.arange(count)) / (3.0 + np.arange(count))
    probed = _same_shape(resting, gates(probe), "other angles")
    result = []
    for index, gate in enumerate(resting):
        users = [k for k in range(count) if moved[k][index].angle != gate.angle]
        if users:
            [user, *others] = users
            found = Gate(gate.name, gate.qubits, parameter=user, scale=moved[user][index].value(()))
            if (
                others
                or gate.angle != 0
                or not np.isclose(probed[index].value(()), found.value(probe), rtol=1e-12, atol=0)
            ):
                raise ValueError(
                    f"operations[{index}] ({OPERATIONS[gate.name]}): found an angle that depends "
                    f"on angles {users}, expected a number, or a number times one angle"
                )
            result.append(found)
        elif probed[index] != gate:
            raise ValueError(
                f"operations[{index}] ({OPERATIONS[gate.name]}): found one that depends on several "
                "angles at once, expected a number, or a number times one angle"
            )
        else:
            result.append(gate)
    return result


def _same_shape(resting: list[Gate], moved: list[Gate], place: str) -> list[Gate]:
    def shape(gates: list[Gate]) -> list[tuple[Any, ...]]:
        return [(gate.name, gate.qubits, gate.matrix) for gate in gates]

    if shape(moved) != shape(resting):
        raise ValueError(
            f"program: found other gates at {place} than at angles of 0, expected the same"
        )
    return moved


def _gates(tape: QuantumScript, order: dict[Hashable, int]) -> list[Gate]:
    if tape.measurements:
        raise ValueError(
            f"program: found the measurement {tape.measurements[0]}, expected none; every neuron "
            "measures its input-output qubits"
        )
    gates = []
    for index, operation in enumerate(tape.operations):
        name = _GATES.get(operation.name)
        if name is None:
            raise ValueError(
                f"operations[{index}]: found {operation.name!r}, which no neuron circuit has; "
                f"expected one of {', '.join(_GATES)}"
            )
        unknown = [wire for wire in operation.wires if wire not in order]
        if unknown:
            raise ValueError(
                f"operations[{index}] ({operation.name}): found wire {unknown[0]!r}, expected one "
                f"of {list(order)}"
            )
        qubits = tuple(order[wire] for wire in operation.wires)
        if name == UNITARY:
            if len(qubits) > 2:
                raise ValueError(
                    f"operations[{index}]: found QubitUnitary on {len(qubits)} wires, expected 1 "
                    "or 2"
                )
            gates.append(Gate(name, qubits, matrix=np.asarray(operation.parameters[0]).tolist()))
        elif operation.parameters:
            if np.size(operation.parameters[0]) != 1:
                raise ValueError(
                    f"operations[{index}] ({operation.name}): found "
                    f"{np.size(operation.parameters[0])} angles, expected one; a circuit has no "
                    "batch"
                )
            gates.append(Gate(name, qubits, angle=np.asarray(operation.parameters[0]).item()))
        else:
            gates.append(Gate(name, qubits))
    return gates


def _wires(count: int, wires: Sequence[Hashable] | None) -> Sequence[Hashable]:
    if wires is None:
        return range(count)
    if len(wires) != count or len(set(wires)) != count:
        raise ValueError(f"wires: found {list(wires)}, expected {count} different ones")
    return wires


def _pennylane() -> Any:
    try:
        import pennylane
    except ImportError as error:
        raise ImportError("PennyLane is not installed: pip install sqsnn[pennylane]") from error
    return pennylane
