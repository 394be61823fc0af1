"""Single neurons: traces, and what circuits remember."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from . import _native
from ._models import circuit_fields
from ._native import encoded


def trace(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Runs neurons on given currents and spikes, exactly.

    Parameters
    ----------
    cases : sequence of dict
        As in a file of ``sqsnn neuron trace``; `circuit`, a name of the catalogue, a gate list or a ``sqsnn.circuits.Circuit``, may stand
        for the fields that make it. ``{"circuit": "exchange", "angles": [...], "currents": [[z], ...], "spikes": [[s], ...]}`` is one,
        currents and spikes of shape (steps, channels).

    Returns
    -------
    list of dict
        Of each case ``step_probability``, ``firing_probability``, ``memory_bloch``, ``log_likelihood``, ``gradient``.
    """
    text = json.dumps({"schema": "sqsnn.neuron-trace/1", "cases": [_case(case) for case in cases]})
    return json.loads(_native.text("sqs_neuron_trace", encoded(text)))["cases"]


def _case(case: dict[str, Any]) -> dict[str, Any]:
    if "circuit" not in case:
        return case
    fields = circuit_fields(case["circuit"])
    if "gates" in fields:
        fields = {name: fields[name] for name in ("io_qubits", "memory_qubits", "gates")}
    rest = {name: value for name, value in case.items() if name != "circuit"}
    return {"io_qubits": 1, "memory_qubits": 1} | fields | rest


def memory(circuit: Any) -> dict[str, Any]:
    """What a circuit remembers: whether its firing depends on its own spikes, and on currents of the past.

    Parameters
    ----------
    circuit : str, dict or sqsnn.circuits.Circuit
        A name of the catalogue, or a gate list.

    Returns
    -------
    dict
        ``name``, ``spread_over_own_spikes``, ``spread_over_past_currents``, ``verdict``: as a circuit of ``sqsnn neuron memory --json``.
    """
    fields = circuit.to_json() if hasattr(circuit, "to_json") else circuit
    given = fields if isinstance(fields, str) else json.dumps(fields)
    return json.loads(_native.text("sqs_neuron_memory", encoded(given)))


def campaign(folder: str) -> dict[str, Any]:
    """How far a campaign is: what ``sqsnn campaign show --json`` prints."""
    return json.loads(_native.text("sqs_campaign_summary", encoded(folder)))
