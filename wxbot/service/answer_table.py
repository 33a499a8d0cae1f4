"""
The answers as rows of a table, and what an edited table asks for.

Pure values; texts are for operators, in Chinese.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Value = str | tuple[str, ...]

TEXTS = ("question", "answer")
LISTS = ("similar", "exact", "keywords", "related")
FIELDS = (*TEXTS, *LISTS)
TITLES = {
    "id": "id",
    "category": "分类",
    "question": "问题",
    "similar": "相似问法",
    "answer": "回答",
    "exact": "固定问法",
    "keywords": "关键词",
    "related": "相关问题",
    "variants": "分情况的说法",
}
"""The columns in the order in which they are written, as operators see them."""
ID_CHARACTERS = 32
"""To which an id made of a question is cut."""
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One answer. values: by field; a field that is not there stays as it is in the file."""

    id: str
    category: str
    values: Mapping[str, Value]

    @property
    def name(self) -> str:
        question = self.values.get("question", "")
        return f"{self.id}「{question}」" if question else self.id


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that is there before and after. category: the new one, '' where it stays. values: those that differ."""

    before: Row
    category: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """
    From the files to the table.

    left: answers that the table does not have and that stay. removed: those that go.
    """

    added: tuple[Row, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Row, ...] = ()
    left: tuple[Row, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.added or self.changed or self.removed)


def compare(before: Sequence[Row], after: Sequence[Row], *, remove: bool) -> Changes:
    """
    What turns the one into the other. The order of rows says nothing: tables get sorted.

    remove: whether answers that are missing in the table are to go.
    """
    known = {row.id: row for row in before}
    wanted = {row.id for row in after}
    missing = tuple(row for row in before if row.id not in wanted)
    changes = (_change(known[row.id], row) for row in after if row.id in known)
    return Changes(
        added=tuple(row for row in after if row.id not in known),
        changed=tuple(change for change in changes if change.category or change.values),
        removed=missing if remove else (),
        left=() if remove else missing,
    )


def _change(before: Row, after: Row) -> Change:
    values = {name: value for name, value in after.values.items() if value != before.values.get(name, _EMPTY[name])}
    return Change(before, after.category if after.category != before.category else "", values)


_EMPTY: Mapping[str, Value] = {**dict.fromkeys(TEXTS, ""), **dict.fromkeys(LISTS, ())}


def told(changes: Changes) -> Iterator[str]:
    """The changes, line by line; the first sign says of what kind: + - ~ >."""
    for row in changes.added:
        yield f"+ 新增 {row.name}（{row.category}）"
    for change in changes.changed:
        if change.category:
            yield f"> 移动 {change.before.name}：{change.before.category} → {change.category}"
        if change.values:
            yield f"~ 修改 {change.before.name}"
            for name, value in change.values.items():
                yield from _difference(TITLES[name], change.before.values.get(name, _EMPTY[name]), value)
    for row in changes.removed:
        yield f"- 删除 {row.name}（{row.category}）"
    if changes.left:
        ids = "、".join(row.id for row in changes.left[:5])
        more = f" 等 {len(changes.left)} 条" if len(changes.left) > 5 else ""
        yield f"表里没有的 {ids}{more}：保留不动，要删除请加 --remove"


def summary(changes: Changes) -> str:
    moved = sum(bool(change.category) for change in changes.changed)
    edited = sum(bool(change.values) for change in changes.changed)
    return f"新增 {len(changes.added)} 条，修改 {edited} 条，移动 {moved} 条，删除 {len(changes.removed)} 条"


def _difference(title: str, before: Value, after: Value) -> Iterator[str]:
    if isinstance(before, str) or isinstance(after, str):
        yield f"    {title}：{_short(str(before))} → {_short(str(after))}"
        return
    for sign, texts, others in (("-", before, after), ("+", after, before)):
        for text in texts:
            if text not in others:
                yield f"    {title} {sign} {text}"
    if sorted(before) == sorted(after):
        yield f"    {title}：换了顺序"


def _short(text: str) -> str:
    line = " ".join(text.split()) or "（空）"
    return f"{line[:_SHOWN]}…" if len(line) > _SHOWN else line


def readable_id(text: str, taken: Collection[str], default: str = "answer") -> str:
    """An id that tells what it is for and that nobody has yet. default: where the text has no letters."""
    stem = re.sub(r"[^\w]+", "-", text).strip("-_")[:ID_CHARACTERS].strip("-_") or default
    return unused(stem, lambda name: name in taken)


def unused(stem: str, is_taken: Callable[[str], bool]) -> str:
    """`stem`, else `stem-2` and so on."""
    name, number = stem, 1
    while is_taken(name):
        number += 1
        name = f"{stem}-{number}"
    return name
