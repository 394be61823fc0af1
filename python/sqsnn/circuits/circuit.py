"""A neuron's circuit as a value, and its file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .gate import LARGEST_PARAMETER_COUNT, Gate, whole_number

#: Qubits of the largest circuit that the command line tool takes.
LARGEST_QUBIT_COUNT = 10

_FIELDS = ("name", "io_qubits", "memory_qubits", "gates", "parameter_count")
# What `sqsnn neuron circuit --json` adds, and the gates say already.
_DERIVED_FIELDS = ("is_real_gauge", "unitary", "openqasm")


@dataclass(frozen=True, init=False)
class Circuit:
    """The trainable circuit V(θ) of a stochastic quantum spiking neuron.

    Parameters
    ----------
    io_qubits
        N ≥ 1, qubits 0 … N − 1: one for each channel of the neuron.
    memory_qubits
        M_q ≥ 0, the qubits after them.
    gates
        In the order they are applied.
    parameter_count
        Number of trainable angles; by default one more than the largest index used.
    name
        What reports call it.

    Raises
    ------
    ValueError
        For a circuit that the command line tool would refuse.
    """

    io_qubits: int
    memory_qubits: int
    gates: tuple[Gate, ...]
    parameter_count: int
    name: str

    def __init__(
        self,
        io_qubits: int,
        memory_qubits: int,
        gates: Iterable[Gate],
        parameter_count: int | None = None,
        name: str = "custom",
    ) -> None:
        gates = tuple(gates)
        io_qubits = whole_number("io_qubits", io_qubits)
        memory_qubits = whole_number("memory_qubits", memory_qubits)
        if io_qubits < 1 or memory_qubits < 0 or io_qubits + memory_qubits > LARGEST_QUBIT_COUNT:
            raise ValueError(
                f"io_qubits, memory_qubits: found {io_qubits} and {memory_qubits}, expected at "
                f"least 1 and 0, together at most {LARGEST_QUBIT_COUNT}"
            )
        for index, gate in enumerate(gates):
            if max(gate.qubits) >= io_qubits + memory_qubits:
                raise ValueError(
                    f"gates[{index}].qubits: found {list(gate.qubits)}, expected 0 to "
                    f"{io_qubits + memory_qubits - 1}"
                )
        used = 1 + max((gate.parameter for gate in gates if gate.parameter is not None), default=-1)
        count = used
        if parameter_count is not None:
            count = whole_number("parameter_count", parameter_count)
        if not used <= count <= LARGEST_PARAMETER_COUNT:
            raise ValueError(
                f"parameter_count: found {count}, expected {used} to {LARGEST_PARAMETER_COUNT}"
            )
        values = (io_qubits, memory_qubits, gates, count, name)
        for field, value in zip(self.__dataclass_fields__, values, strict=True):
            object.__setattr__(self, field, value)

    @property
    def qubit_count(self) -> int:
        """All qubits, N + M_q."""
        return self.io_qubits + self.memory_qubits

    def unitary(self, angles: Sequence[float] = ()) -> np.ndarray:
        """The matrix of V(θ).

        Parameters
        ----------
        angles
            Shape (parameter_count,), radians.

        Returns
        -------
        numpy.ndarray
            Complex, shape (2^n, 2^n). Qubit 0 is the most significant bit of the indices, as in
            ``sqsnn neuron circuit --unitary`` and in PennyLane; Qiskit has it the other way round.
        """
        self.check_angles(angles)
        count = self.qubit_count
        matrix = np.eye(2**count, dtype=complex).reshape([2] * count + [2**count])
        for gate in self.gates:
            width = len(gate.qubits)
            array = gate.array(angles).reshape([2] * (2 * width))
            matrix = np.tensordot(array, matrix, (range(width, 2 * width), gate.qubits))
            matrix = np.moveaxis(matrix, range(width), gate.qubits)
        return matrix.reshape(2**count, 2**count)

    def check_angles(self, angles: Sequence[float]) -> None:
        """Raise ValueError unless there are as many angles as the circuit has parameters."""
        if len(angles) != self.parameter_count:
            raise ValueError(f"angles: found {len(angles)}, expected {self.parameter_count}")

    def to_json(self) -> dict[str, Any]:
        """The object of a gate-list file."""
        return {
            "name": self.name,
            "io_qubits": self.io_qubits,
            "memory_qubits": self.memory_qubits,
            "parameter_count": self.parameter_count,
            "gates": [gate.to_json() for gate in self.gates],
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any], name: str = "custom") -> Circuit:
        """The circuit of a gate-list file's object.

        Parameters
        ----------
        fields
            As :meth:`to_json` gives it, or as ``sqsnn neuron circuit --json`` prints it.
        name
            Of a circuit that has none of its own.
        """
        for field in fields:
            if field not in _FIELDS + _DERIVED_FIELDS:
                raise ValueError(f"found the field {field!r}, expected only {', '.join(_FIELDS)}")
        for field in ("io_qubits", "memory_qubits", "gates"):
            if field not in fields:
                raise ValueError(f"{field}: found nothing, expected it in every circuit")
        gates = []
        for index, gate in enumerate(fields["gates"]):
            try:
                gates.append(Gate.from_json(gate))
            except ValueError as error:
                raise ValueError(f"gates[{index}].{error}") from None
        return cls(
            fields["io_qubits"],
            fields["memory_qubits"],
            gates,
            parameter_count=fields.get("parameter_count"),
            name=fields.get("name") or name,
        )

    def save(self, path: str | Path) -> None:
        """Write the file that ``sqsnn neuron memory FILE`` and all commands with circuits take."""
        Path(path).write_text(json.dumps(self.to_json(), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Circuit:
        """Read a gate-list file; its name is that of a circuit that has none.

        Raises
        ------
        ValueError
            With the path and the field at fault.
        """
        try:
            fields = json.loads(Path(path).read_text(encoding="utf-8"))
            return cls.from_json(fields, name=Path(path).stem)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
