"""
YAML text → a `Document`.

`9:00`, `on`, `0571`, dates and long numbers stay as they are; only the schema decides what is a number. Built from
parser events, not from `yaml.compose`: that one recurses in C and dies of deep nesting, and is four times slower.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import yaml

from wxbot.adapters.content.document import Data, Document, Place, Places
from wxbot.adapters.content.syntax import explain_yaml_error, lines_of, unusable_text
from wxbot.errors import ContentError, Problem, Severity

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


DEPTH_LIMIT = 32
EXPANDED_NODES_FLOOR = 10_000
MENDED_LIMIT = 50
"""Most mistakes of syntax that are told of one file."""

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TEXT_TAGS = frozenset({None, "tag:yaml.org,2002:str"})
_EATEN = re.compile(r"\s#(?=[^\s#!])")
"""What makes a comment of the rest of a line, though it looks like a part of it: notes have a space behind the #."""


def parse(file: str, text: str) -> Document:
    """
    Read one file.

    Returns:
        With the problems that do not stop reading: duplicate keys, tags, merge keys, suspicious commas.

    Raises:
        ContentError: for what does stop it: bad syntax, several documents, aliases that multiply or never end.
    """
    return _parse(file, text, mend=False)


def parse_on(file: str, text: str) -> Document:
    """
    Read one file for all that is wrong with it: past bad syntax wherever it is clear what was meant.

    Raises:
        ContentError: what stops it even so, with what was found until then.
    """
    return _parse(file, text, mend=True)


def _parse(file: str, text: str, *, mend: bool) -> Document:
    problem = unusable_text(file, text)
    if problem:
        raise ContentError([problem])
    written = lines_of(text)
    lines, mended = list(written), dict[int, Problem]()
    while True:
        composer = _Composer(file, "\n".join(lines) if mended else text, written)
        try:
            composer.read()
        except yaml.YAMLError as error:
            fault = explain_yaml_error(file, lines, error)
            at = fault.problem.line
            # What is wrong right below a guess may be the guess.
            fresh = [] if mended and {at - 1, at} & mended.keys() else [fault.problem]
            if not mend or not fresh or fault.mended is None or len(mended) >= MENDED_LIMIT:
                raise ContentError(sorted({*mended.values(), *composer.problems, *fresh})) from error
            lines[at - 1], mended[at] = fault.mended, fault.problem
        except ContentError as error:
            raise ContentError(sorted({*mended.values(), *error.problems})) from error
        else:
            problems = (*mended.values(), *composer.problems)
            return Document(file, composer.root, composer.places, problems, written, composer.last_lines)


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

    def __init__(self, file: str, text: str, lines: Sequence[str]) -> None:
        self.file = file
        self.last_lines: dict[Place, int] = {}
        self.root: Data = None
        self.places: dict[int, Places] = {}
        self.problems: list[Problem] = []
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Data, int]] = {}
        self._documents = 0
        # Without aliases there cannot be more nodes than characters.
        self._size, self._size_limit = 0, max(EXPANDED_NODES_FLOOR, len(text))
        self._text = text
        self._eaten = {number: line for number, line in enumerate(lines) if _EATEN.search(line)}
        self._unused: dict[str, yaml.Event] = {}

    def read(self) -> None:
        for event in yaml.parse(self._text, Loader=_Loader):
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
        for anchor, event in self._unused.items():
            hint = "内容以 & 开头时，把整段内容放进半角引号里"
            self._note(_start(event), f"「&{anchor}」被当作锚点，不会显示出来", hint)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.tag not in _TEXT_TAGS:
            self._tagged(event)
        value: Data = event.value
        if value in _NULLS and not event.style and not self._awaits_key():
            value = None
        self._count(1, event)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
            self._unused[event.anchor] = event
        first, last = event.start_mark, event.end_mark
        assert first
        assert last
        if last.line > first.line:
            self.last_lines[_start(event)] = last.line + (last.column > 0)
        if self._eaten and not event.style and last.line in self._eaten:
            self._suspect_comment(last.line, last.column)
        self._add(value, _start(event))

    def _suspect_comment(self, line: int, column: int) -> None:
        """Text that YAML leaves out because of a # in front of it."""
        eaten = _EATEN.match(self._eaten[line], column) if column else None
        if eaten:
            message = f"「{self._eaten[line][eaten.end() - 1 :].strip()[:20]}」会被当作注释，不会显示出来"
            hint = "是内容就把整段放进半角引号里；是注释就在 # 后面加一个空格"
            self._note((line + 1, eaten.end()), message, hint, "warning")

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
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
        self._unused.pop(anchor, None)
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
