"""Spikes of arrays: of frames over time, and of intensities that have no time."""

from __future__ import annotations

import numpy as np


def spikes_from_frames(frames: np.ndarray, *, off_first: bool = False) -> np.ndarray:
    """Spikes of counts over time, 1 where a count is not 0.

    Parameters
    ----------
    frames
        Shape (samples, steps, …) or, of ``off_first``, (samples, steps, 2, height, width): counts
        or booleans, not negative. What is behind the steps becomes inputs, the last axis fastest.
    off_first
        Of tonic's ``ToFrame``, whose first polarity is OFF: then the polarities change places,
        since the inputs of ``sqsnn`` are those of ON events first.

    Returns
    -------
    numpy.ndarray
        ``uint8`` of shape (samples, steps, inputs), 0 or 1.
    """
    frames = np.asarray(frames)
    if frames.ndim < 3:
        raise ValueError(f"frames: found shape {frames.shape}, expected (samples, steps, inputs …)")
    if off_first:
        if frames.ndim != 5 or frames.shape[2] != 2:
            raise ValueError(
                f"frames: found shape {frames.shape}, expected (samples, steps, 2, height, width)"
            )
        frames = frames[:, :, ::-1]
    if not (frames >= 0).all():
        raise ValueError("frames: found a number below 0 or none at all, expected counts")
    return (frames > 0).reshape(*frames.shape[:2], -1).astype(np.uint8)


def latency_spikes(intensities: np.ndarray, steps: int) -> np.ndarray:
    """One spike an input, the earlier the brighter it is: ``--encoding latency``.

    Parameters
    ----------
    intensities
        ``uint8`` of shape (samples, …), 0 to 255. An input of intensity v spikes at step
        ⌊(255 − v) T / 255⌋, and never where v is 0.
    steps
        T.

    Returns
    -------
    numpy.ndarray
        ``uint8`` of shape (samples, steps, inputs), 0 or 1.
    """
    rows = _intensities(intensities)
    _check_steps(steps)
    times = (255 - rows.astype(np.int64)) * steps // 255
    return ((times[:, None] == np.arange(steps)[:, None]) & (rows[:, None] > 0)).astype(np.uint8)


def rate_spikes(
    intensities: np.ndarray, steps: int, random: np.random.Generator, ceiling: float = 1.0
) -> np.ndarray:
    """Spikes at random, independent from step to step: ``--encoding rate``.

    The probabilities are those of ``sqsnn``, rounded to a multiple of 2⁻¹⁶ as there; the random
    numbers are not.

    Parameters
    ----------
    intensities
        ``uint8`` of shape (samples, …), 0 to 255.
    steps
        T.
    random
        Where the random numbers come from.
    ceiling
        Largest firing probability of a step, 0 to 1: an input of intensity v spikes with min(v/255,
        ceiling).

    Returns
    -------
    numpy.ndarray
        ``uint8`` of shape (samples, steps, inputs), 0 or 1.
    """
    rows = _intensities(intensities)
    _check_steps(steps)
    if not 0 <= ceiling <= 1:
        raise ValueError(f"ceiling: found {ceiling}, expected 0 to 1")
    thresholds = np.round(np.minimum(rows / 255, ceiling) * 65_536)
    shape = (len(rows), steps, rows.shape[1])
    return (random.integers(0, 65_536, shape) < thresholds[:, None]).astype(np.uint8)


def _intensities(intensities: np.ndarray) -> np.ndarray:
    array = np.asarray(intensities)
    if array.dtype != np.uint8 or array.ndim < 2:
        raise ValueError(
            f"intensities: found {array.dtype} of shape {array.shape}, expected uint8 of shape "
            "(samples, inputs …)"
        )
    return array.reshape(len(array), -1)


def _check_steps(steps: int) -> None:
    if steps < 1:
        raise ValueError(f"steps: found {steps}, expected at least 1")
