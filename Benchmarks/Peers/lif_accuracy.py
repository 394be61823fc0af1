#!/usr/bin/env python3
"""Trains 784-1000-10 LIF neurons in snnTorch by the recipe of `sqsnn train --model lif`, beside sqsnn itself, over
several seeds, and says whether the accuracies differ by more than their noise.

The recipe: rate coding, T = 5, softmax cross-entropy of 5 times the rates, arctan surrogate, Adam 1e-3 with a
cosine schedule, batch 256, weights uniform in ±1/√inputs, no biases. Test accuracy is that of one single-shot
pass, ties between classes broken at random.
"""

from __future__ import annotations

import argparse
import gzip
import math
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import snntorch
import torch
from snntorch import surrogate
from torch import Tensor, nn

import turns
from measurement import Failure
from workload import LEARNING_RATE, TEMPERATURE, positive_integer

STEPS, BATCH, HIDDEN, CLASSES = 5, 256, 1000, 10
#: t_{0.975} for n − 1 degrees of freedom, n seeds.
STUDENT = {2: 12.706, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306, 10: 2.262}


def read(folder: Path, name: str) -> np.ndarray:
    """An IDX file, gzipped or not."""
    path = next((found for found in (folder / name, folder / f"{name}.gz") if found.is_file()), None)
    if path is None:
        raise Failure(f"{folder}: found no {name}, expected an image set in IDX files")
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    dimensions = data[3]
    shape = [int.from_bytes(data[4 + 4 * index : 8 + 4 * index], "big") for index in range(dimensions)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()

        def layer(inputs: int, outputs: int) -> nn.Linear:
            made = nn.Linear(inputs, outputs, bias=False)
            nn.init.uniform_(made.weight, -1 / math.sqrt(inputs), 1 / math.sqrt(inputs))
            return made

        self.layers = nn.ModuleList([layer(784, HIDDEN), layer(HIDDEN, CLASSES)])
        self.neurons = nn.ModuleList(
            [snntorch.Leaky(beta=0.9, threshold=1.0, spike_grad=surrogate.atan(2.0)) for _ in range(2)]
        )

    def forward(self, inputs: Tensor) -> Tensor:
        """[step, sample, input] → rates."""
        spikes = inputs
        for layer, neuron in zip(self.layers, self.neurons):
            currents, fired = layer(spikes), []
            potential = torch.zeros_like(currents[0])
            for current in currents.unbind(0):
                spike, potential = neuron(current, potential)
                fired.append(spike)
            spikes = torch.stack(fired)
        return spikes.mean(0)


def encode(pixels: Tensor) -> Tensor:
    intensities = pixels.float().view(len(pixels), -1) / 255
    return (torch.rand(STEPS, *intensities.shape) < intensities).float()


def train(folder: Path, seed: int, epochs: int) -> float:
    torch.manual_seed(seed)
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    images, labels, test, answers = (torch.tensor(read(folder, name)) for name in names)
    network = torch.compile(Network(), dynamic=False)
    optimizer = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE, fused=True)
    updates = epochs * math.ceil(len(images) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda update: 0.5 * (1 + math.cos(math.pi * update / updates))
    )
    for _ in range(epochs):
        for part in torch.randperm(len(images)).split(BATCH):
            optimizer.zero_grad(set_to_none=True)
            rates = network(encode(images[part]))
            nn.functional.cross_entropy(TEMPERATURE * rates, labels[part].long()).backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        # Noise below a spike's share of a rate breaks the ties.
        found = [
            (network(encode(part)) + 1e-3 * torch.rand(len(part), CLASSES)).argmax(1) for part in test.split(BATCH)
        ]
    return 100 * (torch.cat(found) == answers).float().mean().item()


def train_ours(tool: Path, dataset: str, seed: int, epochs: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        options = ["--neurons-per-class=1", f"--epochs={epochs}", f"--seed={seed}", f"--output={folder}/run"]
        command = [str(tool), "train", "--model=lif", f"--dataset={dataset}", *options, "--json"]
        try:
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Failure(f"{' '.join(command)}: {error}") from error
        # One pass, as the peer makes.
        summary = turns.call_sqsnn(tool, "eval", f"{folder}/run", "--repetitions=1")
    return 100 * summary["test_accuracy"]["mean"]


def run(arguments: argparse.Namespace) -> None:
    turns.require_tool(arguments.sqsnn)
    found: dict[str, list[float]] = {"sqsnn": [], "snnTorch": []}
    for seed in range(1, arguments.seeds + 1):
        found["sqsnn"].append(train_ours(arguments.sqsnn, arguments.dataset, seed, arguments.epochs))
        found["snnTorch"].append(train(arguments.folder, seed, arguments.epochs))
        print(f"seed {seed}: " + ", ".join(f"{name} {values[-1]:.2f} %" for name, values in found.items()), flush=True)
    for name, values in found.items():
        print(f"{name}: {statistics.mean(values):.2f} ± {statistics.stdev(values):.2f} % over {len(values)} seeds")
    difference = statistics.mean(found["sqsnn"]) - statistics.mean(found["snnTorch"])
    spread = math.sqrt(sum(statistics.variance(values) / len(values) for values in found.values()))
    half = STUDENT[arguments.seeds] * spread
    print(f"sqsnn less snnTorch: {difference:+.2f} ({difference - half:+.2f} … {difference + half:+.2f}, 95 %)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the image set's IDX files, for snnTorch")
    parser.add_argument("--dataset", default="mnist", help="its name for sqsnn (%(default)s)")
    parser.add_argument("--sqsnn", type=Path, default=turns.TOOL, help="a release build of the tool")
    parser.add_argument("--seeds", type=positive_integer, choices=range(2, 11), default=5, metavar="N", help="2 to 10 (%(default)s)")
    parser.add_argument("--epochs", type=positive_integer, default=5, help="(%(default)s)")
    try:
        run(parser.parse_args())
    except Failure as failure:
        sys.exit(f"lif_accuracy: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
