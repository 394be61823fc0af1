"""Files of NIR."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .packages import nir_package
from .quantum import register_quantum_node
from .structure import fed_first


def write(path: str | Path, graph: Any) -> None:
    """Write a ``nir.NIRGraph``, as ``nir.write`` does."""
    nir_package().write(str(path), graph)


def read(path: str | Path, *, quantum: bool = False) -> Any:
    """Read a ``nir.NIRGraph``, as ``nir.read`` does, with each node after those that feed it.

    Parameters
    ----------
    path
        HDF5 file.
    quantum
        Whether it may have nodes of the stochastic quantum spiking neuron. They are then known to
        ``nir.read`` for as long as the process runs.
    """
    if quantum:
        register_quantum_node()
    graph = nir_package().read(str(path))
    graph.nodes = fed_first(graph.nodes, graph.edges)
    return graph
