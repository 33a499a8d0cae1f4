"""Questions with their right answers from a .jsonl, .csv or .yaml file."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from wxbot.adapters.content.files import Source, read_text
from wxbot.adapters.content.parsing import parse
from wxbot.answering.evaluate import Labelled
from wxbot.domain.case import NONE
from wxbot.errors import ContentError, Problem

ASK = ("ask", "query")
GOLD = ("expect", "gold")
_HINT = "每条写问题（ask 或 query）和答案 id（expect 或 gold），不该回答的写 none"

Row = tuple[int, Any]
"""Line, from 1, and what stands there."""


def read_labelled(path: Path) -> list[Labelled]:
    """
    Read the questions of one file; its name says which format it has.

    Raises:
        ContentError: with every line that cannot be understood.
    """
    source = Source(str(path), path)
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise ContentError([Problem(source.file, 1, 1, "不认识这种文件", f"可以用 {'、'.join(_READERS)}")])
    found = [_labelled(source.file, *row) for row in read(source.file, read_text(source))]
    problems = [one for one in found if isinstance(one, Problem)]
    if problems:
        raise ContentError(problems)
    return [one for one in found if isinstance(one, Labelled)]


def _labelled(file: str, line: int, row: Any) -> Labelled | Problem:
    if isinstance(row, Problem):
        return row
    if not isinstance(row, dict):
        return Problem(file, line, 1, "这里应为一个问题和它的答案", _HINT)
    text = next((row[key] for key in ASK if key in row), None)
    if not isinstance(text, str) or not text.strip():
        return Problem(file, line, 1, "没有写问题", _HINT)
    written = [row[key] for key in GOLD if key in row]
    gold = _gold(written[0]) if written else None
    if gold is None:
        return Problem(file, line, 1, "没有写答案 id", _HINT)
    return Labelled(text, gold)


def _gold(written: Any) -> tuple[str, ...] | None:
    """None when it makes no sense."""
    names = [written] if isinstance(written, str) else written
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return None
    return tuple(name.strip() for name in names if name.strip() not in ("", NONE))


def _json_lines(file: str, text: str) -> Iterator[Row]:
    # Not splitlines: a text may hold U+2028, which ends a line for Python and not for JSON.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                yield number, Problem(file, number, 1, "这一行不是 JSON", "每行写一个 {……}")


def _csv(file: str, text: str) -> Iterator[Row]:
    """The first line names the columns; several ids in one cell are kept apart by `|`."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        for row in rows:
            cells: dict[str, Any] = {(key or "").strip(): cell or "" for key, cell in row.items() if key is not None}
            yield rows.line_num, {key: cell.split("|") if key in GOLD else cell for key, cell in cells.items()}
    except csv.Error as error:
        yield rows.line_num, Problem(file, rows.line_num, 1, f"表格读不下去（{error}）", "请检查引号是不是成对")


def _yaml(file: str, text: str) -> Iterator[Row]:
    """A list of questions, or a file of cases."""
    document = parse(file, text)
    if document.problems:
        raise ContentError(document.problems)
    is_cases = isinstance(document.data, dict)
    rows = document.data.get("cases") if isinstance(document.data, dict) else document.data
    if not isinstance(rows, list):
        raise ContentError([Problem(file, 1, 1, "这里应为一个列表，或者 cases:", _HINT)])
    for number, row in enumerate(rows):
        yield document.place(("cases", number) if is_cases else (number,))[0], row


_READERS: dict[str, Callable[[str, str], Iterator[Row]]] = {
    ".jsonl": _json_lines,
    ".csv": _csv,
    ".yaml": _yaml,
    ".yml": _yaml,
}
