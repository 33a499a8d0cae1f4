"""
Phrasings and entries written into the operators' own files: every byte that was there stays where it was.

Text is put in at the marks of the parsed file. What comes out is read again, and refused unless it says just what the
old text said and the addition; so a file that is built in a way not thought of here is left to its owner.
"""

import os
import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wxbot.adapters.content.document import Data
from wxbot.adapters.content.files import ANSWERS, MENUS, Source, find, find_cases, find_dialogs
from wxbot.adapters.content.marks import BOM
from wxbot.adapters.content.page import Page
from wxbot.adapters.content.parsing import parse
from wxbot.adapters.content.pieces import NewEntry, entry_lines, new_page
from wxbot.errors import ContentError, WxbotError
from wxbot.service.answer_table import unused


class EditRefused(WxbotError):
    """The text is the reason, in Chinese; nothing was written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one file. before: its text, '' when it is new. after: '' when it goes."""

    source: Source
    before: str
    after: str

    @property
    def diff(self) -> list[str]:
        """Lines of a unified diff, without their ends."""
        name = self.source.file
        before, after = (text.removeprefix(BOM).splitlines() for text in (self.before, self.after))
        return list(unified_diff(before, after, name, name, n=2, lineterm=""))

    @property
    def undone(self) -> "Edit":
        return Edit(self.source, self.after, self.before)

    def write(self) -> None:
        """Raises EditRefused when somebody else has changed the file in the meantime."""
        self.require_unchanged()
        path = self.source.path.resolve()
        if not self.after:
            path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_bytes(self.after.encode())
        if path.exists():
            shutil.copymode(path, fresh)
        os.replace(fresh, path)

    def require_unchanged(self) -> None:
        """Raises EditRefused."""
        path = self.source.path
        if (text_in(path) if path.exists() else "") != self.before:
            raise EditRefused(f"{self.source.file} 刚刚被改过，没有写入，请再运行一次")


def write_all(edits: Sequence[Edit]) -> None:
    """All of them or none. Raises EditRefused, and OSError where a file cannot be written."""
    for edit in edits:
        edit.require_unchanged()
    written: list[Edit] = []
    try:
        for edit in edits:
            edit.write()
            written.append(edit)
    except (OSError, EditRefused):
        for edit in reversed(written):
            edit.undone.write()
        raise


@contextmanager
def rehearsed(folder: Path, *edits: Edit) -> Iterator[Path]:
    """A copy of the content, with the edits in it, while this block runs."""
    with TemporaryDirectory(prefix="wxbot-") as place:
        copy = Path(place)
        for source in (*find(folder)[0], *find_cases(folder), *find_dialogs(folder)):
            if source.path.exists():
                target = copy / source.file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source.path, target)
        for edit in edits:
            Edit(Source(edit.source.file, copy / edit.source.file), edit.before, edit.after).write()
        yield copy


def with_phrasings(folder: Path, id: str, phrasings: Sequence[str]) -> Edit:
    """
    More `similar` phrasings for the answer of that id, in the style of the list, or of the file where it has none.

    Raises:
        EditRefused: there is no such answer, or its file cannot be edited.
        ContentError: a file cannot be read.
    """
    for source, text in answer_files(folder):
        wanted = data_of(source, text)
        for entry in entries_in(wanted):
            if entry.get("id") == id:
                entry["similar"] = [*(entry.get("similar") or []), *phrasings]
                page = Page(text)
                return checked(source, text, page.spliced(page.with_phrasings(id, phrasings)), wanted)
    raise EditRefused(f"没有 id 为「{id}」的答案")


def with_entry(folder: Path, category: str, entry: NewEntry) -> Edit:
    """
    A new answer, in the last file of the category, or in a file of its own where there is none.

    Raises:
        EditRefused: the id is taken, or the file cannot be edited.
        ContentError: a file cannot be read.
    """
    home: tuple[Source, str] | None = None
    for source, text in answer_files(folder):
        data = data_of(source, text)
        if entry.id in [known.get("id") for known in entries_in(data)]:
            raise EditRefused(f"id「{entry.id}」已经有了，在 {source.file}")
        if isinstance(data, dict) and data.get("category") == category:
            home = source, text
    source, text = home or (new_file(folder, category), "")
    return with_entries(source, text, category, [entry])


def with_entries(source: Source, before: str, category: str, entries: Sequence[NewEntry]) -> Edit:
    """
    New answers, below those that a file of that category has; before: its text, '' to make it.

    Raises:
        EditRefused: the file cannot be edited.
    """
    if before:
        page, wanted = Page(before), data_of(source, before)
        after = page.spliced(page.with_entries(entries))
    else:
        items = [entry_lines(entry, 2, brackets=False) for entry in entries]
        after, wanted = new_page(category, items), {"category": category}
    assert isinstance(wanted, dict)
    wanted["answers"] = [*entries_in(wanted), *(entry.fields for entry in entries)]
    return checked(source, before, after, wanted)


def answer_files(folder: Path) -> Iterator[tuple[Source, str]]:
    """Each file with its text. Raises ContentError."""
    sources, problems = find(folder)
    if problems:
        raise ContentError(problems)
    return ((source, text_in(source.path)) for source in sources if source.file != MENUS)


def text_in(path: Path) -> str:
    """Not `read_text`: what is written back must be all that was there."""
    return path.read_bytes().decode("utf-8")


def data_of(source: Source, text: str) -> Data:
    """What a text says. Raises ContentError."""
    return parse(source.file, text.removeprefix(BOM)).data


def entries_in(data: Data) -> list[dict[str, Any]]:
    """The answers of one file."""
    found = data.get("answers") if isinstance(data, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def new_file(folder: Path, category: str, planned: Collection[str] = ()) -> Source:
    """Where answers of a category can stand that has no file yet. planned: names of files that are to be made."""
    stem = re.sub(r'[\s/\\:*?"<>|.]+', "-", category).strip("-") or "new"

    def name(stem: str) -> str:
        return f"{ANSWERS}/{stem}.yaml"

    free = name(unused(stem, lambda stem: name(stem) in planned or (folder / name(stem)).exists()))
    return Source(free, folder / free)


def checked(source: Source, before: str, after: str, wanted: Data) -> Edit:
    """The edit, if its text says what is wanted."""
    try:
        said = data_of(source, after)
    except ContentError:
        said = None
    if _trimmed(said) != _trimmed(wanted):
        raise EditRefused(f"{source.file} 的写法没法自动修改，请手工改")
    return Edit(source, before, after)


def _trimmed(data: Data) -> Data:
    """Without white space around texts, as the schema reads them: the last line of a file may end or not."""
    if isinstance(data, dict):
        return {key: _trimmed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_trimmed(value) for value in data]
    return data.strip() if data else data
