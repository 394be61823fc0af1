"""Trainings, networks, streams and analyses through the C interface."""

from __future__ import annotations

import copy
import json
import multiprocessing
import pathlib
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import sqsnn
from sqsnn import Network, Samples, Stream, Trainer, configuration

OPTIONS = {"hidden": 20, "epochs": 2, "batch": 32, "seed": 3}


def trainer(samples: Samples, **options) -> Trainer:
    return Trainer(configuration(**OPTIONS | options), samples.inputs, samples.classes)


def test_the_weights_are_those_of_the_command_line(tool, needs_data, tmp_path):
    options = {"limit": 600, "hidden": 30, "epochs": 2, "seed": 5}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    folder = tmp_path / "run"
    subprocess.run([tool, "train", *words, "--output", str(folder)], check=True, capture_output=True)
    summary = json.loads((folder / "summary.json").read_text())

    training, test = Samples.load(configuration(**options))
    assert (len(training), len(test), training.inputs, training.classes) == (600, 10_000, 784, 10)
    own = Trainer(configuration(**options), 784, 10)
    for _ in range(2):
        own.epoch(training)
    assert own.weights_digest == summary["weights_digest"]
    # The same of arrays: images of a caller are those of the data set.
    pixels, labels = training.arrays()
    other = Trainer(configuration(**options), 784, 10)
    for _ in range(2):
        other.epoch(Samples.images(pixels, labels, 10))
    assert other.weights_digest == summary["weights_digest"]
    assert own.evaluate(test, passes=5)["accuracies"] == summary["test_accuracy"]["values"]


def test_the_version_is_that_of_the_engine():
    tomllib = pytest.importorskip("tomllib")
    project = pathlib.Path(__file__).parents[1] / "pyproject.toml"
    assert tomllib.loads(project.read_text())["project"]["version"] == sqsnn.__version__


def test_stopping_goes_on_where_it_stopped(images):
    samples = Samples.images(*images)
    whole, stopped = trainer(samples), trainer(samples)
    whole.epoch(samples)

    def interrupt(done: int, total: int) -> None:
        assert total == 300
        if done == 96:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped.epoch(samples, interrupt)
    assert stopped.epochs == 0 and stopped.weights_digest != whole.weights_digest
    again = pickle.loads(pickle.dumps(stopped))
    for one in (stopped, again):
        one.epoch(samples)
        assert one.epochs == 1 and one.weights_digest == whole.weights_digest


def test_copies_are_independent(images):
    samples = Samples.images(*images)
    first = trainer(samples)
    second = copy.deepcopy(first)
    first.epoch(samples)
    assert second.epochs == 0 and second.weights_digest != first.weights_digest
    second.epoch(samples)
    assert second.weights_digest == first.weights_digest


def test_predictions(images):
    samples = Samples.images(*images)
    own = trainer(samples, epochs=20)
    for _ in range(20):
        metrics = own.epoch(samples)
    assert metrics["epoch"] == 20
    labels, rates, probabilities = own.predict(samples, passes=4)
    assert (labels == images[1]).mean() > 0.9
    assert ((rates >= 0) & (rates <= 1)).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (rates[np.arange(300), labels] == rates.max(axis=1)).all()
    confusion = np.array(own.evaluate(samples)["confusion"])
    assert confusion.sum() == 300


def test_what_a_network_is_given(images):
    samples = Samples.images(*images)
    own = trainer(samples, steps=4)
    spikes = own.encode(samples)
    assert spikes.shape == (300, 4, 64) and spikes.dtype == np.uint8
    # The recipe's: a pixel of brightness v at each step with probability v / 255.
    np.testing.assert_allclose(spikes.mean(axis=(0, 1)), images[0].reshape(300, 64).mean(axis=0) / 255, atol=0.06)
    given = Samples.spikes(spikes, images[1], 3)
    assert own.evaluate(given) | {"seconds": 0} == own.evaluate(samples) | {"seconds": 0}
    assert np.array_equal(own.encode(given), spikes)
    assert own.encode(Samples.images(images[0][:1], images[1][:1], 3)).shape == (1, 4, 64)


def test_networks_run_and_record(images):
    graph = {
        "schema": "sqsnn.network-graph/1",
        "input": {"neurons": 5},
        "populations": [{"name": "out", "model": "lif", "neurons": 2, "decay": 0.5, "reset": "zero"}],
        "projections": [
            {"from": "input", "to": "out", "connectivity": {"explicit": [[0, 0, 1], [4, 0, 0.8], [1, 1, 0.7]]}}
        ],
        "outputs": ["out"],
    }
    spikes = np.zeros((1, 3, 5), dtype=np.uint8)
    spikes[0, :, 1] = 1
    spikes[0, 1, 0] = 1
    network = Network(graph)
    found = network.run(spikes, record=["currents", "memory", "probabilities"])
    assert sorted(found) == ["out/currents", "out/memory", "out/probabilities", "out/spikes"]
    assert found["out/spikes"].shape == (1, 3, 2, 1) and found["out/memory"].dtype == np.float32
    # The potential: half of the last one, unless it fired, and the current.
    potential = np.zeros(2)
    for step in range(3):
        potential = 0.5 * potential + found["out/currents"][0, step, :, 0]
        np.testing.assert_allclose(found["out/memory"][0, step, :, 0], potential, rtol=1e-5)
        fired = potential > 1
        assert (found["out/spikes"][0, step, :, 0] == fired).all()
        potential[fired] = 0
    # 0.7, 1.05: a spike, 0.7.
    assert found["out/spikes"][0, :, 1, 0].tolist() == [0, 1, 0]
    assert sorted(network.run(spikes, record="memory")) == ["out/memory", "out/spikes"]
    trained = Trainer(configuration(graph=graph, neurons_per_class=1), 5, 2)
    assert Network.of(trained).graph["populations"][0]["model"] == "lif"
    with pytest.raises(ValueError, match="quantities: found 'colour'"):
        network.run(spikes, record=["colour"])
    with pytest.raises(ValueError, match=r"inputs: found shape \(1, 3, 4\), expected \(n, steps, 5\)"):
        network.run(spikes[:, :, :4])


def test_a_stream_says_what_an_evaluation_does(images):
    samples = Samples.images(*images)
    own = trainer(samples, epochs=5)
    for _ in range(5):
        own.epoch(samples)
    graph = Network.of(own).graph
    assert [population["neurons"] for population in graph["populations"]][0] == 20
    random = np.random.default_rng(1)
    spikes = (random.random((1, 5, 64)) < 0.4).astype(np.uint8)
    whole = Samples.spikes(spikes, [0], 3)
    label, rates, _ = own.predict(whole)
    stream = Stream(own, seed=OPTIONS["seed"])
    for step in range(5):
        now, shares = stream.step(np.flatnonzero(spikes[0, step]))
    stream.step([])
    assert now == label[0]
    np.testing.assert_allclose(shares, rates[0])


def test_analyses_are_those_of_the_command_line(tool):
    expected = json.loads(
        subprocess.run([tool, "neuron", "memory", "exchange", "--json"], check=True, capture_output=True).stdout
    )
    found = sqsnn.memory("exchange")
    entry = expected["circuits"][0] if "circuits" in expected else expected
    for name in ("spread_over_own_spikes", "spread_over_past_currents"):
        assert found[name] == entry[name]
    case = {"circuit": "exchange", "angles": [0.1, 0.2, 0.3, 0.4, 0.5], "currents": [[0.5], [0.25]], "spikes": [[1], [0]]}
    written = {"io_qubits": 1, "memory_qubits": 1, "ansatz": "exchange"} | {n: v for n, v in case.items() if n != "circuit"}
    file = json.dumps({"schema": "sqsnn.neuron-trace/1", "cases": [written]})
    printed = subprocess.run(
        [tool, "neuron", "trace", "-", "--json"], input=file, check=True, capture_output=True, text=True
    ).stdout  # fmt: skip
    assert sqsnn.trace([case]) == json.loads(printed)["cases"]
    gates = {"name": "own", "io_qubits": 1, "memory_qubits": 1, "parameter_count": 1, "gates": [
        {"gate": "rx", "qubits": [0], "parameter": 0},
    ]}  # fmt: skip
    alone = sqsnn.trace([case | {"circuit": gates, "angles": [0.5]}])[0]
    np.testing.assert_allclose(alone["firing_probability"][0], np.sin((np.pi * 0.5 + 0.5) / 2) ** 2)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: configuration(hiden=3), "did you mean '--hidden'"),
        (lambda: configuration(hidden="many"), "--hidden"),
        (lambda: Samples.images(np.zeros((2, 3, 3), np.float64), [0, 1]), "pixels: found elements of type float64"),
        (lambda: Samples.images(np.zeros(4, np.uint8), [0, 1]), "pixels: found shape (4,)"),
        (lambda: Samples.images(np.zeros((2, 3), np.uint8), [0]), "labels: found shape (1,), expected (2,)"),
        (lambda: Samples.images(np.zeros((2, 3), np.uint8), [0, 300]), "labels: found 0 to 300"),
        (lambda: Samples.images(np.zeros((2, 3), np.uint8), [0, 2], 2), "labels: found 2, expected less than the 2 classes"),
        (lambda: Samples.spikes(np.full((1, 2, 3), 2, np.uint8), [0]), "spikes: found 2 at element 0"),
        (lambda: Samples.values(np.zeros((1, 2)), [0]), "values: found shape (1, 2), expected (n, steps, inputs)"),
        (lambda: Trainer(configuration(), 0, 10), "inputs, classes: found 0 and 10"),
        (lambda: Trainer("{}", 4, 2), "configuration: schema: the field is missing"),
        (lambda: Network({"input": {"neurons": 3}}), "graph: schema: the field is missing"),
    ],
)
def test_what_is_wrong_is_refused_by_name(make, text):
    with pytest.raises(ValueError) as error:
        make()
    assert text in str(error.value)


def test_arrays_of_others_are_taken(images):
    class Lent:
        """Another library's array: nothing but DLPack."""

        def __init__(self, array):
            self.array = array

        def __dlpack__(self, **options):
            return self.array.__dlpack__(**options)

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

    pixels, labels = images
    one = Samples.images(Lent(pixels), labels)
    columns = Samples.images(np.asfortranarray(pixels), labels)
    for samples in (one, columns):
        assert (samples.arrays()[0] == pixels).all()


def test_threads_of_python_train_side_by_side(images):
    samples = Samples.images(*images)
    expected = trainer(samples)
    expected.epoch(samples)
    trainers = [trainer(samples) for _ in range(4)]
    threads = [threading.Thread(target=one.epoch, args=(samples,)) for one in trainers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.weights_digest for one in trainers} == {expected.weights_digest}
    # What went wrong is told to the thread whose call it was.
    errors = []

    def fail(word):
        for _ in range(50):
            try:
                configuration(**{word: 1})
            except ValueError as error:
                errors.append(word in str(error))

    threads = [threading.Thread(target=fail, args=(f"wrong{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [True] * 200


def _child(queue):
    try:
        configuration()
        queue.put("worked")
    except Exception as error:
        queue.put(str(error))


def test_a_forked_process_is_told_not_to():
    configuration()
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_child, args=(queue,))
    child.start()
    child.join(20)
    assert "forked process" in queue.get()


def test_the_engine_stays_until_the_process_ends():
    """Its threads would crash where their code is gone."""
    script = """
from sqsnn._native import ffi, library
ffi.dlclose(library)
print("libsqsnn" in open("/proc/self/maps").read())
"""
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert found.stdout == "True\n"


def test_ten_thousand_calls_leave_nothing():
    """In a process of its own, whose memory nobody else changes."""
    script = """
import os, resource, tracemalloc
import numpy as np
from sqsnn import Samples, Trainer, configuration
text = configuration(hidden=4, steps=2)
pixels, labels = np.zeros((4, 6), np.uint8), np.zeros(4, np.uint8)
def calls(count):
    for _ in range(count):
        samples = Samples.images(pixels, labels, 2)
        trainer = Trainer(text, 6, 2, threads=1)
        trainer.epoch(samples, lambda done, total: None)
        trainer.checkpoint()
        try:
            configuration(hiden=1)
        except ValueError:
            pass
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGESIZE")
calls(500)
tracemalloc.start()
before, memory = tracemalloc.take_snapshot(), resident()
calls(10_000)
grown = sum(entry.size_diff for entry in tracemalloc.take_snapshot().compare_to(before, "filename"))
print(grown, resident() - memory)
"""
    found = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    python, process = (int(word) for word in found.split())
    assert python < 100_000
    # One leaked object a call would be a megabyte at the least.
    assert process < 4_000_000
