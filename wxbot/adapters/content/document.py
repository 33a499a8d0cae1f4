"""A file as plain data in which every scalar is the text that was written, and the place of each piece."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from wxbot.errors import Problem, Severity

Data = str | None | list["Data"] | dict[str, "Data"]
Loc = tuple[str | int, ...]
Place = tuple[int, int]
"""Line and column, from 1. Plain numbers: kept as marks, they cost the garbage collector as much as the reading."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a collection starts, and the key and the value of each piece; an item of a list is its own key."""

    start: Place
    pieces: dict[str | int, tuple[Place, Place]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """
    One file. data: mappings, lists and texts. places: by the identity of each mapping and list in it.

    lines: as written. last_lines: of texts that take several, by where they start.
    """

    file: str
    data: Data
    places: Mapping[int, Places] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    lines: Sequence[str] = field(default=(), repr=False)
    last_lines: Mapping[Place, int] = field(default_factory=dict, repr=False)

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

    def problem_within(
        self, loc: Loc, piece: str, message: str, hint: str = "", *, before: int = 0, severity: Severity = "error"
    ) -> Problem:
        """A problem at a piece of the text at `loc`. before: how many times the same stands in front of it."""
        return Problem(self.file, *self._place_within(loc, piece, before), message, hint, severity)

    def place(self, loc: Loc, *, key: bool = False) -> Place:
        """Steps of `loc` that match nothing (pydantic names union members) are passed over."""
        data: Any = self.data
        place = self.places[id(data)].start if isinstance(data, dict | list) else (1, 1)
        for step in self.steps(loc):
            place = self.places[id(data)].pieces[step][not key]
            data = data[step]
        return place

    def _place_within(self, loc: Loc, piece: str, before: int) -> Place:
        """The start of the text where the piece is not written as it reads, since a line or an escape breaks it."""
        start = self.place(loc)
        line, at = start[0], start[1] - 1
        for number in range(line, self.last_lines.get(start, line) + 1):
            written = self.lines[number - 1] if number <= len(self.lines) else ""
            while (at := written.find(piece, at)) >= 0:
                if not before:
                    return number, at + 1
                before, at = before - 1, at + len(piece)
            at = 0
        return start

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
