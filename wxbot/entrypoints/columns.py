"""Texts in the columns of a terminal, where a Chinese sign takes two."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

GAP = "  "
_PIECES = re.compile(r"(?:[!-~]+|\S)[，。、；：？！）」”]*\s*|\s+")


def width(text: str) -> int:
    """Columns that a text takes."""
    return sum(0 if unicodedata.combining(sign) else 1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def on_one_line(text: str) -> str:
    """Without line breaks, and without what could play tricks on a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def aligned(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> Iterator[str]:
    """
    One line a row, its cells below those of the row before.

    rows: all of one length. right: numbers of the columns, from 0, that end below each other, as figures should.
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (_padded(cell, widths[at], at_end=at in right) for at, cell in enumerate(row))
        yield GAP.join(cells).rstrip()


def wrapped(text: str, columns: int) -> Iterator[str]:
    """Lines of at most so many columns, unless one word alone is wider. Chinese breaks anywhere but before a mark."""
    line = ""
    for piece in _PIECES.findall(text):
        if line and width((line + piece).rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line.rstrip():
        yield line.rstrip()


def _padded(text: str, columns: int, *, at_end: bool) -> str:
    space = " " * (columns - width(text))
    return space + text if at_end else text + space
