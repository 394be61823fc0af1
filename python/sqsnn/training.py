"""Training by arrays or named data sets."""

from __future__ import annotations

import json
import pathlib
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np

from . import _native
from ._checks import array
from ._native import call, encoded, ffi, library, made, pointer

Progress = Callable[[int, int], None]


def configuration(**options: Any) -> str:
    """The configuration of a run, from options of ``sqsnn train``.

    Parameters
    ----------
    **options
        As on the command line, with ``_`` for ``-``: ``hidden=200, epochs=3, learning_rate=1e-3``. Where the command line
        takes a file, of a circuit (`ansatz`), a graph or a recipe, what it holds will do too, as a dict or a
        ``sqsnn.circuits.Circuit``.

    Returns
    -------
    str
        JSON, as ``run.json`` has it.

    Raises
    ------
    ValueError
        For an option that there is not, or a value that it cannot have.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = {
            name.replace("_", "-"): _word(_file(folder, name, value)) for name, value in options.items()
        }
        return _native.text("sqs_configuration_create", encoded(json.dumps(words)))


def _file(folder: str, name: str, value: Any) -> Any:
    """The file of an object; all else as it is."""
    if hasattr(value, "to_json"):
        value = value.to_json()
    if not isinstance(value, dict):
        return value
    path = pathlib.Path(folder) / f"{name}.json"
    path.write_text(json.dumps(value))
    return path


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(_word(item) for item in value)
    return str(value)


class Samples:
    """Labelled samples that the engine holds a copy of."""

    def __init__(self, handle: Any):
        self._handle = handle

    @classmethod
    def images(cls, pixels: Any, labels: Any, classes: int | None = None) -> Samples:
        """Images, which the recipe encodes as spikes.

        Parameters
        ----------
        pixels : array of uint8, shape (n, height, width) or (n, inputs)
            0 for black.
        labels : array of integers, shape (n,)
        classes : int, optional
            By default one more than the largest label.
        """
        if np.ndim(pixels) == 2:
            pixels = np.asarray(pixels)[:, None, :]
        pixels = array("pixels", pixels, np.uint8, "n", "height", "width")
        return cls._made("images", pixels, labels, classes)

    @classmethod
    def spikes(cls, spikes: Any, labels: Any, classes: int | None = None) -> Samples:
        """Spike trains, 0 or 1, shape (n, steps, inputs)."""
        spikes = array("spikes", spikes, np.uint8, "n", "steps", "inputs")
        return cls._made("spikes", spikes, labels, classes)

    @classmethod
    def values(cls, values: Any, labels: Any, classes: int | None = None) -> Samples:
        """Series of real numbers that the weights of the inputs multiply, shape (n, steps, inputs)."""
        values = array("values", values, np.float32, "n", "steps", "inputs")
        return cls._made("values", values, labels, classes)

    @classmethod
    def _made(cls, kind: str, elements: np.ndarray, labels: Any, classes: int | None) -> Samples:
        labels = array("labels", labels, np.uint8, len(elements))
        largest = int(labels.max(initial=0))
        count = largest + 1 if classes is None else classes
        if largest >= count:
            raise ValueError(f"labels: found {largest}, expected less than the {count} classes")
        return cls(
            made(
                f"sqs_{kind}_create", "samples", pointer(elements), *elements.shape, pointer(labels), count
            )
        )

    @classmethod
    def load(cls, configuration: str) -> tuple[Samples, Samples]:
        """What a configuration's data set has to learn from, and to judge by."""
        places = ffi.new("sqs_samples *[2]")
        call("sqs_dataset_load", encoded(configuration), places, places + 1)
        return cls(_native.owned("samples", places[0])), cls(_native.owned("samples", places[1]))

    def __len__(self) -> int:
        return library.sqs_samples_count(self._handle)

    @property
    def inputs(self) -> int:
        return library.sqs_samples_inputs(self._handle)

    @property
    def classes(self) -> int:
        return library.sqs_samples_classes(self._handle)

    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Of images: pixels, shape (n, height, width), and labels, shape (n,), both uint8."""
        found = _native.arrays(made("sqs_samples_arrays", "arrays", self._handle))
        return found["pixels"], found["labels"]


class Trainer:
    """A network with its optimiser, and where the training stands.

    Parameters
    ----------
    configuration : str
        As :func:`configuration` makes it.
    inputs, classes : int
        Of the samples.
    threads : int
        0 for one a core; without effect on the result.
    """

    def __init__(self, configuration: str, inputs: int, classes: int, threads: int = 0):
        self.configuration, self.inputs, self.classes, self.threads = configuration, inputs, classes, threads
        self._handle = made(
            "sqs_trainer_create", "trainer", encoded(configuration), inputs, classes, threads
        )

    def epoch(self, samples: Samples, progress: Progress | None = None) -> dict[str, Any]:
        """Trains one epoch, or the rest of one that was stopped.

        Parameters
        ----------
        samples : Samples
        progress : callable(done, total), optional
            Told after each batch how many samples are done. What it raises, ``KeyboardInterrupt`` included, stops the epoch after
            the batch; the next call goes on there.

        Returns
        -------
        dict
            Loss, accuracy, spikes and seconds, as a line of ``metrics.jsonl``.
        """
        told, raised = _native.calling(progress)
        try:
            return json.loads(
                _native.text("sqs_trainer_epoch", self._handle, samples._handle, told, ffi.NULL)
            )
        except _native.Stopped:
            raise raised[0] from None

    def evaluate(self, samples: Samples, passes: int = 1) -> dict[str, Any]:
        """Accuracy, loss and spikes of single-shot passes."""
        return json.loads(_native.text("sqs_trainer_evaluate", self._handle, samples._handle, passes))

    def encode(self, samples: Samples) -> np.ndarray:
        """What the network is given of samples in the first pass of :meth:`evaluate`.

        Returns
        -------
        array
            Spikes, uint8 of shape (n, steps, inputs) or (n, steps, inputs, channels), as :meth:`Network.run` takes them; of a graph
            whose input is values, float32 of shape (n, steps, inputs).
        """
        (encoded,) = _native.arrays(
            made("sqs_trainer_encode", "arrays", self._handle, samples._handle)
        ).values()
        # Of one sample the engine leaves the first dimension out.
        encoded = encoded[None] if len(samples) == 1 else encoded
        return encoded[..., 0] if encoded.ndim == 4 and encoded.shape[-1] == 1 else encoded

    def predict(self, samples: Samples, passes: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Classes, shares of spikes, and what the network takes these for.

        Returns
        -------
        labels : array of int64, shape (n,)
        rates, probabilities : arrays of float64, shape (n, classes)
        """
        labels = np.empty(len(samples), dtype=np.int64)
        rates = np.empty((len(samples), self.classes))
        probabilities = np.empty_like(rates)
        call(
            "sqs_trainer_predict", self._handle, samples._handle, passes, pointer(labels), pointer(rates),
            pointer(probabilities),
        )  # fmt: skip
        return labels, rates, probabilities

    @property
    def epochs(self) -> int:
        """Epochs that are done."""
        return library.sqs_trainer_epochs(self._handle)

    @property
    def parameters(self) -> int:
        """Trainable numbers."""
        return library.sqs_trainer_parameters(self._handle)

    @property
    def weights_digest(self) -> str:
        """SHA-256 of all parameters, as ``summary.json`` has it."""
        digest = ffi.new("char[65]")
        call("sqs_trainer_digest", self._handle, digest)
        return ffi.string(digest).decode()

    def checkpoint(self) -> bytes:
        """Everything that is needed to go on, as a safetensors file has it."""
        place, length = ffi.new("uint8_t **"), ffi.new("int64_t *")
        call("sqs_trainer_checkpoint", self._handle, place, length)
        try:
            return bytes(ffi.buffer(place[0], length[0]))
        finally:
            library.sqs_bytes_free(place[0])

    def restore(self, checkpoint: bytes) -> None:
        """Puts the training where a checkpoint of the same configuration was taken."""
        call("sqs_trainer_restore", self._handle, ffi.from_buffer("uint8_t *", checkpoint), len(checkpoint))

    def __getstate__(self) -> dict[str, Any]:
        kept = {name: value for name, value in vars(self).items() if name != "_handle"}
        return kept | {"checkpoint": self.checkpoint()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        checkpoint = state.pop("checkpoint")
        self.__init__(**state)
        self.restore(checkpoint)
