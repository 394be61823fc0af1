"""Neuron models as populations of a graph file have them."""

from __future__ import annotations

from typing import Any


def circuit_fields(circuit: Any) -> dict[str, Any]:
    """The fields of a circuit: a name of the catalogue, a gate list as its file has it, or a ``Circuit``."""
    if isinstance(circuit, str):
        return {"ansatz": circuit}
    fields = dict(circuit.to_json() if hasattr(circuit, "to_json") else circuit)
    if "name" in fields:
        fields["ansatz"] = fields.pop("name")
    return fields
