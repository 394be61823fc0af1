#!/usr/bin/env python3
"""Unitary folding against Mitiq's `fold_global`, `fold_all` and `fold_gates_at_random` on random circuits.

Folded circuits do what the circuit did; as many gates as Mitiq's: for fold_gates_at_random at partial factors, which gates are folded
is drawn, and two-qubit gates weigh more, so that the counts may differ by the folds of one gate. `--golden FILE` writes the circuits
and Mitiq's counts for the package's tests.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import sys

import cirq
import numpy as np
from mitiq.zne.scaling import fold_all, fold_gates_at_random, fold_global

import sqsnn

SCALES = [1, 1.2, 1.5, 2, 2.7, 3, 3.4, 4, 5, 6.1, 7]
MITIQ = {"global": fold_global, "all": fold_all, "random": fold_gates_at_random}


def mitiq_circuit(gates: list[dict], angles: list[float]) -> cirq.Circuit:
    return cirq.Circuit(
        cirq.MatrixGate(sqsnn.matrix(gate, angles)).on(*[cirq.LineQubit(qubit) for qubit in gate["qubits"]])
        for gate in gates
    )


def unitary(circuit: cirq.Circuit, qubits: int) -> np.ndarray:
    every = cirq.LineQubit.range(qubits)
    return circuit.unitary(qubit_order=every, qubits_that_should_be_present=every)


def gate_count(circuit: cirq.Circuit) -> int:
    return len(list(circuit.all_operations()))


def complex_matrix(rows: list) -> np.ndarray:
    return np.array([[complex(*element) for element in row] for row in rows])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--circuits", type=int, default=12, help="random circuits (%(default)s)")
    parser.add_argument("--golden", help="write the circuits and Mitiq's counts to this file")
    arguments = parser.parse_args()
    random = np.random.default_rng(5)
    wrong, compared, farthest, golden = 0, 0, 0.0, []
    for number in range(arguments.circuits):
        qubits = 2 + number % 3
        gates, angles = sqsnn.random_gates(random, qubits, int(random.integers(3, 14)))
        circuit = {"io_qubits": 1, "memory_qubits": qubits - 1, "gates": gates, "parameter_count": len(angles)}
        original = mitiq_circuit(gates, angles)
        counts = {}
        for name, fold in MITIQ.items():
            for scale in SCALES:
                theirs = fold(original, scale)
                options = ["--fold", str(scale), "--folding", name, "--seed", str(number)]
                if angles:
                    options += ["--angles", ",".join(map(repr, angles))]
                ours = sqsnn.run_on(circuit, "neuron", "circuit", "FILE", "--unitary", *options)
                difference = max(
                    np.max(np.abs(complex_matrix(ours["unitary"]) - unitary(original, qubits))),
                    np.max(np.abs(unitary(theirs, qubits) - unitary(original, qubits))),
                )
                farthest = max(farthest, difference)
                drawn = name == "random" and scale % 2 != 1
                allowed = 2 if drawn else 0
                apart = abs(len(ours["gates"]) - gate_count(theirs))
                compared += 1
                if apart > allowed or difference > 1e-9:
                    wrong += 1
                    print(
                        f"circuit {number}, {name}, scale {scale}: {len(ours['gates'])} gates, Mitiq's "
                        f"{gate_count(theirs)}, unitaries {difference:.1e} apart"
                    )
                if not drawn:
                    counts.setdefault(name, []).append([scale, gate_count(theirs)])
        golden.append(circuit | {"angles": angles, "gate_counts": counts})
    if arguments.golden:
        source = "Benchmarks/Peers/Noise/compare folding_mitiq --golden; Mitiq 1.1.0"
        pathlib.Path(arguments.golden).write_text(json.dumps({"source": source, "cases": golden[:6]}) + "\n")
    print(
        f"folding_mitiq: {compared} foldings of {arguments.circuits} circuits: {wrong} disagree; "
        f"unitaries at most {farthest:.1e} apart"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
