"""The stochastic quantum spiking neuron as a node of NIR, which is a node of ours.

NIR reads the nodes that it knows: in 1.0.7 and 1.0.8 ``nir.write`` writes any dataclass that is a
``NIRNode``, under its class's name, and ``nir.read`` refuses a name that is not in a list of its
own (an ``AssertionError`` without a text). So the node is written only where it is asked for, no
other program takes it for a neuron that it is not, and :func:`register_quantum_node` adds it to
that list.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..circuits import Circuit
from .network import Parameters, parameter
from .packages import nir_package

#: The type of the node in files.
NODE_TYPE = "SQS"
_KNOWN_NODES = "__all_ir"
_CIRCUIT_FIELDS = (
    "name",
    "neurons",
    "model",
    "ansatz",
    "io_qubits",
    "memory_qubits",
    "gates",
    "parameter_count",
)


@functools.cache
def quantum_node() -> type:
    """The class of the node, a ``nir.NIRNode``.

    Its fields are ``circuit``, the JSON text of a gate list (:class:`sqsnn.circuits.Circuit`), and
    ``angles``, radians, of shape (neurons, parameters).

    At each step the input-output qubit is turned by RX(π z) of the current z, the circuit is
    applied, and the qubit is measured, which gives the spike, and reset; the memory qubits stay.
    """
    node: Any = nir_package().NIRNode

    @dataclass(eq=False)
    class SQS(node):
        circuit: str
        angles: np.ndarray
        metadata: dict[str, Any] = field(default_factory=dict, kw_only=True)

        def __post_init__(self) -> None:
            self.input_type = {"input": np.array(self.angles.shape[:1])}
            self.output_type = {"output": np.array(self.angles.shape[:1])}

    SQS.__doc__ = quantum_node.__doc__
    return SQS


def register_quantum_node() -> None:
    """Let ``nir.read`` of this process read the node.

    Raises
    ------
    RuntimeError
        For a version of NIR that keeps its nodes elsewhere than 1.0.7 and 1.0.8 do.
    """
    nir = nir_package()
    known = vars(nir.ir).get(_KNOWN_NODES)
    if not isinstance(known, list):
        raise RuntimeError(
            f"nir {nir.version}: found no list nir.ir.{_KNOWN_NODES}, expected that of nir 1.0.7 "
            "or 1.0.8"
        )
    setattr(nir.ir, NODE_TYPE, quantum_node())
    if NODE_TYPE not in known:
        known.append(NODE_TYPE)


def sqs_node(
    population: Mapping[str, Any], index: int, parameters: Mapping[str, np.ndarray]
) -> Any:
    """The node of a population of model ``sqs``."""
    place = f"population {population['name']!r}"
    if population.get("noise") is not None:
        raise ValueError(
            f"{place}: found noise of a device, expected none; the node has no room for it"
        )
    for name in population:
        if name not in _CIRCUIT_FIELDS + ("noise",):
            raise ValueError(
                f"{place}: found the field {name!r}, expected only {', '.join(_CIRCUIT_FIELDS)}"
            )
    if "gates" not in population:
        ansatz = population.get("ansatz", "exchange")
        raise ValueError(
            f"{place}: found the circuit's name {ansatz!r} alone, expected its gates, which 'sqsnn "
            f"neuron circuit {ansatz} --json' prints; what a name means is not in the file"
        )
    circuit = Circuit.from_json(
        {
            "name": population.get("ansatz", "gates"),
            "io_qubits": population.get("io_qubits", 1),
            "memory_qubits": population.get("memory_qubits", 1),
            "gates": population["gates"],
            "parameter_count": population.get("parameter_count"),
        }
    )
    if circuit.io_qubits != 1:
        raise ValueError(
            f"{place}: found {circuit.io_qubits} channels, expected 1, the signals of NIR have no "
            "channels"
        )
    shape = (population["neurons"], circuit.parameter_count)
    angles = parameter(parameters, f"populations.{index}.angles", shape)
    return quantum_node()(circuit=json.dumps(circuit.to_json()), angles=angles.astype(np.float32))


def sqs_population(name: str, node: Any, index: int) -> tuple[dict[str, Any], Parameters]:
    """The population of a node, and its angles."""
    circuit = Circuit.from_json(json.loads(node.circuit))
    fields = circuit.to_json()
    population = {
        "name": name,
        "neurons": len(node.angles),
        "model": "sqs",
        "ansatz": fields.pop("name"),
        **fields,
    }
    return population, {f"populations.{index}.angles": node.angles.astype(np.float32)}
