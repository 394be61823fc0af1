"""The leaky integrate-and-fire neuron that all peers are set to, in NumPy, Float64.

    U_t = β U_{t−1} + I_t − θ S_{t−1},    S_t = 1 where U_t > θ,    U_0 = S_0 = 0

as `sqsnn`'s LIF and snnTorch's `Leaky` have it: a spike lowers the potential of the next step by the whole
threshold. Libraries that reset at once, V ← V − θ' S, let the reset leak with the potential. They are the same
neuron with V = U + k, θ' = θ/β and k = θ/β − θ: a potential that rests at k instead of 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

DECAY = 0.9
THRESHOLD = 1.0
#: θ' and k of a neuron that is reset at once.
IMMEDIATE_THRESHOLD = THRESHOLD / DECAY
IMMEDIATE_REST = IMMEDIATE_THRESHOLD - THRESHOLD
#: Of `layer`: 1/(1 + |U − θ|)², the only one that all libraries have, because Norse's has no other width.
COMMON_SLOPE = 1.0


def potentials(currents: np.ndarray) -> np.ndarray:
    """Currents [step, …] → U of the same shape; the neuron fires where it is above the threshold."""
    potential = np.zeros(currents.shape[1:])
    fired = np.zeros(currents.shape[1:], bool)
    every = np.empty(currents.shape)
    for time, current in enumerate(currents):
        potential = DECAY * potential + current - THRESHOLD * fired
        fired = potential > THRESHOLD
        every[time] = potential
    return every


def fast_sigmoid(slope: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda margin: 1 / (1 + slope * np.abs(margin)) ** 2


def arctan(alpha: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda margin: alpha / 2 / (1 + (np.pi / 2 * alpha * margin) ** 2)


def current_gradient(
    potentials: np.ndarray,
    spike_errors: np.ndarray,
    surrogate: Callable[[np.ndarray], np.ndarray],
    through_reset: bool = False,
) -> np.ndarray:
    """∂L/∂I from ∂L/∂S, all [step, …]; the gradient goes through the resets only if asked."""
    slopes = surrogate(potentials - THRESHOLD)
    gradient = np.empty(potentials.shape)
    later = np.zeros(potentials.shape[1:])
    for time in reversed(range(len(potentials))):
        errors = spike_errors[time] - (THRESHOLD * later if through_reset else 0)
        later = errors * slopes[time] + DECAY * later
        gradient[time] = later
    return gradient
