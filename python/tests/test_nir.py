"""Networks as NIR: formulas by hand, round trips by file, and the same spikes in snnTorch.

To be run with the two latest versions of the package ``nir``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

nir = pytest.importorskip("nir")

from sqsnn.nir import (  # noqa: E402
    from_nir,
    quantum_node,
    read,
    read_run,
    save_graph,
    to_nir,
    weighted_graph,
    write,
)

needs_tool = pytest.mark.skipif(
    "SQSNN_TOOL" not in os.environ, reason="SQSNN_TOOL does not name the sqsnn command line tool"
)
LIF = {"model": "lif", "decay": 0.75, "threshold": 1.0, "reset": "zero"}


def graph_of(populations: list[dict], projections: list[dict], inputs: int = 6) -> dict[str, Any]:
    return {
        "schema": "sqsnn.network-graph/1",
        "input": {"name": "input", "neurons": inputs},
        "populations": populations,
        "projections": projections,
        "outputs": [populations[-1]["name"]],
    }


def edge(source: str, target: str, connectivity: Any = "full", delay: int = 0) -> dict[str, Any]:
    return {"from": source, "to": target, "connectivity": connectivity, "delay": delay}


def recurrent() -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """A network with everything that NIR can say. Names are not in the order of the alphabet, which
    is that of HDF5; weights are multiples of 1/64, so that sums are exact in single precision."""
    random = np.random.default_rng(3)
    listed = [[5, 0, 0.5], [0, 3, -0.25], [2, 3]]
    graph = graph_of(
        [
            {"name": "zebra", "neurons": 8, **LIF},
            {"name": "mole", "neurons": 8, **LIF, "threshold": 0.5, "spike_surrogate": "sigmoid"},
            {"name": "ant", "neurons": 4, **LIF, "decay": 0.5},
        ],
        [
            edge("input", "zebra"),
            edge("zebra", "zebra", delay=1),
            edge("zebra", "mole", "one-to-one"),
            edge("mole", "zebra", delay=1),
            edge("mole", "ant"),
            edge("input", "ant", {"explicit": listed}),
        ],
    )
    shapes = [(8, 6), (8, 8), (1, 8), (8, 8), (4, 8), (1, 3)]
    parameters = {
        f"projections.{k}.weights": (random.integers(-48, 80, shape) / 64).astype(np.float32)
        for k, shape in enumerate(shapes)
    }
    return graph, parameters


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].dtype == np.float32
        np.testing.assert_array_equal(found[name], array, err_msg=name)


def run_tool(graph: dict[str, Any], folder: Path, steps: int = 60) -> dict[str, np.ndarray]:
    """Spikes of the input and of every population, (steps, neurons)."""
    save_graph(graph, folder / "graph.json")
    command = [os.environ["SQSNN_TOOL"], "network", "run", str(folder / "graph.json")]
    output = folder / "activity.npz"
    command += ["--steps", str(steps), "--record", "memory", "--output", str(output)]
    subprocess.run(command, check=True, capture_output=True)
    arrays = np.load(output)
    return {name: array[:, :, 0] for name, array in arrays.items() if array.ndim == 3}


def run_snntorch(graph: Any, spikes: np.ndarray) -> np.ndarray:
    """Spikes of the output of a NIR graph in snnTorch, (steps, neurons)."""
    torch = pytest.importorskip("torch")
    network = pytest.importorskip("snntorch.import_nir").import_from_nir(graph)
    state, found = None, []
    for step in spikes:
        output, state = network(torch.tensor(step[None].astype(np.float32)), state)
        found.append(output.detach().numpy()[0])
    return np.array(found)


def run_euler(graph: Any, spikes: np.ndarray, output: str, dt: float = 1e-4) -> np.ndarray:
    """Forward Euler of the equations that NIR states, straight from the nodes' fields: v += dt
    ((v_leak − v) + r I) / τ, a spike where v > v_threshold, and then v = v_reset. Nodes without a
    cycle come first; what passes nir.Delay is that of the step before."""
    nodes, edges = graph.nodes, graph.edges
    values = {name: np.zeros(node.output_type["output"]) for name, node in nodes.items()}
    potentials = {
        k: np.zeros(len(n.v_threshold)) for k, n in nodes.items() if hasattr(n, "v_threshold")
    }
    late = {name for name, node in nodes.items() if isinstance(node, nir.Delay)}
    order: list[str] = []
    while len(order) < len(nodes):
        order += [
            name for name in nodes if name not in order
            and all(a in order or a in late for a, b in edges if b == name and name not in late)
        ]  # fmt: skip
    found = []
    for step in spikes:
        before = dict(values)
        for name in sorted(order, key=lambda name: name not in late):
            node = nodes[name]
            arriving = sum((before if name in late else values)[a] for a, b in edges if b == name)
            if isinstance(node, nir.Input):
                values[name] = step.astype(float)
            elif isinstance(node, nir.Linear):
                values[name] = node.weight.astype(float) @ arriving
            elif isinstance(node, nir.Scale):
                values[name] = node.scale * arriving
            elif isinstance(node, nir.LIF):
                v = potentials[name]
                v = v + dt * ((node.v_leak - v) + node.r * arriving) / node.tau
                values[name] = (v > node.v_threshold).astype(float)
                potentials[name] = np.where(values[name] == 1, node.v_reset, v)
            else:
                values[name] = arriving
        found.append(values[output])
    return np.array(found)


def test_formulas_by_hand():
    populations = [
        {"name": "a", "neurons": 2, **LIF},
        {"name": "b", "neurons": 2, **LIF, "decay": 1},
    ]
    graph = graph_of(populations, [edge("input", "a"), edge("a", "b", delay=1)])
    parameters = {
        "projections.0.weights": np.ones((2, 6), np.float32),
        "projections.1.weights": np.ones((2, 2), np.float32),
    }
    nodes = to_nir(graph, parameters, dt=1e-3).nodes
    # β = 3/4: τ = 4 dt, r = 4. β = 1: v rises by r I dt, so that r = 1 / dt.
    np.testing.assert_array_equal(nodes["a"].tau, [4e-3, 4e-3])
    np.testing.assert_array_equal(nodes["a"].r, [4, 4])
    np.testing.assert_array_equal(nodes["a"].v_threshold, [1, 1])
    assert isinstance(nodes["b"], nir.IF)
    np.testing.assert_allclose(nodes["b"].r, [1000, 1000])
    np.testing.assert_array_equal(nodes["delay_1"].delay, [1e-3, 1e-3])
    found, _ = from_nir(to_nir(graph, parameters, dt=1e-3), dt=1e-3)
    assert found == graph


@pytest.mark.parametrize("recurrence", ["delay", "subgraph"])
def test_round_trip_by_file_is_exact(tmp_path, recurrence):
    graph, parameters = recurrent()
    write(tmp_path / "a.nir", to_nir(graph, parameters, recurrence=recurrence))
    found, again = from_nir(read(tmp_path / "a.nir"))
    assert found == graph
    assert_same(again, parameters)


@pytest.mark.parametrize("decay", [0.0, 1e-7, 0.1, 0.5, 0.9, 0.99, 0.999999, 1.0])
def test_every_decay_comes_back(decay):
    graph = graph_of([{"name": "a", "neurons": 2, **LIF, "decay": decay}], [edge("input", "a")])
    weights = {"projections.0.weights": np.ones((2, 6), np.float32)}
    assert from_nir(to_nir(graph, weights))[0]["populations"][0]["decay"] == decay


def test_learned_decays_and_thresholds_come_back(tmp_path):
    population = {"name": "a", "neurons": 3, **LIF, "learn_decay": True, "learn_threshold": True}
    random = np.random.default_rng(1)
    parameters = {
        "projections.0.weights": random.normal(size=(3, 6)).astype(np.float32),
        "populations.0.decays": random.uniform(0.1, 0.99, (3, 1)).astype(np.float32),
        "populations.0.thresholds": random.uniform(0.5, 2, (3, 1)).astype(np.float32),
    }
    write(tmp_path / "a.nir", to_nir(graph_of([population], [edge("input", "a")]), parameters))
    found, again = from_nir(read(tmp_path / "a.nir"))
    assert_same(again, parameters)
    assert found["populations"] == [population]


def test_values_and_outputs_come_back(tmp_path):
    populations = [{"name": name, "neurons": 2, **LIF} for name in ("a", "output")]
    graph = graph_of(populations, [edge("input", "a"), edge("input", "output")])
    graph["input"]["signal"] = "values"
    graph["outputs"] = ["a", "output"]
    weights = {f"projections.{k}.weights": np.ones((2, 6), np.float32) for k in range(2)}
    write(tmp_path / "a.nir", to_nir(graph, weights))
    assert from_nir(read(tmp_path / "a.nir"))[0] == graph


@pytest.mark.parametrize(
    ("population", "projection", "message"),
    [
        ({"reset": "subtract"}, {}, "population 'a': found reset 'subtract', expected 'zero'"),
        ({"model": "qlif"}, {}, "population 'a': found model 'qlif', expected 'lif'"),
        ({"model": "sqs"}, {}, "population 'a': found model 'sqs'.*quantum=True"),
        ({"decay": 1e-12}, {}, "population 'a': found decay .* of neuron 0"),
        ({"name": "a/b"}, {"to": "a/b"}, "name: found 'a/b'"),
        ({"name": "weights_0"}, {"to": "weights_0"}, "found 'weights_0' of two nodes"),
        ({}, {"pooling": {"size": 2}}, r"projection 0 \(input → a\): found pooling"),
        ({}, {"connectivity": {"random": {"probability": 1, "seed": 1}}}, "connectivity 'random'"),
        ({}, {"connectivity": {"convolution": {}}}, "found connectivity 'convolution'"),
        ({}, {"connectivity": "one-to-one"}, r"projections.0.weights'\]: found shape \(2, 6\)"),
        ({}, {"delay": 2}, r"projections\[0\].delay: found 2, expected 0 or 1"),
    ],
)
def test_what_nir_cannot_say_is_refused(population, projection, message):
    graph = graph_of(
        [{"name": "a", "neurons": 2, **LIF, **population}], [{**edge("input", "a"), **projection}]
    )
    with pytest.raises(ValueError, match=message):
        to_nir(graph, {"projections.0.weights": np.ones((2, 6), np.float32)})


def test_missing_weights_are_told():
    graph = graph_of([{"name": "a", "neurons": 2, **LIF}], [edge("input", "a")])
    with pytest.raises(ValueError, match=r"found no 'projections.0.weights'.*\(2, 6\)"):
        to_nir(graph, {})


def test_what_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "nir", None)
    with pytest.raises(ImportError, match=r"pip install sqsnn\[nir\]"):
        to_nir(*recurrent())


def simple_nodes(n: int = 2) -> dict[str, Any]:
    return {
        "in": nir.Input(np.array([n])),
        "w": nir.Linear(np.eye(n, dtype=np.float32)),
        "a": nir.LIF(
            tau=np.full(n, 4e-4), r=np.full(n, 4.0), v_leak=np.zeros(n), v_threshold=np.ones(n),
            v_reset=np.zeros(n)),
        "out": nir.Output(np.array([n])),
    }  # fmt: skip


def chain(nodes: dict[str, Any], *names: str) -> Any:
    edges = list(zip(names, names[1:], strict=False))
    return nir.NIRGraph(nodes={name: nodes[name] for name in names}, edges=edges, metadata={})


def test_a_graph_of_others_is_read():
    found, parameters = from_nir(chain(simple_nodes(), "in", "w", "a", "out"))
    assert found["input"] == {"name": "in", "neurons": 2}
    assert found["populations"] == [{"name": "a", "neurons": 2, **LIF}]
    assert found["projections"] == [edge("in", "a")]
    np.testing.assert_array_equal(parameters["projections.0.weights"], np.eye(2))


def test_another_resistance_becomes_part_of_the_weights():
    nodes = simple_nodes()
    nodes["a"].r = np.array([1.0, 2.0])
    _, parameters = from_nir(chain(nodes, "in", "w", "a", "out"))
    # r dt / τ is 1/4 and 1/2.
    np.testing.assert_array_equal(parameters["projections.0.weights"], np.diag([0.25, 0.5]))


@pytest.mark.parametrize(
    ("name", "make", "message"),
    [
        (
            "a",
            lambda n: nir.CubaLIF(*[np.ones(2)] * 5),
            "node 'a': found nir.CubaLIF, expected one",
        ),
        ("w", lambda n: nir.Threshold(np.ones(2)), "node 'w': found nir.Threshold"),
        (
            "w",
            lambda n: nir.Affine(np.eye(2), np.ones(2)),
            "node 'w' \\(nir.Affine\\): found bias 1",
        ),
        ("w", lambda n: nir.Delay(np.full(2, 2e-4)), "found delays of 2 to 2 steps|found 0 nodes"),
        ("a", lambda n: _with(n["a"], v_reset=np.array([0, 0.1])), "found v_reset 0.1, expected 0"),
        ("a", lambda n: _with(n["a"], v_leak=np.array([0.2, 0])), "found v_leak 0.2, expected 0"),
        ("a", lambda n: _with(n["a"], tau=np.full(2, 5e-5)), "found tau 5e-05, expected at least"),
    ],
)
def test_foreign_nodes_are_refused_by_name(name, make, message):
    nodes = simple_nodes()
    nodes[name] = make(nodes)
    with pytest.raises(ValueError, match=message):
        from_nir(chain(nodes, "in", "w", "a", "out"))


def _with(node: Any, **fields: np.ndarray) -> Any:
    for name, value in fields.items():
        setattr(node, name, value)
    return node


def test_weights_that_lead_nowhere_are_told():
    nodes = simple_nodes() | {"lost": nir.Linear(np.eye(2))}
    edges = [("in", "w"), ("w", "a"), ("a", "out"), ("in", "lost")]
    with pytest.raises(ValueError, match="node 'lost': found it on no way to neurons"):
        from_nir(nir.NIRGraph(nodes=nodes, edges=edges, metadata={}, type_check=False))


def test_a_longer_cycle_needs_a_delay():
    nodes = simple_nodes()
    nodes |= {"b": simple_nodes()["a"], "v": nir.Linear(np.eye(2)), "u": nir.Linear(np.eye(2))}
    nodes |= {"c": simple_nodes()["a"], "x": nir.Linear(np.eye(2))}
    edges = [
        ("in", "w"), ("w", "a"), ("a", "v"), ("v", "b"), ("b", "u"), ("u", "a"), ("b", "x"),
        ("x", "c"), ("c", "out"),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="nodes a, b, c: found a cycle without nir.Delay"):
        from_nir(nir.NIRGraph(nodes=nodes, edges=edges, metadata={}))


def sqs() -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    gates = [
        {"gate": "crx", "qubits": [0, 1], "parameter": 0, "scale": 2.0},
        {"gate": "ry", "qubits": [1], "angle": 0.3},
        {"gate": "crx", "qubits": [1, 0], "parameter": 1},
    ]
    population = {
        "name": "q", "neurons": 3, "model": "sqs", "ansatz": "mine", "io_qubits": 1,
        "memory_qubits": 1, "gates": gates, "parameter_count": 3,
    }  # fmt: skip
    random = np.random.default_rng(2)
    return graph_of([population], [edge("input", "q")]), {
        "projections.0.weights": random.normal(size=(3, 6)).astype(np.float32),
        "populations.0.angles": random.normal(size=(3, 3)).astype(np.float32),
    }


def test_quantum_neurons_come_back_where_they_are_asked_for(tmp_path):
    graph, parameters = sqs()
    written = to_nir(graph, parameters, quantum=True)
    assert isinstance(written.nodes["q"], quantum_node())
    write(tmp_path / "q.nir", written)
    found, again = from_nir(read(tmp_path / "q.nir", quantum=True))
    assert found == graph
    assert_same(again, parameters)
    # Who knows nothing of the node does not take it for another one.
    program = f"import nir; nir.read({str(tmp_path / 'q.nir')!r})"
    stranger = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert stranger.returncode != 0 and "AssertionError" in stranger.stderr


def test_a_quantum_neuron_needs_its_gates():
    graph, parameters = sqs()
    del graph["populations"][0]["gates"]
    with pytest.raises(ValueError, match="population 'q': found the circuit's name 'mine' alone"):
        to_nir(graph, parameters, quantum=True)
    graph["populations"][0]["noise"] = {}
    with pytest.raises(ValueError, match="population 'q': found noise of a device"):
        to_nir(graph, parameters, quantum=True)


@needs_tool
def test_nir_equations_give_the_spikes_of_the_tool(tmp_path):
    graph, parameters = recurrent()
    spikes = run_tool(weighted_graph(graph, parameters), tmp_path)
    found = run_euler(to_nir(graph, parameters), spikes["input/spikes"], "ant")
    assert 0.1 < found.mean() < 0.9
    np.testing.assert_array_equal(found, spikes["ant/spikes"])


def layered(random: np.random.Generator, is_recurrent: bool) -> tuple[dict, dict[str, np.ndarray]]:
    populations = [
        {"name": "hidden", "neurons": 12, **LIF},
        {"name": "output", "neurons": 5, **LIF, "decay": 0.5, "threshold": 0.75},
    ]
    edges = [edge("input", "hidden"), edge("hidden", "output")]
    shapes = [(12, 6), (5, 12)]
    if is_recurrent:
        edges.insert(1, edge("hidden", "hidden", delay=1))
        shapes.insert(1, (12, 12))
    weights = {
        f"projections.{k}.weights": (random.integers(-40, 70, shape) / 64).astype(np.float32)
        for k, shape in enumerate(shapes)
    }
    return graph_of(populations, edges), weights


@needs_tool
@pytest.mark.parametrize("is_recurrent", [False, True])
def test_snntorch_gives_the_spikes_of_the_tool(tmp_path, is_recurrent):
    graph, parameters = layered(np.random.default_rng(5), is_recurrent)
    spikes = run_tool(weighted_graph(graph, parameters), tmp_path, steps=200)
    write(tmp_path / "a.nir", to_nir(graph, parameters, recurrence="subgraph"))
    found = run_snntorch(read(tmp_path / "a.nir"), spikes["input/spikes"])
    assert 0.1 < found.mean() < 0.9
    np.testing.assert_array_equal(found, spikes["output/spikes"])


@needs_tool
def test_a_network_of_snntorch_gives_the_same_spikes_here(tmp_path):
    torch, snn = pytest.importorskip("torch"), pytest.importorskip("snntorch")
    export = pytest.importorskip("snntorch.export_nir").export_to_nir
    torch.manual_seed(3)

    def leaky(count: int, beta: float) -> Any:
        # snnTorch tells NIR of a layer's width by the number of its betas and thresholds alone.
        return snn.Leaky(
            beta=torch.full((count,), beta), threshold=torch.ones(count), init_hidden=True,
            reset_mechanism="zero")  # fmt: skip

    linear = [torch.nn.Linear(6, 12, bias=False), torch.nn.Linear(12, 5, bias=False)]
    for layer in linear:
        layer.weight.data = (layer.weight.data * 192).round() / 64
    network = torch.nn.Sequential(linear[0], leaky(12, 0.75), linear[1], leaky(5, 0.5))
    graph, parameters = from_nir(export(network, torch.zeros(1, 6), ignore_dims=[0]))
    assert [p["decay"] for p in graph["populations"]] == [0.75, 0.5]
    spikes = run_tool(weighted_graph(graph, parameters), tmp_path, steps=200)
    inputs = torch.tensor(spikes["input/spikes"].astype(np.float32))
    for layer in (network[1], network[3]):
        layer.reset_mem()
    found = np.array([network(step[None]).detach().numpy()[0] for step in inputs])
    output = graph["outputs"][0]
    assert 0.05 < found.mean() < 0.9
    np.testing.assert_array_equal(found, spikes[f"{output}/spikes"])


def test_layers_of_a_run_folder(tmp_path):
    save_file = pytest.importorskip("safetensors.numpy").save_file
    recipe = {"hidden_counts": [4, 3], "recurrent": True}
    run = {
        "schema": "sqsnn.run/1",
        "neuron": LIF,
        "recipe": recipe,
        "input": {"series": "currents"},
    }
    (tmp_path / "run.json").write_text(json.dumps(run))
    shapes = [(4, 6), (4, 4), (3, 4), (3, 3), (2, 3)]
    weights = {f"projections.{k}.weights": np.ones(s, np.float32) for k, s in enumerate(shapes)}
    moments = {f"moments.0.{name}": array for name, array in weights.items()}
    save_file(weights | moments, tmp_path / "checkpoint.safetensors")
    graph, parameters = read_run(tmp_path)
    assert_same(parameters, weights)
    assert graph["input"] == {"name": "input", "neurons": 6, "signal": "values"}
    named = [(p["name"], p["neurons"]) for p in graph["populations"]]
    assert named == [("hidden 1", 4), ("hidden 2", 3), ("output", 2)]
    assert [(e["from"], e["to"], e.get("delay", 0)) for e in graph["projections"]] == [
        ("input", "hidden 1", 0), ("hidden 1", "hidden 1", 1), ("hidden 1", "hidden 2", 0),
        ("hidden 2", "hidden 2", 1), ("hidden 2", "output", 0)]  # fmt: skip
    (tmp_path / "run.json").write_text(json.dumps({**run, "qnn": {}}))
    with pytest.raises(ValueError, match="found a run of model 'qnn'"):
        read_run(tmp_path)


def train(folder: Path, *options: str) -> Path:
    """The folder of a run, a small one of the default data set."""
    command = [os.environ["SQSNN_TOOL"], "train", "--limit", "500", "--output", str(folder)]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    if "was not found in" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    return folder


@needs_tool
def test_a_trained_network_gives_the_same_spikes_in_snntorch(tmp_path):
    options = ["--epochs", "2", "--hidden", "20", "--model", "lif", "--reset", "zero"]
    graph, parameters = read_run(train(tmp_path / "run", *options))
    assert [p["neurons"] for p in graph["populations"]] == [20, 100]
    written = to_nir(graph, parameters)
    found, again = from_nir(written)
    assert_same(again, parameters)
    activity = run_tool(weighted_graph(graph, parameters), tmp_path, steps=300)
    spikes = run_snntorch(written, activity["input/spikes"])
    assert spikes.sum() > 100
    np.testing.assert_array_equal(spikes, activity["output/spikes"])


@needs_tool
def test_a_recurrent_run_with_learned_decays_gives_the_same_spikes_in_snntorch(tmp_path):
    options = ["--epochs", "2", "--hidden", "30", "--model", "lif", "--reset", "zero"]
    options += ["--steps", "40", "--learn-decay", "true", "--recurrent", "true"]
    run = train(tmp_path / "run", *options)
    graph, parameters = read_run(run)
    assert [e["delay"] for e in graph["projections"] if e["from"] == e["to"]] == [1]
    written = to_nir(graph, parameters, recurrence="subgraph")
    write(tmp_path / "run.nir", written)
    assert_same(from_nir(read(tmp_path / "run.nir"))[1], parameters)
    count = 0
    for sample in range(5):
        command = [os.environ["SQSNN_TOOL"], "activity", str(run), "--sample", str(sample)]
        output = tmp_path / f"{sample}.npz"
        subprocess.run([*command, "--output", str(output)], check=True, capture_output=True)
        activity = np.load(output)
        found = run_snntorch(written, activity["input/spikes"][:, :, 0])
        np.testing.assert_array_equal(found, activity["output/spikes"][:, :, 0])
        count += found.sum()
    assert count > 100


def test_nodes_stand_after_what_feeds_them(tmp_path):
    graph, parameters = recurrent()
    write(tmp_path / "a.nir", to_nir(graph, parameters))
    for nodes in (to_nir(graph, parameters).nodes, read(tmp_path / "a.nir").nodes):
        order = list(nodes)
        assert order[0] == "input"
        chain = [
            "input",
            "weights_0",
            "zebra",
            "weights_2",
            "mole",
            "weights_4",
            "ant",
            "ant_spikes",
        ]
        assert [name for name in order if name in chain] == chain
    # The file itself has the order of the alphabet.
    assert list(nir.read(tmp_path / "a.nir").nodes)[0] == "ant"


@needs_tool
def test_the_tool_checks_what_was_imported(tmp_path):
    graph, parameters = recurrent()
    found, _ = from_nir(to_nir(graph, parameters))
    save_graph(found, tmp_path / "graph.json")
    command = [os.environ["SQSNN_TOOL"], "network", "show", "--json", str(tmp_path / "graph.json")]
    shown = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    assert [p["name"] for p in shown["populations"]] == ["zebra", "mole", "ant"]
    assert [p["delay"] for p in shown["projections"]] == [0, 1, 0, 1, 0, 0]
    assert shown["outputs"] == ["ant"]


@needs_tool
def test_quantum_neurons_of_a_run_come_back(tmp_path):
    train(tmp_path / "run", "--epochs", "1", "--hidden", "4")
    graph, parameters = read_run(tmp_path / "run")
    write(tmp_path / "a.nir", to_nir(graph, parameters, quantum=True))
    found, again = from_nir(read(tmp_path / "a.nir", quantum=True))
    assert_same(again, parameters)
    assert [p["gates"] for p in found["populations"]] == [p["gates"] for p in graph["populations"]]
