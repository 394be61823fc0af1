"""Progress of loops."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator
from typing import Any


def shown(items: Iterable[Any], is_wanted: bool, unit: str) -> Iterator[Any]:
    """The items, with a bar where it is wanted: tqdm's, or lines where there is none."""
    if not is_wanted:
        yield from items
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        for item in items:
            yield item
            print(f"{unit} {item + 1}", file=sys.stderr)
    else:
        yield from tqdm(items, unit=unit)


class _NoBar:
    def update(self, count: int) -> None:
        pass


def bar(name: str, length: int | None, is_wanted: bool) -> contextlib.AbstractContextManager[Any]:
    """Of bytes that come; tqdm's, where it is wanted and there is one."""
    if is_wanted:
        with contextlib.suppress(ImportError):
            from tqdm.auto import tqdm

            return tqdm(desc=name, total=length, unit="B", unit_scale=True)
    return contextlib.nullcontext(_NoBar())
