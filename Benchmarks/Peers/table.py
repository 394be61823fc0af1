"""The tables that the comparisons print and write."""

from __future__ import annotations

import argparse
from pathlib import Path

from measurement import Failure

BEGIN, END = "<!-- {0}: begin -->", "<!-- {0}: end -->"


def significant(value: float) -> str:
    """Three digits, thousands separated: 0.123, 12.3, 123, 12,300."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if rounded >= 100 else f"{rounded:.3g}"


def text_table(rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows
    )


def markdown_table(rows: list[list[str]]) -> str:
    """The first row is the header."""

    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"

    return "\n".join([line(rows[0]), line(["---"] * len(rows[0])), *map(line, rows[1:])])


class Output:
    """Files that a comparison writes, tried before minutes of measuring, not after."""

    def __init__(self, name: str, arguments: argparse.Namespace) -> None:
        """`name` is that of the table's marks in a Markdown file."""
        self.json, self.markdown = arguments.json, arguments.markdown
        if self.markdown:
            self._before, self._after = between_markers(self.markdown, name)
        if self.json:
            writable(self.json)

    @staticmethod
    def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
        parser.add_argument("--json", type=Path, metavar="FILE", help="write all rounds and variants")
        parser.add_argument(
            "--markdown",
            type=Path,
            metavar="FILE",
            help=f"write the table between {BEGIN.format(name)} and {END.format(name)}",
        )

    def write(self, result: str, markdown: str) -> None:
        if self.json:
            self.json.write_text(result + "\n")
        if self.markdown:
            self.markdown.write_text(f"{self._before}\n{markdown}\n{self._after}")


def between_markers(path: Path, name: str) -> tuple[str, str]:
    """What stands before and after the table in the file, markers included."""
    begin_mark, end_mark = BEGIN.format(name), END.format(name)
    try:
        text = path.read_text()
    except OSError as error:
        raise Failure(
            f"{path}: {error.strerror}; expected a file with the lines {begin_mark} and {end_mark}"
        ) from error
    before, begin, rest = text.partition(begin_mark)
    _, end, after = rest.partition(end_mark)
    if not begin or not end:
        raise Failure(f"{path}: expected the lines {begin_mark} and {end_mark}, between which the table goes")
    return before + begin, end + after


def writable(path: Path) -> None:
    """Told before minutes of measuring, not after."""
    try:
        path.open("a").close()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}; expected a file that can be written") from error
