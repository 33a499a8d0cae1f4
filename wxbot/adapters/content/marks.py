"""The text of a file with the marks of its nodes: where each piece stands, and what it takes to change it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml

from wxbot.adapters.content.pieces import WIDTH, field_lines, filled, scalar

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

BOM = "\ufeff"
_BLOCK_HEAD = re.compile(r"[|>][-+0-9]*")


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Characters from `start` up to `end` that give way to a text."""

    start: int
    end: int
    text: str


class Marked:
    """A file whose outermost level is a mapping. Methods give splices; `spliced` makes the new text of them."""

    def __init__(self, text: str) -> None:
        self._head = BOM if text.startswith(BOM) else ""
        self._text = text.removeprefix(BOM)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        root = yaml.compose(self._text, Loader=_Loader)
        assert isinstance(root, yaml.MappingNode)
        self._root = root

    def spliced(self, splices: Iterable[Splice]) -> str:
        """The whole text after splices that do not overlap; of several at one place the first stands first."""
        done, pieces = 0, [self._head]
        for splice in sorted(splices, key=lambda one: (one.start, one.end)):
            pieces += [self._text[done : splice.start], splice.text]
            done = splice.end
        return "".join([*pieces, self._text[done:]])

    def _with_text(self, entry: yaml.MappingNode, name: str, piece: yaml.Node, text: str) -> list[Splice]:
        if not isinstance(piece, yaml.ScalarNode):
            return []
        start, end = int(piece.start_mark.index), self._trimmed(piece)
        if entry.flow_style:
            return [Splice(start, end, scalar(text, flow=True))]
        block = piece.style in ("|", ">")
        first, *rest = field_lines(name, text, column_of(entry), brackets=False, block=block)
        head, body = first.strip().removeprefix(f"{name}: "), "".join(self._newline + line for line in rest)
        if not block:
            line_end = self._line_end(end)
            return [Splice(start, end, head), *([Splice(line_end, line_end, body)] if body else [])]
        found = _BLOCK_HEAD.match(self._text, start)
        assert found
        return [Splice(start, found.end(), head), Splice(self._line_end(found.end()), end, body)]

    def _with_more(self, piece: yaml.SequenceNode, texts: Sequence[str]) -> Splice:
        """More texts in a list, in the style that it has."""
        if piece.flow_style:
            return self._with_flow_items(piece, texts)
        dash = " " * column_of(piece) + "- "
        return self._below(piece, [dash + scalar(text, flow=False) for text in texts])

    def _with_flow_items(self, piece: yaml.SequenceNode, texts: Sequence[str]) -> Splice:
        at = end_of(piece.value[-1]) if piece.value else int(piece.start_mark.index) + 1
        return self._inserted(at, self._flow_items(at, texts, piece, first=not piece.value))

    def _flow_items(self, at: int, texts: Sequence[str], piece: yaml.SequenceNode, *, first: bool = True) -> str:
        """first: nothing stands before them in the brackets."""
        start = int(piece.start_mark.index)
        lines = self._text[start : end_of(piece)].splitlines()
        indent = _indent(lines[1]) if len(lines) > 1 else " " * (_indent_of_key(self._line_of(start)) + 2)
        width = max([WIDTH, *map(len, lines[1:])])
        written = filled(texts, self._line_of(at), indent, width).replace("\n", self._newline)
        return written.lstrip(", ") if first else written

    def _line_of(self, at: int) -> str:
        """What stands before that place on its line."""
        return self._text[self._line_start(at) : at]

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        """Before the line's end."""
        newline = self._text.find("\n", at)
        return len(self._text) if newline < 0 else newline - self._text[:newline].endswith("\r")

    def _next_line(self, at: int) -> int:
        newline = self._text.find("\n", at)
        return len(self._text) if newline < 0 else newline + 1

    def _trimmed(self, node: yaml.Node) -> int:
        """Where it ends: texts with `|` reach over the empty lines that follow them."""
        start = int(node.start_mark.index)
        return start + len(self._text[start : end_of(node)].rstrip())

    def _below(self, node: yaml.Node, lines: Iterable[str]) -> Splice:
        """Lines put below the last one of a node."""
        at = self._next_line(self._trimmed(node))
        gap = "" if self._text[:at].endswith("\n") else self._newline
        return self._inserted(at, gap + "".join(line + self._newline for line in lines))

    def _inserted(self, at: int, text: str) -> Splice:
        return Splice(at, at, text)


def end_of(node: yaml.Node) -> int:
    """Where its last word ends; a block collection's own mark lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(node, yaml.MappingNode) else last)
    return int(node.end_mark.index)


def column_of(node: yaml.Node) -> int:
    return int(node.start_mark.column)


def piece_of(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if key.value == name), None)


def text_of(node: yaml.MappingNode, name: str) -> str:
    found = piece_of(node, name)
    return str(found.value).strip() if isinstance(found, yaml.ScalarNode) else ""


def _indent_of_key(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
