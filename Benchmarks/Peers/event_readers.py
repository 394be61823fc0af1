#!/usr/bin/env python3
"""Readers of event recordings: `sqsnn bench events` beside tonic, expelliarmus, aedat and NumPy, in turns, on one thread.

    python3 -m venv v && v/bin/pip install tonic==1.7.0 expelliarmus==1.1.12 aedat==2.3.0
    v/bin/python Benchmarks/Peers/event_readers.py

All read the files that sqsnn's benchmark writes. A round is sqsnn's median of a second of readings, then the median of the
peer's; the table has the medians of the rounds, and the least and greatest ratio of a round. Where a peer hands over the
records as they lie in the file it does less: the last column says so.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import tonic.io
from aedat import Decoder
from expelliarmus import Wizard

import turns
from measurement import Failure
from workload import positive_integer

RECORD = np.dtype([("x", int), ("y", int), ("t", int), ("p", int)])


def tonic_aedat2(path: str) -> int:
    # read_dvs_128 of this version does not run, its parts do. Columns of the DVS128 are bits 1 to 7.
    version, start, _ = tonic.io.read_aedat_header_from_file(path)
    events = tonic.io.get_aer_events_from_file(path, version, start)
    address = events["address"]
    columns = (address >> 1 & 127, address >> 8 & 127, address & 1, events["timeStamp"])
    return min(map(len, columns))


def tonic_atis(path: str) -> int:
    return len(tonic.io.read_mnist_file(path, dtype=RECORD))


def expelliarmus_dat(path: str) -> int:
    return len(Wizard(encoding="dat").read(path))


def numpy_array(path: str) -> int:
    return len(np.load(path))


def numpy_archive(path: str) -> int:
    with np.load(path) as archive:
        return min(len(archive[name]) for name in archive.files)


def aedat4(path: str) -> int:
    return sum(len(packet["events"]) for packet in Decoder(path) if "events" in packet)


#: Work of `sqsnn bench events`: its file, the peer's package and reader, and what the peer leaves undone.
PEERS: dict[str, tuple[str, str, Callable[[str], int], str]] = {
    "aedat-2": ("events.aedat", "tonic", tonic_aedat2, ""),
    "atis": ("events.bin", "tonic", tonic_atis, ""),
    "prophesee": ("events.dat", "expelliarmus", expelliarmus_dat, ""),
    "npy": ("events.npy", "numpy", numpy_array, "records as they lie"),
    "npz": ("events.npz", "numpy", numpy_archive, "columns as they lie"),
    "aedat-4": ("aedat-4.aedat4", "aedat", aedat4, ""),
    "aedat-4-lz4": ("aedat-4-lz4.aedat4", "aedat", aedat4, ""),
    "aedat-4-zstd": ("aedat-4-zstd.aedat4", "aedat", aedat4, ""),
}


def ours(tool: Path, work: str, events: int, folder: str) -> float:
    """Events a second."""
    options = (f"--only={work}", f"--events={events}", f"--files={folder}")
    return turns.call_sqsnn(tool, "bench", "events", *options)["rows"][0]["measurement"]["rate"]


def theirs(read: Callable[[str], int], path: str, events: int) -> float:
    """Events a second; the median of at least three readings and a second."""
    seconds: list[float] = []
    while len(seconds) < 3 or sum(seconds) < 1:
        start = time.perf_counter()
        count = read(path)
        seconds.append(time.perf_counter() - start)
        if count != events:
            raise Failure(f"{path}: found {count} events, expected {events}")
    return events / statistics.median(seconds)


def run(options: argparse.Namespace) -> None:
    turns.require_tool(options.sqsnn)
    print("| work | sqsnn, M events/s | peer | peer, M events/s | sqsnn / peer | |")
    print("|---|---|---|---|---|---|")
    for work in options.only.split(","):
        file, package, read, undone = PEERS[work]
        rounds = []
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(options.rounds):
                own = ours(options.sqsnn, work, options.events, folder)
                rounds.append((own, theirs(read, f"{folder}/{file}", options.events)))
        own, other = (statistics.median(numbers) / 1e6 for numbers in zip(*rounds))
        ratios = sorted(own / other for own, other in rounds)
        version = importlib.metadata.version(package)
        print(
            f"| `{work}` | {own:.0f} | {package} {version} | {other:.0f} | "
            f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f}) | {undone} |",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqsnn", type=Path, default=turns.TOOL, help="a release build of the tool")
    parser.add_argument("--events", type=positive_integer, default=2_000_000)
    parser.add_argument("--rounds", type=positive_integer, default=5)
    parser.add_argument("--only", default=",".join(PEERS), help="work, with commas between (%(default)s)")
    try:
        run(parser.parse_args())
    except Failure as failure:
        sys.exit(f"event_readers: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
