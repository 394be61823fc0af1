"""From NIR to a graph and its parameters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .exporting import POPULATIONS, PROJECTION, SIGNAL
from .network import SCHEMA, Graph, Parameters
from .neurons import lif_population
from .quantum import NODE_TYPE, sqs_population
from .structure import Flat, flattened

_NEURONS = ("LIF", "IF", NODE_TYPE)
_WEIGHTS = ("Linear", "Affine", "Scale")
_KNOWN = ("Input", "Output", *_NEURONS, *_WEIGHTS, "Delay", "NIRGraph")


def from_nir(graph: Any, *, dt: float = 1e-4) -> tuple[Graph, Parameters]:
    """The network of a ``nir.NIRGraph``.

    Parameters
    ----------
    graph
        One ``nir.Input``; neurons ``nir.LIF`` and ``nir.IF`` with v_leak = v_reset = 0, or our own
        :func:`quantum_node`; between them ``nir.Linear``, ``nir.Affine`` without bias or
        ``nir.Scale``, and ``nir.Delay`` of a step; ``nir.Output`` of neurons. Subgraphs are taken
        apart, the names of their nodes as ``subgraph.node``; a subgraph of one population takes the
        subgraph's name.
    dt
        Seconds of a step. Other r than τ / dt become part of the weights.

    Returns
    -------
    tuple
        The object of a graph file; and the parameters, ``float32``, as :func:`read_run` gives them.
        Synapses from neurons to themselves arrive a step later, with or without ``nir.Delay``.

    Raises
    ------
    ValueError
        For every node or number that is nothing of ours, by the node's name.
    """
    flat = flattened(graph)
    for name, node in flat.nodes.items():
        if type(node).__name__ not in _KNOWN:
            raise ValueError(
                f"node {name!r}: found nir.{type(node).__name__}, expected one of "
                f"{', '.join(_KNOWN)}"
            )
    source = _only_input(flat)
    names = _population_names(flat, source)
    populations: list[dict[str, Any]] = []
    parameters: Parameters = {}
    gains: dict[str, np.ndarray] = {}
    for index, name in enumerate(names):
        node = flat.nodes[name]
        if _kind(node) == NODE_TYPE:
            population, own = sqs_population(name, node, index)
        else:
            population, own, gains[name] = lif_population(name, node, index, dt)
        populations.append(population)
        parameters |= own
    paths = _ordered([path for name in [source, *names] for path in _paths(flat, name)], flat)
    _check_uses(flat, paths)
    projections = []
    for index, path in enumerate(paths):
        projection, weights = _projection(flat, path, dt, gains.get(path.target))
        projections.append(projection)
        parameters[f"projections.{index}.weights"] = weights
    _check_cycles(projections, names)
    described = {"name": source, "neurons": _input_count(flat, source)}
    signal = flat.nodes[source].metadata.get(SIGNAL)
    return {
        "schema": SCHEMA,
        "input": described | ({"signal": signal} if signal else {}),
        "populations": populations,
        "projections": projections,
        "outputs": _outputs(flat, names, projections),
    }, parameters


@dataclass(frozen=True)
class _Path:
    """The way from one population, or the input, to another."""

    source: str
    between: tuple[str, ...]
    target: str


def _kind(node: Any) -> str:
    return type(node).__name__


def _only_input(flat: Flat) -> str:
    inputs = [name for name, node in flat.nodes.items() if _kind(node) == "Input"]
    if len(inputs) != 1:
        raise ValueError(
            f"graph: found {len(inputs)} nodes nir.Input ({', '.join(inputs)}), expected 1"
        )
    return inputs[0]


def _input_count(flat: Flat, name: str) -> int:
    shape = np.atleast_1d(flat.nodes[name].input_type["input"])
    if len(shape) != 1:
        raise ValueError(
            f"node {name!r} (nir.Input): found shape {tuple(shape)}, expected (neurons,)"
        )
    return int(shape[0])


def _population_names(flat: Flat, source: str) -> list[str]:
    """In the order that the metadata give, or else as they are reached from the input."""
    names = {name for name, node in flat.nodes.items() if _kind(node) in _NEURONS}
    declared = json.loads(flat.metadata.get(POPULATIONS, "[]"))
    if set(declared) == names:
        return declared
    reached, waiting = [source], [source]
    while waiting:
        for following in flat.after(waiting.pop(0)):
            if following not in reached:
                reached.append(following)
                waiting.append(following)
    lost = names.difference(reached)
    if lost:
        raise ValueError(f"node {min(lost)!r}: found no way to it from the input, expected one")
    return [name for name in reached if name in names]


def _paths(flat: Flat, source: str, between: tuple[str, ...] = ()) -> Iterator[_Path]:
    """All ways from a population, or the input, to the next populations."""
    for name in flat.after(between[-1] if between else source):
        node = flat.nodes[name]
        if _kind(node) in _NEURONS:
            yield _Path(source, between, name)
        elif _kind(node) in (*_WEIGHTS, "Delay"):
            if name in between:
                raise ValueError(
                    f"node {name!r}: found a cycle without neurons, expected some in it"
                )
            yield from _paths(flat, source, (*between, name))
        elif _kind(node) == "Output" and (between or _kind(flat.nodes[source]) == "Input"):
            raise ValueError(
                f"node {name!r} (nir.Output): found {[source, *between][-1]!r} before it, expected "
                "neurons"
            )


def _check_uses(flat: Flat, paths: list[_Path]) -> None:
    used = {name for path in paths for name in path.between}
    for name, node in flat.nodes.items():
        if _kind(node) in (*_WEIGHTS, "Delay") and name not in used:
            raise ValueError(
                f"node {name!r}: found it on no way to neurons, expected it between some"
            )


def _ordered(paths: list[_Path], flat: Flat) -> list[_Path]:
    """By the numbers in the metadata, where all have one; otherwise as they were found."""
    numbered: dict[int, _Path] = {}
    for path in paths:
        notes = (_note(flat.nodes[name]) for name in path.between)
        for number in [note["index"] for note in notes if "index" in note][:1]:
            numbered[number] = path
    if len(numbered) != len(paths):
        return paths
    return [numbered[number] for number in sorted(numbered)]


def _note(node: Any) -> dict[str, Any]:
    return json.loads(node.metadata.get(PROJECTION, "{}"))


def _projection(
    flat: Flat, path: _Path, dt: float, gain: np.ndarray | None
) -> tuple[dict[str, Any], np.ndarray]:
    weighted = [name for name in path.between if _kind(flat.nodes[name]) in _WEIGHTS]
    if len(weighted) != 1:
        raise ValueError(
            f"nodes {path.source!r} → {path.target!r}: found {len(weighted)} nodes with weights "
            f"between them, expected one of {', '.join(_WEIGHTS)}"
        )
    [name] = weighted
    node = flat.nodes[name]
    if _kind(node) == "Affine" and np.any(node.bias != 0):
        raise ValueError(
            f"node {name!r} (nir.Affine): found bias {node.bias[node.bias != 0][0]}, expected 0; "
            "neurons have no bias, give them an input that always spikes"
        )
    projection: dict[str, Any] = {"from": path.source, "to": path.target}
    # A single-precision product with 1 is exact.
    factors = np.float64(1) if gain is None else gain
    if _kind(node) == "Scale":
        projection["connectivity"] = "one-to-one"
        weights = (np.atleast_1d(node.scale) * factors)[None]
    else:
        weights = _rows(name, node.weight) * np.reshape(factors, (-1, 1))
        explicit = _note(node).get("connectivity")
        if explicit is not None:
            projection["connectivity"] = explicit
            weights = _listed(name, weights, explicit["explicit"])
        else:
            projection["connectivity"] = "full"
    projection["delay"] = _delay(flat, path, dt)
    return projection, weights.astype(np.float32)


def _rows(name: str, weights: np.ndarray) -> np.ndarray:
    if weights.ndim != 2:
        raise ValueError(
            f"node {name!r}: found weights of shape {weights.shape}, expected (after, before)"
        )
    return weights


def _listed(name: str, weights: np.ndarray, synapses: list[Any]) -> np.ndarray:
    """The weights of listed synapses, shape (1, synapses); the others must be 0."""
    rest = weights.copy()
    for source, target, *_ in synapses:
        rest[target, source] = 0
    if rest.any():
        target, source = np.argwhere(rest)[0]
        raise ValueError(
            f"node {name!r}: found weight {rest[target, source]} from {source} to {target}, which "
            f"its metadata do not list, expected 0; delete {PROJECTION!r} from the metadata"
        )
    return np.array([[weights[target, source] for source, target, *_ in synapses]])


def _delay(flat: Flat, path: _Path, dt: float) -> int:
    nodes = {name: flat.nodes[name] for name in path.between if _kind(flat.nodes[name]) == "Delay"}
    steps = 0.0
    for name, node in nodes.items():
        values = np.atleast_1d(node.delay) / dt
        steps += float(values[0])
        if (values != values[0]).any() or not np.isclose(steps, [0, 1], rtol=0, atol=1e-6).any():
            raise ValueError(
                f"node {name!r} (nir.Delay): found delays of {values.min():g} to {values.max():g} "
                f"steps of {dt} s, expected all 0 or all 1, in all between two populations"
            )
    # Who steps through time has what comes round a step later, and so has the tool.
    return 1 if path.source == path.target else round(steps)


def _check_cycles(projections: list[dict[str, Any]], names: list[str]) -> None:
    waiting = set(names)
    immediate = [edge for edge in projections if edge["delay"] == 0]
    while waiting:
        ready = {
            name for name in waiting
            if not any(edge["to"] == name and edge["from"] in waiting for edge in immediate)
        }  # fmt: skip
        if not ready:
            raise ValueError(
                f"nodes {', '.join(sorted(waiting))}: found a cycle without nir.Delay, expected "
                "one; which of the synapses are a step late is not said"
            )
        waiting -= ready


def _outputs(flat: Flat, names: list[str], projections: list[dict[str, Any]]) -> list[str]:
    outputs = [
        name for name in names
        if any(_kind(flat.nodes[following]) == "Output" for following in flat.after(name))
    ]  # fmt: skip
    if not outputs:
        raise ValueError("graph: found no nir.Output of neurons, expected at least one")
    feeding = {edge["from"] for edge in projections}
    for name in outputs:
        if name in feeding:
            raise ValueError(
                f"node {name!r}: found it read out and before other neurons, expected one of both"
            )
    return outputs
