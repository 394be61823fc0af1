"""The data sets of ``sqsnn data list``, as arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..training import Samples, configuration


class Dataset(NamedTuple):
    """Images and their classes, for learning and for judging.

    Attributes
    ----------
    training, test : (X, y)
        X is uint8 of shape (n, height · width), 0 to 255; y uint8 of shape (n,).
    shape : (height, width)
    """

    training: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]
    shape: tuple[int, int]


def load(name: str) -> Dataset:
    """A data set of images by its name, as ``sqsnn data list`` has it.

    It is looked for in the folders of the environment variable ``SQSNN_DATA``, in the user's data folder and where the system has
    its own; :func:`fetch` brings it there.

    Raises
    ------
    ValueError
        For an unknown name, and where the files are not here or not those that they should be.
    """
    training, test = (samples.arrays() for samples in Samples.load(configuration(dataset=name)))
    (height, width), flat = training[0].shape[1:], [(x.reshape(len(x), -1), y) for x, y in (training, test)]
    return Dataset(flat[0], flat[1], (height, width))
