"""Stands in for Qiskit IBM Runtime: see README.md.

Set k of a job has its only spike at bit k of the history, modulo its length.
"""

import json
import os
import pathlib
import signal
import types

__version__ = "0.51.0"

FOLDER = pathlib.Path(os.environ["FAKE_RUNTIME_FOLDER"])
FAULT = os.environ.get("FAKE_RUNTIME_FAULT", "")


class IBMNotAuthorizedError(Exception):
    pass


class IBMRuntimeError(Exception):
    pass


class RuntimeJobNotFound(IBMRuntimeError):
    pass


class RequestsApiError(Exception):
    def __init__(self, message, status_code):
        super().__init__(message)
        self.status_code = status_code


def once(name):
    """Whether something happens for the first time in this folder."""
    try:
        (FOLDER / f"once-{name}").touch(exist_ok=False)
        return True
    except FileExistsError:
        return False


def server_failure():
    try:
        raise RequestsApiError("502 Server Error: Bad Gateway", 502)
    except RequestsApiError as error:
        raise IBMRuntimeError(f"Failed to run program: {error}") from None


class Job:
    def __init__(self, path):
        self.path = path
        self.content = json.loads(path.read_text())

    def job_id(self):
        return self.path.stem

    def status(self):
        if FAULT == "killed-polling" and once("killed-polling"):
            print("killed while waiting", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        if FAULT == "server-polling" and once("server-polling"):
            server_failure()
        if FAULT == "queue":
            return "QUEUED"
        if FAULT == "cancelled":
            return "CANCELLED"
        self.content["asked"] += 1
        self.path.write_text(json.dumps(self.content))
        return ["QUEUED", "RUNNING", "DONE"][min(self.content["asked"], 3) - 1]

    def error_message(self):
        return "the fake device is out of helium"

    def result(self):
        pubs = [PubResult(pub) for pub in self.content["pubs"]]
        return pubs[:-1] if FAULT == "partial-tasks" else pubs


class PubResult:
    def __init__(self, pub):
        self.pub = pub

    def join_data(self):
        return BitArray(self.pub)


class BitArray:
    def __init__(self, pub):
        self.pub = pub
        self.shape = (pub["sets"] - (FAULT == "partial-sets"),)

    def get_counts(self, place):
        bits = self.pub["bits"]
        text = "".join("1" if bit == place % bits else "0" for bit in range(bits))
        if FAULT == "wrong-bits":
            text = text[1:]
        return {text[::-1]: self.pub["shots"] - (FAULT == "partial-shots")}


class SamplerV2:
    def __init__(self, mode):
        assert mode.name == "fake"
        self.options = types.SimpleNamespace(environment=types.SimpleNamespace(job_tags=None))

    def run(self, pubs):
        if FAULT == "server-submitting" and once("server-submitting"):
            server_failure()
        content = {"asked": 0, "tags": self.options.environment.job_tags, "pubs": []}
        for circuit, values, shots in pubs:
            ((names, rows),) = values.items()
            assert list(names) == [parameter.name for parameter in circuit.parameters]
            assert all(len(row) == len(names) for row in rows)
            content["pubs"].append({"bits": circuit.num_clbits, "sets": len(rows), "shots": shots})
        path = FOLDER / f"job-{len(list(FOLDER.glob('job-*.json')))}.json"
        path.write_text(json.dumps(content))
        if FAULT == "killed-submitting" and once("killed-submitting"):
            print("killed after the job was handed over", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        if FAULT == "lost-submitting" and once("lost-submitting"):
            raise ConnectionResetError("connection reset by peer")
        return Job(path)


class QiskitRuntimeService:
    def __init__(self):
        if FAULT == "credentials":
            raise IBMNotAuthorizedError(f"token {os.environ['QISKIT_IBM_TOKEN']} is not valid")

    def active_account(self):
        return {"channel": "ibm_quantum_platform", "token": "a-token-of-no-account"}

    def backend(self, name):
        return types.SimpleNamespace(name=name, target=types.SimpleNamespace(operation_names=[]))

    def job(self, job_id):
        path = FOLDER / f"{job_id}.json"
        if not path.exists():
            raise RuntimeJobNotFound(f"Job not found: {job_id}")
        return Job(path)

    def jobs(self, limit, job_tags):
        found = [Job(path) for path in sorted(FOLDER.glob("job-*.json"), reverse=True)]
        return [job for job in found if set(job_tags) <= set(job.content["tags"])][:limit]
