"""Graphs and parameters, as the command line tool keeps them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .packages import safetensors_loader

SCHEMA = "sqsnn.network-graph/1"
RUN_SCHEMA = "sqsnn.run/1"

Graph = dict[str, Any]
Parameters = dict[str, np.ndarray]


def load_graph(path: str | Path) -> Graph:
    """Read a graph file.

    Raises
    ------
    ValueError
        For a file that is no graph file.
    """
    graph = json.loads(Path(path).read_text(encoding="utf-8"))
    check_schema(graph, str(path))
    return graph


def save_graph(graph: Graph, path: str | Path) -> None:
    """Write a graph file, which ``sqsnn network`` and ``sqsnn train --graph`` take."""
    check_schema(graph, "graph")
    Path(path).write_text(json.dumps(graph) + "\n", encoding="utf-8")


def check_schema(graph: Graph, place: str) -> None:
    """Raise ValueError unless the object says that it is a graph."""
    found = graph.get("schema") if isinstance(graph, dict) else None
    if found != SCHEMA:
        raise ValueError(f"{place}: found schema {found!r}, expected {SCHEMA!r}")


def read_run(folder: str | Path) -> tuple[Graph, Parameters]:
    """The network of a run's folder, as it was trained last.

    Parameters
    ----------
    folder
        With ``run.json`` and ``checkpoint.safetensors``.

    Returns
    -------
    tuple
        The graph; and the parameters by their names in the checkpoint, ``float32``:
        ``projections.I.weights`` of shape (neurons after, neurons before) where all are connected,
        otherwise (1, weights); ``populations.I.NAME`` of shape (neurons, numbers).

    Raises
    ------
    ValueError
        For a run of a model without spikes.
    """
    folder = Path(folder)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    if run.get("schema") != RUN_SCHEMA:
        raise ValueError(
            f"{folder}/run.json: found schema {run.get('schema')!r}, expected {RUN_SCHEMA!r}"
        )
    if run.get("qnn") is not None:
        raise ValueError(f"{folder}: found a run of model 'qnn', expected one with spikes")
    if run.get("noise") is not None:
        raise ValueError(f"{folder}: found a run with noise of a device, expected one without")
    tensors = safetensors_loader()(folder / "checkpoint.safetensors")
    parameters = {
        name: tensor
        for name, tensor in tensors.items()
        if name.startswith(("projections.", "populations."))
    }
    return run.get("graph") or _layers(run, parameters), parameters


def _layers(run: Mapping[str, Any], parameters: Parameters) -> Graph:
    """The graph of hidden layers, as ``sqsnn train --hidden`` makes it."""
    hidden = run["recipe"]["hidden_counts"]
    names = ["hidden"] if len(hidden) == 1 else [f"hidden {k + 1}" for k in range(len(hidden))]
    names.append("output")
    projections: list[dict[str, Any]] = []
    before = "input"
    for name in names:
        projections.append({"from": before, "to": name})
        if run["recipe"].get("recurrent") and name != "output":
            projections.append({"from": name, "to": name, "delay": 1})
        before = name
    # As `sqsnn train --series currents` has it: real numbers in place of spikes.
    is_values = (run.get("input") or {}).get("series") == "currents"
    counts = [parameters[f"projections.{k}.weights"].shape[-2] for k in _onto_new(projections)]
    return {
        "schema": SCHEMA,
        "input": {
            "name": "input",
            "neurons": parameters["projections.0.weights"].shape[-1],
            **({"signal": "values"} if is_values else {}),
        },
        "populations": [
            {"name": name, "neurons": count, **run["neuron"]}
            for name, count in zip(names, counts, strict=True)
        ],
        "projections": projections,
        "outputs": ["output"],
    }


def _onto_new(projections: list[dict[str, Any]]) -> list[int]:
    """Numbers of the projections that lead from one population to the next."""
    return [k for k, edge in enumerate(projections) if edge["from"] != edge["to"]]


def neuron_count(graph: Graph, name: str) -> int:
    """Neurons of a population or of the input.

    Raises
    ------
    ValueError
        For a name that the graph has not.
    """
    counts = {input_name(graph): graph["input"]["neurons"]}
    counts |= {population["name"]: population["neurons"] for population in graph["populations"]}
    if name not in counts:
        raise ValueError(f"projections: found {name!r}, expected one of {', '.join(counts)}")
    return counts[name]


def input_name(graph: Graph) -> str:
    """What the input is called."""
    return graph["input"].get("name", "input")


def parameter(
    parameters: Mapping[str, np.ndarray], name: str, shape: tuple[int, ...]
) -> np.ndarray:
    """A parameter by its name.

    Raises
    ------
    ValueError
        Where it is missing or of another shape.
    """
    if name not in parameters:
        raise ValueError(f"parameters: found no {name!r}, expected an array of shape {shape}")
    array = np.asarray(parameters[name])
    if array.shape != shape:
        raise ValueError(f"parameters[{name!r}]: found shape {array.shape}, expected {shape}")
    return array


def weighted_graph(graph: Graph, parameters: Mapping[str, np.ndarray]) -> Graph:
    """The same graph with its weights listed, so that ``sqsnn network run`` runs it with them.

    Parameters
    ----------
    graph
        With full, one-to-one or explicit projections.
    parameters
        The weights of all projections. A graph file has room for no other parameters.

    Raises
    ------
    ValueError
        For other connectivity, and for parameters of populations.
    """
    others = [name for name in parameters if name.startswith("populations.")]
    if others:
        raise ValueError(
            f"parameters: found {others[0]!r}, expected weights alone; a graph file has no room "
            "for it"
        )
    projections = []
    for index, edge in enumerate(graph["projections"]):
        sources, targets = neuron_count(graph, edge["from"]), neuron_count(graph, edge["to"])
        name = f"projections.{index}.weights"
        connectivity = edge.get("connectivity", "full")
        if connectivity == "full":
            weights = parameter(parameters, name, (targets, sources))
            pairs = [(s, t, weights[t, s]) for t in range(targets) for s in range(sources)]
        elif connectivity == "one-to-one":
            weights = parameter(parameters, name, (1, sources))
            pairs = [(s, s, weights[0, s]) for s in range(sources)]
        elif isinstance(connectivity, dict) and "explicit" in connectivity:
            synapses = connectivity["explicit"]
            weights = parameter(parameters, name, (1, len(synapses)))
            pairs = [(s[0], s[1], w) for s, w in zip(synapses, weights[0], strict=True)]
        else:
            raise ValueError(
                f"projections[{index}].connectivity: found {connectivity}, expected full, "
                "one-to-one or explicit"
            )
        listed = [[int(s), int(t), float(w)] for s, t, w in pairs]
        projections.append({**edge, "connectivity": {"explicit": listed}})
    return {**graph, "projections": projections}
