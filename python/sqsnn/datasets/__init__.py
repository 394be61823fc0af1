"""Data sets of images by name, and spikes of recordings, of tonic's data sets and of arrays.

But for :func:`load` and :func:`fetch`, functions give spikes as ``uint8`` of shape (samples, steps, inputs), 0 or 1. Recordings become
steps by the rule of ``sqsnn`` itself, so that arrays made here are those of ``sqsnn data export``.
"""

from __future__ import annotations

from .arrays import latency_spikes, rate_spikes, spikes_from_frames
from .events import bin_events, input_count
from .fetching import fetch
from .named import Dataset, load
from .recordings import spikes_from_recordings

__all__ = [
    "Dataset",
    "bin_events",
    "fetch",
    "input_count",
    "load",
    "latency_spikes",
    "rate_spikes",
    "spikes_from_frames",
    "spikes_from_recordings",
]
