"""Qiskit Aer, ideal or with the noise of FakeBrisbane."""

from __future__ import annotations

import concurrent.futures
from typing import Any

import qiskit
import qiskit_aer
from qiskit import QuantumCircuit
from qiskit.transpiler import generate_preset_pass_manager
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel

from .failures import Failure
from .layout import SEED, transpiled
from .programs import Programs, history


# Angles are bound inside the simulator, which is several times as fast as making a circuit of each set; sets share out the
# processor's cores.
OPTIONS = {"runtime_parameter_bind_enable": True, "max_parallel_experiments": 0}

# Up to this many qubits, density matrices with gates and noise multiplied together are faster than drawing the noise of each gate.
SMALL = 4


class AerTarget:
    """Jobs run in a thread of this process, and are gone with it."""

    def __init__(self, is_noisy: bool) -> None:
        self.backend = None
        if is_noisy:
            from qiskit_ibm_runtime.fake_provider import FakeBrisbane

            self.backend = FakeBrisbane()
        self.programs = Programs(self.prepare)
        self.worker = concurrent.futures.ThreadPoolExecutor(1)
        self.jobs: dict[str, concurrent.futures.Future] = {}

    def versions(self) -> dict[str, str]:
        versions = {"qiskit": qiskit.__version__, "qiskit-aer": qiskit_aer.__version__}
        if self.backend is not None:
            import qiskit_ibm_runtime

            versions["qiskit-ibm-runtime"] = qiskit_ibm_runtime.__version__
        return versions

    def prepare(self, circuit: QuantumCircuit) -> tuple[QuantumCircuit, AerSimulator]:
        if self.backend is None:
            # Aer 0.18 leaves angles of controlled gates unbound (its issue 2391): no such gate may be left.
            plain = generate_preset_pass_manager(optimization_level=1, basis_gates=["u", "cx"], seed_transpiler=SEED)
            return phaseless(plain.run(circuit)), AerSimulator(**OPTIONS)
        circuit, qubits = reduced(phaseless(transpiled(circuit, self.backend)))
        return circuit, noisy_simulator(self.backend, qubits)

    def submit(self, digest: str, seed: int, tasks: list[dict[str, Any]]) -> str:
        prepared = [self.programs[task["program"]] for task in tasks]
        job = f"aer-{digest[:16]}-{len(self.jobs)}"
        self.jobs[job] = self.worker.submit(run, prepared, seed, tasks)
        return job

    def find(self, digest: str) -> str | None:
        return None

    def poll(self, job: str, wait: float) -> dict[str, Any]:
        if job not in self.jobs:
            raise Failure("unknown_job", f"no job {job} in this process")
        try:
            counts = self.jobs[job].result(timeout=wait)
        except concurrent.futures.TimeoutError:
            return {"state": "running"}
        del self.jobs[job]
        return {"state": "finished", "counts": counts}


def run(prepared: list, seed: int, tasks: list[dict[str, Any]]) -> list[list[dict[str, int]]]:
    return [
        task_counts(circuit, simulator, (seed + number) % 2**31, task)
        for number, ((circuit, simulator), task) in enumerate(zip(prepared, tasks))
    ]


def task_counts(
    circuit: QuantumCircuit, simulator: AerSimulator, seed: int, task: dict[str, Any]
) -> list[dict[str, int]]:
    columns = dict(zip(task["parameters"], zip(*task["sets"])))
    # An angle that no gate depends on is not in the circuit.
    values = {parameter: list(columns[parameter.name]) for parameter in circuit.parameters}
    if not values:
        # Without parameters there is nothing to bind, but there are as many sets.
        circuits, options = [circuit] * len(task["sets"]), {}
    else:
        circuits, options = [circuit], {"parameter_binds": [values]}
    result = simulator.run(circuits, shots=task["shots"], seed_simulator=seed, **options).result()
    if not result.success:
        raise Failure("job", f"Aer: {result.status}")
    return [
        {
            history(format(int(bits, 16), f"0{circuit.num_clbits}b")): count
            for bits, count in experiment.data.counts.items()
        }
        for experiment in result.results
    ]


def phaseless(circuit: QuantumCircuit) -> QuantumCircuit:
    """The circuit without its global phase, which no measurement sees. In the gates of a target, rotations leave their angles in it,
    and Aer 0.18 cannot bind an angle there."""
    circuit.global_phase = 0
    return circuit


def reduced(circuit: QuantumCircuit) -> tuple[QuantumCircuit, list[int]]:
    """The circuit on the qubits alone that it uses, and which they were: a device's other qubits cost time."""
    qubits = sorted({circuit.find_bit(qubit).index for entry in circuit.data for qubit in entry.qubits})
    small = QuantumCircuit(len(qubits), global_phase=circuit.global_phase)
    for register in circuit.cregs:
        small.add_register(register)
    for entry in circuit.data:
        places = [qubits.index(circuit.find_bit(qubit).index) for qubit in entry.qubits]
        small.append(entry.operation, places, entry.clbits)
    return small, qubits


def noisy_simulator(backend: Any, qubits: list[int]) -> AerSimulator:
    options: dict[str, Any] = dict(OPTIONS)
    if len(qubits) <= SMALL:
        options |= {"method": "density_matrix", "fusion_threshold": 1}
    return AerSimulator(noise_model=noise_model(backend, qubits), **options)


def noise_model(backend: Any, qubits: list[int]) -> NoiseModel:
    """Aer's `NoiseModel.from_backend` of some of a backend's qubits."""
    from qiskit.providers import BackendV2, Options
    from qiskit.transpiler import Target

    full = backend.target
    target = Target(
        num_qubits=len(qubits), dt=full.dt, qubit_properties=[full.qubit_properties[qubit] for qubit in qubits])
    for name in full.operation_names:
        places = {
            tuple(qubits.index(qubit) for qubit in on): properties
            for on, properties in (full[name] or {}).items()
            if on is not None and set(on) <= set(qubits)
        }
        if places:
            target.add_instruction(full.operation_from_name(name), places, name=name)

    class Part(BackendV2):
        @property
        def target(self):
            return target

        @property
        def max_circuits(self):
            return None

        @classmethod
        def _default_options(cls):
            return Options()

        def run(self, run_input, **options):
            raise NotImplementedError("a part of a backend runs nothing")

    return NoiseModel.from_backend(Part())
