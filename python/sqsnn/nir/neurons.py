"""The leaky integrate-and-fire neuron in NIR's terms, by the formulas of the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from .network import Parameters, parameter
from .packages import nir_package

#: Key of a node's metadata with what a population has that the node has no field for.
POPULATION = "sqsnn_population"

# Of training alone: what a network does, they do not change.
_TRAINING_FIELDS = (
    "learn_decay", "learn_threshold", "spike_surrogate", "surrogate_width", "regularized",
)  # fmt: skip


def lif_node(
    population: Mapping[str, Any], index: int, parameters: Mapping[str, np.ndarray], dt: float
) -> Any:
    """``nir.LIF`` or ``nir.IF`` of a population of model ``lif``.

    Raises
    ------
    ValueError
        For what no such node says, with the population's name.
    """
    nir = nir_package()
    place = f"population {population['name']!r}"
    reset = population.get("reset", "subtract")
    if reset != "zero":
        raise ValueError(
            f"{place}: found reset {reset!r}, expected 'zero'; no node of NIR lowers a potential "
            "by its threshold, train with --reset zero"
        )
    count = population["neurons"]
    decay = _numbers(population, index, parameters, "decay", 0.9, count)
    threshold = _numbers(population, index, parameters, "threshold", 1.0, count)
    training = {name: population[name] for name in _TRAINING_FIELDS if name in population}
    # Where training began, which the numbers learned do not tell.
    training |= {
        name: population[name]
        for name in ("decay", "threshold")
        if name in population and population.get(f"learn_{name}")
    }
    metadata = {POPULATION: json.dumps(training)} if training else {}
    zero = np.zeros(count)
    if (decay == 1).all():
        return nir.IF(
            r=np.full(count, 1 / dt), v_threshold=threshold, v_reset=zero, metadata=metadata
        )
    if (decay == 1).any():
        neuron = int(np.argmax(decay == 1))
        raise ValueError(
            f"{place}: found decay 1 of neuron {neuron} and others of the rest, expected all 1 or "
            "none; nir.LIF has no infinite time constant"
        )
    tau = dt / (1 - decay)
    lost = (1 - dt / tau).astype(np.float32) != decay.astype(np.float32)
    if lost.any():
        neuron = int(np.argmax(lost))
        raise ValueError(
            f"{place}: found decay {decay[neuron]} of neuron {neuron}, expected one that 1 − dt/τ "
            "gives back in single precision: 0, or at least 1e-8"
        )
    return nir.LIF(
        tau=tau,
        r=1 / (1 - decay),
        v_leak=zero,
        v_threshold=threshold,
        v_reset=zero,
        metadata=metadata,
    )


def lif_population(
    name: str, node: Any, index: int, dt: float
) -> tuple[dict[str, Any], Parameters, np.ndarray]:
    """The population of a ``nir.LIF`` or ``nir.IF``.

    Returns
    -------
    tuple
        The object of a graph file; parameters, where neurons differ; and the factors, of shape
        (neurons,), by which r makes weights other than they are with r dt / τ = 1.
    """
    nir = nir_package()
    kind = type(node).__name__
    if node.v_threshold.ndim != 1:
        raise ValueError(
            f"node {name!r} (nir.{kind}): found parameters of shape {node.v_threshold.shape}, "
            "expected (neurons,)"
        )
    for field in ("v_leak", "v_reset"):
        values = getattr(node, field, None)
        if values is not None and np.any(values != 0):
            raise ValueError(
                f"node {name!r} (nir.{kind}): found {field} {values[values != 0][0]}, expected 0"
            )
    if isinstance(node, nir.IF):
        decay, gain = np.ones(len(node.r)), node.r * dt
    else:
        decay, gain = 1 - dt / node.tau, node.r * dt / node.tau
    outside = ~((decay >= 0) & (decay <= 1))
    if outside.any():
        raise ValueError(
            f"node {name!r} (nir.{kind}): found tau {node.tau[outside][0]}, expected at least dt = "
            f"{dt}"
        )
    # Rounding of r and tau alone is no factor.
    gain = np.where(np.isclose(gain, 1, rtol=1e-6, atol=0), 1.0, gain)
    count = len(decay)
    training = json.loads(node.metadata.get(POPULATION, "{}"))
    population = {"name": name, "neurons": count, "model": "lif"}
    parameters: Parameters = {}
    for field, values in (("decay", decay), ("threshold", node.v_threshold)):
        numbers = values.astype(np.float32)
        if (numbers == numbers[0]).all() and not training.get(f"learn_{field}"):
            # The shortest text of a single-precision number: 0.9, not 0.8999999761581421.
            population[field] = float(str(numbers[0]))
        else:
            population[field] = float(str(numbers.mean()))
            population[f"learn_{field}"] = True
            parameters[f"populations.{index}.{field}s"] = numbers[:, None]
    return {**population, "reset": "zero", **training}, parameters, gain


def _numbers(
    population: Mapping[str, Any],
    index: int,
    parameters: Mapping[str, np.ndarray],
    field: str,
    usual: float,
    count: int,
) -> np.ndarray:
    """Decays or thresholds of a population's neurons, single-precision numbers as ``float64``."""
    if population.get(f"learn_{field}"):
        learned = parameter(parameters, f"populations.{index}.{field}s", (count, 1))
        return learned[:, 0].astype(np.float32).astype(np.float64)
    return np.full(count, np.float32(population.get(field, usual)), np.float64)
