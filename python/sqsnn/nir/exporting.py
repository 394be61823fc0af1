"""From a graph and its parameters to NIR."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

from .network import Graph, check_schema, input_name, neuron_count, parameter
from .neurons import lif_node
from .packages import nir_package
from .quantum import sqs_node
from .structure import fed_first

#: Key of the graph's metadata with the names of the populations in order, which HDF5 does not keep.
POPULATIONS = "sqsnn_populations"
#: Key of a weight node's metadata with the projection's number, and its connectivity if it is
#: explicit.
PROJECTION = "sqsnn_projection"
#: Key of the input's metadata with what it gives, spikes or values.
SIGNAL = "sqsnn_signal"

Recurrence = Literal["delay", "subgraph"]


def to_nir(
    graph: Graph,
    parameters: Mapping[str, np.ndarray],
    *,
    dt: float = 1e-4,
    quantum: bool = False,
    recurrence: Recurrence = "delay",
) -> Any:
    """The ``nir.NIRGraph`` of a network.

    Populations become ``nir.LIF`` (``nir.IF`` where nothing leaks) under their names, projections
    ``nir.Linear`` (full and explicit ones) or ``nir.Scale`` (one-to-one) named ``weights_I`` after
    their number, delays ``nir.Delay`` named ``delay_I``, the outputs ``nir.Output`` named after
    their population with ``_spikes``.

    Parameters
    ----------
    graph
        The object of a graph file.
    parameters
        Weights of all projections, and what populations have learned, as :func:`read_run` gives
        them.
    dt
        Seconds of a step. Readers that step through time must take the same; snnTorch takes 1e-4.
    quantum
        Whether populations of the stochastic quantum spiking neuron are written as nodes of our
        own, which other programs do not read (:func:`quantum_node`).
    recurrence
        How a projection of a population onto itself says that its spikes arrive a step later:
        ``"delay"`` with a ``nir.Delay`` of dt; ``"subgraph"`` as snnTorch writes its recurrent
        layers, a ``nir.NIRGraph`` of the neurons and their synapses in which whoever steps through
        time delays what comes round. snnTorch 1.0 reads the second alone: it has no ``nir.Delay``,
        and of a cycle that is not in a subgraph it leads the input through the recurrent weights.

    Raises
    ------
    ValueError
        For what NIR cannot say, with the population or projection.
    """
    nir = nir_package()
    check_schema(graph, "graph")
    if recurrence not in ("delay", "subgraph"):
        raise ValueError(f"recurrence: found {recurrence!r}, expected 'delay' or 'subgraph'")
    if not dt > 0:
        raise ValueError(f"dt: found {dt}, expected a number above 0")
    if graph["input"].get("channels", 1) != 1:
        raise ValueError(
            f"input.channels: found {graph['input']['channels']}, expected 1; the signals of NIR "
            "have no channels"
        )
    signal = graph["input"].get("signal", "spikes")
    nodes = _Nodes()
    nodes.add(
        input_name(graph),
        nir.Input(
            input_type=np.array([graph["input"]["neurons"]]),
            metadata={SIGNAL: signal} if signal != "spikes" else {},
        ),
    )
    for index, population in enumerate(graph["populations"]):
        nodes.add(population["name"], _neurons(population, index, parameters, dt, quantum))
    edges: list[tuple[str, str]] = []
    for index, projection in enumerate(graph["projections"]):
        source, target = projection["from"], projection["to"]
        weights = _weights(graph, projection, index, parameters)
        delay = _delay(projection, index)
        if recurrence == "subgraph" and source == target and delay == 1:
            nodes.replace(source, _recurrent(nodes.found[source], weights, source))
            continue
        chain = [source]
        if delay:
            chain.append(f"delay_{index}")
            nodes.add(chain[-1], nir.Delay(delay=np.full(neuron_count(graph, source), dt)))
        chain += [f"weights_{index}", target]
        nodes.add(chain[-2], weights)
        edges += zip(chain, chain[1:], strict=False)
    for name in _outputs(graph):
        nodes.add(f"{name}_spikes", nir.Output(output_type=np.array([neuron_count(graph, name)])))
        edges.append((name, f"{name}_spikes"))
    names = json.dumps([population["name"] for population in graph["populations"]])
    ordered = fed_first(nodes.found, edges)
    return nir.NIRGraph(nodes=ordered, edges=edges, metadata={POPULATIONS: names})


class _Nodes:
    """Nodes by their names, each once."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def add(self, name: str, node: Any) -> None:
        # HDF5 takes a slash for a group within a group, and a dot alone for the group itself.
        if "/" in name or name in ("", "."):
            raise ValueError(f"name: found {name!r}, expected one without '/'")
        if name in self.found:
            raise ValueError(
                f"name: found {name!r} of two nodes, expected another name of the population"
            )
        self.found[name] = node

    def replace(self, name: str, node: Any) -> None:
        self.found[name] = node


def _neurons(
    population: Mapping[str, Any],
    index: int,
    parameters: Mapping[str, np.ndarray],
    dt: float,
    quantum: bool,
) -> Any:
    model = population.get("model", "sqs")
    if model == "lif":
        return lif_node(population, index, parameters, dt)
    if model == "sqs" and quantum:
        return sqs_node(population, index, parameters)
    expected = (
        "'lif' or 'sqs'" if quantum else "'lif'; quantum=True takes 'sqs' too, as a node of our own"
    )
    raise ValueError(
        f"population {population['name']!r}: found model {model!r}, expected {expected}"
    )


def _weights(
    graph: Graph, projection: Mapping[str, Any], index: int, parameters: Mapping[str, np.ndarray]
) -> Any:
    nir = nir_package()
    place = f"projection {index} ({projection['from']} → {projection['to']})"
    if projection.get("pooling") is not None:
        raise ValueError(
            f"{place}: found pooling, expected none; no node of NIR is the OR of spikes"
        )
    sources, targets = (
        neuron_count(graph, projection["from"]),
        neuron_count(graph, projection["to"]),
    )
    name = f"projections.{index}.weights"
    connectivity = projection.get("connectivity", "full")
    note: dict[str, Any] = {"index": index}
    if connectivity == "full":
        weights = parameter(parameters, name, (targets, sources))
    elif connectivity == "one-to-one":
        scale = parameter(parameters, name, (1, sources))[0]
        return nir.Scale(scale=scale.astype(np.float32), metadata={PROJECTION: json.dumps(note)})
    elif isinstance(connectivity, dict) and "explicit" in connectivity:
        synapses = connectivity["explicit"]
        listed = parameter(parameters, name, (1, len(synapses)))[0]
        weights = np.zeros((targets, sources), np.float32)
        for (source, target, *_), weight in zip(synapses, listed, strict=True):
            weights[target, source] = weight
        note["connectivity"] = connectivity
    else:
        kind = (
            connectivity if isinstance(connectivity, str) else next(iter(connectivity), "nothing")
        )
        raise ValueError(
            f"{place}: found connectivity {kind!r}, expected full, one-to-one or explicit"
        )
    return nir.Linear(weight=weights.astype(np.float32), metadata={PROJECTION: json.dumps(note)})


def _delay(projection: Mapping[str, Any], index: int) -> int:
    delay = projection.get("delay", 0)
    if delay not in (0, 1):
        raise ValueError(f"projections[{index}].delay: found {delay}, expected 0 or 1")
    return delay


def _recurrent(neurons: Any, weights: Any, name: str) -> Any:
    """Neurons and their synapses onto themselves, as snnTorch writes a recurrent layer."""
    nir = nir_package()
    if not isinstance(neurons, nir.LIF) or not isinstance(weights, nir.Linear):
        raise ValueError(
            f"population {name!r}: found {type(weights).__name__} from {type(neurons).__name__} to "
            "itself, expected one nir.Linear of a nir.LIF; write it with recurrence='delay'"
        )
    count = neurons.input_type["input"]
    return nir.NIRGraph(
        nodes={
            "input": nir.Input(input_type=count),
            "lif": neurons,
            "w_rec": weights,
            "output": nir.Output(output_type=count),
        },
        edges=[("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")],
        metadata={},
    )


def _outputs(graph: Graph) -> list[str]:
    """The populations that are read out: where none is named, those that project onto none."""
    if graph.get("outputs") is not None:
        return list(graph["outputs"])
    sources = {projection["from"] for projection in graph["projections"]}
    return [
        population["name"]
        for population in graph["populations"]
        if population["name"] not in sources
    ]
