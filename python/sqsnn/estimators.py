"""Networks as scikit-learn estimators."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

try:
    from sklearn.base import (
        BaseEstimator,
        ClassifierMixin,
        ClassNamePrefixFeaturesOutMixin,
        TransformerMixin,
    )
    from sklearn.utils import check_random_state
    from sklearn.utils.multiclass import check_classification_targets
    from sklearn.utils.validation import check_is_fitted, validate_data
except ImportError as error:
    raise ImportError(
        "the estimators need scikit-learn 1.6 or newer; pip install sqsnn[sklearn]"
    ) from error


from ._models import circuit_fields
from ._native import call, encoded, library, made, pointer
from ._progress import shown
from .training import Samples, Trainer, configuration

# By how much the drawn class leads where several have the same probability.
_LEAD = 1e-9


class _SpikingClassifier(ClassifierMixin, BaseEstimator):
    """What the classifiers have in common; see :class:`SQSClassifier`."""

    _model: str
    #: Parameters that are options of the command line by another name than their own, or by none.
    _other = ("encoding", "passes", "options", "threads", "random_state", "warm_start", "verbose")

    def __init__(
        self,
        hidden: int | Sequence[int] | None = None,
        *,
        steps: int | None = None,
        epochs: int | None = None,
        batch: int | None = None,
        learning_rate: float | None = None,
        encoding: str = "auto",
        passes: int = 1,
        options: dict[str, Any] | None = None,
        threads: int | None = None,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: bool = False,
    ):
        self.hidden = hidden
        self.steps = steps
        self.epochs = epochs
        self.batch = batch
        self.learning_rate = learning_rate
        self.encoding = encoding
        self.passes = passes
        self.options = options
        self.threads = threads
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose

    # What X may be of; anything else becomes the first.
    _kinds = (np.float64, np.float32, np.uint8)

    def fit(self, X: Any, y: Any) -> _SpikingClassifier:
        """Trains a network; with `warm_start`, goes on with the one that is there.

        Parameters
        ----------
        X : array, shape (n, features)
            Images as uint8, or real features; see `encoding`.
        y : array, shape (n,)
            Classes, of any kind.
        """
        goes_on = self.warm_start and hasattr(self, "trainer_")
        X, y = self._validated(X, y, reset=not goes_on)
        if not goes_on:
            self.classes_ = np.unique(y)
            self._prepare(X)
        samples = self._samples(X, np.searchsorted(self.classes_, y))
        for _ in shown(range(self.trainer_.epochs, self.epochs_), self.verbose, "epoch"):
            self._epoch(samples)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Sequence[Any] | None = None) -> _SpikingClassifier:
        """Trains one epoch on some samples, which may be others each time.

        Parameters
        ----------
        X, y : arrays
            As of :meth:`fit`. Real features are scaled by means and deviations of the first call.
        classes : sequence, optional
            All there will be; needed at the first call only.
        """
        is_first = not hasattr(self, "trainer_")
        X, y = self._validated(X, y, reset=is_first)
        if is_first:
            if classes is None:
                raise ValueError("classes: found none, expected all there will be at the first partial_fit")
            self.classes_ = np.unique(classes)
            self._prepare(X)
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(f"classes: found {classes!r}, expected those of before: {self.classes_!r}")
        if not np.isin(y, self.classes_).all():
            raise ValueError(f"y: found others than the classes {self.classes_!r}")
        self._epoch(self._samples(X, np.searchsorted(self.classes_, y)))
        return self

    def predict(self, X: Any) -> np.ndarray:
        """Classes by the spikes of `passes` single-shot passes, shape (n,)."""
        labels, _ = self._predicted(X)
        return self.classes_[labels]

    def predict_proba(self, X: Any) -> np.ndarray:
        """What the network takes the rates of its outputs for, shape (n, classes): the softmax that it was trained with.

        Where classes have equal rates, one is drawn, as on the command line, and leads by 10⁻⁹.
        """
        labels, probabilities = self._predicted(X)
        rows = np.arange(len(labels))
        ahead = probabilities[rows, labels] > np.partition(probabilities, -2, axis=1)[:, -2]
        probabilities[rows, labels] += np.where(ahead, 0, _LEAD)
        return probabilities / probabilities.sum(axis=1, keepdims=True)

    def _predicted(self, X: Any) -> tuple[np.ndarray, np.ndarray]:
        check_is_fitted(self, "trainer_")
        X = validate_data(self, X, dtype=list(self._kinds), reset=False)
        if len(self.classes_) == 1:
            return np.zeros(len(X), dtype=np.int64), np.ones((len(X), 1))
        labels, _, probabilities = self.trainer_.predict(self._samples(X), self.passes)
        return labels, probabilities

    @property
    def weights_digest_(self) -> str:
        """SHA-256 of all parameters, as ``summary.json`` of a run folder has it."""
        return self.trainer_.weights_digest

    def _validated(self, X: Any, y: Any, *, reset: bool) -> tuple[np.ndarray, np.ndarray]:
        if self.encoding not in ("auto", "rate", "direct"):
            raise ValueError(f"encoding: found {self.encoding!r}, expected auto, rate or direct")
        X, y = validate_data(self, X, y, dtype=list(self._kinds), reset=reset)
        check_classification_targets(y)
        return X, y

    def _prepare(self, X: np.ndarray) -> None:
        self.is_direct_ = self.encoding == "direct" or (
            self.encoding == "auto" and X.dtype != np.uint8
        )
        if self.is_direct_:
            self.mean_ = X.mean(axis=0, dtype=np.float64)
            deviation = X.std(axis=0, dtype=np.float64)
            self.scale_ = np.where(deviation > 0, deviation, 1)
        elif X.dtype != np.uint8:
            raise ValueError(f"X: found elements of type {X.dtype}, expected uint8 to be encoded as rates")
        random = check_random_state(self.random_state)
        seed = (
            self.random_state
            if isinstance(self.random_state, (int, np.integer))
            else int(random.randint(2**31 - 1))
        )
        own = {
            name: value
            for name, value in self.get_params().items()
            if name not in self._other and value is not None
        }
        if "circuit" in own:
            own["ansatz"] = own.pop("circuit")
        chosen = {"model": self._model, "seed": seed, **own, **(self.options or {})}
        if self.is_direct_:
            chosen |= {"dataset": "japanese-vowels", "series": "currents"}
        text = configuration(**chosen)
        recipe = json.loads(text)["recipe"]
        self.steps_, self.epochs_ = recipe["step_count"], recipe["epoch_count"]
        # The constant input stands for the bias that the network has not.
        inputs = X.shape[1] + self.is_direct_
        self.trainer_ = Trainer(text, inputs, max(len(self.classes_), 2), self.threads or 0)
        self.history_: list[dict[str, Any]] = []

    def _samples(self, X: np.ndarray, labels: np.ndarray | None = None) -> Samples:
        labels = np.zeros(len(X), dtype=np.uint8) if labels is None else labels
        classes = self.trainer_.classes
        if not self.is_direct_:
            if X.dtype != np.uint8:
                raise ValueError(f"X: found elements of type {X.dtype}, expected uint8 as in fit")
            return Samples.images(X, labels, classes)
        scaled = np.empty((len(X), X.shape[1] + 1), dtype=np.float32)
        scaled[:, :-1] = (X - self.mean_) / self.scale_
        scaled[:, -1] = 1
        return Samples.values(np.repeat(scaled[:, None], self.steps_, axis=1), labels, classes)

    def _epoch(self, samples: Samples) -> None:
        # Told of every batch, so that Ctrl-C stops after one.
        self.history_.append(self.trainer_.epoch(samples, lambda done, total: None))
        self.n_iter_ = self.trainer_.epochs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        tags.input_tags.allow_nan = False
        return tags


class SQSClassifier(_SpikingClassifier):
    """A network of stochastic quantum spiking neurons, trained by surrogate gradients through time.

    What is not given is as ``sqsnn train`` has it; the same options and seed give the same weights, to the last bit.

    Parameters
    ----------
    hidden : int or sequence of int, optional
        Neurons of the hidden layers.
    circuit : str, dict or sqsnn.circuits.Circuit, optional
        Of the neurons: a name of the catalogue, the path of a gate list, or a gate list.
    memory_qubits : int, optional
        Of each neuron, 0 to 6.
    steps : int, optional
        Time steps T.
    epochs, batch : int, optional
    learning_rate : float, optional
    encoding : {'auto', 'rate', 'direct'}
        ``rate``: X is uint8, an input of v spikes with probability v/255 at each step. ``direct``: real features, standardised,
        and a constant input go through the weights at each step. ``auto``: rate for uint8, direct for others, pixels of another
        type too.
    passes : int
        Single-shot passes that a prediction is made from.
    options : dict, optional
        Other options of ``sqsnn train``, with ``_`` for ``-``: ``{"gradient_norm_limit": 1.0}``.
    threads : int, optional
        By default one a core; without effect on the results.
    random_state : int, RandomState instance or None
        Of all random numbers; an int is the seed of the command line.
    warm_start : bool
        Whether `fit` goes on with the network that is there, up to `epochs`: after Ctrl-C it ends with the weights of an
        uninterrupted one.
    verbose : bool
        Whether progress is shown, by tqdm where it is installed.

    Attributes
    ----------
    classes_ : array
    trainer_ : Trainer
        The network with its optimiser.
    history_ : list of dict
        Of each epoch: loss, accuracy, spikes, seconds.
    n_iter_ : int
        Epochs done.
    weights_digest_ : str
    """

    _model = "sqs"

    def __init__(
        self,
        hidden: int | Sequence[int] | None = None,
        *,
        circuit: Any = None,
        memory_qubits: int | None = None,
        steps: int | None = None,
        epochs: int | None = None,
        batch: int | None = None,
        learning_rate: float | None = None,
        encoding: str = "auto",
        passes: int = 1,
        options: dict[str, Any] | None = None,
        threads: int | None = None,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: bool = False,
    ):
        super().__init__(
            hidden,
            steps=steps,
            epochs=epochs,
            batch=batch,
            learning_rate=learning_rate,
            encoding=encoding,
            passes=passes,
            options=options,
            threads=threads,
            random_state=random_state,
            warm_start=warm_start,
            verbose=verbose,
        )
        self.circuit = circuit
        self.memory_qubits = memory_qubits


class LIFClassifier(_SpikingClassifier):
    """A network of leaky integrate-and-fire neurons.

    Parameters
    ----------
    decay : float, optional
        Share of the potential that a step leaves, 0 to 1.
    threshold : float, optional
    reset : {'subtract', 'zero'}, optional
    others
        As of :class:`SQSClassifier`, as are the attributes.
    """

    _model = "lif"

    def __init__(
        self,
        hidden: int | Sequence[int] | None = None,
        *,
        decay: float | None = None,
        threshold: float | None = None,
        reset: str | None = None,
        steps: int | None = None,
        epochs: int | None = None,
        batch: int | None = None,
        learning_rate: float | None = None,
        encoding: str = "auto",
        passes: int = 1,
        options: dict[str, Any] | None = None,
        threads: int | None = None,
        random_state: Any = None,
        warm_start: bool = False,
        verbose: bool = False,
    ):
        super().__init__(
            hidden,
            steps=steps,
            epochs=epochs,
            batch=batch,
            learning_rate=learning_rate,
            encoding=encoding,
            passes=passes,
            options=options,
            threads=threads,
            random_state=random_state,
            warm_start=warm_start,
            verbose=verbose,
        )
        self.decay = decay
        self.threshold = threshold
        self.reset = reset


class QLIFClassifier(_SpikingClassifier):
    """A network of quantum leaky integrate-and-fire neurons, (S1)–(S8) of arXiv:2506.21324.

    Parameters are as of :class:`SQSClassifier`, without `circuit` and `memory_qubits`, as are the attributes.
    """

    _model = "qlif"


class Reservoir(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Untrained quantum neurons, whose firing probabilities a read-out learns from.

    Parameters
    ----------
    neurons : int
    circuit : str, dict or sqsnn.circuits.Circuit
        A name of the catalogue, or a gate list.
    spread, range, gain : float
        How widely angles are drawn and inputs move the neurons, as of ``sqsnn reservoir``.
    shots : int, optional
        Runs that the probabilities are estimated from; exact ones by default.
    random_state : int
    threads : int, optional

    Notes
    -----
    Rows of a two-dimensional X are the steps of one series: features have a row a step, what a read-out of time series wants. A
    three-dimensional X, shape (n, steps, inputs), is as many series, each from the ground state, with features (n, steps, features).
    `fit` learns the range of each input, by which values are brought to 0 … 1; beyond it they are cut.
    """

    def __init__(
        self,
        neurons: int = 100,
        *,
        circuit: Any = "exchange",
        spread: float = 1.0,
        range: float = 1.0,
        gain: float = 1.0,
        shots: int | None = None,
        random_state: int = 1,
        threads: int | None = None,
    ):
        self.neurons = neurons
        self.circuit = circuit
        self.spread = spread
        self.range = range
        self.gain = gain
        self.shots = shots
        self.random_state = random_state
        self.threads = threads

    def fit(self, X: Any, y: Any = None) -> Reservoir:
        X = self._validated(X, reset=True)
        rows = X.reshape(-1, X.shape[-1])
        self.low_, self.high_ = rows.min(axis=0), rows.max(axis=0)
        self._open()
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Firing probabilities of all channels, shape (steps, features) or (n, steps, features)."""
        check_is_fitted(self, "low_")
        X = self._validated(X, reset=False)
        width = np.where(self.high_ > self.low_, self.high_ - self.low_, 1)
        values = np.ascontiguousarray(np.clip((X - self.low_) / width, 0, 1))
        series, steps = (1, len(X)) if X.ndim == 2 else X.shape[:2]
        features = np.empty((*X.shape[:-1], self._n_features_out))
        call(
            "sqs_reservoir_features", self._handle, pointer(values), series, steps, self.shots or 0,
            pointer(features),
        )  # fmt: skip
        return features

    def _validated(self, X: Any, *, reset: bool) -> np.ndarray:
        if getattr(X, "ndim", 0) == 3:
            X = np.asarray(X, dtype=np.float64)
            if reset:
                self.n_features_in_ = X.shape[2]
            elif X.shape[2] != self.n_features_in_:
                raise ValueError(f"X: found {X.shape[2]} inputs, expected {self.n_features_in_}")
            if not np.isfinite(X).all():
                raise ValueError("X: found NaN or infinity, expected finite numbers")
            return X
        return validate_data(self, X, dtype=np.float64, reset=reset)

    def _open(self) -> None:
        model = {"model": "sqs"} | circuit_fields(self.circuit)
        self._handle = made(
            "sqs_reservoir_create", "reservoir", encoded(json.dumps(model)), self.neurons,
            self.n_features_in_, self.spread, self.range, self.gain, self.random_state,
            self.threads or 0,
        )  # fmt: skip
        self._n_features_out = library.sqs_reservoir_size(self._handle)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        state.pop("_handle", None)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if hasattr(self, "low_"):
            self._open()
