"""What went wrong, in the words of the protocol."""

from __future__ import annotations

import os
import socket
from typing import Iterator

# Texts that no message may hold.
secrets: set[str] = set()


class Failure(Exception):
    """A failure whose kind is known where it happens.

    Kinds: `unavailable` (something is not installed or does not exist), `credentials`, `network` (trying again may help),
    `job` (the backend refused or failed), `unknown_job`, `request` (the request itself is wrong).
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


NOT_ACCEPTED = {
    "IBMNotAuthorizedError", "IBMAccountError", "AccountNotFoundError", "InvalidAccountError",
    "CloudResourceNameResolutionError",
}
# By name, so that nothing has to be imported to find out.
NETWORK = {
    "ConnectionError", "ConnectTimeout", "ReadTimeout", "Timeout", "SSLError", "ProxyError", "ChunkedEncodingError",
    "ProtocolError", "MaxRetryError", "NewConnectionError", "NameResolutionError", "RetryError", "RemoteDisconnected",
    "IncompleteRead",
}
UNKNOWN_JOB = {"RuntimeJobNotFound"}
UNKNOWN_BACKEND = {"QiskitBackendNotFoundError"}


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it, `raise … from None` included."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def names(error: BaseException) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def kind(error: BaseException) -> str:
    if isinstance(error, Failure):
        return error.kind
    for link in chain(error):
        found = names(link)
        status = getattr(link, "status_code", None)
        if isinstance(link, ModuleNotFoundError):
            return "unavailable"
        if found & NOT_ACCEPTED or status in (401, 403):
            return "credentials"
        if found & UNKNOWN_JOB:
            return "unknown_job"
        if found & UNKNOWN_BACKEND:
            return "unavailable"
        if isinstance(status, int) and (status >= 500 or status in (408, 425, 429)):
            return "network"
        if isinstance(status, int) and status >= 400:
            return "job"
        if found & NETWORK or isinstance(link, (ConnectionError, TimeoutError, socket.gaierror)):
            return "network"
    return "job"


def described(error: BaseException) -> dict[str, str]:
    text = str(error).strip() or type(error).__name__
    if not isinstance(error, Failure):
        text = f"{type(error).__name__}: {text}"
    # Long enough that no secret is cut in two where the other side looks for them.
    return {"kind": kind(error), "message": redacted(" ".join(text.split()))[:100_000]}


def redacted(text: str) -> str:
    for secret in secrets | {os.environ.get("QISKIT_IBM_TOKEN", "")}:
        if len(secret) >= 8:
            text = text.replace(secret, "***")
    return text
