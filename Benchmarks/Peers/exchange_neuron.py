"""The SQS neuron with the `exchange` circuit as density matrices in NumPy, from the equations: what the
peers' `--check` trusts.

Qubit 0 is the input-output qubit, qubit 1 the memory. One step is RX(π z) on the input-output qubit if z > 0,
then CRX(θ0) input → memory, CRX(θ1) memory → input, CRX(θ2) input → memory, RX(θ3) on the input-output qubit,
RX(θ4) on the memory, then the measurement of the input-output qubit, whose result is the spike, and its
reset.
"""

from __future__ import annotations

import itertools

import numpy as np

ANGLE_COUNT = 5

_X = np.array([[0, 1], [1, 0]], dtype=complex)
_ONE = np.eye(2, dtype=complex)
_PROJECTORS = (np.diag([1, 0]).astype(complex), np.diag([0, 1]).astype(complex))


def rx(angle: float) -> np.ndarray:
    """exp(−i angle X/2)."""
    return np.cos(angle / 2) * _ONE - 1j * np.sin(angle / 2) * _X


def circuit(angles: np.ndarray) -> np.ndarray:
    """V(θ), 4 × 4."""

    def from_input(angle: float) -> np.ndarray:
        return np.kron(_PROJECTORS[0], _ONE) + np.kron(_PROJECTORS[1], rx(angle))

    def from_memory(angle: float) -> np.ndarray:
        return np.kron(_ONE, _PROJECTORS[0]) + np.kron(rx(angle), _PROJECTORS[1])

    rotations = np.kron(rx(angles[3]), rx(angles[4]))
    return rotations @ from_input(angles[2]) @ from_memory(angles[1]) @ from_input(angles[0])


def random_neurons(count: int, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Angles [neuron, angle], normal of variance 1, and currents [neuron, step], uniform from 0 to 1."""
    random = np.random.default_rng(seed)
    return random.normal(0, 1, (count, ANGLE_COUNT)), random.uniform(0, 1, (count, steps))


def firing_probabilities(angles: np.ndarray, currents: np.ndarray, spikes: np.ndarray) -> np.ndarray:
    """p(s_t = 1 | s^{t−1}) for every step t, along the given spikes."""
    unitary = circuit(angles)
    memory = _PROJECTORS[0]
    probabilities = []
    for current, spike in zip(currents, spikes, strict=True):
        step = unitary @ np.kron(rx(np.pi * max(current, 0)), _ONE)
        state = (step @ np.kron(_PROJECTORS[0], memory) @ step.conj().T).reshape(2, 2, 2, 2)
        blocks = [state[value, :, value, :] for value in (0, 1)]
        probabilities.append(np.trace(blocks[1]).real)
        kept = blocks[int(spike)]
        memory = kept / np.trace(kept).real
    return np.array(probabilities)


def log_likelihood(angles: np.ndarray, currents: np.ndarray, spikes: np.ndarray) -> float:
    """log p(s) of the whole train of spikes."""
    firing = firing_probabilities(angles, currents, spikes)
    return float(np.sum(np.log(np.where(spikes == 1, firing, 1 - firing))))


def log_likelihood_gradient(
    angles: np.ndarray, currents: np.ndarray, spikes: np.ndarray, change: float = 1e-5
) -> tuple[np.ndarray, np.ndarray]:
    """Its derivatives to the angles and to the currents, by central differences: error about 1e-9."""

    def slope(variables: np.ndarray, index: int) -> float:
        values = []
        original = variables[index]
        for sign in (1, -1):
            variables[index] = original + sign * change
            values.append(log_likelihood(angles, currents, spikes))
        variables[index] = original
        return (values[0] - values[1]) / (2 * change)

    angles, currents = angles.astype(float), currents.astype(float)
    return (
        np.array([slope(angles, index) for index in range(angles.size)]),
        np.array([slope(currents, index) for index in range(currents.size)]),
    )


def expected_spikes(angles: np.ndarray, currents: np.ndarray) -> np.ndarray:
    """E[s_t] for every step t, summed over all 2^T trains of spikes."""
    total = np.zeros(currents.size)
    for train in itertools.product((0, 1), repeat=currents.size):
        spikes = np.array(train)
        total += np.exp(log_likelihood(angles, currents, spikes)) * spikes
    return total
