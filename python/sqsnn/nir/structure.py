"""The structure of NIR graphs: graphs within graphs, and the order of nodes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .packages import nir_package


@dataclass
class Flat:
    """A graph without subgraphs."""

    nodes: dict[str, Any]
    edges: list[tuple[str, str]]
    metadata: dict[str, Any]

    def after(self, name: str) -> list[str]:
        """The nodes that a node leads to, in their order; that of edges is by chance."""
        targets = {target for source, target in self.edges if source == name}
        return [target for target in self.nodes if target in targets]


def flattened(graph: Any) -> Flat:
    """A ``nir.NIRGraph`` with the nodes of its subgraphs in their place.

    A node of a subgraph is called ``subgraph.node``; its neurons, where it has one population, as
    the subgraph. What leads to the subgraph leads to what follows its input.
    """
    nir = nir_package()
    nodes: dict[str, Any] = {}
    edges = [tuple(edge) for edge in graph.edges]
    for name, node in graph.nodes.items():
        if not isinstance(node, nir.NIRGraph):
            nodes[name] = node
            continue
        inner = flattened(node)
        names = _names(name, inner)
        ends = {
            kind: {inside for inside, part in inner.nodes.items() if isinstance(part, kind)}
            for kind in (nir.Input, nir.Output)
        }
        starts = [names[b] for a, b in inner.edges if a in ends[nir.Input]]
        stops = [names[a] for a, b in inner.edges if b in ends[nir.Output]]
        outside = ends[nir.Input] | ends[nir.Output]
        nodes |= {
            names[inside]: part for inside, part in inner.nodes.items() if inside not in outside
        }
        edges = (
            [(a, b) for a, b in edges if name not in (a, b)]
            + [(a, start) for a, b in edges if b == name != a for start in starts]
            + [(stop, b) for a, b in edges if a == name != b for stop in stops]
            + [
                (stop, start)
                for a, b in edges
                if a == b == name
                for stop in stops
                for start in starts
            ]
            + [(names[a], names[b]) for a, b in inner.edges if not {a, b} & outside]
        )
    metadata = graph.metadata if isinstance(graph.metadata, dict) else {}
    return Flat(nodes, edges, metadata)


def _names(name: str, inner: Flat) -> dict[str, str]:
    names = {inside: f"{name}.{inside}" for inside in inner.nodes}
    neurons = [inside for inside, node in inner.nodes.items() if hasattr(node, "v_threshold")]
    if len(neurons) == 1:
        names[neurons[0]] = name
    return names


def fed_first(nodes: Mapping[str, Any], edges: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The same nodes, each after those that feed it, but for what comes round a cycle.

    In NIR their order has no meaning, and HDF5 has that of the alphabet. nirtorch 2.6, and with it
    snnTorch, fails on a subgraph that stands before what feeds it.
    """
    nir = nir_package()
    after: dict[str, list[str]] = {name: [] for name in nodes}
    for source, target in edges:
        after[source].append(target)
    # The reverse of the order in which a depth-first walk leaves the nodes: inputs are left last.
    starts = sorted(nodes, key=lambda name: isinstance(nodes[name], nir.Input))
    left: dict[str, Any] = {}
    entered: set[str] = set()
    for start in starts:
        waiting = [(start, iter(after[start]))] if start not in entered else []
        entered.add(start)
        while waiting:
            name, following = waiting[-1]
            step = next((target for target in following if target not in entered), None)
            if step is None:
                left[name] = nodes[name]
                waiting.pop()
            else:
                entered.add(step)
                waiting.append((step, iter(after[step])))
    return dict(reversed(left.items()))
