"""When a dense product would be faster than event-driven sums.

Times NumPy's product (OpenBLAS) of a batch's spikes with the weights, and of the transposed spikes with the errors,
beside the sums of `sqsnn bench step`, both on one thread, in turns, over densities and time steps. Prints the ratio
sqsnn / NumPy of the least times: above 1, the dense product is faster.

    .build/peers/bin/python Benchmarks/Peers/dense_product.py
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

# Read by OpenBLAS when NumPy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
INPUTS, HIDDEN, BATCH = 784, 1000, 256
STEPS = (5, 2, 1)
DENSITIES = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


def least(work: Callable[[], object], repetitions: int = 10) -> float:
    """Seconds of the fastest repetition."""
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def dense(steps: int, density: float) -> tuple[float, float]:
    """Seconds of both products; they hardly depend on the density."""
    random = np.random.default_rng(1)
    rows = BATCH * steps
    spikes = (random.random((rows, INPUTS)) < density).astype(np.float32)
    weights = random.standard_normal((INPUTS, HIDDEN), dtype=np.float32)
    errors = random.standard_normal((rows, HIDDEN), dtype=np.float32)
    currents = np.empty((rows, HIDDEN), np.float32)
    gradient = np.empty((INPUTS, HIDDEN), np.float32)
    forward = least(lambda: np.matmul(spikes, weights, out=currents))
    backward = least(lambda: np.matmul(spikes.T, errors, out=gradient))
    return forward, backward


def events(tool: Path, steps: int, density: float) -> tuple[float, float]:
    """Least seconds of sqsnn's sums both ways."""
    options = [f"--steps={steps}", f"--densities={density}", "--threads=1", "--json"]
    command = [str(tool), "bench", "density", *options]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    point = json.loads(result.stdout)["points"][0]
    return point["currents_forward_seconds"]["minimum"], point["currents_backward_seconds"]["minimum"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sqsnn", type=Path, default=ROOT / ".build/release/sqsnn", help="a release build")
    parser.add_argument("--rounds", type=int, default=3, help="how often both have their turn (%(default)s)")
    arguments = parser.parse_args()
    print("steps  density  forward: sqsnn, NumPy, ratio       backward: sqsnn, NumPy, ratio")
    for steps in STEPS:
        for density in DENSITIES:
            pairs = [
                events(arguments.sqsnn, steps, density) + dense(steps, density)
                for _ in range(arguments.rounds)
            ]
            ours_forward, ours_backward, forward, backward = (1000 * min(times) for times in zip(*pairs))
            print(
                f"{steps:5}  {100 * density:5g} %  "
                f"{ours_forward:8.2f} ms {forward:8.2f} ms {ours_forward / forward:6.2f}   "
                f"{ours_backward:8.2f} ms {backward:8.2f} ms {ours_backward / backward:6.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
