"""
The answers as a sheet of cells, and an edited sheet back as rows.

A sheet is checked by the same rules as the files: each category becomes a `Document` whose lines are the rows of the
sheet and whose columns are its columns, so that every mistake is told at its cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wxbot.adapters.content import entries
from wxbot.adapters.content.complaints import Checked, check
from wxbot.adapters.content.document import Data, Document, Place, Places
from wxbot.adapters.content.entries import Written
from wxbot.adapters.content.format import AnswersFile, Entry
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.adapters.content.tables import Table, holdable
from wxbot.domain.script import Words
from wxbot.errors import Problem
from wxbot.service.answer_table import FIELDS, LISTS, TEXTS, TITLES, Row, Value, readable_id

IN_FILE = "见文件"
"""Stands for what a cell cannot hold; it stays as it is in the file."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: what it says, fit for use only when there are no problems. problems: by cell, line and column from 1."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def cells_of(written: Iterable[Written]) -> list[list[str]]:
    """A line of titles, and one line an answer."""
    return [list(TITLES.values()), *(_cells(one) for one in written)]


def rows_of(written: Iterable[Written]) -> list[Row]:
    """What a sheet can hold of each answer."""
    return [Row(one.entry.id, one.category, _values(one.entry)) for one in written]


def read_sheet(file: str, table: Table, written: Sequence[Written], words: Words, *, remove: bool) -> Sheet:
    """
    An edited sheet, checked cell by cell and as a whole.

    Args:
        file: its name. written: the answers as they are now. words: those that never reach an answer.
        remove: whether answers that the sheet does not have are to go.
    """
    columns, problems = _columns(file, table.rows)
    if problems:
        return Sheet((), tuple(sorted([*table.problems, *problems])))
    reader = _Reader(file, columns, {one.entry.id: one for one in written})
    lines = [line for number, cells in enumerate(table.rows[1:], 2) if (line := reader.line(number, cells))]
    problems = [*table.problems, *reader.problems, *_faults(file, lines, [] if remove else written, words)]
    return Sheet(tuple(line.row for line in lines), _one_a_cell(problems))


def _values(entry: Entry) -> dict[str, Value]:
    # The parts of an answer are messages of their own, which the lines of a cell would not tell.
    fields = [name for name in FIELDS if name != "answer" or isinstance(entry.answer, str)]
    found = {name: _value(getattr(entry, name)) for name in fields}
    return {name: value for name, value in found.items() if value is not None}


def _value(value: Any) -> Value | None:
    """None for what a cell cannot hold."""
    texts = (value,) if isinstance(value, str) else tuple(value)
    if IN_FILE in texts or not holdable("\n".join(texts)):
        return None
    if isinstance(value, str):
        return value
    return None if any("\n" in text for text in texts) else texts


def _cells(written: Written) -> list[str]:
    entry, values = written.entry, _values(written.entry)
    special = {"id": entry.id, "category": written.category, "variants": IN_FILE if entry.variants else ""}
    return [special[name] if name in special else _cell(values.get(name)) for name in TITLES]


def _cell(value: Value | None) -> str:
    if value is None:
        return IN_FILE
    return value if isinstance(value, str) else "\n".join(value)


def _columns(file: str, rows: Sequence[Sequence[str]]) -> tuple[dict[str, int], list[Problem]]:
    """Where each field stands, from 1."""
    names = {title: name for name, title in TITLES.items()} | {name: name for name in TITLES}
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    for column, title in enumerate(rows[0] if rows else (), 1):
        name = names.get(title)
        if name and name not in columns:
            columns[name] = column
        elif name:
            problems.append(Problem(file, 1, column, f"「{title}」这一列写了两次", "请删掉一列"))
        elif title or any(len(row) >= column and row[column - 1] for row in rows):
            hint = did_you_mean(title, list(TITLES.values())) or f"第一行可以写：{'、'.join(TITLES.values())}"
            problems.append(Problem(file, 1, column, f"不认识的列「{title}」", hint))
    for name in ("id", "question"):
        if name not in columns:
            problems.append(
                Problem(file, 1, 1, f"缺少「{TITLES[name]}」这一列", "第一行要写各列的名字，先导出一份看看")
            )
    return columns, problems


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the sheet. data: the entry as a file would hold it, from this line and the file."""

    number: int
    row: Row
    data: dict[str, Any]
    columns: Mapping[str, int]

    def place(self, name: str) -> Place:
        return (self.number, self.columns.get(name, 1))


class _Reader:
    """Lines one after the other, for an id that is made up must not be taken."""

    def __init__(self, file: str, columns: Mapping[str, int], known: Mapping[str, Written]) -> None:
        self.problems: list[Problem] = []
        self._file, self._columns, self._known = file, columns, known
        self._taken = set(known)
        # In reverse, so that of several that are asked for alike the first counts.
        self._asked = {(one.category, one.entry.question): one.entry.id for one in reversed([*known.values()])}
        self._seen: dict[str, int] = {}

    def line(self, number: int, cells: Sequence[str]) -> _Line | None:
        """None for an empty one."""
        texts = {name: cells[at - 1] if at <= len(cells) else "" for name, at in self._columns.items()}
        if not any(texts.values()):
            return None
        id = texts["id"] or self._id(texts.get("category", ""), texts["question"])
        self._taken.add(id)
        known = self._known.get(id)
        first = self._seen.setdefault(id, number)
        if first != number and texts["id"]:
            self._note(number, "id", f"id「{id}」和第 {first} 行的重复", "请换一个 id，或合成一行")
        elif first != number:
            hint = "请合成一行；确实是另一条，就换一个问题"
            self._note(number, "id", f"这个分类里的这个问题就是第 {first} 行的「{id}」", hint)
        category = texts.get("category", known.category if known else "")
        if not category:
            self._note(number, "category", "没有写分类", "请写上这条答案属于哪个分类")
        values = dict(self._read(number, texts, known))
        data = {"id": id, **(_raw(known) if known else {}), **{name: _data(value) for name, value in values.items()}}
        filled = {name: value for name, value in data.items() if value != [] or name not in LISTS}
        return _Line(number, Row(id, category, values), filled, self._columns)

    def _id(self, category: str, question: str) -> str:
        """That of the answer that is there already, for a sheet with new rows may be imported again; else a new one."""
        if not question:
            return readable_id("", self._taken)
        return self._asked.setdefault((category, question), readable_id(question, self._taken))

    def _read(self, number: int, texts: Mapping[str, str], known: Written | None) -> Iterator[tuple[str, Value]]:
        held = _values(known.entry) if known else dict.fromkeys(FIELDS, "")
        if not known:
            texts = {**dict.fromkeys(TEXTS, ""), **texts}
        for name in (name for name in (*FIELDS, "variants") if name in texts):
            text = texts[name]
            if text == IN_FILE and known:
                continue
            if text == IN_FILE:
                self._note(number, name, f"新的一行不能写“{IN_FILE}”", "请写上内容，或者留空")
            elif name == "variants" and text:
                self._note(number, name, "分情况的说法只能在文件里改", f"请留空，或写“{IN_FILE}”")
            elif name != "variants" and name not in held:
                self._note(number, name, "这里的内容表格放不下，只能在文件里改", f"请改回“{IN_FILE}”")
            elif name in LISTS:
                yield name, tuple(filter(None, map(str.strip, text.splitlines())))
            elif name != "variants":
                yield name, text

    def _note(self, number: int, name: str, message: str, hint: str) -> None:
        self.problems.append(Problem(self._file, number, self._columns.get(name, 1), message, hint))


def _raw(written: Written) -> dict[str, Any]:
    """The entry as its file has it."""
    data: Any = written.document.data
    for step in written.loc:
        data = data[step]
    return dict(data)


def _data(value: Value) -> Data:
    return value if isinstance(value, str) else list(value)


def _faults(file: str, lines: Sequence[_Line], staying: Sequence[Written], words: Words) -> Iterator[Problem]:
    """What the rules for files find in the sheet, next to the answers that stay without being in it."""
    by_category: dict[str, list[_Line]] = {}
    for line in lines:
        by_category.setdefault(line.row.category, []).append(line)
    sheet = [check(AnswersFile, _document(file, category, group)) for category, group in by_category.items()]
    files = [*sheet, *_rest(staying, {line.row.id for line in lines})]
    columns = lines[0].columns if lines else {}
    found = [_in_words_of_sheets(problem, columns) for checked in sheet for problem in checked.problems]
    found += entries.problems_of(files, entries.written_in(files), words, begins={}, complete=True)
    return (problem for problem in found if problem.file == file and problem.severity == "error")


def _in_words_of_sheets(problem: Problem, columns: Mapping[str, int]) -> Problem:
    """Fields by their titles; and lists are lines here."""
    name = next((name for name, column in columns.items() if column == problem.column), "id")
    message = problem.message.replace(f"「{name}」", f"「{TITLES[name]}」")
    hint = "一行写一个，中间不要标点" if name == "keywords" else problem.hint.replace("，或者删掉这一行", "")
    return replace(problem, message=message, hint=hint)


def _rest(written: Sequence[Written], in_sheet: set[str]) -> Iterator[Checked[AnswersFile]]:
    """The files less what the sheet holds."""
    documents = {id(one.document): one.document for one in written}
    for key, document in documents.items():
        gone = [one.loc for one in written if id(one.document) == key and one.entry.id in in_sheet]
        yield check(AnswersFile, document.without(gone))


def _document(file: str, category: str, lines: Sequence[_Line]) -> Document:
    answers: list[Data] = [line.data for line in lines]
    # One that is missing has been told of already, and must not hide what is wrong with the rest of the line.
    data: dict[str, Data] = {"category": category or TITLES["category"], "answers": answers}
    start = lines[0].place("category")
    places = {
        id(data): Places(start, dict.fromkeys(data, (start, start))),
        id(answers): Places(start, {at: (line.place("id"),) * 2 for at, line in enumerate(lines)}),
    }
    for line in lines:
        places[id(line.data)] = Places(line.place("id"), {name: (line.place(name),) * 2 for name in line.data})
        for name, value in line.data.items():
            _put(places, value, line.place(name))
    return Document(file, data, places)


def _put(places: dict[int, Places], data: Data, place: Place) -> None:
    """All that is in one cell is at one place."""
    if not isinstance(data, dict | list):
        return
    pieces = list(data.items()) if isinstance(data, dict) else list(enumerate(data))
    places[id(data)] = Places(place, {step: (place, place) for step, _ in pieces})
    for _, piece in pieces:
        _put(places, piece, place)


def _one_a_cell(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The first one told of each: a cell that cannot be read would be empty as well."""
    found: dict[Place, Problem] = {}
    for problem in problems:
        found.setdefault((problem.line, problem.column), problem)
    return tuple(found[place] for place in sorted(found))
