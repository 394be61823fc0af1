"""Networks to and from NIR, the Neuromorphic Intermediate Representation (package ``nir``).

A network is a graph, the JSON object of a graph file (``sqsnn network show FILE``), and parameters,
arrays by the names that they have in a checkpoint: ``projections.0.weights``,
``populations.1.decays``. :func:`read_run` gives both of a trained run, :func:`to_nir` makes a
``nir.NIRGraph`` of them, :func:`from_nir` the reverse, :func:`weighted_graph` a graph that
``sqsnn network run`` runs with these weights.

What is exact
-------------
With steps of dt, the leaky integrate-and-fire neuron U_t = β U_{t−1} (1 − S_{t−1}) + z_t, S_t =
[U_t > θ] (``"reset": "zero"``) is ``nir.LIF`` integrated by forward Euler, as snnTorch and Norse do
it::

    τ = dt / (1 − β)    r = 1 / (1 − β)    v_leak = 0    v_threshold = θ    v_reset = 0
    β = 1 − dt / τ      r dt / τ = 1

and with β = 1 it is ``nir.IF`` with r = 1 / dt. Spikes are the same; the potential that is recorded
at a spike is the one before the reset here and the one after it there. A reset by subtraction is in
no node of NIR: it is refused, and so is every other thing that NIR cannot say.

With snnTorch 1.0
-----------------
Its ``import_from_nir`` makes layers of ``nir.LIF`` that are reset to zero in the step of the spike,
with dt = 1e-4, in single precision, each layer seeing the spikes of the same step and recurrent
synapses those of the step before: no step of difference, the same spikes. It wants one threshold a
population, recurrent populations as subgraphs (``recurrence="subgraph"``) and no ``nir.Delay``, and
makes neurons with β = 0.9 of ``nir.IF``. Its ``export_to_nir`` writes every reset as v_reset = 0,
that by subtraction too: of such a network another one comes here. It needs a beta and a threshold
for each neuron, since a layer's width is told by nothing else.
"""

from __future__ import annotations

from .exporting import to_nir
from .files import read, write
from .importing import from_nir
from .network import load_graph, read_run, save_graph, weighted_graph
from .quantum import quantum_node, register_quantum_node

__all__ = [
    "from_nir",
    "load_graph",
    "quantum_node",
    "read",
    "read_run",
    "register_quantum_node",
    "save_graph",
    "to_nir",
    "weighted_graph",
    "write",
]
