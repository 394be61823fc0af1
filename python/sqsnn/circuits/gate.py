"""One gate of a circuit, its JSON and its matrix."""

from __future__ import annotations

import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Matrix = tuple[tuple[complex, ...], ...]

#: Gates that turn by an angle, with the number of their qubits.
ROTATIONS = {
    "rx": 1,
    "ry": 1,
    "rz": 1,
    "crx": 2,
    "cry": 2,
    "crz": 2,
    "rxx": 2,
    "ryy": 2,
    "rzz": 2,
}
#: Gates without an angle.
FIXED = {"h": 1, "x": 1, "cx": 2, "cz": 2}
#: The gate whose matrix is given.
UNITARY = "unitary"
#: Every name that a gate list may have.
GATE_NAMES = (*ROTATIONS, *FIXED, UNITARY)

# The limits of the command line tool, so that no circuit is made here that it refuses.
LARGEST_ANGLE = 65_536.0
LARGEST_PARAMETER_COUNT = 1_000_000
UNITARITY_TOLERANCE = 1e-9

_FIELDS = ("gate", "qubits", "parameter", "scale", "angle", "matrix")

_PAULI = {
    "x": np.array([[0, 1], [1, 0]], complex),
    "y": np.array([[0, -1j], [1j, 0]], complex),
    "z": np.array([[1, 0], [0, -1]], complex),
}


@dataclass(frozen=True)
class Gate:
    """One gate: what it does, to which qubits, by which angle.

    Parameters
    ----------
    name
        One of :data:`GATE_NAMES`. ``rx(a)`` = exp(−i a X/2), ``rxx(a)`` = exp(−i a X⊗X/2).
    qubits
        The qubits acted on, the control first.
    parameter
        Index k of the trainable angle; the gate turns by ``scale × angles[k]``.
    scale
        Factor on the trainable angle, without unit.
    angle
        A constant angle in radians, in place of ``parameter``.
    matrix
        Of ``unitary``: rows of complex numbers, 2 × 2 or 4 × 4, the first qubit the more
        significant bit.

    Raises
    ------
    ValueError
        For a gate that the command line tool would refuse.
    """

    name: str
    qubits: tuple[int, ...]
    parameter: int | None = None
    scale: float = 1.0
    angle: float | None = None
    matrix: Matrix | None = None

    def __post_init__(self) -> None:
        if self.name not in GATE_NAMES:
            raise ValueError(f"name: found {self.name!r}, expected one of {', '.join(GATE_NAMES)}")
        qubits = tuple(whole_number("qubits", qubit) for qubit in self.qubits)
        object.__setattr__(self, "qubits", qubits)
        object.__setattr__(self, "scale", _real_number("scale", self.scale))
        if self.parameter is not None:
            object.__setattr__(self, "parameter", whole_number("parameter", self.parameter))
        if self.angle is not None:
            object.__setattr__(self, "angle", _real_number("angle", self.angle))
        if self.matrix is not None:
            rows = tuple(tuple(complex(number) for number in row) for row in self.matrix)
            object.__setattr__(self, "matrix", rows)
        self._check_matrix()
        self._check_qubits()
        self._check_angle()

    @property
    def takes_angle(self) -> bool:
        """Whether the gate turns by an angle."""
        return self.name in ROTATIONS

    def value(self, angles: Sequence[float]) -> float:
        """The angle in radians for a circuit's trainable angles; 0 for a gate that takes none."""
        if self.parameter is not None:
            return self.scale * float(angles[self.parameter])
        return self.angle if self.angle is not None else 0.0

    def array(self, angles: Sequence[float]) -> np.ndarray:
        """The matrix, complex, (2, 2) or (4, 4); the first qubit is the more significant bit."""
        value = self.value(angles)
        if self.matrix is not None:
            return np.array(self.matrix, complex)
        if self.name == "h":
            return np.array([[1, 1], [1, -1]], complex) / np.sqrt(2)
        if self.name == "x":
            return _PAULI["x"]
        if self.name in ("cx", "cz"):
            return _controlled(_PAULI[self.name[1]])
        if self.name.startswith("c"):
            return _controlled(_rotation(_PAULI[self.name[2]], value))
        generator = _PAULI[self.name[1]]
        return _rotation(np.kron(generator, generator) if len(self.name) == 3 else generator, value)

    def to_json(self) -> dict[str, Any]:
        """The object of a gate list."""
        fields: dict[str, Any] = {"gate": self.name, "qubits": list(self.qubits)}
        if self.parameter is not None:
            fields["parameter"] = self.parameter
            if self.scale != 1:
                fields["scale"] = self.scale
        if self.angle is not None:
            fields["angle"] = self.angle
        if self.matrix is not None:
            fields["matrix"] = [[[z.real, z.imag] for z in row] for row in self.matrix]
        return fields

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Gate:
        """The gate of an object of a gate list.

        Raises
        ------
        ValueError
            Naming the field at fault.
        """
        for field in fields:
            if field not in _FIELDS:
                raise ValueError(f"found the field {field!r}, expected only {', '.join(_FIELDS)}")
        for field in ("gate", "qubits"):
            if field not in fields:
                raise ValueError(f"{field}: found nothing, expected it in every gate")
        if "scale" in fields and fields.get("parameter") is None:
            raise ValueError("scale: found it without 'parameter'; scale the angle itself")
        matrix = fields.get("matrix")
        if matrix is not None:
            try:
                matrix = tuple(tuple(complex(*number) for number in row) for row in matrix)
            except TypeError:
                raise ValueError("matrix: expected rows of pairs [real, imaginary]") from None
        return cls(
            fields["gate"],
            tuple(fields["qubits"]),
            parameter=fields.get("parameter"),
            scale=fields.get("scale", 1.0),
            angle=fields.get("angle"),
            matrix=matrix,
        )

    def _check_matrix(self) -> None:
        if (self.name == UNITARY) != (self.matrix is not None):
            found = "none" if self.matrix is None else "one"
            raise ValueError(
                f"matrix: found {found} at gate {self.name!r}, expected one at {UNITARY!r} only"
            )
        if self.matrix is None:
            return
        if len(self.matrix) not in (2, 4) or any(
            len(row) != len(self.matrix) for row in self.matrix
        ):
            lengths = [len(row) for row in self.matrix]
            raise ValueError(f"matrix: found rows of {lengths}, expected 2 × 2 or 4 × 4")
        array = np.array(self.matrix)
        distance = np.abs(array.conj().T @ array - np.eye(len(array))).max()
        if not distance <= UNITARITY_TOLERANCE:
            raise ValueError(
                f"matrix: found |U†U − 1| of {distance:.3g}, expected at most {UNITARITY_TOLERANCE}"
            )

    def _check_qubits(self) -> None:
        matrix_qubits = {2: 1, 4: 2}.get(len(self.matrix or ()), 0)
        expected = ROTATIONS.get(self.name) or FIXED.get(self.name) or matrix_qubits
        if len(self.qubits) != expected:
            raise ValueError(
                f"qubits: found {list(self.qubits)} at gate {self.name!r}, expected {expected}"
            )
        if len(set(self.qubits)) != len(self.qubits) or min(self.qubits) < 0:
            raise ValueError(
                f"qubits: found {list(self.qubits)} at gate {self.name!r}, expected different ones "
                "from 0"
            )

    def _check_angle(self) -> None:
        given = (self.parameter is not None) + (self.angle is not None)
        if given != int(self.takes_angle):
            expected = "one of 'parameter' and 'angle'" if self.takes_angle else "no angle"
            raise ValueError(
                f"angle: found parameter {self.parameter} and angle {self.angle} at gate "
                f"{self.name!r}, expected {expected}"
            )
        if self.parameter is None and self.scale != 1:
            raise ValueError(f"scale: found {self.scale} without a parameter, expected none")
        if self.parameter is not None and not 0 <= self.parameter < LARGEST_PARAMETER_COUNT:
            raise ValueError(
                f"parameter: found {self.parameter}, expected 0 to {LARGEST_PARAMETER_COUNT - 1}"
            )
        for field, number in (("scale", self.scale), ("angle", self.angle or 0.0)):
            if not abs(number) <= LARGEST_ANGLE:
                raise ValueError(f"{field}: found {number}, expected ±{LARGEST_ANGLE:.0f} at most")


def whole_number(field: str, number: object) -> int:
    """The number as an ``int``; ValueError with the field's name for what is none."""
    if isinstance(number, bool) or not isinstance(number, numbers.Integral):
        raise ValueError(f"{field}: found {number!r}, expected a whole number")
    return int(number)


def _real_number(field: str, number: object) -> float:
    if isinstance(number, bool) or not isinstance(number, numbers.Real):
        raise ValueError(f"{field}: found {number!r}, expected a number")
    return float(number)


def _rotation(generator: np.ndarray, angle: float) -> np.ndarray:
    """exp(−i a G/2) of a G with G² = 1."""
    return np.cos(angle / 2) * np.eye(len(generator)) - 1j * np.sin(angle / 2) * generator


def _controlled(target: np.ndarray) -> np.ndarray:
    return np.block([[np.eye(2), np.zeros((2, 2))], [np.zeros((2, 2)), target]])
