#!/usr/bin/env python3
"""Trains LIF neurons on samples over time in snnTorch by the recipe that `sqsnn train --model lif` is given, beside sqsnn
itself and its other models, over several seeds.

The spikes are those of `sqsnn data export`, the same for all. The recipe: softmax cross-entropy of the temperature times the
mean rate of a class's output neurons, Adam with a cosine schedule, gradient norm clipped, weights uniform
in ±gain/√inputs, no biases. With --recurrent the hidden layer has weights onto itself, delayed by a step.
"""

from __future__ import annotations

import argparse
import json
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
from workload import positive_integer


#: By their names in sqsnn, of a width: alpha, or slope.
SURROGATES = {"arctan": surrogate.atan, "fast-sigmoid": surrogate.fast_sigmoid}


class Network(nn.Module):
    def __init__(self, inputs: int, outputs: int, options: argparse.Namespace) -> None:
        super().__init__()

        def layer(inputs: int, outputs: int) -> nn.Linear:
            made = nn.Linear(inputs, outputs, bias=False)
            nn.init.uniform_(made.weight, -options.gain / math.sqrt(inputs), options.gain / math.sqrt(inputs))
            return made

        self.layers = nn.ModuleList([layer(inputs, options.hidden), layer(options.hidden, outputs)])
        self.recurrent = layer(options.hidden, options.hidden) if options.recurrent else None
        self.neurons = nn.ModuleList(
            [
                snntorch.Leaky(
                    beta=options.decay,
                    threshold=options.threshold,
                    spike_grad=SURROGATES[options.surrogate](options.width),
                )
                for _ in range(2)
            ]
        )

    def forward(self, inputs: Tensor) -> Tensor:
        """[step, sample, input] → rates."""
        spikes = inputs
        for index, (layer, neuron) in enumerate(zip(self.layers, self.neurons)):
            currents, fired = layer(spikes), []
            potential = torch.zeros_like(currents[0])
            spike = torch.zeros_like(currents[0])
            for current in currents.unbind(0):
                if index == 0 and self.recurrent is not None:
                    current = current + self.recurrent(spike)
                spike, potential = neuron(current, potential)
                fired.append(spike)
            spikes = torch.stack(fired)
        return spikes.mean(0)


class Samples:
    """A part of a data set, as exported."""

    def __init__(self, folder: Path, part: str, steps: int, inputs: int) -> None:
        spikes = np.load(folder / f"{part}-spikes.npy").astype(np.int64)
        self.labels = torch.tensor(np.load(folder / f"{part}-labels.npy").astype(np.int64))
        self.starts = np.searchsorted(spikes[:, 0], np.arange(len(self.labels) + 1))
        self.spikes, self.steps, self.inputs = spikes, steps, inputs

    def batch(self, indices: Tensor) -> Tensor:
        """[step, sample, input]"""
        dense = torch.zeros(self.steps, len(indices), self.inputs)
        for place, index in enumerate(indices.tolist()):
            rows = self.spikes[self.starts[index] : self.starts[index + 1]]
            dense[rows[:, 1], place, rows[:, 2]] = 1
        return dense


def train(train_set: Samples, test_set: Samples, classes: int, seed: int, options: argparse.Namespace) -> float:
    torch.manual_seed(seed)
    network = Network(train_set.inputs, classes * options.outputs, options)
    run = torch.compile(network) if options.compile else network
    optimizer = torch.optim.Adam(network.parameters(), lr=options.rate, fused=True)
    updates = options.epochs * math.ceil(len(train_set.labels) / options.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda update: 0.5 * (1 + math.cos(math.pi * update / updates))
    )

    def rates(part: Samples, indices: Tensor) -> Tensor:
        return run(part.batch(indices)).view(len(indices), classes, options.outputs).mean(2)

    for _ in range(options.epochs):
        for indices in torch.randperm(len(train_set.labels)).split(options.batch):
            optimizer.zero_grad(set_to_none=True)
            scores = options.temperature * rates(train_set, indices)
            nn.functional.cross_entropy(scores, train_set.labels[indices]).backward()
            if options.norm:
                nn.utils.clip_grad_norm_(network.parameters(), options.norm)
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        # Noise below a spike's share of a rate breaks the ties.
        found = [
            (rates(test_set, indices) + 1e-5 * torch.rand(len(indices), classes)).argmax(1)
            for indices in torch.arange(len(test_set.labels)).split(options.batch)
        ]
    return 100 * (torch.cat(found) == test_set.labels).float().mean().item()


def call_train(model: str, seed: int, options: argparse.Namespace, output: str, *others: str) -> None:
    command = [
        *(str(options.sqsnn), "train", f"--dataset={options.dataset}", f"--steps={options.steps}"),
        *(f"--bins={options.bins}", f"--transforms={options.transforms}", f"--seed={seed}"),
        *(f"--temperature={options.temperature}", f"--weight-gain={options.gain}", f"--batch={options.batch}"),
        *(f"--model={model}", f"--hidden={options.hidden}", f"--neurons-per-class={options.outputs}"),
        *(f"--output={output}", "--json", *others),
    ]
    if options.recurrent:
        command.append("--recurrent=true")
    if model == "lif":
        command += [f"--decay={options.decay}", f"--threshold={options.threshold}"]
        command += [f"--spike-surrogate={options.surrogate}", f"--surrogate-width={options.width}"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise Failure(f"{' '.join(command)}: {made.stderr.strip()}")


def train_ours(model: str, seed: int, options: argparse.Namespace) -> float:
    others = [f"--epochs={options.epochs}", f"--learning-rate={options.rate}", "--schedule=cosine"]
    if options.norm:
        others.append(f"--gradient-norm-limit={options.norm}")
    with tempfile.TemporaryDirectory() as folder:
        call_train(model, seed, options, f"{folder}/run", *others)
        # One pass, as the peer makes.
        summary = turns.call_sqsnn(options.sqsnn, "eval", f"{folder}/run", "--repetitions=1")
    return 100 * summary["test_accuracy"]["mean"]


def weights(run: Path) -> list[np.ndarray]:
    """Of a checkpoint (safetensors): of each projection an array [postsynaptic][presynaptic]."""
    data = (run / "checkpoint.safetensors").read_bytes()
    size = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8 : 8 + size]), data[8 + size :]
    names = sorted(name for name in header if name.startswith("projections."))
    return [
        np.frombuffer(body[slice(*header[name]["data_offsets"])], "<f4").reshape(header[name]["shape"]) for name in names
    ]


def check(train_set: Samples, classes: int, options: argparse.Namespace) -> None:
    """The gradient of the first batch's loss, here and in snnTorch: descent by a step of 0.01 and by none to speak of."""
    options.batch = min(options.batch, len(train_set.labels))
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for rate in (1e-9, 1e-2):
            others = (f"--limit={options.batch}", "--epochs=1", "--optimizer=sgd", "--schedule=constant")
            output = f"{folder}/{rate}"
            call_train("lif", 1, options, output, *others, "--precision=float32", f"--learning-rate={rate}")
            found.append(weights(Path(output)))
    network = Network(train_set.inputs, classes * options.outputs, options)
    layers = [network.layers[0], *([network.recurrent] if network.recurrent else []), network.layers[1]]
    for layer, values in zip(layers, found[0], strict=True):
        layer.weight.data = torch.tensor(values)
    indices = torch.arange(options.batch)
    rates = network(train_set.batch(indices)).view(options.batch, classes, options.outputs).mean(2)
    nn.functional.cross_entropy(options.temperature * rates, train_set.labels[indices]).backward()
    for number, (layer, first, last) in enumerate(zip(layers, *found)):
        theirs, ours = layer.weight.grad.numpy(), (first - last) / 1e-2
        difference = np.abs(theirs - ours).max() / np.abs(theirs).max()
        print(f"projection {number}: gradients differ by {difference:.1e} of the largest")
        if difference > 1e-3:
            raise Failure("the gradients differ")


def run(options: argparse.Namespace) -> None:
    turns.require_tool(options.sqsnn)
    with tempfile.TemporaryDirectory() as folder:
        command = [str(options.sqsnn), "data", "export", options.dataset, folder, f"--steps={options.steps}"]
        command += [f"--bins={options.bins}", f"--transforms={options.transforms}"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        inputs = int(text.split(" samples, ")[1].split()[0])
        parts = [Samples(Path(folder), part, options.steps, inputs) for part in ("train", "test")]
    classes = 1 + int(parts[0].labels.max())
    if options.check:
        return check(parts[0], classes, options)
    found: dict[str, list[float]] = {}
    for seed in range(1, options.seeds + 1):
        for model in options.models.split(","):
            found.setdefault(f"sqsnn {model}", []).append(train_ours(model, seed, options))
        found.setdefault("snnTorch lif", []).append(train(*parts, classes, seed, options))
        print(f"seed {seed}: " + ", ".join(f"{name} {values[-1]:.2f} %" for name, values in found.items()), flush=True)
    for name, values in found.items():
        print(f"{name}: {statistics.mean(values):.2f} ± {statistics.stdev(values):.2f} % over {len(values)} seeds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", help="name of a data set of samples over time")
    parser.add_argument("--models", default="lif,sqs", help="of sqsnn (%(default)s)")
    parser.add_argument("--sqsnn", type=Path, default=turns.TOOL, help="a release build of the tool")
    parser.add_argument("--seeds", type=positive_integer, default=3)
    parser.add_argument("--steps", type=positive_integer, default=20)
    parser.add_argument("--bins", default="time")
    parser.add_argument("--transforms", default="none")
    parser.add_argument("--hidden", type=positive_integer, default=256)
    parser.add_argument("--outputs", type=positive_integer, default=10, help="output neurons a class (%(default)s)")
    parser.add_argument("--epochs", type=positive_integer, default=20)
    parser.add_argument("--batch", type=positive_integer, default=32)
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate (%(default)s)")
    parser.add_argument("--temperature", type=float, default=5.0)
    parser.add_argument("--gain", type=float, default=1.0, help="of the initial weights (%(default)s)")
    parser.add_argument("--decay", type=float, default=0.9)
    parser.add_argument("--threshold", type=float, default=1.0)
    parser.add_argument("--surrogate", choices=SURROGATES, default="arctan", help="of LIF neurons (%(default)s)")
    parser.add_argument("--width", type=float, default=2.0, help="of the surrogate: alpha, or slope (%(default)s)")
    parser.add_argument("--norm", type=float, default=0.0, help="limit of the gradient's norm, 0 for none")
    parser.add_argument("--recurrent", action="store_true")
    parser.add_argument("--check", action="store_true", help="compare the gradient of the first batch instead")
    parser.add_argument("--compile", action="store_true", help="compile the peer's network")
    try:
        run(parser.parse_args())
    except Failure as failure:
        sys.exit(f"events_accuracy: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
