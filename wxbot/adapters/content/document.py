"""
YAML text → plain data in which every scalar is the text that was written, and the place of each piece.

`9:00`, `on`, `0571`, dates and long numbers stay as they are; only the schema decides what is a number. Built from
parser events, not from `yaml.compose`: that one recurses in C and dies of deep nesting, and is four times slower.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from wxbot.adapters.content.syntax import explain_yaml_error, unusable_text
from wxbot.errors import ContentError, Problem, Severity

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


Data = str | None | list["Data"] | dict[str, "Data"]
Loc = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, from 1. Plain numbers: kept as marks, they cost the garbage collector as much as the reading."""

DEPTH_LIMIT = 32
EXPANDED_NODES_FLOOR = 10_000

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXT_TAGS = frozenset({None, "!", "tag:yaml.org,2002:str"})


@dataclass(frozen=True, slots=True)
class Places:
    """Where a collection starts, and the key and the value of each piece; an item of a list is its own key."""

    start: Place
    pieces: dict[str | int, tuple[Place, Place]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One file. data: mappings, lists and texts. places: by the identity of each mapping and list in it."""

    file: str
    data: Data
    places: Mapping[int, Places] = field(repr=False)
    problems: tuple[Problem, ...] = ()

    def problem(
        self,
        loc: Loc,
        message: str,
        hint: str = "",
        *,
        severity: Severity = "error",
        key: bool = False,
    ) -> Problem:
        """A problem at the piece that `loc` leads to; key: at its key, where it has one."""
        return Problem(self.file, *self.place(loc, key=key), message, hint, severity)

    def place(self, loc: Loc, *, key: bool = False) -> Place:
        """Steps of `loc` that match nothing (pydantic names union members) are passed over."""
        data: Any = self.data
        place = self.places[id(data)].start if isinstance(data, dict | list) else (1, 1)
        for step in self.steps(loc):
            place = self.places[id(data)].pieces[step][not key]
            data = data[step]
        return place

    def steps(self, loc: Loc) -> Loc:
        """The steps of `loc` that lead somewhere in `data`."""
        data: Any = self.data
        steps: list[str | int] = []
        for step in loc:
            if _has(data, step):
                data = data[step]
                steps.append(step)
        return tuple(steps)

    def without(self, locs: Iterable[Loc]) -> "Document":
        """The file less these pieces, and less what this leaves empty; places stay those of the file."""
        places = dict(self.places)
        return replace(self, data=_pruned(self.data, [self.steps(loc) for loc in locs], places), places=places)


def _has(data: Data, step: str | int) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _pruned(data: Any, gone: Iterable[Loc], places: dict[int, Places]) -> Any:
    """gone: where each piece to leave out is, from `data` on; never `data` itself. Adds the places of what is new."""
    inside: dict[str | int, list[Loc]] = {}
    for first, *rest in gone:
        inside.setdefault(first, []).append(tuple(rest))
    if not inside:
        return data
    kept: dict[Any, Any] = {}
    for step, piece in data.items() if isinstance(data, dict) else enumerate(data):
        paths = inside.get(step, [])
        if () not in paths:
            left = _pruned(piece, paths, places)
            if left or not piece:
                kept[step] = left
    old, new = places[id(data)], kept if isinstance(data, dict) else list(kept.values())
    steps = kept if isinstance(data, dict) else range(len(kept))
    places[id(new)] = Places(old.start, {step: old.pieces[was] for step, was in zip(steps, kept, strict=True)})
    return new


def parse(file: str, text: str) -> Document:
    """
    Read one file.

    Returns:
        With the problems that do not stop reading: duplicate keys, tags, merge keys, suspicious commas.

    Raises:
        ContentError: for what does stop it: bad syntax, several documents, aliases that multiply or never end.
    """
    problem = unusable_text(file, text)
    if problem:
        raise ContentError([problem])
    composer = _Composer(file, text)
    try:
        composer.read(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        raise ContentError([*composer.problems, explain_yaml_error(file, text, error)]) from error
    return Document(file, composer.root, composer.places, tuple(composer.problems))


@dataclass(slots=True)
class _Open:
    """A collection that is being read. size_before: nodes counted before it. key: waits for its value."""

    data: list[Data] | dict[str, Data]
    places: Places
    anchor: str | None
    size_before: int
    flow: bool
    key: tuple[str, Place] | None = None


class _Composer:
    """Puts parser events together."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.root: Data = None
        self.places: dict[int, Places] = {}
        self.problems: list[Problem] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Data, int]] = {}
        self._documents = 0
        # Without aliases there cannot be more nodes than characters.
        self._size, self._size_limit = 0, max(EXPANDED_NODES_FLOOR, len(text))

    def read(self, events: Iterable[yaml.Event]) -> None:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                self._document(event)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.tag not in _TEXT_TAGS:
            self._tagged(event)
        value: Data = event.value
        if value in _NULLS and not event.style and not self._awaits_key():
            value = None
        self._count(1, event)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._add(value, _start(event))

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag not in (None, "!"):
            self._tagged(event)
        if len(self._stack) >= DEPTH_LIMIT:
            self._stop(event, f"嵌套超过 {DEPTH_LIMIT} 层", "请检查括号和缩进")
        self._count(1, event)
        data: list[Data] | dict[str, Data] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        places = self.places[id(data)] = Places(_start(event))
        self._stack.append(_Open(data, places, event.anchor, self._size, bool(event.flow_style)))

    def _close(self) -> None:
        done = self._stack.pop()
        if done.flow:
            self._suspect_comma(done)
        if done.anchor:
            self._anchors[done.anchor] = (done.data, self._size - done.size_before + 1)
        self._add(done.data, done.places.start)

    def _alias(self, event: yaml.AliasEvent) -> None:
        anchor = str(event.anchor)
        if any(frame.anchor == anchor for frame in self._stack):
            self._stop(event, f"引用 *{anchor} 引用了它自己", "请把内容直接写在这里")
        if anchor not in self._anchors:
            self._stop(event, f"引用 *{anchor} 没有对应的 &{anchor}", "内容以 * 开头时要加引号")
        value, size = self._anchors[anchor]
        self._count(size, event)
        self._add(value, _start(event))

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(event, "一个文件里有好几份内容（用 --- 隔开）", "请删掉这一行 ---，或拆成几个文件")

    def _add(self, value: Data, place: Place) -> None:
        if not self._stack:
            self.root = value
            return
        top = self._stack[-1]
        if isinstance(top.data, list):
            top.places.pieces[len(top.data)] = (place, place)
            top.data.append(value)
        elif top.key is None:
            top.key = (self._key(top, value, place), place)
        else:
            key, key_place = top.key
            top.key = None
            if key and key not in top.data:
                top.data[key] = value
                top.places.pieces[key] = (key_place, place)

    def _key(self, top: _Open, value: Data, place: Place) -> str:
        """The key to file the next value under; '' drops it, for it is a problem already."""
        if value == "":
            self._note(place, "冒号前面没有写键", "请写上键；内容里有冒号时要加引号")
            return ""
        if not isinstance(value, str):
            self._note(place, "键要写成一个词", "花括号、方括号开头的内容要加引号")
            return ""
        if value == "<<":
            self._note(place, "不支持用 << 合并", "请把内容直接写出来")
            return ""
        if value in top.places.pieces:
            first, _ = top.places.pieces[value][0]
            self._note(place, f"「{value}」写了两次，第一次在第 {first} 行", "请删掉一个，或把内容合到一起")
        return value

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].data, dict) and self._stack[-1].key is None

    def _suspect_comma(self, done: _Open) -> None:
        items = done.data
        if isinstance(items, list) and len(items) == 1 and isinstance(items[0], str) and re.search("[，、]", items[0]):
            self._note(
                done.places.pieces[0][1],
                "方括号里只有一项，全角的逗号和顿号不会把它分开",
                "如果是几项，请用半角逗号隔开：[甲, 乙]；如果就是一句话，请写成“- ”开头的一行",
                "warning",
            )

    def _tagged(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self._note(_start(event), f"不支持类型标记 {event.tag}", "请删掉 ! 开头的标记；内容以 ! 开头时要加引号")

    def _count(self, nodes: int, event: yaml.Event) -> None:
        self._size += nodes
        if self._size > self._size_limit:
            self._stop(event, "引用（*）层层展开，内容太多", "请把内容直接写出来，不用引用")

    def _note(self, place: Place, message: str, hint: str, severity: Severity = "error") -> None:
        self.problems.append(Problem(self.file, *place, message, hint, severity))

    def _stop(self, event: yaml.Event, message: str, hint: str) -> None:
        self._note(_start(event), message, hint)
        raise ContentError(self.problems)


def _start(event: yaml.Event) -> Place:
    mark = event.start_mark
    assert mark is not None
    return (mark.line + 1, mark.column + 1)
