"""Progress of loops."""

from __future__ import annotations

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
