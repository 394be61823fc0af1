"""Recordings with labels, as tonic's data sets give them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

import numpy as np

from .events import bin_events, input_count


class RecordingDataset(Protocol):
    """What tonic's data sets are: samples by number, each a pair of events and label."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int) -> tuple[Any, Any]: ...


def spikes_from_recordings(
    dataset: RecordingDataset,
    steps: int,
    bins: str | int = "time",
    *,
    sensor_size: Sequence[int] | None = None,
    classes: Sequence[Hashable] | None = None,
    limit: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The spikes and labels of a data set of recordings.

    Parameters
    ----------
    dataset
        With ``len``, and ``dataset[i]`` a pair of events (:func:`bin_events`) and label: a data set
        of tonic, with whatever transforms of events it has, or a list of such pairs.
    steps, bins
        As in :func:`bin_events`.
    sensor_size
        ``(width, height, polarities)``; by default that of the data set's attribute of this name.
    classes
        What the labels 0, 1, … are called; by default labels are whole numbers from 0 themselves.
    limit
        Samples to take, from the first; by default all.

    Returns
    -------
    tuple of numpy.ndarray
        Spikes, ``uint8`` of shape (samples, steps, inputs), and labels, ``int64`` of shape
        (samples,).

    Raises
    ------
    ValueError
        With the sample's number, for events or a label that cannot be taken.
    """
    size = getattr(dataset, "sensor_size", None) if sensor_size is None else sensor_size
    if size is None:
        raise ValueError("sensor_size: found none given and none of the data set, expected one")
    if limit is not None and limit < 0:
        raise ValueError(f"limit: found {limit}, expected a number of samples")
    count = len(dataset) if limit is None else min(limit, len(dataset))
    numbers = None if classes is None else {name: number for number, name in enumerate(classes)}
    spikes = np.zeros((count, steps, input_count(size)), np.uint8)
    labels = np.zeros(count, np.int64)
    for index in range(count):
        events, label = dataset[index]
        try:
            spikes[index] = bin_events(events, size, steps, bins)
            labels[index] = _number(label, numbers)
        except ValueError as error:
            raise ValueError(f"dataset[{index}]: {error}") from None
    return spikes, labels


def _number(label: Any, numbers: dict[Hashable, int] | None) -> int:
    if numbers is not None:
        if label not in numbers:
            raise ValueError(f"label: found {label!r}, expected one of {list(numbers)}")
        return numbers[label]
    if not isinstance(label, int | np.integer) or label < 0:
        raise ValueError(f"label: found {label!r}, expected a whole number from 0; or give classes")
    return int(label)
