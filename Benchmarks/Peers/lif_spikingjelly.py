#!/usr/bin/env python3
"""SpikingJelly's `LIFNode` in its multi-step mode, on the CPU.

It resets at once, so it is given the threshold and rest of `lif_reference.py`: the rest as the first potential and
as a constant current of (1 − β) k. Currents do not decay, and the reset's gradient is cut (`detach_reset`), as
snnTorch's is. It fires at the threshold and not only above. Usual surrogate: the arctangent of α = 2.
"""

from __future__ import annotations

from spikingjelly.activation_based import neuron, surrogate
from torch import Tensor, nn

import lif_reference
import lif_torch


class Neurons(nn.Module):
    def __init__(self, common: bool) -> None:
        super().__init__()
        self.node = neuron.LIFNode(
            tau=1 / (1 - lif_reference.DECAY),
            decay_input=False,
            v_threshold=lif_reference.IMMEDIATE_THRESHOLD,
            v_reset=None,
            surrogate_function=surrogate.SuperSpike(lif_reference.COMMON_SLOPE)
            if common
            else surrogate.ATan(2.0),
            detach_reset=True,
            step_mode="m",
        )

    def forward(self, currents: Tensor) -> Tensor:
        self.node.v = lif_reference.IMMEDIATE_REST
        return self.node(currents)


if __name__ == "__main__":
    lif_torch.main(
        lif_torch.Library(
            "SpikingJelly",
            ("spikingjelly", "torch"),
            Neurons,
            lif_reference.arctan(2),
            bias=(1 - lif_reference.DECAY) * lif_reference.IMMEDIATE_REST,
        )
    )
