"""What a convolution costs as dense products: NumPy (OpenBLAS), one thread.

Times the three passes over the second convolution of the graph qscnn (12 × 12 places of 12 features, kernel 5 × 5, 64 features) for
rows of spikes, a row being one sample at one step: currents, gradient of the weights, errors of the spikes. Each is a product with
the squares under the kernel as rows of a matrix (im2col); for the currents and the gradient those are copied from the spikes first, for the
errors they are added up afterwards (col2im). Prints the least microseconds a row, of the product alone and with the copying. The
product's time does not depend on how many inputs spike.

    .build/peers/bin/python Benchmarks/Peers/convolution_product.py

What to set beside it: perf record on `sqsnn train --graph qscnn --threads 1`, whose addRuns, addRunGradients and propagateRunErrors
are the same passes of both convolutions.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

# Read by OpenBLAS when NumPy is imported.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np

SIDE, INPUT_FEATURES, KERNEL, FEATURES = 12, 12, 5, 64
OUTPUT_SIDE = SIDE - KERNEL + 1
PLACES, SQUARE = OUTPUT_SIDE**2, KERNEL**2 * INPUT_FEATURES


def least(work: Callable[[], object], repetitions: int = 20) -> float:
    """Seconds of the fastest repetition."""
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def measure(rows: int, density: float) -> list[tuple[str, float, float]]:
    """Name of each pass, seconds of its product, and of its copying."""
    random = np.random.default_rng(1)
    spikes = (random.random((rows, SIDE, SIDE, INPUT_FEATURES)) < density).astype(np.float32)
    weights = random.standard_normal((SQUARE, FEATURES), dtype=np.float32)
    errors = random.standard_normal((rows * PLACES, FEATURES), dtype=np.float32)
    squares = np.empty((rows * PLACES, SQUARE), np.float32)
    currents, gradient, square_errors = np.empty_like(errors), np.empty_like(weights), np.empty_like(squares)
    shape = (rows, OUTPUT_SIDE, OUTPUT_SIDE, KERNEL, KERNEL, INPUT_FEATURES)
    windows = np.lib.stride_tricks.sliding_window_view(spikes, (KERNEL, KERNEL), axis=(1, 2))
    windows = windows.transpose(0, 1, 2, 4, 5, 3)
    spike_errors = np.empty_like(spikes)

    def copy_squares() -> None:
        squares.reshape(shape)[...] = windows

    def add_squares() -> None:
        spike_errors[...] = 0
        for y in range(KERNEL):
            for x in range(KERNEL):
                spike_errors[:, y : y + OUTPUT_SIDE, x : x + OUTPUT_SIDE] += square_errors.reshape(shape)[:, :, :, y, x]

    copying, adding = least(copy_squares), least(add_squares)
    # The definition, at one place of one row, before anything is believed.
    np.matmul(squares, weights, out=currents)
    window = spikes[1, 2 : 2 + KERNEL, 3 : 3 + KERNEL].reshape(-1)
    assert np.allclose(currents.reshape(rows, OUTPUT_SIDE, OUTPUT_SIDE, FEATURES)[1, 2, 3], window @ weights, atol=1e-3)
    return [
        ("currents", least(lambda: np.matmul(squares, weights, out=currents)), copying),
        ("gradient of the weights", least(lambda: np.matmul(squares.T, errors, out=gradient)), copying),
        ("errors of the spikes", least(lambda: np.matmul(errors, weights.T, out=square_errors)), adding),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200, help="samples times steps of a product (%(default)s)")
    parser.add_argument("--density", type=float, default=0.2, help="inputs that spike (%(default)s)")
    arguments = parser.parse_args()
    print(f"{'microseconds a row':26}{'product':>10}{'with copying':>14}")
    for name, product, copying in measure(arguments.rows, arguments.density):
        scale = 1e6 / arguments.rows
        print(f"{name:26}{scale * product:10.1f}{scale * (product + copying):14.1f}")


if __name__ == "__main__":
    main()
