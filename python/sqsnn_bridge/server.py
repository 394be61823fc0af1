"""The requests: hello, submit, find, poll."""

from __future__ import annotations

import platform
from typing import Any, Protocol

from . import PROTOCOL, VERSION
from .failures import Failure


class Target(Protocol):
    """Where circuits run."""

    def versions(self) -> dict[str, str]:
        """Names and versions of the packages in use."""

    def submit(self, digest: str, seed: int, tasks: list[dict[str, Any]]) -> str:
        """Hands over a batch; returns its job."""

    def find(self, digest: str) -> str | None:
        """The job that a batch was handed over as."""

    def poll(self, job: str, wait: float) -> dict[str, Any]:
        """`{"state": "queued" | "running"}`, or `{"state": "finished", "counts": [task][set]{history: count}}`."""


def target(name: str) -> Target:
    if name == "qiskit":
        from .packages import PackagesTarget

        return PackagesTarget()
    if name in ("aer", "aer-fake-brisbane"):
        from .aer import AerTarget

        return AerTarget(is_noisy=name != "aer")
    if name.startswith("ibm:"):
        from .ibm import IBMTarget

        return IBMTarget(name.removeprefix("ibm:"))
    raise Failure("request", f"unknown target {name!r}")


class Server:
    def __init__(self, name: str) -> None:
        self.name = name
        self.target: Target | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["request"] == "hello":
            return self.hello(request["protocol"])
        if self.target is None:
            raise Failure("request", "the first request must be hello")
        if request["request"] == "submit":
            return {"job": self.target.submit(request["digest"], request["seed"], request["tasks"])}
        if request["request"] == "find":
            return {"job": self.target.find(request["digest"])}
        if request["request"] == "poll":
            return self.target.poll(request["job"], request["wait"])
        raise Failure("request", f"unknown request {request['request']!r}")

    def hello(self, protocol: int) -> dict[str, Any]:
        answer = {"protocol": PROTOCOL, "bridge": VERSION, "versions": {}}
        # Who speaks another protocol is told so before anything can fail for other reasons.
        if protocol == PROTOCOL:
            self.target = target(self.name)
            answer["versions"] = {"python": platform.python_version()} | self.target.versions()
        return answer
