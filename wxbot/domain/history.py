"""What was said lately, as agents and the quality loop see it."""

from dataclasses import dataclass
from typing import Literal

HISTORY_LINES = 12
LINE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the talk. at: unix seconds."""

    who: Literal["user", "bot", "agent"]
    text: str
    at: int


def remember(history: tuple[Line, ...], line: Line) -> tuple[Line, ...]:
    """The history with one more line, the oldest dropped, the line cut to a readable length."""
    return (*history, Line(line.who, shortened(line.text), line.at))[-HISTORY_LINES:]


def shortened(text: str) -> str:
    return text[:LINE_CHARACTERS]
