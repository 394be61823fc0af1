"""Figures: what is drawn, from arrays and from files of the tool."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")

from matplotlib import pyplot  # noqa: E402

from sqsnn import plot  # noqa: E402

needs_tool = pytest.mark.skipif(
    "SQSNN_TOOL" not in os.environ, reason="SQSNN_TOOL does not name the sqsnn command line tool"
)
SPIKES = np.array([[1, 0, 0], [0, 0, 1], [0, 1, 1]])


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    pyplot.close("all")


def marks(ax, collection: int = 0) -> set[tuple[float, float]]:
    return {tuple(map(float, place)) for place in ax.collections[collection].get_offsets()}


def test_a_raster_has_a_mark_for_each_spike():
    ax = plot.raster(SPIKES)
    assert marks(ax) == {(0, 0), (1, 2), (2, 1), (2, 2)}
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Time (steps)", "Neuron")
    assert (ax.get_xlim(), ax.get_ylim()) == ((-0.5, 2.5), (-0.5, 2.5))


def test_a_raster_in_milliseconds_on_given_axes():
    _, ax = pyplot.subplots()
    assert plot.raster(SPIKES, ax, step_ms=25) is ax
    assert marks(ax) == {(0, 0), (25, 2), (50, 1), (50, 2)}
    assert ax.get_xlabel() == "Time (ms)"


def test_channels_of_a_neuron_lie_side_by_side_in_other_colours():
    ax = plot.raster(np.array([[[1, 1]], [[0, 1]]]))
    assert marks(ax, 0) == {(0, -0.25)}
    assert marks(ax, 1) == {(0, 0.25), (1, 0.25)}
    colors = {matplotlib.colors.to_hex(c.get_facecolor()[0]).upper() for c in ax.collections}
    assert colors == {"#000000", "#E69F00"}
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["channel 0", "channel 1"]


def test_memory_of_one_neuron_of_several():
    values = np.linspace(-1, 1, 4 * 2 * 3).reshape(4, 2, 3)
    ax = plot.memory(values, neuron=1, labels=["memory_0_x", "memory_0_y", "memory_0_z"])
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], values[:, 1].T)
    assert ax.lines[2].get_label() == "⟨Z⟩ of memory qubit 0"
    assert ax.get_ylabel() == "Expectation value"


def test_bloch_vectors_of_a_trace():
    bloch = np.linspace(-1, 1, 2 * 2 * 3).reshape(2, 2, 3)
    ax = plot.bloch(bloch, step_ms=2)
    assert [line.get_label() for line in ax.lines][3:] == [
        f"⟨{axis}⟩ of memory qubit 1" for axis in "XYZ"
    ]
    np.testing.assert_array_equal(ax.lines[4].get_ydata(), bloch[:, 1, 1])
    np.testing.assert_array_equal(ax.lines[4].get_xdata(), [0, 2])


def test_more_curves_than_colours_have_other_lines():
    ax = plot.memory(np.zeros((2, 9)))
    looks = {(line.get_color(), line.get_linestyle()) for line in ax.lines}
    assert len(looks) == 9


LINES = [
    {"epoch": 1, "loss": 2.0, "train_accuracy": 0.25, "test_accuracy": None, "spikes_per_step": 3},
    {"epoch": 2, "loss": 1.5, "train_accuracy": 0.5, "test_accuracy": 0.4, "spikes_per_step": 4},
]


@pytest.mark.parametrize("kind", ["lines", "file", "folder"])
def test_learning_curves(tmp_path, kind):
    path = tmp_path / "metrics.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES))
    ax = plot.learning_curves({"lines": LINES, "file": path, "folder": str(tmp_path)}[kind])
    assert [line.get_label() for line in ax.lines] == ["train", "test"]
    assert ax.lines[0].get_xydata().tolist() == [[1, 25], [2, 50]]
    assert ax.lines[1].get_xydata().tolist() == [[2, 40]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("Epoch", "Accuracy (%)")
    assert {line.get_color() for line in ax.lines} <= set(plot.OKABE_ITO)
    ax = plot.learning_curves(LINES, curves=["loss"])
    assert (ax.lines[0].get_ydata().tolist(), ax.get_ylabel()) == ([2, 1.5], "Loss (nats)")


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plot.raster(np.zeros(3)), r"spikes: found shape \(3,\)"),
        (lambda: plot.raster(SPIKES, population="a"), "population: found 'a' with an array"),
        (lambda: plot.memory(np.zeros((2, 3, 1)), neuron=3), "neuron: found 3, expected 0 to 2"),
        (lambda: plot.memory(np.zeros((2, 3)), labels=["a"]), "labels: found 1, expected 3"),
        (lambda: plot.bloch(np.zeros((2, 3))), r"vectors: found shape \(2, 3\)"),
        (lambda: plot.learning_curves(LINES, curves=["los"]), "curves: found 'los', expected some"),
        (lambda: plot.learning_curves(LINES, curves=["loss", "seconds"]), "expected fields of one"),
        (lambda: plot.learning_curves([{"epoch": 1}]), "metrics: found 1 lines without train_acc"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_what_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install sqsnn\[plot\]"):
        plot.raster(SPIKES)


@needs_tool
def test_files_of_the_tool_are_drawn(tmp_path):
    graph = {
        "schema": "sqsnn.network-graph/1",
        "input": {"neurons": 5},
        "populations": [
            {"name": "q", "neurons": 4, "memory_qubits": 1},
            {"name": "l", "neurons": 3, "model": "lif"},
        ],
        "projections": [{"from": "input", "to": "q"}, {"from": "q", "to": "l"}],
    }
    (tmp_path / "graph.json").write_text(json.dumps(graph))
    path = tmp_path / "activity.npz"
    command = [os.environ["SQSNN_TOOL"], "network", "run", str(tmp_path / "graph.json")]
    command += ["--record", "memory", "--output", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    arrays = np.load(path)
    expected = {tuple(map(float, place)) for place in np.argwhere(arrays["q/spikes"][:, :, 0])}
    assert marks(plot.raster(path, population="q")) == expected
    ax = plot.memory(str(path), population="q", neuron=2)
    assert [line.get_label()[:3] for line in ax.lines] == ["⟨X⟩", "⟨Y⟩", "⟨Z⟩"]
    np.testing.assert_array_equal(ax.lines[1].get_ydata(), arrays["q/memory"][:, 2, 1])
    assert plot.memory(path, population="l").get_ylabel() == "Membrane potential (dimensionless)"
    with pytest.raises(ValueError, match="population: found None, expected one of input, l, q"):
        plot.raster(path)
    with pytest.raises(ValueError, match="values: found no 'input/memory'"):
        plot.memory(path, population="input")


@needs_tool
def test_bloch_vectors_of_the_tool_are_drawn(tmp_path):
    case = {
        "io_qubits": 1, "memory_qubits": 1, "ansatz": "exchange", "angles": [1, 2, 3, 4, 5],
        "currents": [[0.3], [0.8], [0.1]], "spikes": [[1], [0], [1]],
    }  # fmt: skip
    path = tmp_path / "trace.json"
    path.write_text(json.dumps({"schema": "sqsnn.neuron-trace/1", "cases": [case]}))
    command = [os.environ["SQSNN_TOOL"], "neuron", "trace", str(path), "--json"]
    traced = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    bloch = np.array(traced["cases"][0]["memory_bloch"])
    ax = plot.bloch(bloch)
    assert [line.get_ydata().tolist() for line in ax.lines] == bloch[:, 0].T.tolist()
