#!/usr/bin/env python3
"""The network of `sqsnn train` in PyTorch: SQS neurons with the `exchange` circuit, autograd, Float32.

Written to be as fast as PyTorch is on a CPU:

- layer-major: the currents of all T steps are one matrix product;
- real gauge: amplitudes are (−i)^{number of ones} times real numbers, so a circuit is a real 4 × 4 matrix a
  neuron;
- a neuron's step is one element-wise function over [neuron, sample], which `torch.compile` fuses into one
  loop forward and one backward; the backward pass computes it again instead of storing what is between
  (`activation_memory_budget`);
- [neuron, sample] and not [sample, neuron], so that the gradient of a neuron's matrix is a sum over adjacent
  numbers;
- random 32-bit words, two from each draw of the generator, made uniform numbers in the same fused loop;
- memory that is freed stays with the process, since every step needs the same blocks again.

Tried on one thread, and slower: a custom `autograd.Function` with the backward pass by hand, compiled;
products with the spikes as a sparse matrix; the sums over samples as batched products.

Gradients run along the recorded spikes: straight-through towards the loss, spikes constant in the memory's
path.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import measurement
from workload import Workload, probability

# These are read when a process starts, before Python runs.
ALLOCATOR = {
    "MALLOC_MMAP_THRESHOLD_": str(1 << 32),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32),
    "MALLOC_TOP_PAD_": str(1 << 28),
}


def keep_memory() -> None:
    """Starts the program again, with memory that stays with the process."""
    if any(os.environ.get(name) != value for name, value in ALLOCATOR.items()):
        os.environ.update(ALLOCATOR)
        os.execv(sys.executable, [sys.executable, *sys.argv])


if __name__ == "__main__":
    keep_memory()
os.environ.setdefault(
    "TORCHINDUCTOR_CACHE_DIR", str(Path(__file__).resolve().parents[2] / ".build/peers/compiled")
)

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch._functorch.config  # noqa: E402
from torch import Tensor, nn  # noqa: E402

import exchange_neuron  # noqa: E402
from network_timing import NetworkPeer  # noqa: E402

Step = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]


def rotate(first: Tensor, second: Tensor, cosine: Tensor, sine: Tensor) -> tuple[Tensor, Tensor]:
    return cosine * first - sine * second, sine * first + cosine * second


def instruments(angles: Tensor) -> Tensor:
    """The circuits V(θ) in the real gauge: angles [5, neuron] → [neuron, 4, 4], rows and columns 2·input +
    memory.
    """
    cosines, sines = (angles / 2).cos()[:, :, None], (angles / 2).sin()[:, :, None]
    rows = list(torch.eye(4, dtype=angles.dtype))
    # Which amplitudes a gate mixes: those that differ in its target and, for a CRX, have its control at 1.
    gates = [[(2, 3)], [(1, 3)], [(2, 3)], [(0, 2), (1, 3)], [(0, 1), (2, 3)]]
    for pairs, cosine, sine in zip(gates, cosines, sines, strict=True):
        for first, second in pairs:
            rows[first], rows[second] = rotate(rows[first], rows[second], cosine, sine)
    return torch.stack(rows, dim=1)


def step(
    matrices: Tensor, currents: Tensor, upper: Tensor, lower: Tensor, words: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """One step (4)–(8): matrices [neuron, 4, 4], all else [neuron, sample] → spikes, and the memory (upper,
    lower).

    The spikes' gradient is that of their probability.
    """
    half = currents.relu() * (math.pi / 2)
    cosine, sine = half.cos(), half.sin()
    state = (cosine * upper, cosine * lower, sine * upper, sine * lower)
    silent0, silent1, fired0, fired1 = (
        sum(matrices[:, row, column, None] * state[column] for column in range(4)) for row in range(4)
    )
    firing = fired0 * fired0 + fired1 * fired1
    silence = silent0 * silent0 + silent1 * silent1
    spikes = words * 2.0**-32 + 0.5 < firing
    norm = torch.rsqrt(torch.where(spikes, firing, silence))
    straight_through = spikes.to(firing.dtype) + (firing - firing.detach())
    return (
        straight_through,
        torch.where(spikes, fired0, silent0) * norm,
        torch.where(spikes, fired1, silent1) * norm,
    )


def compiled_step() -> Step:
    """`step` as fused loops; the backward pass keeps only the step's inputs."""
    torch._functorch.config.activation_memory_budget = 0.0
    return torch.compile(step, dynamic=False, fullgraph=True)


def random_words(*shape: int) -> Tensor:
    """Random 32-bit integers, from the least to the greatest."""
    count = math.prod(shape)
    words = torch.empty((count + 1) // 2, dtype=torch.int64).random_(-(2**63), None)
    return words.view(torch.int32)[:count].view(shape)


def population(
    step: Step,
    angles: Tensor,
    currents: Sequence[Tensor],
    words: Sequence[Tensor],
    recurrent: Tensor | None = None,
) -> list[Tensor]:
    """Spikes of all steps, each [neuron, sample]; `recurrent` [neuron, neuron] are weights of synapses of the
    population onto itself, which a spike takes a step to cross.
    """
    matrices = instruments(angles)
    upper, lower = torch.ones_like(currents[0]), torch.zeros_like(currents[0])
    spikes = []
    for current, numbers in zip(currents, words, strict=True):
        if recurrent is not None and spikes:
            current = current + recurrent @ spikes[-1]
        fired, upper, lower = step(matrices, current, upper, lower, numbers)
        spikes.append(fired)
    return spikes


class SQSNetwork(nn.Module):
    """inputs → hidden → outputs; spikes [input, step × sample] → rates [sample, output].

    Where `recurrence` is above 0, each hidden neuron has a synapse onto each with this probability: a dense
    product a step, with zeros where there is none.
    """

    def __init__(self, workload: Workload, step: Step, recurrence: float = 0) -> None:
        super().__init__()
        self.workload = workload
        self.step = step

        def weights(outputs: int, inputs: int) -> nn.Parameter:
            return nn.Parameter(torch.empty(outputs, inputs).uniform_(-1, 1) / math.sqrt(inputs))

        def angles(neurons: int) -> nn.Parameter:
            return nn.Parameter(0.1 * torch.randn(exchange_neuron.ANGLE_COUNT, neurons))

        self.hidden_weights = weights(workload.hidden, workload.inputs)
        self.output_weights = weights(workload.outputs, workload.hidden)
        self.hidden_angles = angles(workload.hidden)
        self.output_angles = angles(workload.outputs)
        self.synapses = None
        if recurrence > 0:
            hidden = workload.hidden
            self.synapses = (torch.rand(hidden, hidden) < recurrence).float()
            bound = 1 / math.sqrt(recurrence * hidden)
            self.recurrent_weights = nn.Parameter(torch.empty(hidden, hidden).uniform_(-bound, bound))

    def forward(self, inputs: Tensor) -> Tensor:
        size = self.workload
        currents = (self.hidden_weights @ inputs).view(size.hidden, size.steps, size.batch).unbind(1)
        hidden = population(
            self.step,
            self.hidden_angles,
            currents,
            random_words(size.steps, size.hidden, size.batch),
            None if self.synapses is None else self.recurrent_weights * self.synapses,
        )
        currents = [self.output_weights @ spikes for spikes in hidden]
        outputs = population(
            self.step, self.output_angles, currents, random_words(size.steps, size.outputs, size.batch)
        )
        return (sum(outputs) / size.steps).t()


def prepare(arguments: argparse.Namespace) -> NetworkPeer:
    torch.manual_seed(1)
    workload = Workload.of(arguments)
    inputs = (torch.rand(workload.inputs, workload.steps * workload.batch) < workload.density).float()
    return NetworkPeer(
        "PyTorch, the same network",
        workload,
        inputs,
        lambda compiled: SQSNetwork(workload, compiled_step() if compiled else step, arguments.recurrence),
        ("torch",),
    )


def trace_of_sqsnn(tool: str, angles: np.ndarray, currents: np.ndarray, spikes: np.ndarray) -> list[dict]:
    """What `sqsnn neuron trace` says about the neurons; arrays [neuron, …]."""
    cases = [
        {
            "io_qubits": 1,
            "memory_qubits": 1,
            "ansatz": "exchange",
            "angles": list(neuron),
            "currents": [[value] for value in current],
            "spikes": [[int(value)] for value in train],
        }
        for neuron, current, train in zip(angles, currents, spikes, strict=True)
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"schema": "sqsnn.neuron-trace/1", "cases": cases}, file)
        file.flush()
        try:
            output = subprocess.run(
                [tool, "neuron", "trace", file.name, "--json"], check=True, stdout=subprocess.PIPE
            ).stdout
        except (OSError, subprocess.CalledProcessError) as error:
            raise measurement.Failure(
                f"{tool} neuron trace: {error}; expected the path of a built sqsnn"
            ) from error
    return json.loads(output)["cases"]


def check(arguments: argparse.Namespace) -> list[str]:
    """Firing probabilities and gradients of random neurons against the equations and, if asked, against
    sqsnn.

    Spikes are forced by the least and the greatest random word. With their incoming gradient d log p(s_t)/d
    p_t, what comes out is the gradient of the log-likelihood, which the references have too.
    """
    neurons, steps = 24, 6
    random = np.random.default_rng(7)
    angles = random.normal(0, 1, (neurons, exchange_neuron.ANGLE_COUNT))
    currents = random.uniform(-0.2, 0.9, (neurons, steps))
    spikes = np.zeros((neurons, steps), dtype=int)
    for neuron in range(neurons):
        for time in range(steps):
            firing = exchange_neuron.firing_probabilities(angles[neuron], currents[neuron], spikes[neuron])
            spikes[neuron, time] = random.random() < firing[time]
    firing = np.array([exchange_neuron.firing_probabilities(*case) for case in zip(angles, currents, spikes)])
    gradients = [exchange_neuron.log_likelihood_gradient(*case) for case in zip(angles, currents, spikes)]
    angle_gradient, current_gradient = (np.array(part) for part in zip(*gradients))
    lines = []
    if arguments.sqsnn:
        results = trace_of_sqsnn(arguments.sqsnn, angles, currents, spikes)
        found = np.array([case["firing_probability"] for case in results])[:, :, 0]
        found_gradient = np.array([case["gradient"]["angles"] for case in results])
        lines.append(measurement.expect_close("sqsnn and NumPy, firing probabilities", found, firing, 1e-12))
        lines.append(
            measurement.expect_close("sqsnn and NumPy, angle gradients", found_gradient, angle_gradient, 1e-6)
        )

    for name, advance, number, tolerance in (
        ("eager Float64", step, torch.float64, 1e-6),
        ("eager Float32", step, torch.float32, 2e-3),
        ("compiled Float32", compiled_step(), torch.float32, 2e-3),
    ):
        parameters = torch.tensor(angles.T, dtype=number, requires_grad=True)
        # Two samples of each neuron, the second one silent in its gradient, to see that samples do not mix.
        inputs = torch.tensor(np.stack([currents, currents], 2), dtype=number, requires_grad=True)
        forced = torch.tensor(np.stack([spikes, 1 - spikes], 2), dtype=number)
        extremes = torch.iinfo(torch.int32)
        words = torch.where(forced == 1, extremes.min, extremes.max).int()
        slopes = torch.tensor(np.where(spikes == 1, 1 / firing, -1 / (1 - firing)), dtype=number)
        found = population(advance, parameters, inputs.unbind(1), words.unbind(1))
        if not torch.equal(torch.stack(found, 1).round(), forced):
            raise measurement.Failure(f"{name}: the forced spikes did not come out")
        sum((slopes[:, time] * fired[:, 0]).sum() for time, fired in enumerate(found)).backward()
        scale = max(np.abs(angle_gradient).max(), np.abs(current_gradient).max())
        for what, gradient, expected in (
            ("angle gradients", parameters.grad.T, angle_gradient),
            ("current gradients", inputs.grad[:, :, 0], current_gradient),
        ):
            lines.append(
                measurement.expect_close(f"{name}, {what}", gradient / scale, expected / scale, tolerance)
            )
        if inputs.grad[:, :, 1].any():
            raise measurement.Failure(f"{name}: one sample's gradient reached another")
    return lines + check_of_sampling(angles, currents) + check_of_recurrence(angles, currents)


def check_of_recurrence(angles: np.ndarray, currents: np.ndarray) -> list[str]:
    """A recurrent population against one without synapses of its own that is given their currents."""
    torch.manual_seed(3)
    neurons, steps = currents.shape
    parameters = torch.tensor(angles.T, dtype=torch.float32)
    inputs = torch.tensor(currents.T, dtype=torch.float32)[:, :, None].expand(steps, neurons, 1000)
    words = random_words(steps, neurons, 1000)
    weights = torch.randn(neurons, neurons) / math.sqrt(neurons)
    with torch.inference_mode():
        found = torch.stack(population(step, parameters, inputs, words, weights))
        late = torch.cat([torch.zeros_like(found[:1]), found[:-1]])
        expected = torch.stack(population(step, parameters, inputs + weights @ late, words))
        alone = torch.stack(population(step, parameters, inputs, words))
    if torch.equal(found, alone):
        raise measurement.Failure("recurrent synapses: expected other spikes with them, found the same")
    return [measurement.expect_close("spikes of a recurrent population", found, expected, 0)]


def check_of_sampling(angles: np.ndarray, currents: np.ndarray) -> list[str]:
    """The share of samples that fire at each step, against the sum over all trains of spikes, within 5 σ."""
    torch.manual_seed(2)
    samples = 100_000
    neurons, steps = currents.shape
    inputs = torch.tensor(currents, dtype=torch.float32)[:, :, None].expand(neurons, steps, samples)
    with torch.inference_mode():
        spikes = population(
            step,
            torch.tensor(angles.T, dtype=torch.float32),
            inputs.unbind(1),
            random_words(steps, neurons, samples),
        )
    rates = torch.stack([fired.mean(1) for fired in spikes], 1)
    expected = np.array([exchange_neuron.expected_spikes(*case) for case in zip(angles, currents)])
    return [measurement.expect_close("sampled spike rates", rates, expected, 5 * 0.5 / math.sqrt(samples))]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    Workload.add_arguments(parser)
    parser.add_argument(
        "--recurrence",
        type=probability,
        default=0,
        help="probability of a synapse from each hidden neuron to each (%(default)s)",
    )
    parser.add_argument("--sqsnn", metavar="PATH", help="with --check: a built sqsnn to compare with, too")


if __name__ == "__main__":
    measurement.run("Time the network of sqsnn train in PyTorch.", prepare, check, add_arguments)
