"""Arrays of callers, as the engine takes them."""

from __future__ import annotations

from typing import Any

import numpy as np


def array(name: str, value: Any, kind: type, *shape: int | str) -> np.ndarray:
    """A contiguous array of a type, in a shape; words stand for any size.

    Anything with ``__array__`` or ``__dlpack__`` is taken, without a copy where its elements lie as the engine wants them.

    Raises
    ------
    ValueError
        For another shape, and for numbers that the type does not have; names the argument.
    """
    if not isinstance(value, np.ndarray):
        has_array = hasattr(value, "__array__") or not hasattr(value, "__dlpack__")
        value = np.asarray(value) if has_array else np.from_dlpack(value)
    if value.ndim != len(shape) or any(
        isinstance(wanted, int) and wanted != found for wanted, found in zip(shape, value.shape, strict=True)
    ):
        wanted = ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "")
        raise ValueError(f"{name}: found shape {value.shape}, expected ({wanted})")
    target = np.dtype(kind)
    if value.dtype != target:
        value = _converted(name, value, target)
    return np.ascontiguousarray(value)


def _converted(name: str, value: np.ndarray, target: np.dtype) -> np.ndarray:
    if value.dtype.kind not in "biuf" or (target.kind in "iu" and value.dtype.kind == "f"):
        raise ValueError(f"{name}: found elements of type {value.dtype}, expected {target}")
    if target.kind in "iu" and value.size:
        limits = np.iinfo(target)
        if value.min() < limits.min or value.max() > limits.max:
            raise ValueError(
                f"{name}: found {value.min()} to {value.max()}, expected {limits.min} to {limits.max}"
            )
    return value.astype(target)
