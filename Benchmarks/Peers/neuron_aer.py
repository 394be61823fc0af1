#!/usr/bin/env python3
"""Single SQS neurons with the `exchange` circuit in Qiskit Aer, each step with its measurement and reset.

Three quantities, all in neuron-steps a second, of T steps a neuron:

- one circuit: many shots of one neuron with given currents, the circuit as it is defined;
- one circuit, deferred: the same with the measurements moved to the end, for which each step has a qubit of
  its own. Aer then computes one state and only draws from its distribution, so this tells how fast it draws:
  no two neurons or samples of a network share a distribution;
- different circuits: one shot of each, as a network needs them.

What an expert would do: the state-vector method; V(θ) as one 4 × 4 unitary instead of its five gates;
circuits are built and transpiled before the clock starts, and differ in their currents, which Aer binds at
run time in C++; several independent neurons side by side in one circuit, because its overhead is greater than
the cost of a few amplitudes more; counts are not unpacked. For one circuit, shot branching and the
matrix-product and density-matrix methods were tried, and are slower.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import ParameterVector
from qiskit.circuit.library import UnitaryGate
from qiskit_aer import AerSimulator

import exchange_neuron
import measurement
from measurement import attempted
from workload import positive_integer

SHOTS = 20_000
DEFERRED_SHOTS = 200_000
CIRCUITS = 2_000
#: For which these numbers are; for more steps there are fewer shots, so that a run takes as long.
STEPS = 5

Binds = dict[object, list[float]]


def gate(angles: np.ndarray) -> UnitaryGate:
    """V(θ). Qiskit counts qubits from the least significant: on (memory, input) the matrix is that of the
    equations.
    """
    return UnitaryGate(exchange_neuron.circuit(angles), check_input=False)


def neurons_side_by_side(angles: np.ndarray, steps: int) -> tuple[QuantumCircuit, list[ParameterVector]]:
    """Neurons [neuron, angle] on qubits (input 2n, memory 2n + 1), spikes in bits n T + t; parameters are the
    rotations π z.
    """
    count = len(angles)
    circuit = QuantumCircuit(2 * count, steps * count)
    rotations = [ParameterVector(f"rotation_{neuron}", steps) for neuron in range(count)]
    for neuron in range(count):
        value = gate(angles[neuron])
        for time in range(steps):
            circuit.rx(rotations[neuron][time], 2 * neuron)
            circuit.append(value, [2 * neuron + 1, 2 * neuron])
            circuit.measure(2 * neuron, neuron * steps + time)
            if time + 1 < steps:
                circuit.reset(2 * neuron)
    return circuit, rotations


def deferred(angles: np.ndarray, currents: np.ndarray) -> QuantumCircuit:
    """One neuron with an input qubit for each step and all measurements at the end."""
    steps = len(currents)
    circuit = QuantumCircuit(steps + 1, steps)
    for time, current in enumerate(currents):
        circuit.rx(math.pi * max(current, 0), time)
        circuit.append(gate(angles), [steps, time])
    circuit.measure(range(steps), range(steps))
    return circuit


def bound(rotations: list[ParameterVector], currents: np.ndarray) -> Binds:
    """Currents [circuit, neuron, step] as Aer takes them."""
    angles = math.pi * np.maximum(currents, 0)
    return {
        parameter: angles[:, neuron, time].tolist()
        for neuron, vector in enumerate(rotations)
        for time, parameter in enumerate(vector)
    }


def sampler(
    threads: int, circuit: QuantumCircuit, binds: Binds, shots: int
) -> Callable[[], list[dict[str, int]]]:
    """Runs every binding of the circuit; gives the counts, keys in hexadecimal, of each."""
    simulator = AerSimulator(
        method="statevector",
        runtime_parameter_bind_enable=bool(binds),
        max_parallel_threads=threads,
        max_parallel_experiments=threads if binds else 1,
        max_parallel_shots=1 if binds else threads,
    )
    ready = transpile(circuit, simulator, optimization_level=0)

    def run() -> list[dict[str, int]]:
        result = simulator.run(ready, shots=shots, parameter_binds=[binds] if binds else None).result()
        if not result.success:
            raise measurement.Failure(f"Aer: {result.status}")
        return [experiment.data.counts for experiment in result.results]

    return run


class AerPeer:
    def __init__(self, steps: int) -> None:
        shots = max(1, SHOTS * STEPS // max(steps, STEPS))
        circuits = max(1, CIRCUITS * STEPS // max(steps, STEPS))
        #: By quantity and variant: what to run, or why it cannot be, and its neuron-steps.
        self.runs: dict[str, dict[str, tuple[Callable[[], object] | str, int]]] = {
            "one_circuit_neuron_steps_per_second": {},
            "one_circuit_deferred_neuron_steps_per_second": {},
            "different_circuits_neuron_steps_per_second": {},
        }
        one, one_deferred, different = self.runs.values()
        for threads in sorted({1, measurement.core_count()}):
            label = measurement.threads_label(threads)
            for count in (1, 2):
                angles, currents = exchange_neuron.random_neurons(count, steps, seed=1)
                circuit, rotations = neurons_side_by_side(angles, steps)
                ready = circuit.assign_parameters(single_values(bound(rotations, currents[None])))
                one[f"{count} a circuit, {label}"] = (
                    attempted(lambda: sampler(threads, ready, {}, shots)),
                    count * steps * shots,
                )
            for count in (1, 2, 3):
                angles, _ = exchange_neuron.random_neurons(count, steps, seed=1)
                currents = np.random.default_rng(2).uniform(0, 1, (circuits, count, steps))
                circuit, rotations = neurons_side_by_side(angles, steps)
                different[f"{count} a circuit, {label}"] = (
                    attempted(lambda: sampler(threads, circuit, bound(rotations, currents), shots=1)),
                    count * steps * circuits,
                )
            angles, currents = exchange_neuron.random_neurons(1, steps, seed=1)
            one_deferred[label] = (
                attempted(lambda: deferred_sampler(threads, angles[0], currents[0])),
                steps * DEFERRED_SHOTS,
            )
        self.description = {
            "peer": "Qiskit Aer",
            "versions": measurement.versions("qiskit", "qiskit-aer"),
            "steps": steps,
            "shots": {"one_circuit": shots, "one_circuit_deferred": DEFERRED_SHOTS, "different_circuits": 1},
            "circuits": circuits,
        }

    def measure(self, request: str) -> measurement.Round:
        return measurement.rates(self.runs, repetitions=1, warm_ups=0)


def deferred_sampler(threads: int, angles: np.ndarray, currents: np.ndarray) -> Callable[[], object]:
    measurement.require_state(qubits=len(currents) + 1, steps=len(currents))
    return sampler(threads, deferred(angles, currents), {}, DEFERRED_SHOTS)


def single_values(binds: Binds) -> dict[object, float]:
    return {parameter: values[0] for parameter, values in binds.items()}


def prepare(arguments: argparse.Namespace) -> AerPeer:
    return AerPeer(arguments.steps)


def check(arguments: argparse.Namespace) -> list[str]:
    """The share of shots that fire at each step, against the sum over all trains of spikes, within 5 σ."""
    steps, shots = arguments.steps, 40_000
    angles, currents = exchange_neuron.random_neurons(3, steps, seed=5)
    expected = np.array([exchange_neuron.expected_spikes(*neuron) for neuron in zip(angles, currents)])
    circuit, rotations = neurons_side_by_side(angles, steps)
    fixed = circuit.assign_parameters(single_values(bound(rotations, currents[None])))
    repeated = bound(rotations, np.repeat(currents[None], 4_000, axis=0))
    lines = []
    for what, counts, reference in (
        ("three neurons a circuit, one circuit", sampler(2, fixed, {}, shots)(), expected),
        ("three neurons a circuit, 4000 bindings", sampler(2, circuit, repeated, shots=1)(), expected),
        ("deferred", sampler(1, deferred(angles[0], currents[0]), {}, shots)(), expected[:1]),
    ):
        found, total = rates(counts, reference.size)
        lines.append(
            measurement.expect_close(
                f"Aer, {what}, spike rates", found, reference.ravel(), 5 * 0.5 / math.sqrt(total)
            )
        )
    return lines


def rates(counts: list[dict[str, int]], bits: int) -> tuple[np.ndarray, int]:
    """How often each bit is 1, and of how many shots."""
    ones = np.zeros(bits)
    total = 0
    for experiment in counts:
        for word, count in experiment.items():
            ones += [count * (int(word, 16) >> bit & 1) for bit in range(bits)]
            total += count
    return ones / total, total


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=positive_integer, default=5, help="time steps T (%(default)s)")


if __name__ == "__main__":
    measurement.run("Time single SQS neurons in Qiskit Aer.", prepare, check, add_arguments)
