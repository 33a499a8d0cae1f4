"""A conversation flagged for the human agents."""

from dataclasses import dataclass
from enum import StrEnum

from wxbot.domain.history import Line


class Reason(StrEnum):
    """Why the bot asked for a person; stable codes that staff and statistics use."""

    ASKED = "asked"
    """In words of their own."""
    MENU = "menu"
    """By picking it from what was offered: the bottom menu, a welcome, a list."""
    MISSES = "misses"
    """In either way, after the bot had failed them."""


class State(StrEnum):
    WAITING = "waiting"
    SERVED = "served"
    CLOSED = "closed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Handoff:
    """
    One request for a person, as staff see it.

    opened, closed: unix seconds, 0 = not yet. topic: as in `human:<topic>`, else ''.
    history: the last lines before the handoff. tried: ids of the answers that were given.
    """

    id: str
    user: str
    reason: Reason
    opened: int
    state: State = State.WAITING
    topic: str = ""
    agent: str = ""
    closed: int = 0
    history: tuple[Line, ...] = ()
    tried: tuple[str, ...] = ()
