#!/usr/bin/env python3
"""Single SQS neurons with the `exchange` circuit in PennyLane, each step with its measurement and reset.

Three quantities, all in neuron-steps a second, of T steps a neuron, as in `neuron_aer.py`:

- one circuit: many shots of one neuron with given currents, the circuit as it is defined, on
  `lightning.qubit` by tree traversal, which computes each branch of the measurements once for all shots;
- one circuit, deferred: the same with the measurements moved to the end by PennyLane;
- different circuits: one shot of each, as a network needs them. `default.qubit` broadcasts over the circuits.
  Variants: the whole neuron with deferred measurements; and one step at a time, PennyLane turning the states
  and NumPy drawing the spikes and projecting, with V(θ) as its gates or as one ready 4 × 4 unitary a neuron.

One shot at a time (`one-shot`) and different circuits one by one on `lightning.qubit` were tried and are
slower.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable

import numpy as np
import pennylane as qml

import exchange_neuron
import measurement
from workload import positive_integer

SHOTS = 100_000
#: Where there are more histories of spikes than shots: hardly two shots share a branch, and each takes its own time.
UNSHARED_SHOTS = 100
WHOLE_NEURONS = 2_000
STEPPED_NEURONS = 20_000

Turn = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def embed(current: np.ndarray) -> None:
    qml.RX(math.pi * np.maximum(current, 0), wires=0)


def gates(angles: np.ndarray) -> None:
    """V(θ) on input wire 0 and memory wire 1; angles [angle] or [angle, neuron]."""
    qml.CRX(angles[0], wires=[0, 1])
    qml.CRX(angles[1], wires=[1, 0])
    qml.CRX(angles[2], wires=[0, 1])
    qml.RX(angles[3], wires=0)
    qml.RX(angles[4], wires=1)


def whole_neuron(device: str, method: str, shots: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """Angles [angle] and currents [step], or broadcast [angle, neuron] and [step, neuron] → spikes […, shot,
    step].
    """

    @qml.qnode(qml.device(device), diff_method=None, mcm_method=method)
    def node(angles: np.ndarray, currents: np.ndarray) -> np.ndarray:
        spikes = []
        for current in currents:
            embed(current)
            gates(angles)
            spikes.append(qml.measure(0, reset=True))
        return qml.sample(spikes)

    return qml.set_shots(node, shots)


def stepped(
    turn: Turn, circuits: np.ndarray, currents: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Circuits as `turn` takes them, currents [step, neuron] → spikes [step, neuron]."""
    count = currents.shape[1]
    states = np.zeros((count, 4), dtype=complex)
    states[:, 0] = 1
    spikes = np.empty(currents.shape, dtype=bool)
    for time, current in enumerate(currents):
        turned = turn(circuits, current, states).reshape(count, 2, 2)
        weights = (turned.real**2 + turned.imag**2).sum(2)
        fired = random.random(count) * weights.sum(1) < weights[:, 1]
        kept = np.where(fired[:, None], turned[:, 1], turned[:, 0])
        # Reset: the input qubit goes back to |0⟩.
        states[:, :2] = kept / np.sqrt(np.where(fired, weights[:, 1], weights[:, 0]))[:, None]
        spikes[time] = fired
    return spikes


def turn_by(apply: Callable[[np.ndarray], object]) -> Turn:
    @qml.qnode(qml.device("default.qubit", wires=2), diff_method=None)
    def node(circuits: np.ndarray, current: np.ndarray, states: np.ndarray) -> np.ndarray:
        qml.StatePrep(states, wires=[0, 1], validate_norm=False)
        embed(current)
        apply(circuits)
        return qml.state()

    return node


def apply_unitaries(unitaries: np.ndarray) -> None:
    qml.QubitUnitary(unitaries, wires=[0, 1], unitary_check=False)


def unitaries_of(angles: np.ndarray) -> np.ndarray:
    """Angles [neuron, angle] → [neuron, 4, 4]."""
    return np.array([exchange_neuron.circuit(neuron) for neuron in angles])


class PennyLanePeer:
    def __init__(self, steps: int) -> None:
        angles, currents = exchange_neuron.random_neurons(STEPPED_NEURONS, steps, seed=1)
        unitaries = unitaries_of(angles)
        angles, currents = np.ascontiguousarray(angles.T), np.ascontiguousarray(currents.T)
        first, some = (angles[:, 0], currents[:, 0]), (angles[:, :WHOLE_NEURONS], currents[:, :WHOLE_NEURONS])
        tree_shots = SHOTS if 2**steps <= SHOTS else UNSHARED_SHOTS
        tree = whole_neuron("lightning.qubit", "tree-traversal", tree_shots)
        deferred = whole_neuron("lightning.qubit", "deferred", SHOTS)
        broadcast = whole_neuron("default.qubit", "deferred", 1)
        by_gates, by_unitaries = turn_by(gates), turn_by(apply_unitaries)
        random = np.random.default_rng(2)
        #: By quantity and variant: what to run, or why it cannot be, and its neuron-steps.
        self.runs: dict[str, dict[str, tuple[Callable[[], object] | str, int]]] = {
            "one_circuit_neuron_steps_per_second": {
                "lightning.qubit, tree traversal": (lambda: tree(*first), steps * tree_shots),
            },
            "one_circuit_deferred_neuron_steps_per_second": {
                "lightning.qubit": (
                    possible(lambda: deferred(*first), steps),
                    steps * SHOTS,
                ),
            },
            "different_circuits_neuron_steps_per_second": {
                "broadcast, deferred": (
                    possible(lambda: broadcast(*some), steps, WHOLE_NEURONS),
                    steps * WHOLE_NEURONS,
                ),
                "broadcast step by step, gates": (
                    lambda: stepped(by_gates, angles, currents, random),
                    steps * STEPPED_NEURONS,
                ),
                "broadcast step by step, unitaries": (
                    lambda: stepped(by_unitaries, unitaries, currents, random),
                    steps * STEPPED_NEURONS,
                ),
            },
        }
        self.description = {
            "peer": "PennyLane",
            "versions": measurement.versions("pennylane", "pennylane-lightning", "numpy"),
            "steps": steps,
            "shots": {"one_circuit": tree_shots, "one_circuit_deferred": SHOTS, "different_circuits": 1},
            "circuits": {"broadcast, deferred": WHOLE_NEURONS, "step by step": STEPPED_NEURONS},
        }

    def measure(self, request: str) -> measurement.Round:
        return measurement.rates(self.runs, repetitions=3, warm_ups=1)


def possible(
    run: Callable[[], object], steps: int, circuits: int = 1
) -> Callable[[], object] | str:
    """A run with a qubit for each step and the memory, or why it cannot be."""

    def checked() -> Callable[[], object]:
        measurement.require_state(steps + 1, steps, circuits)
        return run

    return measurement.attempted(checked)


def prepare(arguments: argparse.Namespace) -> PennyLanePeer:
    return PennyLanePeer(arguments.steps)


def check(arguments: argparse.Namespace) -> list[str]:
    """The share of shots that fire at each step, against the sum over all trains of spikes, within 5 σ."""
    steps, shots = arguments.steps, 20_000
    angles, currents = exchange_neuron.random_neurons(3, steps, seed=5)
    expected = np.array([exchange_neuron.expected_spikes(*neuron) for neuron in zip(angles, currents)])
    # Each neuron many times, so that broadcasting gives as many draws.
    many_angles, many_currents = np.repeat(angles, shots, axis=0), np.repeat(currents, shots, axis=0)
    random = np.random.default_rng(3)

    def by_steps(turn: Turn, circuits: np.ndarray) -> np.ndarray:
        return stepped(turn, circuits, many_currents.T, random).reshape(steps, 3, shots).mean(2).T

    def by_shots(method: str) -> np.ndarray:
        node = whole_neuron("lightning.qubit", method, shots)
        return np.array([np.mean(node(*neuron), axis=0) for neuron in zip(angles, currents)])

    broadcast = whole_neuron("default.qubit", "deferred", shots)(angles.T, currents.T)
    tolerance = 5 * 0.5 / math.sqrt(shots)
    return [
        measurement.expect_close(f"PennyLane, {what}, spike rates", found, expected, tolerance)
        for what, found in (
            ("tree traversal", by_shots("tree-traversal")),
            ("deferred", by_shots("deferred")),
            ("broadcast, deferred", np.mean(broadcast, axis=1)),
            ("step by step, gates", by_steps(turn_by(gates), many_angles.T)),
            ("step by step, unitaries", by_steps(turn_by(apply_unitaries), unitaries_of(many_angles))),
        )
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=positive_integer, default=5, help="time steps T (%(default)s)")


if __name__ == "__main__":
    measurement.run("Time single SQS neurons in PennyLane.", prepare, check, add_arguments)
