"""LIF neurons of the libraries on PyTorch, Float32: a network as `sqsnn bench step` has it, and a layer as
`sqsnn bench layer`.

A library gives a module that maps the currents of all steps, [step, sample, neuron], to spikes; the products with
the weights are layer-major. All neurons are those of `lif_reference.py`.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault(
    "TORCHINDUCTOR_CACHE_DIR", str(Path(__file__).resolve().parents[2] / ".build/peers/compiled")
)

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import Tensor, nn  # noqa: E402

import lif_layer  # noqa: E402
import lif_reference  # noqa: E402
import measurement  # noqa: E402
from network_timing import Mode, NetworkPeer  # noqa: E402
from workload import Workload  # noqa: E402

#: Steps that are compiled as one function. All steps of a long sequence would take the compiler many minutes.
LONGEST_UNROLLED = 10


@dataclass(frozen=True)
class Library:
    name: str
    packages: tuple[str, ...]
    #: Neurons with the library's usual surrogate or, where asked, with the common one.
    neurons: Callable[[bool], nn.Module]
    #: The usual surrogate, as the reference has it.
    surrogate: Callable[[np.ndarray], np.ndarray]
    #: What the neurons' currents are multiplied by inside, which the weights make up for.
    current_scale: float = 1
    #: A constant current of each neuron.
    bias: float = 0


class Stepwise(nn.Module):
    """Neurons that a library steps through time one step at a time."""

    def __init__(
        self,
        step: Callable[[Tensor, object], tuple[Tensor, object]],
        initial: Callable[[Tensor], object],
    ) -> None:
        """`initial` gives the first state for the currents of a step."""
        super().__init__()
        self.step, self.initial = step, initial
        self.run, self.run_length = self._run, None

    def forward(self, currents: Tensor) -> Tensor:
        state = self.initial(currents[0])
        spikes = []
        for part in currents.split(self.run_length or len(currents)):
            fired, state = self.run(part, state)
            spikes.append(fired)
        return torch.cat(spikes)

    def _run(self, currents: Tensor, state: object) -> tuple[Tensor, object]:
        spikes = []
        for current in currents.unbind(0):
            fired, state = self.step(current, state)
            spikes.append(fired)
        return torch.stack(spikes), state


class Layer(nn.Module):
    """inputs → neurons; spikes [step, sample, input] → [step, sample, neuron]."""

    def __init__(self, library: Library, weights: Tensor, common: bool) -> None:
        """Weights [neuron, input]."""
        super().__init__()
        self.weights = nn.Parameter(weights / library.current_scale)
        bias = torch.full(weights.shape[:1], library.bias) if library.bias else None
        self.register_buffer("bias", bias)
        self.neurons = library.neurons(common)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.neurons(nn.functional.linear(inputs, self.weights, self.bias))


class Network(nn.Module):
    """inputs → hidden → outputs; spikes [step, sample, input] → rates [sample, output]."""

    def __init__(self, library: Library, workload: Workload) -> None:
        super().__init__()

        def layer(inputs: int, outputs: int) -> Layer:
            return Layer(library, torch.empty(outputs, inputs).uniform_(-1, 1) / math.sqrt(inputs), False)

        self.hidden = layer(workload.inputs, workload.hidden)
        self.output = layer(workload.hidden, workload.outputs)

    def forward(self, inputs: Tensor) -> Tensor:
        return self.output(self.hidden(inputs)).mean(0)


def compiled(module: nn.Module, steps: int) -> nn.Module:
    if steps <= LONGEST_UNROLLED:
        return torch.compile(module, dynamic=False)
    stepwise = [part for part in module.modules() if isinstance(part, Stepwise)]
    if not stepwise:
        raise measurement.Impossible(
            f"not at T = {steps}: the library runs all steps at once, which the compiler unrolls for minutes"
        )
    for part in stepwise:
        part.run, part.run_length = torch.compile(part.run, dynamic=False), LONGEST_UNROLLED
    return module


def network_peer(library: Library, workload: Workload) -> NetworkPeer:
    torch.manual_seed(1)
    inputs = (torch.rand(workload.steps, workload.batch, workload.inputs) < workload.density).float()

    def made(is_compiled: bool) -> nn.Module:
        network = Network(library, workload)
        return compiled(network, workload.steps) if is_compiled else network

    return NetworkPeer(f"{library.name}, LIF of the same size", workload, inputs, made, library.packages)


class LayerRuns(lif_layer.Runs):
    """Eager and compiled, on all threads and, where the layer is small, on one."""

    #: In larger ones most is the products with the weights, which threads share out well.
    largest_on_one_thread = 1024

    def __init__(self, library: Library) -> None:
        torch.set_flush_denormal(True)
        torch._dynamo.config.recompile_limit = 64
        self.library = library

    def variants(self, layer: lif_layer.Recorded) -> dict[str, lif_layer.Passes | str]:
        inputs = torch.from_numpy(layer.input())
        weights = torch.from_numpy(layer.weights)

        def passes(mode: Mode) -> lif_layer.Passes:
            module = Layer(self.library, weights, common=True)
            if mode.compiled:
                module = compiled(module, len(inputs))

            def forward() -> Tensor:
                torch.set_num_threads(mode.threads)
                return module(inputs)

            def backward(spikes: Tensor) -> Tensor:
                spikes.sum().backward()
                gradient, module.weights.grad = module.weights.grad, None
                return gradient

            return lif_layer.Passes(forward, backward)

        counts = {measurement.core_count()}
        if len(weights) <= self.largest_on_one_thread:
            counts.add(1)
        modes = [Mode(is_compiled, threads) for is_compiled in (False, True) for threads in sorted(counts)]
        return {str(mode): measurement.attempted(lambda: passes(mode)) for mode in modes}

    def arrays(self, spikes: Tensor, gradient: Tensor, neurons: int) -> tuple[np.ndarray, np.ndarray]:
        # From the gradient of the scaled weights to that of the layer's.
        return lif_layer.packed(spikes.detach().numpy()), gradient[:neurons].numpy() / self.library.current_scale


def check(library: Library) -> list[str]:
    """Spikes and gradients of the currents against the equations, eager and compiled."""
    random = np.random.default_rng(7)
    currents = random.uniform(-0.2, 0.8, (20, 6, 5))
    errors = random.normal(size=currents.shape)
    expected = lif_reference.potentials(currents)
    lines = []
    for common, surrogate in (
        (False, library.surrogate),
        (True, lif_reference.fast_sigmoid(lif_reference.COMMON_SLOPE)),
    ):
        gradient = lif_reference.current_gradient(expected, errors, surrogate)
        for steps, way in ((None, "eager"), (1, "compiled"), (len(currents), "compiled in parts")):
            inputs = torch.tensor(currents, dtype=torch.float32, requires_grad=True)
            neurons = library.neurons(common)
            if steps and steps > LONGEST_UNROLLED and not isinstance(neurons, Stepwise):
                continue
            # One step tells to compile it as a whole.
            run = neurons if steps is None else compiled(neurons, steps)
            spikes = run(inputs / library.current_scale + library.bias)
            (spikes * torch.tensor(errors, dtype=torch.float32)).sum().backward()
            what = f"{library.name}, {way}, {'common' if common else 'usual'} surrogate"
            lines.append(
                measurement.expect_close(
                    f"{what}, spikes", spikes.detach(), expected > lif_reference.THRESHOLD, 0
                )
            )
            lines.append(measurement.expect_close(f"{what}, gradients", inputs.grad, gradient, 1e-4))
    return lines


def main(library: Library) -> None:
    def prepare(arguments: argparse.Namespace) -> measurement.Peer:
        if arguments.layer:
            return lif_layer.LayerPeer(library.name, library.packages, LayerRuns(library))
        return network_peer(library, Workload.of(arguments))

    def add_arguments(parser: argparse.ArgumentParser) -> None:
        Workload.add_arguments(parser)
        lif_layer.add_argument(parser)

    measurement.run(
        f"Time LIF neurons of {library.name}: a network, or a layer.",
        prepare,
        lambda arguments: check(library),
        add_arguments,
    )
