"""Circuits to and from Qiskit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .circuit import Circuit
from .gate import GATE_NAMES, UNITARY, Gate

if TYPE_CHECKING:
    from qiskit import QuantumCircuit
    from qiskit.circuit import Parameter

_PARAMETER_COUNT = "parameter_count"


def to_qiskit(circuit: Circuit, parameter_name: str = "theta") -> QuantumCircuit:
    """The gates as a Qiskit circuit, on the registers ``io`` and ``memory``.

    Parameters
    ----------
    circuit
        Qubit q of it is qubit q of the result. Qiskit's matrices have qubit 0 as the least
        significant bit: ``Operator(result.reverse_bits())`` is :meth:`Circuit.unitary`.
    parameter_name
        Trainable angle k is the element ``theta[k]`` of a ``ParameterVector`` of this name, times
        the gate's scale.

    Raises
    ------
    ValueError
        For a scale that Qiskit does not keep: 2.6 takes a factor below some 2e-15, but for 0, for
        the whole product.
    """
    qiskit = _qiskit()
    circuit_module = qiskit.circuit
    theta = circuit_module.ParameterVector(parameter_name, circuit.parameter_count)
    registers = [qiskit.QuantumRegister(circuit.io_qubits, "io")]
    if circuit.memory_qubits:
        registers.append(qiskit.QuantumRegister(circuit.memory_qubits, "memory"))
    result = qiskit.QuantumCircuit(
        *registers, name=circuit.name, metadata={_PARAMETER_COUNT: circuit.parameter_count}
    )
    for index, gate in enumerate(circuit.gates):
        if gate.name == UNITARY:
            # Its first qubit is our more significant bit, and Qiskit's last.
            result.unitary(gate.matrix, list(reversed(gate.qubits)))
            continue
        angles: list[Any] = []
        if gate.parameter is not None:
            angles = [_product(gate.scale, theta[gate.parameter], f"gates[{index}].scale")]
        elif gate.angle is not None:
            angles = [gate.angle]
        getattr(result, gate.name)(*angles, *gate.qubits)
    return result


def from_qiskit(
    circuit: QuantumCircuit,
    io_qubits: int | None = None,
    *,
    parameters: Sequence[Parameter] | None = None,
    parameter_count: int | None = None,
) -> Circuit:
    """The neuron circuit of a Qiskit circuit.

    Parameters
    ----------
    circuit
        Of the gates rx, ry, rz, crx, cry, crz, rxx, ryy, rzz, h, x, cx, cz and unitary alone. Its
        first qubits are the input-output qubits.
    io_qubits
        N; may be left out where the first register is called ``io``.
    parameters
        Which parameter is trainable angle 0, 1, …. By default the elements of the circuit's one
        ``ParameterVector`` by their index, or else ``circuit.parameters``, which Qiskit sorts by
        name.
    parameter_count
        Number of trainable angles, where there are more than the gates use.

    Raises
    ------
    ValueError
        For another operation, by name; for an angle that is not a constant or a factor times one
        parameter; for a global phase, which no gate list has.
    """
    qiskit = _qiskit()
    if io_qubits is None:
        if not circuit.qregs or circuit.qregs[0].name != "io":
            names = ", ".join(register.name for register in circuit.qregs) or "none"
            raise ValueError(
                f"io_qubits: found none given and registers {names}, expected a number or a first "
                "register 'io'"
            )
        io_qubits = circuit.qregs[0].size
    if circuit.global_phase != 0:
        raise ValueError(
            f"circuit: found global_phase {circuit.global_phase}, expected 0; no measurement sees "
            "it, so set it to 0"
        )
    order, count = _parameter_order(circuit, parameters)
    gates = [
        _gate(qiskit, circuit, index, entry, order) for index, entry in enumerate(circuit.data)
    ]
    return Circuit(
        io_qubits,
        circuit.num_qubits - io_qubits,
        gates,
        name=circuit.name,
        parameter_count=count if parameter_count is None else parameter_count,
    )


def _parameter_order(
    circuit: QuantumCircuit, parameters: Sequence[Parameter] | None
) -> tuple[dict[Any, int], int]:
    """The index of each parameter, and how many there are."""
    used = list(circuit.parameters)
    if parameters is not None:
        order = {parameter: index for index, parameter in enumerate(parameters)}
        missing = [parameter.name for parameter in used if parameter not in order]
        if missing:
            raise ValueError(
                f"parameters: found none of {', '.join(missing)}, expected all of the circuit's"
            )
        return order, len(parameters)
    vectors = {
        parameter.vector.name: parameter.vector
        for parameter in used
        if hasattr(parameter, "vector")
    }
    if len(vectors) == 1 and all(hasattr(parameter, "vector") for parameter in used):
        vector = next(iter(vectors.values()))
        order, count = {parameter: parameter.index for parameter in used}, len(vector)
    else:
        order, count = {parameter: index for index, parameter in enumerate(used)}, len(used)
    declared = (circuit.metadata or {}).get(_PARAMETER_COUNT, count)
    return order, max(declared, count)


def _gate(
    qiskit: Any, circuit: QuantumCircuit, index: int, entry: Any, order: dict[Any, int]
) -> Gate:
    operation = entry.operation
    qubits = tuple(circuit.find_bit(qubit).index for qubit in entry.qubits)
    classes = _classes(qiskit)
    if not isinstance(operation, classes.get(operation.name, ())):
        raise ValueError(
            f"data[{index}]: found {operation.name!r}, which no neuron circuit has; expected one "
            f"of {', '.join(GATE_NAMES)}"
        )
    if operation.name == UNITARY:
        if len(qubits) > 2:
            raise ValueError(
                f"data[{index}]: found 'unitary' on {len(qubits)} qubits, expected 1 or 2"
            )
        return Gate(UNITARY, tuple(reversed(qubits)), matrix=operation.params[0].tolist())
    if not operation.params:
        return Gate(operation.name, qubits)
    angle = operation.params[0]
    if not getattr(angle, "parameters", None):
        return Gate(operation.name, qubits, angle=float(angle))
    parameter, scale = _scaled_parameter(angle, f"data[{index}] ({operation.name})")
    return Gate(operation.name, qubits, parameter=order[parameter], scale=scale)


def _product(scale: float, parameter: Any, place: str) -> Any:
    if scale == 1:
        return parameter
    product = scale * parameter
    at_zero, at_one = (float(product.bind({parameter: value})) for value in (0.0, 1.0))
    if (at_zero, at_one) != (0.0, scale):
        raise ValueError(
            f"{place}: found {scale}, which Qiskit does not keep, expected a larger one or 0"
        )
    return product


def _scaled_parameter(expression: Any, place: str) -> tuple[Any, float]:
    """Of `scale * parameter`, both; everything else is refused."""
    refusal = ValueError(
        f"{place}: found the angle {expression}, expected a number, or a number times one parameter"
    )
    if len(expression.parameters) != 1:
        raise refusal
    parameter = next(iter(expression.parameters))
    slope = expression.gradient(parameter)
    # A slope that depends on the parameter is an expression of it: then the angle is no product.
    if getattr(slope, "parameters", None) or complex(slope).imag != 0:
        raise refusal
    if float(expression.bind({parameter: 0.0})) != 0:
        raise refusal
    return parameter, float(complex(slope).real)


def _classes(qiskit: Any) -> dict[str, Any]:
    library = qiskit.circuit.library
    return {
        "rx": library.RXGate,
        "ry": library.RYGate,
        "rz": library.RZGate,
        "crx": library.CRXGate,
        "cry": library.CRYGate,
        "crz": library.CRZGate,
        "rxx": library.RXXGate,
        "ryy": library.RYYGate,
        "rzz": library.RZZGate,
        "h": library.HGate,
        "x": library.XGate,
        "cx": library.CXGate,
        "cz": library.CZGate,
        UNITARY: library.UnitaryGate,
    }


def _qiskit() -> Any:
    try:
        import qiskit
        import qiskit.circuit.library
    except ImportError as error:
        raise ImportError("Qiskit is not installed: pip install sqsnn[qiskit]") from error
    return qiskit
