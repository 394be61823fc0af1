"""The layer against the neuron written in PyTorch from the equations, with autograd."""

from __future__ import annotations

import copy
import io
import math
import pickle

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from sqsnn._native import call, ffi, pointer  # noqa: E402
from sqsnn.torch import SQSLayer  # noqa: E402

X = torch.tensor([[0, 1], [1, 0]], dtype=torch.complex128)
ONE = torch.eye(2, dtype=torch.complex128)
ZERO_STATE = torch.diag(torch.tensor([1, 0], dtype=torch.complex128))
ONE_STATE = torch.diag(torch.tensor([0, 1], dtype=torch.complex128))


def rx(angle):
    return torch.cos(angle / 2) * ONE - 1j * torch.sin(angle / 2) * X


def exchange(angles):
    """V(θ) of one neuron, input-output qubit first."""
    first = [torch.kron(ZERO_STATE, ONE) + torch.kron(ONE_STATE, rx(angles[n])) for n in (0, 2)]
    back = torch.kron(ONE, ZERO_STATE) + torch.kron(rx(angles[1]), ONE_STATE)
    return torch.kron(rx(angles[3]), rx(angles[4])) @ first[1] @ back @ first[0]


def reference(angles, currents, spikes, memory=ZERO_STATE):
    """p(s_t = 1) along given spikes of one neuron, and the memory after; (4)–(8) by density matrices."""
    unitary, firing = exchange(angles), []
    for current, spike in zip(currents, spikes, strict=True):
        step = unitary @ torch.kron(rx(math.pi * torch.relu(current)), ONE)
        state = (step @ torch.kron(ZERO_STATE, memory) @ step.conj().T).reshape(2, 2, 2, 2)
        fired = state[1, :, 1, :]
        firing.append(torch.trace(fired).real)
        kept = fired if spike else state[0, :, 0, :]
        memory = kept / torch.trace(kept).real
    return torch.stack(firing), memory


@pytest.mark.parametrize(("batch", "steps", "neurons"), [(2, 4, 3), (3, 1, 70), (70, 3, 2)])
def test_gradients_are_those_of_autograd(batch, steps, neurons):
    torch.manual_seed(4)
    layer = SQSLayer(neurons)
    with torch.no_grad():
        layer.weight.normal_(0, 1)
    currents = torch.rand(batch, steps, neurons, requires_grad=True)
    spikes, _ = layer(currents)
    assert spikes.shape == currents.shape and set(spikes.unique().tolist()) <= {0.0, 1.0}
    errors = torch.randn_like(spikes)
    (spikes * errors).sum().backward()

    angles = layer.weight.detach().double().requires_grad_()
    exact = currents.detach().double().requires_grad_()
    loss = sum(
        (reference(angles[n], exact[b, :, n], spikes[b, :, n])[0] * errors[b, :, n]).sum()
        for b in range(batch)
        for n in range(neurons)
    )
    loss.backward()
    torch.testing.assert_close(currents.grad.double(), exact.grad, rtol=2e-3, atol=2e-4)
    torch.testing.assert_close(layer.weight.grad.double(), angles.grad, rtol=2e-3, atol=2e-4 * batch)


def test_memory_goes_on_and_carries_gradients():
    torch.manual_seed(1)
    layer = SQSLayer(5)
    with torch.no_grad():
        layer.weight.normal_(0, 1)
    currents = torch.rand(4, 6, 5, requires_grad=True)
    early, memory = layer(currents[:, :4])
    late, _ = layer(currents[:, 4:], memory)
    # Of the late spikes only: what the early currents get comes through the memory.
    errors = torch.randn_like(late)
    (late * errors).sum().backward()

    exact = currents.detach().double().requires_grad_()
    angles = layer.weight.detach().double().requires_grad_()
    spikes = torch.cat([early, late], dim=1)
    loss = sum(
        (reference(angles[n], exact[b, :, n], spikes[b, :, n])[0][4:] * errors[b, :, n]).sum()
        for b in range(4)
        for n in range(5)
    )
    loss.backward()
    assert exact.grad[:, :4].abs().max() > 0.01
    torch.testing.assert_close(currents.grad.double(), exact.grad, rtol=5e-3, atol=5e-4)
    torch.testing.assert_close(layer.weight.grad.double(), angles.grad, rtol=5e-3, atol=2e-3)


def test_spikes_have_the_probabilities_of_the_equations():
    layer = SQSLayer(1)
    with torch.no_grad():
        layer.weight[:] = torch.tensor([[0.3, -1.1, 0.8, 0.2, -0.5]])
    runs, steps = 40_000, 3
    currents = torch.tensor([0.4, 0.9, 0.2]).reshape(1, steps, 1).expand(runs, steps, 1)
    torch.manual_seed(0)
    spikes, _ = layer(currents)
    for history in range(8):
        bits = torch.tensor([history >> 2 & 1, history >> 1 & 1, history & 1])
        firing, _ = reference(layer.weight[0].detach().double(), currents[0, :, 0].double(), bits)
        expected = float(torch.prod(torch.where(bits == 1, firing, 1 - firing)))
        found = float((spikes[:, :, 0] == bits).all(dim=1).double().mean())
        assert abs(found - expected) < 5 * math.sqrt(expected * (1 - expected) / runs) + 1e-6


def test_seeds_threads_and_batches():
    currents = torch.rand(33, 5, 130)
    results = []
    for threads in (1, 2, 3):
        layer = SQSLayer(130, threads=threads)
        given = currents.clone().requires_grad_()
        torch.manual_seed(7)
        spikes, memory = layer(given)
        later, _ = layer(given, memory)
        # Of sums, whose gradients are tensors without strides.
        (spikes.sum() + later.sum()).backward()
        results.append((spikes.detach(), later.detach(), memory.detach(), given.grad, layer.weight.grad))
    for other in results[1:]:
        assert all(torch.equal(one, two) for one, two in zip(results[0], other, strict=True))
    torch.manual_seed(8)
    assert not torch.equal(SQSLayer(130)(currents)[0], results[0][0])


def test_other_neurons():
    currents = torch.tensor([0.6, 0.6, 0.0]).reshape(1, 3, 1)
    lif = SQSLayer(1, model={"model": "lif", "decay": 0.5, "threshold": 0.8, "reset": "zero"})
    # U = 0.6, then 0.9 > 0.8: a spike, and back to zero.
    assert lif(currents)[0].flatten().tolist() == [0, 1, 0]
    two = SQSLayer(3, {"name": "pair", "io_qubits": 2, "memory_qubits": 1, "gates": [
        {"gate": "crx", "qubits": [0, 2], "parameter": 0}, {"gate": "rx", "qubits": [1], "parameter": 1},
    ]})  # fmt: skip
    spikes, memory = two(torch.rand(4, 5, 3, 2))
    assert spikes.shape == (4, 5, 3, 2) and two.weight.shape == (3, 2)


def test_learns_in_a_network_of_others():
    """Two classes by which of two inputs is driven first: only a memory tells them apart at the end."""
    torch.manual_seed(3)
    order = torch.randint(2, (256,))
    inputs = torch.zeros(256, 6, 2)
    inputs[torch.arange(256), 0, order] = 1
    inputs[torch.arange(256), 3, 1 - order] = 1
    layer, before, after = SQSLayer(64), torch.nn.Linear(2, 64), torch.nn.Linear(64, 2)
    parameters = [*before.parameters(), *layer.parameters(), *after.parameters()]
    optimizer = torch.optim.Adam(parameters, lr=0.02)
    for _ in range(120):
        spikes, _ = layer(before(inputs))
        loss = torch.nn.functional.cross_entropy(after(spikes[:, 3:].mean(dim=1)), order)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    spikes, _ = layer(before(inputs))
    accuracy = (after(spikes[:, 3:].mean(dim=1)).argmax(dim=1) == order).double().mean()
    assert accuracy > 0.9


def test_saving_and_copies():
    layer = SQSLayer(4, "two-way")
    with torch.no_grad():
        layer.weight.normal_()
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    fresh = SQSLayer(4, "two-way")
    fresh.load_state_dict(torch.load(file))
    currents = torch.rand(2, 3, 4)
    for other in (fresh, copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        torch.manual_seed(5)
        expected = layer(currents)[0]
        torch.manual_seed(5)
        assert torch.equal(other(currents)[0], expected)


@pytest.mark.parametrize(
    ("currents", "text"),
    [
        (torch.rand(2, 3, 5), "currents: found shape (2, 3, 5, 1), expected (any, any, 4, 1)"),
        (torch.rand(2, 3, 4).double(), "currents: found torch.float64 on cpu, expected torch.float32 on cpu"),
        (torch.rand(2, 0, 4), "samples, steps: found 2 and 0"),
    ],
)
def test_wrong_currents_are_refused(currents, text):
    with pytest.raises(ValueError) as error:
        SQSLayer(4)(currents)
    assert text in str(error.value)


def test_wrong_layers_are_refused():
    with pytest.raises(ValueError, match="exchang"):
        SQSLayer(4, "exchang")
    with pytest.raises(ValueError, match="found 0 neurons"):
        SQSLayer(0)
    with pytest.raises(ValueError, match="surrogate: found 'triangle'"):
        SQSLayer(4, surrogate="triangle")
    layer = SQSLayer(4)
    with pytest.raises(ValueError, match=r"memory: found shape \(3, "):
        layer(torch.rand(2, 3, 4), torch.zeros(3, layer.memory_size))


def test_firing_is_that_of_the_equations():
    layer = SQSLayer(3)
    with torch.no_grad():
        layer.weight.normal_()
    currents = np.random.default_rng(0).uniform(0, 1, (2, 4, 3, 1)).astype(np.float32)
    spikes, firing = np.empty_like(currents), np.empty_like(currents)
    call(
        "sqs_layer_step", layer._handle, 2, 4, 9, pointer(layer.weight.detach().numpy()), pointer(currents),
        ffi.NULL, pointer(spikes), pointer(firing), ffi.NULL, ffi.NULL,
    )  # fmt: skip
    for b in range(2):
        for n in range(3):
            exact, _ = reference(
                layer.weight[n].detach().double(), torch.from_numpy(currents[b, :, n, 0]).double(),
                spikes[b, :, n, 0],
            )  # fmt: skip
            np.testing.assert_allclose(firing[b, :, n, 0], exact.numpy(), atol=1e-5)
