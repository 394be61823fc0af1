"""Neurons of the engine as a PyTorch module: forward and backward are its kernels."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

try:
    import torch
except ImportError as error:
    raise ImportError("sqsnn.torch needs PyTorch; pip install sqsnn[torch]") from error
from torch import Tensor, nn

from ._models import circuit_fields
from ._native import call, encoded, ffi, library, made, pointer

#: What the derivative of a spike by its probability p is taken to be: 1, p (1 − p), that of a sigmoid at p.
SURROGATES = ("straight_through", "bernoulli_variance", "sigmoid_derivative")


class _Step(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, currents: Tensor, parameters: Tensor, memory: Tensor | None, layer: SQSLayer, seed: int
    ) -> tuple[Tensor, Tensor]:
        samples, steps = currents.shape[:2]
        spikes = currents.new_empty(samples, steps, layer.neurons, layer.channels)
        after = currents.new_empty(samples, layer.memory_size)
        record = torch.empty(samples * steps * layer.record_size, dtype=torch.int64)
        call(
            "sqs_layer_step", layer._handle, samples, steps, seed, _pointer(parameters), _pointer(currents),
            _pointer(memory), _pointer(spikes), ffi.NULL, _pointer(after), _pointer(record, "uint64_t *"),
        )  # fmt: skip
        ctx.layer = layer
        ctx.save_for_backward(currents, parameters, memory, record)
        ctx.set_materialize_grads(False)
        return spikes, after

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(
        ctx: Any, spike_errors: Tensor | None, memory_errors: Tensor | None
    ) -> tuple[Tensor | None, ...]:
        currents, parameters, memory, record = ctx.saved_tensors
        layer = ctx.layer
        if spike_errors is None:
            spike_errors = currents.new_zeros(*currents.shape[:2], layer.neurons, layer.channels)
        # Kept until the call is done: it gets addresses.
        spike_errors = spike_errors.contiguous()
        memory_errors = None if memory_errors is None else memory_errors.contiguous()
        current_errors, parameter_errors = torch.empty_like(currents), torch.empty_like(parameters)
        before = torch.empty_like(memory) if memory is not None else None
        call(
            "sqs_layer_adjoint", layer._handle, *currents.shape[:2], SURROGATES.index(layer.surrogate),
            _pointer(parameters), _pointer(currents), _pointer(memory),
            _pointer(record, "uint64_t *"), _pointer(spike_errors), _pointer(memory_errors),
            _pointer(parameter_errors), _pointer(current_errors), _pointer(before),
        )  # fmt: skip
        return current_errors, parameter_errors, before, None, None


def _pointer(tensor: Tensor | None, kind: str = "float *") -> Any:
    return ffi.NULL if tensor is None else ffi.cast(kind, tensor.data_ptr())


class SQSLayer(nn.Module):
    """Stochastic quantum spiking neurons, (4)–(8) of arXiv:2506.21324, or others of the engine.

    Weights are the caller's: put ``torch.nn.Linear`` or a convolution before it. Spikes are drawn, one measurement each, with
    random numbers from PyTorch's generator: ``torch.manual_seed`` makes them repeat. Gradients go along the recorded spikes, as the
    engine's own training takes them.

    Parameters
    ----------
    neurons : int
        1 to 65,536.
    circuit : str, dict or sqsnn.circuits.Circuit
        A name of the catalogue (``sqsnn neuron circuit --help``), or a gate list.
    model : dict, optional
        Another neuron, as a population of a graph file has it: ``{"model": "lif", "decay": 0.9}``. Takes the place of `circuit`.
    surrogate : {'straight_through', 'bernoulli_variance', 'sigmoid_derivative'}
        What the derivative of a spike by its probability is taken to be, of neurons that draw their spikes.
    threads : int
        0 for one a core; without effect on the results.
    seed : int
        Of the first parameters.

    Attributes
    ----------
    weight : torch.nn.Parameter, shape (neurons, parameters)
        Angles of the circuits, radians, or what else the neurons have of their own.
    """

    def __init__(
        self,
        neurons: int,
        circuit: Any = "exchange",
        *,
        model: dict[str, Any] | None = None,
        surrogate: str = "straight_through",
        threads: int = 0,
        seed: int = 1,
    ):
        super().__init__()
        if surrogate not in SURROGATES:
            raise ValueError(f"surrogate: found {surrogate!r}, expected one of {', '.join(SURROGATES)}")
        model = model or {"model": "sqs"} | circuit_fields(circuit)
        self.neurons, self.model, self.surrogate, self.threads = neurons, model, surrogate, threads
        self._open()
        initial = np.empty((neurons, library.sqs_layer_parameters(self._handle)), dtype=np.float32)
        call("sqs_layer_initial", self._handle, seed, pointer(initial))
        self.weight = nn.Parameter(torch.from_numpy(initial))

    def _open(self) -> None:
        self._handle = made(
            "sqs_layer_create", "layer", encoded(json.dumps(self.model)), self.neurons, self.threads
        )
        self.channels = library.sqs_layer_channels(self._handle)
        self.currents = library.sqs_layer_currents(self._handle)
        self.memory_size = library.sqs_layer_memory(self._handle)
        self.record_size = library.sqs_layer_record(self._handle)

    def forward(self, currents: Tensor, memory: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Runs the neurons over time.

        Parameters
        ----------
        currents : float32 tensor, shape (batch, steps, neurons) or (batch, steps, neurons, currents)
            z of each neuron and step; one of 0 or less rotates nothing.
        memory : float32 tensor, shape (batch, memory_size), optional
            As an earlier call returned it, for neurons that go on; fresh ones by default.

        Returns
        -------
        spikes : float32 tensor, 0 or 1
            Shape (batch, steps, neurons), with a last dimension of channels if the neurons have several.
        memory : float32 tensor, shape (batch, memory_size)
            What the neurons go on from, which only the engine can read: it is for a later call. Gradients flow from there.
        """
        given = currents if currents.ndim == 4 else currents.unsqueeze(-1)
        self._check("currents", given, (None, None, self.neurons, self.currents))
        if memory is not None:
            self._check("memory", memory, (given.shape[0], self.memory_size))
            memory = memory.contiguous()
        seed = int(torch.randint(2**63 - 1, ()))
        spikes, after = _Step.apply(given.contiguous(), self.weight.contiguous(), memory, self, seed)
        return (spikes.squeeze(-1) if self.channels == 1 else spikes), after

    @staticmethod
    def _check(name: str, tensor: Tensor, shape: tuple[int | None, ...]) -> None:
        if tensor.device.type != "cpu" or tensor.dtype != torch.float32:
            raise ValueError(
                f"{name}: found {tensor.dtype} on {tensor.device}, expected torch.float32 on cpu"
            )
        fits = tensor.ndim == len(shape) and all(
            wanted is None or wanted == found for wanted, found in zip(shape, tensor.shape, strict=True)
        )
        if not fits:
            wanted = ", ".join("any" if size is None else str(size) for size in shape)
            raise ValueError(f"{name}: found shape {tuple(tensor.shape)}, expected ({wanted})")

    def extra_repr(self) -> str:
        return f"{self.neurons}, model={self.model}, surrogate={self.surrogate!r}"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_handle"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._open()
