"""The engine behind the package, called as ``sqsnn.h`` declares it: that file is read here, so there is no second list."""

from __future__ import annotations

import os
import pathlib
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from cffi import FFI

ABI = 1
_OK, _USAGE, _BAD_INPUT, _STOPPED = 0, 2, 3, 130


class EngineError(RuntimeError):
    """Something stopped the engine; the text says what, and what to do."""


class Stopped(Exception):
    """A callback asked to stop."""


def _declarations(header: str) -> str:
    """What cffi reads of the header: no preprocessor, no C++."""
    lines = [line for line in header.splitlines() if not line.startswith("#")]
    return re.sub(r'extern "C" \{|^\}$', "", "\n".join(lines), flags=re.MULTILINE)


def _load() -> tuple[FFI, Any]:
    folder = pathlib.Path(__file__).parent
    path = os.environ.get("SQSNN_LIBRARY", folder / "libsqsnn-c.so")
    header = os.environ.get("SQSNN_HEADER", folder / "sqsnn.h")
    interface = FFI()
    interface.cdef(_declarations(pathlib.Path(header).read_text()))
    # Never unloaded: its threads wait for work until the process ends, and would wake to nothing.
    engine = interface.dlopen(str(path), os.RTLD_NOW | os.RTLD_NODELETE)
    if engine.sqs_abi() != ABI:
        raise ImportError(f"{path}: interface {engine.sqs_abi()}, expected {ABI}; install sqsnn again")
    return interface, engine


ffi, library = _load()

_is_forked = False


def _forked() -> None:
    global _is_forked
    _is_forked = True


# The engine's threads are not there in a child process.
os.register_at_fork(after_in_child=_forked)


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a code, and raises what it says."""
    if _is_forked:
        raise EngineError(
            "the engine does not work in a forked process; start processes by 'spawn' or 'forkserver'"
        )
    code = getattr(library, name)(*arguments)
    if code == _OK:
        return
    if code == _STOPPED:
        raise Stopped
    text = ffi.string(library.sqs_error()).decode()
    raise (ValueError if code in (_USAGE, _BAD_INPUT) else EngineError)(text)


def made(name: str, kind: str, *arguments: Any) -> Any:
    """An object of the engine, freed with the last reference to it; its place is the function's last argument."""
    place = ffi.new(f"sqs_{kind} **")
    call(name, *arguments, place)
    return owned(kind, place[0])


def owned(kind: str, handle: Any) -> Any:
    return ffi.gc(handle, getattr(library, f"sqs_{kind}_free"))


def text(name: str, *arguments: Any) -> str:
    """The text that a function gives through its last argument."""
    place = ffi.new("char **")
    call(name, *arguments, place)
    return _taken(place[0])


def _taken(characters: Any) -> str:
    try:
        return ffi.string(characters).decode()
    finally:
        library.sqs_text_free(characters)


def encoded(text: str) -> bytes:
    """Text as the engine takes it."""
    return text.encode()


_ELEMENTS = {"f4": "float *", "f8": "double *", "u1": "uint8_t *", "i8": "int64_t *"}


def pointer(array: np.ndarray | None) -> Any:
    """To the elements of a contiguous array, which the caller keeps; NULL of None."""
    if array is None:
        return ffi.NULL
    assert array.flags.c_contiguous
    return ffi.from_buffer(_ELEMENTS[array.dtype.str[1:]], array)


def arrays(handle: Any) -> dict[str, np.ndarray]:
    """Copies of the engine's arrays by their names."""
    found = {}
    for index in range(library.sqs_arrays_count(handle)):
        shape = tuple(
            library.sqs_arrays_dimensions(handle, index)[dimension]
            for dimension in range(library.sqs_arrays_rank(handle, index))
        )
        kind = np.dtype(np.float32 if library.sqs_arrays_are_floats(handle, index) else np.uint8)
        size = kind.itemsize * int(np.prod(shape))
        elements = ffi.buffer(library.sqs_arrays_elements(handle, index), size)
        name = ffi.string(library.sqs_arrays_name(handle, index)).decode()
        found[name] = np.frombuffer(elements, dtype=kind).reshape(shape).copy()
    return found


def calling(progress: Callable[[int, int], None] | None) -> tuple[Any, list[BaseException]]:
    """A callback of the engine, and what was raised in it: C cannot hand that on."""
    raised: list[BaseException] = []

    @ffi.callback("int32_t(void *, int64_t, int64_t)")
    def told(_: Any, done: int, total: int) -> int:
        try:
            if progress is not None:
                progress(done, total)
        except BaseException as error:
            raised.append(error)
        return len(raised)

    return told, raised
