"""Stochastic quantum spiking neural networks: networks, layers, trainings and analyses by the engine of swift-sqsnn.

>>> import sqsnn
>>> data = sqsnn.datasets.load("fashion-mnist")
>>> model = sqsnn.SQSClassifier(hidden=200, epochs=3, random_state=1)
>>> model.fit(*data.training).score(*data.test)  # doctest: +SKIP

Threads: any thread may call; one object is for one thread at a time. Calls release the interpreter's lock. A forked process cannot
use the engine that its parent has used: start processes by 'spawn' or 'forkserver', as joblib does.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import datasets
from ._native import EngineError, ffi, library
from .networks import Network, Stream
from .neurons import campaign, memory, trace
from .training import Samples, Trainer, configuration

__version__ = ffi.string(library.sqs_version()).decode()

# What needs scikit-learn is imported when it is asked for.
_ESTIMATORS = ("LIFClassifier", "QLIFClassifier", "Reservoir", "SQSClassifier")
# Likewise what needs other packages.
_MODULES = ("circuits", "nir", "plot", "torch")

__all__ = [
    "EngineError",
    "Network",
    "Samples",
    "Stream",
    "Trainer",
    "campaign",
    "configuration",
    "datasets",
    "memory",
    "trace",
    *_ESTIMATORS,
]


def __getattr__(name: str) -> Any:
    if name in _ESTIMATORS:
        return getattr(importlib.import_module(".estimators", __name__), name)
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_ESTIMATORS, *_MODULES])
