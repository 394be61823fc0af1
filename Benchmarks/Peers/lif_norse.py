#!/usr/bin/env python3
"""Norse's `LIFBoxCell`, the neuron without a synaptic current.

It resets at once, so it is given the threshold and rest of `lif_reference.py`, the rest as its `v_leak`, and
multiplies its currents by 1 − β. Its reset by subtraction is given as a `reset_method` of one operation whose
gradient is cut, as snnTorch's is. Usual surrogate: SuperSpike, in version 1.1.0 of slope 1 whatever `alpha` is.
"""

from __future__ import annotations

import torch
from norse.torch.functional.lif_box import LIFBoxParameters
from norse.torch.module.lif_box import LIFBoxCell
from torch import Tensor, nn

import lif_reference
import lif_torch

TIME_STEP = 0.001
SHARE = 1 - lif_reference.DECAY


def subtract(fired: Tensor, potential: Tensor, reset: Tensor, threshold: Tensor) -> Tensor:
    return potential - fired.detach() * threshold


def neurons(common: bool) -> nn.Module:
    cell = LIFBoxCell(
        LIFBoxParameters(
            tau_mem_inv=torch.as_tensor(SHARE / TIME_STEP),
            v_leak=torch.as_tensor(lif_reference.IMMEDIATE_REST),
            v_th=torch.as_tensor(lif_reference.IMMEDIATE_THRESHOLD),
            method="super",
            reset_method=subtract,
        ),
        dt=TIME_STEP,
    )
    return lif_torch.Stepwise(cell, cell.initial_state)


if __name__ == "__main__":
    lif_torch.main(
        lif_torch.Library(
            "Norse",
            ("norse", "torch"),
            neurons,
            lif_reference.fast_sigmoid(1),
            current_scale=SHARE,
        )
    )
