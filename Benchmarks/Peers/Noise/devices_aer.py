#!/usr/bin/env python3
"""`sqsnn device convert` against Qiskit Aer's `NoiseModel.from_backend` on published calibrations.

For every gate of a snapshot in Qiskit IBM Runtime, the map that Aer makes (depolarising after which relaxation) against that of
our figures; and the catalogue's device `eagle` against the medians of ibm_brisbane.
"""

from __future__ import annotations

import json
import pathlib
import sys

import numpy as np
import qiskit_ibm_runtime
from qiskit.quantum_info import SuperOp
from qiskit_aer.noise import depolarizing_error, thermal_relaxation_error
from qiskit_aer.noise.device.models import basic_device_gate_errors
from qiskit_ibm_runtime.models import BackendProperties

import sqsnn

FOLDER = pathlib.Path(qiskit_ibm_runtime.__file__).parent / "fake_provider" / "backends"


def figures(noise: dict, gate: str, place: list[int]) -> dict:
    """The last rules that apply to a gate, as the tool reads them."""
    found = {}
    for rule in noise["gates"]:
        if rule.get("gate", gate) == gate and set(rule.get("qubits", place)) == set(place):
            found |= rule
    return found


def our_map(noise: dict, gate: str, place: list[int]) -> SuperOp:
    rule = figures(noise, gate, place)
    result = SuperOp(depolarizing_error(rule["depolarizing"], len(place)))
    for index, qubit in enumerate(place):
        if rule["duration_ns"] > 0:
            times = noise["qubits"][qubit]
            error = thermal_relaxation_error(times["t1_us"], times["t2_us"], rule["duration_ns"] / 1000)
            result = result.compose(SuperOp(error), [index])
    return result


def main() -> int:
    wrong, compared, farthest = 0, 0, 0.0
    for name, qubits in [("brisbane", [4, 5, 6]), ("sherbrooke", [0, 1, 14]), ("washington", [0, 1, 2]), ("kyiv", [10, 9, 8])]:
        path = FOLDER / name / f"props_{name}.json"
        device = sqsnn.call("device", "convert", str(path), "--qubits", ",".join(map(str, qubits)))
        properties = BackendProperties.from_dict(json.loads(path.read_text()))
        for gate, on, error in basic_device_gate_errors(properties):
            if not set(on) <= set(qubits) or gate in ("reset", "measure", "id"):
                continue
            # Ours by a name of the neuron's gates: those that it does not know count as the calibrated one.
            place = [qubits.index(qubit) for qubit in on]
            ours = {"sx": "rx", "ecr": "crx", "cx": "cx"}.get(gate, gate)
            difference = float(np.max(np.abs(our_map(device["noise"], ours, place).data - SuperOp(error).data)))
            farthest = max(farthest, difference)
            compared += 1
            if difference > 1e-9:
                wrong += 1
                print(f"{name}, {gate} on {on}: {difference:.1e} apart")
    median = sqsnn.call("device", "convert", str(FOLDER / "brisbane" / "props_brisbane.json"), "--median")["noise"]
    eagle = sqsnn.run("device", "show", "eagle")["noise"]
    if set(median) != set(eagle):
        wrong += 1
        print(f"eagle: fields {sorted(eagle)}, of the medians {sorted(median)}")
    for field in sorted(set(median) & set(eagle) - {"gates"}):
        if not np.allclose(eagle[field], median[field], rtol=1e-5, atol=1e-6):
            wrong += 1
            print(f"eagle: {field} is {eagle[field]}, median {median[field]}")
    print(f"devices_aer: {compared} gates of 4 backends: {wrong} disagree, maps at most {farthest:.1e} apart")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
