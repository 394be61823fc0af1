"""Circuits from programs, and spike histories from bits."""

from __future__ import annotations

from typing import Any

import qiskit.qasm3


class Programs:
    """Circuits by the text of their programs, each made ready for the target once."""

    def __init__(self, prepare) -> None:
        self.prepare = prepare
        self.ready: dict[str, Any] = {}

    def __getitem__(self, program: str) -> Any:
        if program not in self.ready:
            self.ready[program] = self.prepare(qiskit.qasm3.loads(program))
        return self.ready[program]


def history(bits: str) -> str:
    """From Qiskit's text, whose first bit is the last, to ours: step by step, channel by channel."""
    return bits.replace(" ", "")[::-1]
