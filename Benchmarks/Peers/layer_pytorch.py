#!/usr/bin/env python3
"""One layer of SQS neurons in PyTorch: `sqsnn.torch.SQSLayer` beside the compiled neuron of `network_pytorch.py`.

Forward and backward over all steps, from currents to the gradients of currents and angles, in turns; `--forward` without the way
back. Both take what suits them best: the engine [sample, step, neuron], PyTorch's neuron [neuron, sample] for each step.

    SQSNN_LIBRARY=… SQSNN_HEADER=… PYTHONPATH=python python Benchmarks/Peers/layer_pytorch.py
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import network_pytorch
import torch

from sqsnn.torch import SQSLayer


def engine(neurons: int, batch: int, steps: int, threads: int, learns: bool) -> Callable[[], None]:
    layer = SQSLayer(neurons, threads=threads)
    currents = torch.rand(batch, steps, neurons, requires_grad=True)
    errors = torch.rand(batch, steps, neurons)

    def run() -> None:
        currents.grad = layer.weight.grad = None
        with torch.set_grad_enabled(learns):
            spikes, _ = layer(currents)
        if learns:
            spikes.backward(errors)

    return run


def compiled(neurons: int, batch: int, steps: int, learns: bool) -> Callable[[], None]:
    step = network_pytorch.compiled_step()
    angles = (0.1 * torch.randn(5, neurons)).requires_grad_()
    currents = [torch.rand(neurons, batch, requires_grad=True) for _ in range(steps)]
    errors = [torch.rand(neurons, batch) for _ in range(steps)]

    def run() -> None:
        for tensor in [angles, *currents]:
            tensor.grad = None
        words = network_pytorch.random_words(steps, neurons, batch)
        with torch.set_grad_enabled(learns):
            spikes = network_pytorch.population(step, angles, currents, words)
        if learns:
            torch.autograd.backward(spikes, errors)

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--neurons", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--forward", action="store_true")
    options = parser.parse_args()
    network_pytorch.keep_memory()
    torch.set_num_threads(options.threads)
    size = options.neurons, options.batch, options.steps
    learns = not options.forward
    runs = {"sqsnn.torch": engine(*size, options.threads, learns), "torch.compile": compiled(*size, learns)}
    times: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        for _ in range(3):
            run()
    for _ in range(options.rounds):
        for name, run in runs.items():
            start = time.perf_counter()
            for _ in range(5):
                run()
            times[name].append((time.perf_counter() - start) / 5)
    ratios = sorted(slow / fast for fast, slow in zip(times["sqsnn.torch"], times["torch.compile"]))
    count = size[0] * size[1] * size[2]
    for name, taken in times.items():
        best = statistics.median(taken)
        print(f"{name:14} {1e3 * best:7.2f} ms  {1e9 * best / count:6.2f} ns a neuron and step")
    print(f"ratio          {statistics.median(ratios):7.2f} ({ratios[0]:.2f} … {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
