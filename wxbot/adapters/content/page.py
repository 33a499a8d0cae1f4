"""The text of one answers file, and where in it something can be put."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

BOM = "\ufeff"
WIDTH = 76
"""Characters to which a list in brackets is filled where its own lines are not longer."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An answer to be, in plain text without white space around it."""

    id: str
    question: str
    similar: tuple[str, ...]
    answer: str


class Page:
    """
    A file's text with the marks of its nodes; its methods give the text with something put in.

    Where the file is built in a way that nothing can be put in, the text comes back as it was.
    """

    def __init__(self, text: str) -> None:
        self._head = BOM if text.startswith(BOM) else ""
        self._text = text.removeprefix(BOM)
        self._newline = "\r\n" if "\r\n" in text else "\n"
        root = yaml.compose(self._text, Loader=_Loader)
        assert isinstance(root, yaml.MappingNode)
        self._root = root

    def with_phrasings(self, id: str, phrasings: Sequence[str]) -> str:
        entry = next((node for node in self._entries if _value(node, "id") == id), None)
        if entry is None:
            return self._whole
        similar = _piece(entry, "similar")
        return self._with_items(similar, phrasings) if similar else self._with_similar(entry, phrasings)

    def with_entry(self, entry: NewEntry) -> str:
        answers = _piece(self._root, "answers")
        if answers is None:
            return self._with_lines(self._root, ["answers:", *self._lines_of(entry, 2)])
        if not isinstance(answers, yaml.SequenceNode) or answers.flow_style or not answers.value:
            return self._whole
        apart = [""] if self._stands_apart(answers.value[-1]) else []
        return self._with_lines(answers, [*apart, *self._lines_of(entry, _column(answers))])

    @property
    def _whole(self) -> str:
        return self._head + self._text

    @property
    def _entries(self) -> list[yaml.MappingNode]:
        answers = _piece(self._root, "answers")
        found = answers.value if isinstance(answers, yaml.SequenceNode) else []
        return [entry for entry in found if isinstance(entry, yaml.MappingNode)]

    def _with_items(self, similar: yaml.Node, phrasings: Sequence[str]) -> str:
        if not isinstance(similar, yaml.SequenceNode):
            return self._whole
        if similar.flow_style:
            return self._with_flow_items(similar, phrasings)
        dash = " " * _column(similar) + "- "
        return self._with_lines(similar, [dash + _scalar(text, flow=False) for text in phrasings])

    def _with_similar(self, entry: yaml.MappingNode, phrasings: Sequence[str]) -> str:
        question = _piece(entry, "question")
        if question is None:
            return self._whole
        if entry.flow_style:
            return self._put(
                _end(question), f", similar: [{', '.join(_scalar(text, flow=True) for text in phrasings)}]"
            )
        return self._with_lines(question, _similar_lines(phrasings, _column(entry), brackets=self._prefers_brackets))

    @property
    def _prefers_brackets(self) -> bool:
        lists = [found for entry in self._entries if (found := _piece(entry, "similar"))]
        return bool(lists) and bool(getattr(lists[0], "flow_style", False))

    def _lines_of(self, entry: NewEntry, indent: int) -> list[str]:
        return _entry_lines(entry, indent, brackets=self._prefers_brackets)

    def _stands_apart(self, entry: yaml.Node) -> bool:
        """Whether there is an empty line above it."""
        above = self._text[: entry.start_mark.index].splitlines()
        return len(above) > 1 and not above[-2].strip()

    def _with_flow_items(self, similar: yaml.SequenceNode, phrasings: Sequence[str]) -> str:
        start = similar.start_mark.index
        lines = self._text[start : _end(similar)].splitlines()
        indent = _indent(lines[1]) if len(lines) > 1 else " " * (_indent_of_key(self._line_of(start)) + 2)
        width = max([WIDTH, *map(len, lines[1:])])
        at = _end(similar.value[-1]) if similar.value else start + 1
        filled = _filled(phrasings, self._line_of(at), indent, width).replace("\n", self._newline)
        return self._put(at, filled if similar.value else filled.lstrip(", "))

    def _line_of(self, at: int) -> str:
        """What stands before that place on its line."""
        return self._text[self._text.rfind("\n", 0, at) + 1 : at]

    def _with_lines(self, node: yaml.Node, lines: Iterable[str]) -> str:
        """Lines put below the last one of a node."""
        # Texts with `|` reach over the empty lines that follow them.
        newline = self._text.find("\n", len(self._text[: _end(node)].rstrip()))
        at = len(self._text) if newline < 0 else newline + 1
        gap = "" if self._text[:at].endswith("\n") else self._newline
        return self._put(at, gap + "".join(line + self._newline for line in lines))

    def _put(self, at: int, addition: str) -> str:
        return self._head + self._text[:at] + addition + self._text[at:]


def _end(node: yaml.Node) -> int:
    """Where its last word ends; a block collection's own mark lies behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(node, yaml.MappingNode) else last)
    return int(node.end_mark.index)


def _column(node: yaml.Node) -> int:
    return int(node.start_mark.column)


def _piece(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if key.value == name), None)


def _value(node: yaml.MappingNode, name: str) -> str:
    found = _piece(node, name)
    return str(found.value).strip() if isinstance(found, yaml.ScalarNode) else ""


def _indent_of_key(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _scalar(text: str, *, flow: bool) -> str:
    """Quoted where YAML wants it, or where an editor would take it for something else than text."""
    dumped = _dumped([text], flow=flow)
    return dumped[1:-2] if flow else dumped[2:-1]


def _filled(items: Sequence[str], line: str, indent: str, width: int) -> str:
    """Items to follow one in brackets, on more lines where they do not fit behind `line`."""
    added, column = "", len(line)
    for item in (_scalar(text, flow=True) for text in items):
        if column + len(item) + len(", ,") > width:
            added, column = f"{added},\n{indent}{item}", len(indent + item)
        else:
            added, column = f"{added}, {item}", column + len(item) + len(", ")
    return added


def new_page(category: str, entry: NewEntry) -> str:
    """The text of a file with one answer."""
    head = [f"category: {_scalar(category, flow=False)}", "", "answers:"]
    return "\n".join([*head, *_entry_lines(entry, 2, brackets=False), ""])


def _entry_lines(entry: NewEntry, indent: int, *, brackets: bool) -> list[str]:
    """A new entry as an item of a list that is indented so far."""
    inside = " " * (indent + 2)
    answer = f"{entry.answer}\n" if "\n" in entry.answer else entry.answer
    return [
        f"{' ' * indent}- id: {_scalar(entry.id, flow=False)}",
        f"{inside}question: {_scalar(entry.question, flow=False)}",
        *(_similar_lines(entry.similar, indent + 2, brackets=brackets) if entry.similar else ()),
        *(inside + line if line else line for line in _dumped({"answer": answer}, flow=False).splitlines()),
    ]


def _similar_lines(phrasings: Sequence[str], indent: int, *, brackets: bool) -> list[str]:
    inside = " " * (indent + 2)
    if not brackets:
        return [" " * indent + "similar:", *(f"{inside}- {_scalar(text, flow=False)}" for text in phrasings)]
    start = f"{' ' * indent}similar: [{_scalar(phrasings[0], flow=True)}"
    return f"{start}{_filled(phrasings[1:], start, inside, WIDTH)}]".splitlines()


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _words(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _words)


def _dumped(value: object, *, flow: bool) -> str:
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=flow, width=float("inf")
    )
