"""
Phrasings and entries written into the operators' own files: every byte that was there stays where it was.

Text is put in at the marks of the parsed file. What comes out is read again, and refused unless it says just what the
old text said and the addition; so a file that is built in a way not thought of here is left to its owner.
"""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from wxbot.adapters.content.document import Data, parse
from wxbot.adapters.content.files import ANSWERS, MENUS, Source, find, find_cases
from wxbot.adapters.content.page import BOM, NewEntry, Page, new_page
from wxbot.errors import ContentError, WxbotError


class EditRefused(WxbotError):
    """The text is the reason, in Chinese; nothing was written."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one file. before: its text, '' when it is new."""

    source: Source
    before: str
    after: str

    @property
    def diff(self) -> list[str]:
        """Lines of a unified diff, without their ends."""
        name = self.source.file
        before, after = (text.removeprefix(BOM).splitlines() for text in (self.before, self.after))
        return list(unified_diff(before, after, name, name, n=2, lineterm=""))

    def write(self) -> None:
        """Raises EditRefused when somebody else has changed the file in the meantime."""
        path = self.source.path.resolve()
        if (_text(path) if path.exists() else "") != self.before:
            raise EditRefused(f"{self.source.file} 刚刚被改过，没有写入，请再运行一次")
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_bytes(self.after.encode())
        if path.exists():
            shutil.copymode(path, fresh)
        os.replace(fresh, path)


@contextmanager
def rehearsed(folder: Path, edit: Edit) -> Iterator[Path]:
    """A copy of the content, with the edit in it, while this block runs."""
    with TemporaryDirectory(prefix="wxbot-") as place:
        copy = Path(place)
        for source in (*find(folder)[0], *find_cases(folder)):
            if source.path.exists():
                target = copy / source.file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source.path, target)
        target = copy / edit.source.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(edit.after.encode())
        yield copy


def with_phrasings(folder: Path, id: str, phrasings: Sequence[str]) -> Edit:
    """
    More `similar` phrasings for the answer of that id, in the style of the list, or of the file where it has none.

    Raises:
        EditRefused: there is no such answer, or its file cannot be edited.
        ContentError: a file cannot be read.
    """
    for source, text in _answer_files(folder):
        wanted = _data(source, text)
        for entry in _entries(wanted):
            if entry.get("id") == id:
                entry["similar"] = [*(entry.get("similar") or []), *phrasings]
                return _checked(source, text, Page(text).with_phrasings(id, phrasings), wanted)
    raise EditRefused(f"没有 id 为「{id}」的答案")


def with_entry(folder: Path, category: str, entry: NewEntry) -> Edit:
    """
    A new answer, in the last file of the category, or in a file of its own where there is none.

    Raises:
        EditRefused: the id is taken, or the file cannot be edited.
        ContentError: a file cannot be read.
    """
    home = _new_file(folder, category), "", new_page(category, entry), dict[str, Any](category=category)
    for source, text in _answer_files(folder):
        data = _data(source, text)
        if entry.id in [known.get("id") for known in _entries(data)]:
            raise EditRefused(f"id「{entry.id}」已经有了，在 {source.file}")
        if isinstance(data, dict) and data.get("category") == category:
            home = source, text, Page(text).with_entry(entry), data
    source, before, after, wanted = home
    fields = {"id": entry.id, "question": entry.question, "similar": [*entry.similar], "answer": entry.answer}
    wanted["answers"] = [*_entries(wanted), {name: value for name, value in fields.items() if value}]
    return _checked(source, before, after, wanted)


def _answer_files(folder: Path) -> Iterator[tuple[Source, str]]:
    sources, problems = find(folder)
    if problems:
        raise ContentError(problems)
    return ((source, _text(source.path)) for source in sources if source.file != MENUS)


def _text(path: Path) -> str:
    """Not `read_text`: what is written back must be all that was there."""
    return path.read_bytes().decode("utf-8")


def _data(source: Source, text: str) -> Data:
    return parse(source.file, text.removeprefix(BOM)).data


def _entries(data: Data) -> list[dict[str, Any]]:
    found = data.get("answers") if isinstance(data, dict) else None
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _new_file(folder: Path, category: str) -> Source:
    stem = re.sub(r'[\s/\\:*?"<>|.]+', "-", category).strip("-") or "new"
    names = (f"{ANSWERS}/{stem}{tail}.yaml" for tail in ("", *(f"-{number}" for number in range(2, 100))))
    name = next(name for name in names if not (folder / name).exists())
    return Source(name, folder / name)


def _checked(source: Source, before: str, after: str, wanted: Data) -> Edit:
    """The edit, if its text says what is wanted."""
    try:
        said = _data(source, after)
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
