"""IBM's devices, by QiskitRuntimeService and SamplerV2.

The account is the one that `QiskitRuntimeService.save_account` saved, or that of the environment (QISKIT_IBM_TOKEN,
QISKIT_IBM_CHANNEL: `ibm_quantum_platform` or `ibm_cloud`, QISKIT_IBM_INSTANCE). It is the vendor's library that reads it.
"""

from __future__ import annotations

import time
import warnings
from typing import Any

import qiskit
import qiskit_ibm_runtime
from qiskit_ibm_runtime import QiskitRuntimeService, SamplerV2

from . import failures
from .failures import Failure
from .layout import transpiled
from .programs import Programs, history


class IBMTarget:
    """Jobs are at IBM, and outlive this process."""

    # The server is asked about a job at most this often, in seconds.
    interval = 5.0

    def __init__(self, name: str, service: Any = None) -> None:
        self.service = service or QiskitRuntimeService()
        account = getattr(self.service, "active_account", dict)() or {}
        failures.secrets.add(account.get("token", ""))
        self.backend = self.service.backend(name)
        self.programs = Programs(lambda circuit: transpiled(circuit, self.backend))
        self.asked: dict[str, tuple[float, str]] = {}

    def versions(self) -> dict[str, str]:
        return {"qiskit": qiskit.__version__, "qiskit-ibm-runtime": qiskit_ibm_runtime.__version__}

    def submit(self, digest: str, seed: int, tasks: list[dict[str, Any]]) -> str:
        pubs = [self.pub(task) for task in tasks]
        with warnings.catch_warnings():
            # Its successor in the same package has the same interface, and not yet a release in which it is the default.
            warnings.simplefilter("ignore", DeprecationWarning)
            sampler = SamplerV2(mode=self.backend)
            sampler.options.environment.job_tags = [tag(digest)]
            return sampler.run(pubs).job_id()

    def pub(self, task: dict[str, Any]) -> tuple:
        """One circuit with all its parameter sets."""
        circuit = self.programs[task["program"]]
        known = {parameter.name for parameter in circuit.parameters}
        places = [place for place, name in enumerate(task["parameters"]) if name in known]
        names = tuple(task["parameters"][place] for place in places)
        if not names:
            raise Failure("job", "a circuit without parameters cannot carry several parameter sets; give it an angle")
        return circuit, {names: [[row[place] for place in places] for row in task["sets"]]}, task["shots"]

    def find(self, digest: str) -> str | None:
        for job in self.service.jobs(limit=10, job_tags=[tag(digest)]):
            if job.status() not in ("ERROR", "CANCELLED"):
                return job.job_id()
        return None

    def poll(self, job: str, wait: float) -> dict[str, Any]:
        last, state = self.asked.get(job, (0.0, "queued"))
        if time.monotonic() - last < min(self.interval, 5 * wait) and last:
            time.sleep(wait)
            return {"state": state}
        handle = self.service.job(job)
        status = handle.status()
        if status == "DONE":
            self.asked.pop(job, None)
            return {"state": "finished", "counts": [pub_counts(pub) for pub in handle.result()]}
        if status in ("ERROR", "CANCELLED"):
            raise Failure("job", f"{status.lower()}: {handle.error_message() or 'no reason given'}")
        state = "running" if status == "RUNNING" else "queued"
        self.asked[job] = (time.monotonic(), state)
        time.sleep(wait)
        return {"state": state}


def pub_counts(pub: Any) -> list[dict[str, int]]:
    bits = pub.join_data()
    return [
        {history(text): count for text, count in bits.get_counts(place).items()} for place in range(bits.shape[0])
    ]


def tag(digest: str) -> str:
    """Finds the job of a batch again, even if its identifier was never received."""
    return "sqsnn-" + digest[:40]
