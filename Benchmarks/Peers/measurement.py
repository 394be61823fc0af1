"""Timing, and how a peer talks to `compare.py`.

A peer is a script that prints one JSON object: what it is, and one round of measurements. With
`--rounds-on-request` it prepares itself (imports, builds, compiles), prints what it is, and then prints one
round for each line that it reads, so that `compare.py` can let the peers take turns without paying for their
start every time.

A round is `{quantity: {variant: figure}}`. A variant is one way in which an expert may run the peer; every
round times all of them, and the fastest counts. Quantities end in `_seconds` or in `_per_second`. Where a
variant has no figure, the reason stands in its place, so that one which cannot do a size leaves the others
their round.
"""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

#: A text is the reason why there is no figure.
Round = dict[str, dict[str, float | str]]
Result = TypeVar("Result")

#: After which no repetition is begun.
ENOUGH_SECONDS = 3


class Peer(Protocol):
    #: `peer`, the name; `versions`; and whatever else tells what is timed.
    description: dict[str, object]

    def measure(self, request: str) -> Round:
        """One round; the request is the line that asked for it."""


class Failure(Exception):
    """Something that the user can put right; the message is one line."""


class Impossible(Exception):
    """A size that a peer cannot do; the message says which, and why."""


def attempted(action: Callable[[], Result]) -> Result | str:
    """What the action returns, or why it does not."""
    try:
        return action()
    except Impossible as limit:
        return str(limit)
    except Exception as error:
        return f"failed: {last_line(str(error)) or type(error).__name__}"


def last_line(text: str) -> str:
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def require_state(qubits: int, steps: int, circuits: int = 1) -> None:
    """Throws if state vectors of two 8-byte numbers an amplitude do not fit into half of the memory: simulators
    hold a second copy, and some are ended by the system, not by an exception, where there is none.
    """
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    size = 16 * circuits * 2**qubits
    if 2 * size > memory:
        states = "a state" if circuits == 1 else f"{circuits} states"
        raise Impossible(
            f"not at T = {steps}: {states} of {qubits} qubits, one for each step and the memory, would take "
            f"{size:.2g} bytes, the machine has {memory:.2g}"
        )


def median_seconds(action: Callable[[], object], repetitions: int, warm_ups: int) -> float:
    """Wall-clock seconds of `action`, median over the repetitions, garbage collection kept out.

    Fewer repetitions of what takes seconds, as two threads do that wait for a core which others use.
    """
    for _ in range(warm_ups):
        action()
    gc.collect()
    gc.disable()
    try:
        durations = []
        for _ in range(repetitions):
            start = time.perf_counter()
            action()
            durations.append(time.perf_counter() - start)
            if sum(durations) > ENOUGH_SECONDS:
                break
    finally:
        gc.enable()
    return statistics.median(durations)


def rates(
    runs: dict[str, dict[str, tuple[Callable[[], object] | str, int]]], repetitions: int, warm_ups: int
) -> Round:
    """Neuron-steps a second of each quantity's variants: what to run, or why it cannot be, and its neuron-steps."""

    def rate(run: Callable[[], object] | str, neuron_steps: int) -> float | str:
        if isinstance(run, str):
            return run
        return attempted(lambda: neuron_steps / median_seconds(run, repetitions, warm_ups))

    return {
        quantity: {variant: rate(*entry) for variant, entry in variants.items()}
        for quantity, variants in runs.items()
    }


def threads_label(threads: int) -> str:
    return f"{threads} thread{'s' if threads > 1 else ''}"


def versions(*packages: str) -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in packages}


def core_count() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0))


def expect_close(what: str, found: object, expected: object, tolerance: float) -> str:
    """One line that says how far `found` is from `expected`; throws if it is further than `tolerance`."""
    import numpy

    difference = float(numpy.max(numpy.abs(numpy.asarray(found) - numpy.asarray(expected))))
    line = f"{what}: largest difference {difference:.1e}, allowed {tolerance:.1e}"
    # Written so that a NaN fails.
    if not difference <= tolerance:
        raise Failure(line)
    return line


def run(
    description: str,
    prepare: Callable[[argparse.Namespace], Peer],
    check: Callable[[argparse.Namespace], list[str]],
    add_arguments: Callable[[argparse.ArgumentParser], None] = lambda parser: None,
) -> None:
    """The main program of a peer. Exit codes: 0 success, 1 failure, 2 wrong usage."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="compare with the equations instead of timing")
    parser.add_argument(
        "--rounds-on-request", action="store_true", help="one round for each line of standard input"
    )
    add_arguments(parser)
    arguments = parser.parse_args()
    try:
        if arguments.check:
            print("\n".join(check(arguments)))
            return
        peer = prepare(arguments)
        if not arguments.rounds_on_request:
            print(json.dumps(peer.description | {"round": peer.measure("")}, indent=2))
            return
        print(json.dumps(peer.description), flush=True)
        for line in sys.stdin:
            print(json.dumps(peer.measure(line.strip())), flush=True)
    except Failure as failure:
        sys.exit(f"{parser.prog}: {failure}")
