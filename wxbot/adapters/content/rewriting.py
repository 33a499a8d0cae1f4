"""Changes that a table asks for, made in the operators' files; what does not change keeps every byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wxbot.adapters.content.document import Data
from wxbot.adapters.content.editing import Edit, answer_files, checked, data_of, entries_in, new_file
from wxbot.adapters.content.files import Source
from wxbot.adapters.content.marks import Splice
from wxbot.adapters.content.page import Page
from wxbot.adapters.content.pieces import FIELDS, NewEntry, entry_lines, new_page
from wxbot.service.answer_table import LISTS, Change, Changes, Row, Value


@dataclass(slots=True)
class _File:
    """One file and what is to be done to it. data: what it says now, then what it is to say."""

    source: Source
    text: str
    data: dict[str, Any]
    page: Page | None
    items: list[list[str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    values: list[tuple[str, str, Value]] = field(default_factory=list)

    @property
    def indent(self) -> int:
        return self.page.indent if self.page else 2

    @property
    def brackets(self) -> bool:
        return self.page.prefers_brackets if self.page else False

    @property
    def edit(self) -> Edit:
        """Raises EditRefused."""
        return checked(self.source, self.text, self._with_values(self._with_entries()), self.data)

    def _with_entries(self) -> str:
        if self.page is None:
            return new_page(self.data["category"], self.items)
        splices = self.page.without_entries(self.gone, refilled=bool(self.items)) if self.gone else []
        return self.page.spliced([*splices, *(self.page.with_items(self.items) if self.items else [])])

    def _with_values(self, text: str) -> str:
        if not self.values:
            return text
        page = Page(text)
        splices: list[Splice] = []
        for id, name, value in self.values:
            splices += page.with_value(id, name, value if isinstance(value, str) else list(value))
        return page.spliced(splices)


def amended(folder: Path, changes: Changes) -> list[Edit]:
    """
    The edits that make these changes, one for each file that takes part.

    Raises:
        EditRefused: a file is built in a way that it cannot be edited. ContentError: one cannot be read.
    """
    files = _Files(folder)
    for row in changes.removed:
        files.remove(row.id)
    for change in changes.changed:
        files.change(change)
    for row in changes.added:
        files.add(row)
    return [file.edit for file in files.touched]


class _Files:
    """All answer files, and which holds what."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all = [_read(source, text) for source, text in answer_files(folder)]
        self._by_id = {_id(entry): file for file in self._all for entry in entries_in(file.data)}
        self._home = {file.data["category"].strip(): file for file in self._all if file.data.get("category")}

    @property
    def touched(self) -> list[_File]:
        return [file for file in self._all if file.items or file.gone or file.values]

    def remove(self, id: str) -> None:
        self._take(self._by_id[id], id)

    def change(self, change: Change) -> None:
        file = self._by_id[change.before.id]
        if change.category:
            file = self._move(file, change.before.id, change.category)
        entry = next(entry for entry in entries_in(file.data) if _id(entry) == change.before.id)
        for name, value in change.values.items():
            file.values.append((change.before.id, name, value))
            entry[name] = value if isinstance(value, str) else list(value)
            if not value:
                del entry[name]

    def add(self, row: Row) -> None:
        file, entry = self._file_of(row.category), _new(row)
        file.items.append(entry_lines(entry, file.indent, brackets=file.brackets))
        _put(file, entry.fields)

    def _move(self, file: _File, id: str, category: str) -> _File:
        home = self._file_of(category)
        assert file.page
        home.items.append(file.page.lines_of(id, home.indent))
        _put(home, self._take(file, id))
        return home

    def _take(self, file: _File, id: str) -> dict[str, Any]:
        file.gone.append(id)
        entry = next(entry for entry in entries_in(file.data) if _id(entry) == id)
        file.data["answers"] = [other for other in entries_in(file.data) if other is not entry]
        return entry

    def _file_of(self, category: str) -> _File:
        if category not in self._home:
            source = new_file(self._folder, category, [file.source.file for file in self._all])
            self._home[category] = _File(source, "", {"category": category, "answers": []}, None)
            self._all.append(self._home[category])
        return self._home[category]


def _read(source: Source, text: str) -> _File:
    data: Data = data_of(source, text)
    return _File(source, text, data if isinstance(data, dict) else {}, Page(text))


def _id(entry: Mapping[str, Any]) -> str:
    return str(entry.get("id", "")).strip()


def _put(file: _File, entry: Mapping[str, Any]) -> None:
    file.data["answers"] = [*entries_in(file.data), dict(entry)]


def _new(row: Row) -> NewEntry:
    values = {
        name: row.values.get(name, () if name in LISTS else "") for name in FIELDS if name not in ("id", "variants")
    }
    return NewEntry(id=row.id, **values)  # type: ignore[arg-type]
