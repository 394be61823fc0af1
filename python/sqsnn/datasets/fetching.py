"""Downloads of the catalogue's data sets."""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import pathlib
import urllib.error
import urllib.request
import zlib
from typing import IO, Any

from .. import _native
from .._native import EngineError, encoded, ffi
from .._progress import bar


def fetch(name: str, url: str | None = None, progress: bool = True) -> list[pathlib.Path]:
    """Brings a data set into the user's data folder, where :func:`load` finds it; as ``sqsnn data fetch``.

    What is there and right is not fetched again; a download that was stopped goes on where it stopped. A file gets its name
    only once its SHA-256 is that of the catalogue.

    Parameters
    ----------
    name : str
        As in ``sqsnn data list``.
    url : str, optional
        A folder on the network to fetch from in place of the data set's own.
    progress : bool
        Whether tqdm, where there is one, shows it.

    Returns
    -------
    list of pathlib.Path
        The files.

    Raises
    ------
    ValueError
        For an unknown name, and where no address is known.
    EngineError
        Where the network or the disk fails, or what was fetched is not the data set.
    """
    plan = json.loads(_native.text("sqs_dataset_files", encoded(name), encoded(url) if url else ffi.NULL))
    folder = pathlib.Path(plan["folder"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in plan["files"]:
            path = folder / file["name"]
            if not path.exists() or _digest(path, file) != file["sha256"]:
                _download(path, file, progress)
    except OSError as error:
        raise EngineError(f"{name}: {error}") from error
    return [folder / file["name"] for file in plan["files"]]


def _download(path: pathlib.Path, file: dict[str, Any], progress: bool) -> None:
    part = path.with_name(path.name + ".part")
    with open(part, "ab") as target:
        try:
            fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EngineError(
                f"{part}: another process is fetching this file; call again when it is done"
            ) from None
        is_resumed = target.tell() > 0
        try:
            _receive(target, file, progress)
            found = _digest(part, file)
            if found != file["sha256"] and is_resumed:
                # What there was may have been another's.
                target.truncate(0)
                _receive(target, file, progress)
                found = _digest(part, file)
            if found != file["sha256"]:
                target.truncate(0)
                raise EngineError(
                    f"{file['shown_address']}: found SHA-256 {found}, expected {file['sha256']}"
                )
            os.fsync(target.fileno())
            part.rename(path)
        finally:
            # What brought nothing leaves nothing.
            if part.exists() and part.stat().st_size == 0:
                part.unlink()


def _receive(target: IO[bytes], file: dict[str, Any], progress: bool) -> None:
    """Appends what is missing."""
    present = target.seek(0, os.SEEK_END)
    request = urllib.request.Request(
        file["address"], headers={"Range": f"bytes={present}-"} if present else {}
    )
    try:
        answer = urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        # All of it is there, or more: its digest will tell.
        if error.code == 416 and present:
            return
        raise EngineError(f"{file['shown_address']}: {error}") from error
    with answer, bar(file["name"], answer.length, progress) as shown:
        if answer.status != 206:
            target.truncate(0)
        while piece := answer.read(1 << 16):
            if target.tell() + len(piece) > file["size_limit"]:
                target.truncate(0)
                raise EngineError(
                    f"{file['shown_address']}: found more than {file['size_limit']} bytes; it is another file"
                )
            target.write(piece)
            shown.update(len(piece))
        if answer.length:
            raise EngineError(
                f"{file['shown_address']}: {answer.length} bytes did not come; call again, and it goes on there"
            )
    target.flush()


def _digest(path: pathlib.Path, file: dict[str, Any]) -> str:
    """SHA-256 of a file, or of what is in it where the catalogue has that; not read on once it is too long."""
    digest, length = hashlib.sha256(), 0
    is_packed = not file["is_of_archive"] and file["name"].endswith(".gz")
    try:
        with gzip.open(path) if is_packed else open(path, "rb") as source:
            while piece := source.read(1 << 20):
                digest.update(piece)
                length += len(piece)
                if length > file["size_limit"]:
                    break
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return "of no gzip file"
    return digest.hexdigest()
