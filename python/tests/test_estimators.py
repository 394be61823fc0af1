"""The estimators against scikit-learn's own checks, and what is ours of them."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

pytest.importorskip("sklearn")

from sklearn.datasets import load_iris  # noqa: E402
from sklearn.linear_model import Ridge  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.utils.estimator_checks import parametrize_with_checks  # noqa: E402

import sqsnn  # noqa: E402
from sqsnn import LIFClassifier, QLIFClassifier, Reservoir, SQSClassifier  # noqa: E402

SMALL = {"hidden": 64, "epochs": 40, "batch": 16, "learning_rate": 0.01, "random_state": 0}


def expected_failures(estimator):
    if not isinstance(estimator, Reservoir):
        return {}
    reason = "rows of X are steps of one series, each of which depends on those before"
    return dict.fromkeys(["check_methods_sample_order_invariance", "check_methods_subset_invariance"], reason)


@parametrize_with_checks(
    [SQSClassifier(**SMALL), LIFClassifier(**SMALL), QLIFClassifier(**SMALL), Reservoir(neurons=5)],
    expected_failed_checks=expected_failures,
)
def test_scikit_learn_finds_nothing(estimator, check):
    check(estimator)


def test_real_features():
    X, y = load_iris(return_X_y=True)
    scores = cross_val_score(SQSClassifier(**SMALL, passes=5), X, y, cv=5)
    assert scores.mean() > 0.9


def test_images(images):
    pixels, labels = images
    X, y = pixels.reshape(300, -1), np.array(["low", "middle", "high"])[labels]
    model = SQSClassifier(hidden=40, epochs=20, batch=32, random_state=1).fit(X[:200], y[:200])
    assert model.score(X[200:], y[200:]) > 0.9
    assert model.n_iter_ == len(model.history_) == 20
    probabilities = model.predict_proba(X[200:])
    assert (model.classes_[probabilities.argmax(axis=1)] == model.predict(X[200:])).all()
    # The seed is that of the engine.
    samples = sqsnn.Samples.images(X[:200], np.searchsorted(model.classes_, y[:200]), 3)
    trainer = sqsnn.Trainer(sqsnn.configuration(hidden=40, epochs=20, batch=32, seed=1), 64, 3)
    for _ in range(20):
        trainer.epoch(samples)
    assert trainer.weights_digest == model.weights_digest_


def test_interrupted_and_gone_on_with(images, monkeypatch):
    X, y = images[0].reshape(300, -1), images[1]
    whole = SQSClassifier(hidden=20, epochs=4, batch=32, random_state=1).fit(X, y)
    model = SQSClassifier(hidden=20, epochs=4, batch=32, random_state=1, warm_start=True)
    epoch, calls = sqsnn.Trainer.epoch, []

    def interrupted(self, samples, progress):
        calls.append(1)
        if len(calls) != 3:
            return epoch(self, samples, progress)

        def stop(done, total):
            if done >= 96:
                raise KeyboardInterrupt

        return epoch(self, samples, stop)

    monkeypatch.setattr(sqsnn.Trainer, "epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        model.fit(X, y)
    assert model.n_iter_ == 2
    model = pickle.loads(pickle.dumps(model)).fit(X, y)
    assert model.weights_digest_ == whole.weights_digest_


def test_partial_fit_is_an_epoch(images):
    X, y = images[0].reshape(300, -1), images[1]
    whole = SQSClassifier(hidden=20, epochs=3, batch=32, random_state=1).fit(X, y)
    parts = SQSClassifier(hidden=20, epochs=3, batch=32, random_state=1)
    with pytest.raises(ValueError, match="classes: found none"):
        parts.partial_fit(X, y)
    for _ in range(3):
        parts.partial_fit(X, y, classes=[0, 1, 2])
    assert parts.weights_digest_ == whole.weights_digest_
    with pytest.raises(ValueError, match="y: found others"):
        parts.partial_fit(X[:2], [0, 7])


def test_grid_search_on_two_processes(images):
    X, y = images[0].reshape(300, -1), images[1]
    search = GridSearchCV(
        SQSClassifier(hidden=20, epochs=6, batch=32, random_state=1),
        {"circuit": ["exchange", "two-way"], "learning_rate": [1e-4, 1e-2]}, cv=2, n_jobs=2,
    ).fit(X, y)  # fmt: skip
    assert search.best_params_["learning_rate"] == 1e-2
    # One process gives the same.
    alone = GridSearchCV(search.estimator, search.param_grid, cv=2, n_jobs=1).fit(X, y)
    np.testing.assert_array_equal(alone.cv_results_["mean_test_score"], search.cv_results_["mean_test_score"])


def test_copies(images):
    X, y = images[0].reshape(300, -1), images[1]
    model = LIFClassifier(hidden=20, epochs=2, decay=0.8, random_state=1).fit(X, y)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert other.weights_digest_ == model.weights_digest_
        assert (other.predict(X) == model.predict(X)).all()


def test_circuits_of_ones_own(images):
    X, y = images[0].reshape(300, -1), images[1]
    gates = {"name": "own", "io_qubits": 1, "memory_qubits": 1, "gates": [
        {"gate": "crx", "qubits": [0, 1], "parameter": 0}, {"gate": "rx", "qubits": [0], "parameter": 1},
    ]}  # fmt: skip
    model = SQSClassifier(hidden=10, epochs=1, circuit=gates, random_state=1).fit(X, y)
    assert model.trainer_.parameters == 64 * 10 + 10 * 2 + 10 * 30 + 30 * 2


def test_wrong_options_are_refused(images):
    X, y = images[0].reshape(300, -1), images[1]
    with pytest.raises(ValueError, match="encoding: found 'morse'"):
        SQSClassifier(encoding="morse").fit(X, y)
    with pytest.raises(ValueError, match="unknown option '--hiden'"):
        SQSClassifier(options={"hiden": 3}).fit(X, y)
    with pytest.raises(ValueError, match="X: found elements of type float64, expected uint8"):
        SQSClassifier(encoding="rate").fit(X.astype(float), y)


def test_a_reservoir_remembers():
    """A read-out of the input three steps ago: only what has a memory lets it be read."""
    random = np.random.default_rng(0)
    series = random.random((1200, 1))
    target = np.concatenate([np.zeros(3), series[:-3, 0]])
    features = Reservoir(60, random_state=1).fit(series).transform(series)
    assert features.shape == (1200, 60)
    read = Ridge(alpha=1e-9).fit(features[100:800], target[100:800])
    assert read.score(features[800:], target[800:]) > 0.3
    without = Reservoir(60, circuit="input-controlled", random_state=1).fit(series).transform(series)
    read = Ridge(alpha=1e-9).fit(without[100:800], target[100:800])
    assert read.score(without[800:], target[800:]) < 0.05
    many = Reservoir(4).fit(series).transform(series.reshape(12, 100, 1))
    assert many.shape == (12, 100, 4)
    np.testing.assert_array_equal(many[0], Reservoir(4).fit(series).transform(series)[:100])
    assert Reservoir(3).fit(series).get_feature_names_out().tolist() == ["reservoir0", "reservoir1", "reservoir2"]
    pipeline = make_pipeline(StandardScaler(), Reservoir(10), Ridge())
    pipeline.fit(series, target)
