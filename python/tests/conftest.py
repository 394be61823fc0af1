"""Without the engine there is nothing to test: SQSNN_LIBRARY and SQSNN_HEADER say where it is, unless a wheel is installed."""

from __future__ import annotations

import os

import numpy as np
import pytest


@pytest.fixture(scope="session")
def images() -> tuple[np.ndarray, np.ndarray]:
    """300 pictures of 8 × 8 pixels in three classes: a bright row at one of three places, with noise."""
    random = np.random.default_rng(2)
    labels = random.integers(0, 3, 300).astype(np.uint8)
    pixels = random.integers(0, 60, (300, 8, 8)).astype(np.uint8)
    for sample, label in enumerate(labels):
        pixels[sample, 1 + 2 * label] = random.integers(180, 256, 8)
    return pixels, labels


@pytest.fixture
def needs_data() -> None:
    if "SQSNN_DATA" not in os.environ and not os.path.isdir("/usr/share/datasets/fashion-mnist"):
        pytest.skip("no Fashion-MNIST: set SQSNN_DATA, or install the package dataset-fashion-mnist")


@pytest.fixture
def tool() -> str:
    if "SQSNN_TOOL" not in os.environ:
        pytest.skip("SQSNN_TOOL does not say where the command line is")
    return os.environ["SQSNN_TOOL"]
