#!/usr/bin/env python3
"""Spyx's `LIF` on JAX's CPU backend, Float32: a network as `sqsnn bench step` has it, and a layer as `sqsnn bench
layer`.

The products with the weights are layer-major, the neurons a `spyx.nn.run` (a scan over time), the whole step one
compiled function. The neuron is that of `lif_reference.py`, but it tells its spikes one step late: S_t = 1[U_{t−1} >
θ]. A network is timed as it is; a layer takes one more step, without input, and leaves out its first, so that its
spikes are those of the others. The gradient goes through the resets; there is no option to cut it. Usual surrogate:
SuperSpike of slope 25.

XLA makes its threads when it starts, so that their number is an option: `--threads 1`.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable

import numpy as np

import lif_layer
import lif_reference
import measurement
from workload import LEARNING_RATE, ROUND_REPETITIONS, TEMPERATURE, WARM_UPS, Workload, positive_integer

NAME = "Spyx"
PACKAGES = ("spyx", "jax", "jaxlib")


def limit_threads(threads: int) -> None:
    """Before JAX starts, which makes as many threads as there are cores for this process."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:threads])


def neurons(count: int, slope: float) -> Callable[[object], object]:
    """Currents [step, sample, neuron] → spikes, one step late."""
    import spyx.nn
    from flax import nnx
    from spyx import axn

    lif = spyx.nn.LIF(
        (count,),
        beta=lif_reference.DECAY,
        threshold=lif_reference.THRESHOLD,
        activation=axn.superspike(slope),
        rngs=nnx.Rngs(0),
    )
    return lambda currents: spyx.nn.run(lif, currents)[0]


def timely(run: Callable[[object], object]) -> Callable[[object], object]:
    """The same with the spikes at their own steps: one more step without input, and the first left out."""
    import jax.numpy as jnp

    return lambda currents: run(jnp.pad(currents, ((0, 1), (0, 0), (0, 0))))[1:]


class SpyxNetwork:
    def __init__(self, workload: Workload) -> None:
        import jax
        import jax.numpy as jnp
        import optax

        random = np.random.default_rng(1)

        def weights(inputs: int, outputs: int) -> object:
            return jnp.asarray(random.uniform(-1, 1, (inputs, outputs)) / math.sqrt(inputs), jnp.float32)

        shape = (workload.steps, workload.batch, workload.inputs)
        self.inputs = jnp.asarray(random.random(shape) < workload.density, jnp.float32)
        targets = jnp.asarray(random.integers(workload.outputs, size=workload.batch))
        optimizer = optax.adam(LEARNING_RATE)
        self.parameters = {
            "hidden": weights(workload.inputs, workload.hidden),
            "output": weights(workload.hidden, workload.outputs),
        }
        self.moments = optimizer.init(self.parameters)
        hidden, output = neurons(workload.hidden, 25), neurons(workload.outputs, 25)

        def rates(parameters: dict, inputs: object) -> object:
            return output(hidden(inputs @ parameters["hidden"]) @ parameters["output"]).mean(0)

        def loss(parameters: dict, inputs: object) -> object:
            logits = TEMPERATURE * rates(parameters, inputs)
            return optax.softmax_cross_entropy_with_integer_labels(logits, targets).mean()

        def update(parameters: dict, moments: object, inputs: object) -> tuple[dict, object]:
            updates, moments = optimizer.update(jax.grad(loss)(parameters, inputs), moments)
            return optax.apply_updates(parameters, updates), moments

        # The old parameters' memory is used again.
        self._update = jax.jit(update, donate_argnums=(0, 1))
        self._predict = jax.jit(lambda parameters, inputs: rates(parameters, inputs).argmax(1))
        self._ready = jax.block_until_ready

    def train(self) -> None:
        self.parameters, self.moments = self._ready(
            self._update(self.parameters, self.moments, self.inputs)
        )

    def infer(self) -> None:
        self._ready(self._predict(self.parameters, self.inputs))


class SpyxPeer:
    def __init__(self, workload: Workload, threads: int) -> None:
        self.variant = f"jit, {measurement.threads_label(threads)}"
        network = SpyxNetwork(workload)
        self.steps = {"training": network.train, "inference": network.infer}
        for step in self.steps.values():
            measurement.attempted(step)
        self.description = {
            "peer": f"{NAME}, LIF of the same size",
            "versions": measurement.versions(*PACKAGES),
            "workload": str(workload),
            "repetitions_per_round": ROUND_REPETITIONS,
        }

    def measure(self, request: str) -> measurement.Round:
        return {
            f"{name}_step_seconds": {
                self.variant: measurement.attempted(
                    lambda: measurement.median_seconds(step, ROUND_REPETITIONS, WARM_UPS)
                )
            }
            for name, step in self.steps.items()
        }


class LayerRuns(lif_layer.Runs):
    def __init__(self, threads: int) -> None:
        self.variant = f"jit, {measurement.threads_label(threads)}"

    def variants(self, layer: lif_layer.Recorded) -> dict[str, lif_layer.Passes]:
        import jax
        import jax.numpy as jnp

        inputs = jnp.asarray(layer.input())
        weights = jnp.asarray(layer.weights)
        run = timely(neurons(len(layer.weights), lif_reference.COMMON_SLOPE))

        def spikes(weights: object, inputs: object) -> object:
            # [neuron, input], as the file has them and as PyTorch's layers keep them.
            return run(jnp.einsum("tbi,ni->tbn", inputs, weights))

        def loss(weights: object, inputs: object) -> tuple[object, object]:
            fired = spikes(weights, inputs)
            return fired.sum(), fired

        forward = jax.jit(spikes)
        both = jax.jit(jax.grad(loss, has_aux=True))

        def there_and_back() -> tuple[object, object]:
            gradient, fired = jax.block_until_ready(both(weights, inputs))
            return fired, gradient

        return {
            self.variant: lif_layer.Passes(
                forward=lambda: jax.block_until_ready(forward(weights, inputs)), both=there_and_back
            )
        }

    def arrays(self, spikes: object, gradient: object, neurons: int) -> tuple[np.ndarray, np.ndarray]:
        return lif_layer.packed(np.asarray(spikes)), np.asarray(gradient[:neurons])


def check(arguments: argparse.Namespace) -> list[str]:
    """Spikes and gradients of the currents against the equations."""
    import jax
    import jax.numpy as jnp

    random = np.random.default_rng(7)
    currents = random.uniform(-0.2, 0.8, (20, 6, 5))
    errors = random.normal(size=currents.shape)
    expected = lif_reference.potentials(currents)
    inputs = jnp.asarray(currents, jnp.float32)
    lines = []
    for what, slope in (("usual", 25), ("common", lif_reference.COMMON_SLOPE)):
        late = neurons(5, slope)
        run = timely(late)
        fired = expected > lif_reference.THRESHOLD
        gradient = lif_reference.current_gradient(
            expected, errors, lif_reference.fast_sigmoid(slope), through_reset=True
        )
        found = jax.jit(jax.grad(lambda currents: (run(currents) * errors).sum()))(inputs)
        what = f"{NAME}, {what} surrogate"
        lines += [
            measurement.expect_close(f"{what}, late spikes", late(inputs)[1:], fired[:-1], 0),
            measurement.expect_close(f"{what}, spikes", jax.jit(run)(inputs), fired, 0),
            measurement.expect_close(f"{what}, gradients", found, gradient, 1e-4),
        ]
    return lines


def prepare(arguments: argparse.Namespace) -> measurement.Peer:
    limit_threads(arguments.threads)
    if arguments.layer:
        return lif_layer.LayerPeer(NAME, PACKAGES, LayerRuns(arguments.threads))
    return SpyxPeer(Workload.of(arguments), arguments.threads)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    Workload.add_arguments(parser)
    lif_layer.add_argument(parser)
    parser.add_argument(
        "--threads", type=positive_integer, default=measurement.core_count(), help="threads (%(default)s)"
    )


if __name__ == "__main__":
    measurement.run(f"Time LIF neurons of {NAME}: a network, or a layer.", prepare, check, add_arguments)
