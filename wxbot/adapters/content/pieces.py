"""How pieces of an answers file are written: in plain YAML, quoted only where it has to be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

WIDTH = 76
"""Characters to which a list in brackets is filled where its own lines are not longer."""
FIELDS = ("id", "question", "similar", "answer", "variants", "exact", "keywords", "related")
"""The keys of an entry, in the order in which they are written."""

Part = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewEntry:
    """
    An answer to be, in plain text without white space around it.

    answer: a text, or the parts as they are written in the file. notes: comments that stand above it.
    """

    id: str
    question: str
    similar: tuple[str, ...]
    answer: str | tuple[Part, ...]
    exact: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """What is written, as plain data."""
        values = {name: getattr(self, name) for name in FIELDS if name != "variants"}
        return {name: _plain(value) for name, value in values.items() if value}


def new_page(category: str, items: Iterable[Sequence[str]]) -> str:
    """The text of a file with these answers. items: the lines of each, indented by 2."""
    lines = [line for item in items for line in ["", *item]][1:]
    return "\n".join([f"category: {scalar(category, flow=False)}", "", "answers:", *lines, ""])


def entry_lines(entry: NewEntry, indent: int, *, brackets: bool) -> list[str]:
    """A new entry as an item of a list that is indented so far."""
    inside, lines = " " * (indent + 2), []
    for name, value in entry.fields.items():
        lines += field_lines(name, value, indent + 2, brackets=brackets)
    notes = [f"{' ' * indent}# {' '.join(note.split())}" for note in entry.notes]
    return [*notes, f"{' ' * indent}- {lines[0].removeprefix(inside)}", *lines[1:]]


def field_lines(name: str, value: object, indent: int, *, brackets: bool, block: bool = False) -> list[str]:
    """One key of an entry with its value. brackets: around a list of texts. block: under `|` also a single line."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return list_lines(name, value, indent, brackets=brackets)
    if isinstance(value, str) and (block or "\n" in value):
        value += "\n"  # without a last line's end it gets an indicator that puzzles people
    return [" " * indent + line if line else line for line in dumped({name: value}, flow=False).splitlines()]


def list_lines(name: str, texts: Sequence[str], indent: int, *, brackets: bool) -> list[str]:
    inside = " " * (indent + 2)
    if not brackets:
        return [f"{' ' * indent}{name}:", *(f"{inside}- {scalar(text, flow=False)}" for text in texts)]
    start = f"{' ' * indent}{name}: [{scalar(texts[0], flow=True)}"
    return f"{start}{filled(texts[1:], start, inside, WIDTH)}]".splitlines()


def filled(items: Sequence[str], line: str, indent: str, width: int) -> str:
    """Items to follow one in brackets, on more lines where they do not fit behind `line`."""
    added, column = "", len(line)
    for item in (scalar(text, flow=True) for text in items):
        if column + len(item) + len(", ,") > width:
            added, column = f"{added},\n{indent}{item}", len(indent + item)
        else:
            added, column = f"{added}, {item}", column + len(item) + len(", ")
    return added


def scalar(text: str, *, flow: bool) -> str:
    """Quoted where YAML wants it, or where an editor would take it for something else than text."""
    written = dumped([text], flow=flow)
    return written[1:-2] if flow else written[2:-1]


def dumped(value: object, *, flow: bool) -> str:
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, default_flow_style=flow, width=float("inf")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def _words(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _words)
