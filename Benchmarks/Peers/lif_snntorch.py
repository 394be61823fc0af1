#!/usr/bin/env python3
"""`snntorch.Leaky`, whose default is the neuron of `lif_reference.py`. Usual surrogate: the fast sigmoid of slope
25.
"""

from __future__ import annotations

import snntorch
import torch
from snntorch import surrogate
from torch import nn

import lif_reference
import lif_torch


def neurons(common: bool) -> nn.Module:
    slope = lif_reference.COMMON_SLOPE if common else 25
    leaky = snntorch.Leaky(
        beta=lif_reference.DECAY,
        threshold=lif_reference.THRESHOLD,
        spike_grad=surrogate.fast_sigmoid(slope),
    )
    return lif_torch.Stepwise(leaky, torch.zeros_like)


if __name__ == "__main__":
    lif_torch.main(
        lif_torch.Library("snnTorch", ("snntorch", "torch"), neurons, lif_reference.fast_sigmoid(25))
    )
