#!/usr/bin/env python3
"""Noisy spike statistics against Qiskit Aer's density-matrix simulation.

Random circuits (catalogue circuits and gate lists, matrices among the gates; 1 to 2 input-output and 1 to 3 memory qubits) with
T = 3 steps and random noise: depolarising, relaxation, relaxation of the memory during measurement, readout errors. `sqsnn neuron trace`
gives the exact probability of every spike history, by forcing each. Aer draws shots of the same circuit with measurement and
reset in mid-circuit, and many more of the circuit in which every step has input-output qubits of its own, measured at the end.

A history disagrees where its count has a two-sided exact binomial probability below that of 5 sigma (5.7e-7). Over all histories of
all circuits, the chance of one false alarm is at most their number times that; both are printed. To
show that the check can fail, the same counts are compared with the probabilities without noise.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit.library import UnitaryGate
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, ReadoutError, depolarizing_error, thermal_relaxation_error
from scipy.stats import binomtest, norm

import sqsnn

STEPS = 3
FIVE_SIGMA = 2 * norm.sf(5)


def random_case(random: np.random.Generator, number: int) -> dict:
    io, memory = [(1, 1), (1, 2), (2, 1), (1, 3), (2, 2)][number % 5]
    case = {
        "io_qubits": io,
        "memory_qubits": memory,
        "currents": random.uniform(-0.3, 1, (STEPS, io)).tolist(),
    }
    if number % 2 == 0:
        name = sqsnn.CATALOGUE[number // 2 % len(sqsnn.CATALOGUE)]
        case["ansatz"] = name
        circuit = sqsnn.run(
            "neuron", "circuit", name, "--io-qubits", str(io), "--memory-qubits", str(memory)
        )
        case["angles"] = random.uniform(-3, 3, circuit["parameter_count"]).tolist()
        case["listed"] = circuit["gates"]
    else:
        case["gates"], case["angles"] = sqsnn.random_gates(random, io + memory, 10)
        case["listed"] = case["gates"]
    t1 = random.uniform(20, 200)
    case["noise"] = {
        "depolarizing_1q": random.uniform(0, 0.02),
        "depolarizing_2q": random.uniform(0, 0.1),
        "t1_us": t1,
        "t2_us": random.uniform(0.3, 2) * t1,
        "gate_1q_ns": random.uniform(20, 200),
        "gate_2q_ns": random.uniform(200, 2000),
        "measure_ns": random.uniform(500, 10000),
        "readout": [[1 - e, e] if i == 0 else [e, 1 - e] for i, e in enumerate(random.uniform(0, 0.1, 2))],
    }
    return case


def histories(case: dict) -> list[list[list[int]]]:
    io = case["io_qubits"]
    patterns = list(itertools.product((0, 1), repeat=io))
    return [[list(step) for step in history] for history in itertools.product(patterns, repeat=STEPS)]


def exact(case: dict, noisy: bool) -> np.ndarray:
    """Probability of every history by sqsnn."""
    dropped = {"listed"} if noisy else {"listed", "noise"}
    fields = {name: value for name, value in case.items() if name not in dropped}
    result = []
    for history in histories(case):
        # One by one: spikes that cannot happen are refused, and that is their probability.
        trace = {"schema": "sqsnn.neuron-trace/1", "cases": [fields | {"spikes": history}]}
        result.append(probability(trace))
    return np.array(result)


def probability(trace: dict) -> float:
    import json
    import subprocess
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(trace, file)
        file.flush()
        result = subprocess.run(
            [sqsnn.TOOL, "neuron", "trace", file.name, "--json"], capture_output=True, text=True
        )
    if "have probability 0 after those before" in result.stderr:
        return 0.0
    if result.returncode != 0:
        sys.exit(f"sqsnn neuron trace: {result.stderr.strip()}")
    return math.exp(json.loads(result.stdout)["cases"][0]["log_likelihood"])


def aer_circuit(case: dict, deferred: bool) -> tuple[QuantumCircuit, NoiseModel]:
    """Measurement and reset in mid-circuit, or at the end, of input-output qubits that each step has for itself."""
    io, memory, noise = case["io_qubits"], case["memory_qubits"], case["noise"]
    depolarizing = {k: depolarizing_error(noise[f"depolarizing_{k}q"], k).to_instruction() for k in (1, 2)}

    def relaxation(nanoseconds: float):
        error = thermal_relaxation_error(1000 * noise["t1_us"], 1000 * noise["t2_us"], nanoseconds)
        return error.to_instruction()

    fresh = STEPS * io if deferred else io
    circuit = QuantumCircuit(fresh + memory, STEPS * io)

    def place(step: int, qubit: int) -> int:
        return qubit + step * io * deferred if qubit < io else qubit - io + fresh

    def apply(matrix: np.ndarray, qubits: list[int]) -> None:
        # Qiskit's first qubit is the less significant.
        circuit.append(UnitaryGate(matrix), qubits[::-1])
        circuit.append(depolarizing[len(qubits)], qubits)
        for qubit in qubits:
            circuit.append(relaxation(noise[f"gate_{len(qubits)}q_ns"]), [qubit])

    for step, currents in enumerate(case["currents"]):
        for channel, current in enumerate(currents):
            if current > 0:
                rotation = {"gate": "rx", "angle": math.pi * current}
                apply(sqsnn.matrix(rotation, []), [place(step, channel)])
        for gate in case["listed"]:
            apply(sqsnn.matrix(gate, case["angles"]), [place(step, qubit) for qubit in gate["qubits"]])
        if not deferred:
            circuit.measure(range(io), range(step * io, (step + 1) * io))
        for qubit in range(io, io + memory):
            circuit.append(relaxation(noise["measure_ns"]), [place(step, qubit)])
        if not deferred:
            circuit.reset(range(io))
    if deferred:
        circuit.measure(range(STEPS * io), range(STEPS * io))
    model = NoiseModel()
    model.add_all_qubit_readout_error(ReadoutError(noise["readout"]))
    return circuit, model


def counts(case: dict, shots: int, seed: int, deferred: bool) -> np.ndarray:
    circuit, model = aer_circuit(case, deferred)
    # Not with shot branching, with which Aer 0.18.2 gives other frequencies under noise than without.
    simulator = AerSimulator(method="density_matrix", noise_model=model, seed_simulator=seed)
    result = simulator.run(circuit, shots=shots).result()
    if not result.success:
        sys.exit(f"Aer: {result.status}")
    found = result.get_counts()
    # Bit 0 is the last character.
    words = ["".join(str(s) for step in h for s in step)[::-1] for h in histories(case)]
    return np.array([found.get(word, 0) for word in words])


def disagreements(found: np.ndarray, expected: np.ndarray, shots: int) -> list[int]:
    return [
        index
        for index, (count, probability) in enumerate(zip(found, expected))
        if binomtest(int(count), shots, min(1.0, float(probability))).pvalue < FIVE_SIGMA
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--circuits", type=int, default=24, help="random circuits (%(default)s)")
    parser.add_argument("--shots", type=int, default=10_000, help="shots with mid-circuit measurement (%(default)s)")
    parser.add_argument("--deferred-shots", type=int, default=1_000_000, help="shots measured at the end (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of everything (%(default)s)")
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    wrong, noticed, compared, largest = 0, 0, 0, 0.0
    for number in range(arguments.circuits):
        case = random_case(random, number)
        expected, ideal = exact(case, noisy=True), exact(case, noisy=False)
        assert abs(expected.sum() - 1) < 1e-9, expected.sum()
        verdicts = []
        for what, shots in (("mid-circuit", arguments.shots), ("deferred", arguments.deferred_shots)):
            found = counts(case, shots, arguments.seed + number, deferred=what == "deferred")
            assert found.sum() == shots, found.sum()
            bad = disagreements(found, expected, shots)
            deviation = np.sqrt(shots * expected * (1 - expected))
            sigma = float(np.max(np.abs(found - shots * expected) / np.maximum(deviation, 1)))
            largest = max(largest, sigma)
            wrong += len(bad)
            compared += len(expected)
            verdicts.append(f"{what} {sigma:.1f} sigma" + (f" DISAGREES at {bad}" if bad else ""))
        noticed += bool(disagreements(found, ideal, shots))
        name = case.get("ansatz", f"{len(case['listed'])} random gates")
        print(
            f"{number:3d}  {name:20s} {case['io_qubits']}+{case['memory_qubits']} qubits  {len(expected):2d} histories  "
            f"largest deviation {', '.join(verdicts)}",
            flush=True,
        )
    print(
        f"statistics_aer: {compared} counts of {arguments.circuits} circuits, {arguments.shots} and {arguments.deferred_shots} "
        f"shots: {wrong} beyond 5 sigma (chance of a false alarm {compared * FIVE_SIGMA:.1e}), largest deviation "
        f"{largest:.1f} sigma; the probabilities without noise would be refuted for {noticed} of {arguments.circuits} circuits"
    )
    return 1 if wrong or noticed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
