"""The tool under test, and random neurons for it."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

TOOL = os.environ.get("SQSNN", ".build/release/sqsnn")

ROTATIONS = ["rx", "ry", "rz", "crx", "cry", "crz", "rxx", "ryy", "rzz"]
FIXED = ["h", "x", "cx", "cz"]
TWO_QUBIT = {"crx", "cry", "crz", "rxx", "ryy", "rzz", "cx", "cz"}
CATALOGUE = [
    "exchange", "memory-controlled", "input-controlled", "input-controlled-ry", "two-way", "partial-swap",
]


def run(*arguments: str) -> dict:
    """What a command prints with --json."""
    return call(*arguments, "--json")


def call(*arguments: str) -> dict:
    """The JSON that a command prints."""
    try:
        result = subprocess.run([TOOL, *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        sys.exit(f"{TOOL} is not there; build it (swift build -c release --product sqsnn) or name it by SQSNN")
    if result.returncode != 0:
        sys.exit(f"{' '.join([TOOL, *arguments])}: {result.stderr.strip()}")
    return json.loads(result.stdout)


def run_on(value: object, *arguments: str) -> dict:
    """The same on a file with this JSON; FILE among the arguments stands for its path."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "input.json"
        path.write_text(json.dumps(value))
        return run(*[str(path) if argument == "FILE" else argument for argument in arguments])


def random_unitary(random: np.random.Generator, qubits: int) -> np.ndarray:
    size = 2**qubits
    matrix = random.normal(size=(size, size)) + 1j * random.normal(size=(size, size))
    return np.linalg.qr(matrix)[0]


def as_json(matrix: np.ndarray) -> list:
    return [[[float(element.real), float(element.imag)] for element in row] for row in matrix]


def random_gates(random: np.random.Generator, qubits: int, count: int) -> tuple[list[dict], list[float]]:
    """A gate list with trainable and fixed angles and matrices, and its angles."""
    gates = []
    angles = []
    for _ in range(count):
        kinds = [k for k in ROTATIONS + FIXED if qubits > 1 or k not in TWO_QUBIT] + ["unitary"]
        kind = str(random.choice(kinds))
        arity = 2 if kind in TWO_QUBIT else 1
        if kind == "unitary":
            arity = int(random.integers(1, min(2, qubits) + 1))
        gate = {"gate": kind, "qubits": [int(q) for q in random.permutation(qubits)[:arity]]}
        if kind == "unitary":
            gate["matrix"] = as_json(random_unitary(random, arity))
        elif kind in ROTATIONS and random.random() < 0.3:
            gate["angle"] = float(random.uniform(-3, 3))
        elif kind in ROTATIONS:
            gate["parameter"] = len(angles)
            gate["scale"] = float(random.choice([1, -2, 0.5]))
            angles.append(float(random.uniform(-3, 3)))
        gates.append(gate)
    return gates, angles


def angle(gate: dict, angles: list[float]) -> float:
    if "parameter" in gate:
        return gate.get("scale", 1) * angles[gate["parameter"]]
    return gate.get("angle", 0.0)


PAULI = {
    "x": np.array([[0, 1], [1, 0]], complex),
    "y": np.array([[0, -1j], [1j, 0]], complex),
    "z": np.array([[1, 0], [0, -1]], complex),
}


def matrix(gate: dict, angles: list[float]) -> np.ndarray:
    """A gate's matrix, its first qubit the more significant."""
    kind = gate["gate"]
    if kind == "unitary":
        return np.array([[complex(*element) for element in row] for row in gate["matrix"]])
    if kind == "h":
        return np.array([[1, 1], [1, -1]], complex) / np.sqrt(2)
    if kind == "x":
        return PAULI["x"]
    half = angle(gate, angles) / 2
    axis = PAULI[kind[-1]]
    if kind[1:] in ("xx", "yy", "zz"):
        axis = np.kron(axis, axis)
    target = axis if kind in ("cx", "cz") else (
        np.cos(half) * np.eye(len(axis)) - 1j * np.sin(half) * axis
    )
    if kind.startswith("c"):
        return np.kron(np.diag([1, 0]), np.eye(2)) + np.kron(np.diag([0, 1]), target)
    return target
