"""Networks over graphs, and trained ones that follow a stream."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from . import _native
from ._checks import array
from ._native import call, encoded, ffi, made, pointer
from .training import Trainer


class Network:
    """A graph of populations with its weights.

    Parameters
    ----------
    graph : dict or path
        As a graph file has it, or the path of one.
    seed : int
        Of the first weights and parameters, where the graph gives none.
    """

    def __init__(self, graph: dict[str, Any] | str | pathlib.Path, seed: int = 1):
        text = json.dumps(graph) if isinstance(graph, dict) else pathlib.Path(graph).read_text()
        self._handle = made("sqs_network_create", "network", encoded(text), seed)

    @classmethod
    def of(cls, trainer: Trainer) -> Network:
        """The network of a trainer, as it is now."""
        network = cls.__new__(cls)
        network._handle = made("sqs_trainer_network", "network", trainer._handle)
        return network

    @property
    def graph(self) -> dict[str, Any]:
        return json.loads(_native.text("sqs_network_graph", self._handle))

    def run(
        self, inputs: Any, record: str | Iterable[str] = (), seed: int = 1, threads: int = 0
    ) -> dict[str, np.ndarray]:
        """Runs the network, and records what it does.

        Parameters
        ----------
        inputs : array, shape (n, steps, inputs) or (n, steps, inputs, channels)
            Spikes, 0 or 1, or, of a graph whose input has the signal ``values``, real numbers.
        record : str or iterable of str
            What is recorded beside the spikes: ``probabilities``, ``currents``, ``memory``.
        seed : int
            Of the measurements: the same seed gives the same spikes.
        threads : int
            0 for one a core; without effect on the result.

        Returns
        -------
        dict
            ``population/spikes`` (uint8, so sum them with a dtype of more) and ``population/quantity`` (float32), shape
            (n, steps, neurons, numbers). The numbers of a quantum neuron's memory are ⟨X⟩, ⟨Y⟩, ⟨Z⟩ of each memory qubit.
        """
        source = self.graph["input"]
        size = source["neurons"]
        is_real = source.get("signal") == "values"
        shape = ("n", "steps", size)
        if not is_real and source.get("channels", 1) > 1:
            shape += (source["channels"],)
        given = array("inputs", inputs, np.float32 if is_real else np.uint8, *shape)
        spikes, values = (None, given) if is_real else (given, None)
        found = _native.arrays(
            made(
                "sqs_network_run", "arrays", self._handle, pointer(spikes), pointer(values), len(given),
                given.shape[1], encoded(record if isinstance(record, str) else ",".join(record)), seed, threads,
            )  # fmt: skip
        )
        # Of one sample the engine leaves the first dimension out.
        return {name: part[None] if len(given) == 1 else part for name, part in found.items()}


class Stream:
    """A trained network that goes on from step to step, and says after each which class the last spikes speak for.

    Parameters
    ----------
    trainer : Trainer
    window : int
        Steps that a decision is made from; 0 for those of the training.
    seed : int
        Of the measurements.
    """

    def __init__(self, trainer: Trainer, window: int = 0, seed: int = 1):
        self._classes = trainer.classes
        self._handle = made("sqs_stream_create", "stream", trainer._handle, window, seed)

    def step(self, inputs: Any) -> tuple[int, np.ndarray]:
        """Takes the numbers of the inputs that spike in one time step; gives the class, and rates of all, shape (classes,)."""
        active = array("inputs", np.asarray(inputs, dtype=np.int64 if np.size(inputs) == 0 else None), np.int64, "count")
        label, rates = ffi.new("int64_t *"), np.empty(self._classes)
        call("sqs_stream_step", self._handle, pointer(active), len(active), label, pointer(rates))
        return label[0], rates
