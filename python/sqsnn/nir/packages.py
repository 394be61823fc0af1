"""The optional packages of this part."""

from __future__ import annotations

from typing import Any


def nir_package() -> Any:
    """The package ``nir``.

    Raises
    ------
    ImportError
        Saying how to install it.
    """
    try:
        import nir
    except ImportError as error:
        raise ImportError("nir is not installed: pip install sqsnn[nir]") from error
    return nir


def safetensors_loader() -> Any:
    """``safetensors.numpy.load_file``."""
    try:
        from safetensors.numpy import load_file
    except ImportError as error:
        raise ImportError("safetensors is not installed: pip install sqsnn[nir]") from error
    return load_file
