"""How the events of one recording become steps of spikes: the rule of ``sqsnn``, for NumPy."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_SPAN = re.compile(r"(\d+\.?\d*|\.\d+)(us|ms|s)?")
_MICROSECONDS = {None: 1, "us": 1, "ms": 1_000, "s": 1_000_000}
#: Steps that a recording may be divided into.
LARGEST_STEP_COUNT = 65_536


def input_count(sensor_size: Sequence[int]) -> int:
    """Inputs of a network that sees a sensor of ``(width, height, polarities)``."""
    width, height, polarities = _sensor(sensor_size)
    return width * height * polarities


def bin_events(
    events: np.ndarray, sensor_size: Sequence[int], steps: int, bins: str | int = "time"
) -> np.ndarray:
    """The spikes of one recording.

    An input that has an event in a step spikes in it, however many there are. Inputs are the pixels
    row by row, those of ON events first, then those of OFF events; a sensor of one polarity has an
    input for each pixel, at which events of both spike.

    Parameters
    ----------
    events
        Shape (events,), structured, with the fields ``x``, ``t`` and, unless the sensor has one of
        each, ``y`` and ``p``: columns and rows in pixels, times in whole microseconds, polarities
        ON where greater than 0.
    sensor_size
        ``(width, height, polarities)`` as tonic has it; one or two polarities.
    steps
        T, 1 to 65,536.
    bins
        ``"time"``: a step is the T-th part of the time from the first event to the latest, the end
        included. ``"events"``: as many events in each, in the order of the file. A number of
        microseconds, or a text as ``"25ms"`` or ``"1.5s"``: so long, and events after T of them are
        in no step. In steps of time, events before the first of the file are in none.

    Returns
    -------
    numpy.ndarray
        ``uint8`` of shape (steps, inputs), 0 or 1.

    Raises
    ------
    ValueError
        Naming the argument, what was found and what was expected.
    """
    width, height, polarities = _sensor(sensor_size)
    if not 1 <= steps <= LARGEST_STEP_COUNT:
        raise ValueError(f"steps: found {steps}, expected 1 to {LARGEST_STEP_COUNT}")
    span = _span(bins)
    spikes = np.zeros((steps, width * height * polarities), np.uint8)
    columns = _whole_numbers(events, "x")
    rows = _whole_numbers(events, "y") if height > 1 else np.zeros(len(columns), np.int64)
    _check_range("x", columns, width)
    _check_range("y", rows, height)
    inputs = rows * width + columns
    if polarities == 2:
        inputs += np.where(_whole_numbers(events, "p") > 0, 0, width * height)
    if len(events):
        step = _steps(_whole_numbers(events, "t"), steps, bins, span)
        inside = step >= 0
        spikes[step[inside], inputs[inside]] = 1
    return spikes


def _steps(times: np.ndarray, steps: int, bins: str | int, span: int | None) -> np.ndarray:
    """The step of each event, -1 where it is in none."""
    if bins == "events":
        return np.arange(len(times)) * steps // len(times)
    elapsed = (times - times[0]).astype(np.float64)
    # One more than the time between them, so that the latest event is within the last step.
    duration = float(span * steps) if span is not None else float(times.max() - times[0]) + 1
    # In this order, as `sqsnn` has it: another one rounds some events into another step.
    step = elapsed * steps / duration
    return np.where((step >= 0) & (step < steps), step, -1).astype(np.int64)


def _span(bins: str | int) -> int | None:
    """Microseconds of a step; None for parts of the recording."""
    if bins in ("time", "events"):
        return None
    if isinstance(bins, str):
        match = _SPAN.fullmatch(bins)
        # Halves away from zero, as the tool rounds.
        microseconds = int(float(match[1]) * _MICROSECONDS[match[2]] + 0.5) if match else 0
    else:
        microseconds = int(bins) if bins == int(bins) else 0
    if microseconds < 1:
        raise ValueError(
            f"bins: found {bins!r}, expected 'time', 'events', microseconds or a span as '25ms'"
        )
    return microseconds


def _sensor(sensor_size: Sequence[int]) -> tuple[int, int, int]:
    size = tuple(int(side) for side in sensor_size)
    if len(size) != 3 or min(size) < 1 or size[2] > 2:
        raise ValueError(
            f"sensor_size: found {tuple(sensor_size)}, expected (width, height, polarities) with 1 "
            "or 2 polarities"
        )
    return size


def _whole_numbers(events: np.ndarray, field: str) -> np.ndarray:
    names = getattr(events, "dtype", np.dtype(float)).names
    if names is None or field not in names:
        raise ValueError(f"events: found the fields {names}, expected {field!r} among them")
    values = events[field]
    numbers = values.astype(np.int64)
    if not np.array_equal(numbers, values):
        raise ValueError(f"events[{field!r}]: found fractions, expected whole numbers")
    return numbers


def _check_range(field: str, values: np.ndarray, size: int) -> None:
    outside = (values < 0) | (values >= size)
    if outside.any():
        raise ValueError(
            f"events[{field!r}]: found {values[outside][0]}, expected 0 to {size - 1}, on the "
            "sensor"
        )
