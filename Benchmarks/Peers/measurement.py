"""Timing, and how a peer talks to `compare.py`.

A peer is a script that prints one JSON object: what it is, and one round of measurements. With
`--rounds-on-request` it prepares itself (imports, builds, compiles), prints what it is, and then prints one
round for each line that it reads, so that `compare.py` can let the peers take turns without paying for their
start every time.

A round is `{quantity: {variant: figure}}`. A variant is one way in which an expert may run the peer; every
round times all of them, and the fastest counts. Quantities end in `_seconds` or in `_per_second`.
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
from typing import Protocol

Round = dict[str, dict[str, float]]

#: After which no repetition is begun.
ENOUGH_SECONDS = 3


class Peer(Protocol):
    #: `peer`, the name; `versions`; and whatever else tells what is timed.
    description: dict[str, object]

    def measure(self) -> Round:
        """One round."""


class Failure(Exception):
    """Something that the user can put right; the message is one line."""


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
            print(json.dumps(peer.description | {"round": peer.measure()}, indent=2))
            return
        print(json.dumps(peer.description), flush=True)
        for _ in sys.stdin:
            print(json.dumps(peer.measure()), flush=True)
    except Failure as failure:
        sys.exit(f"{parser.prog}: {failure}")
