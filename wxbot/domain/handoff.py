"""A conversation flagged for the human agents, and its life from the request to its end (protocol 4.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from wxbot.domain.history import Line


class Reason(StrEnum):
    """Why a person came into it; stable codes that staff and statistics use."""

    ASKED = "asked"
    """In words of the user's own."""
    MENU = "menu"
    """By picking it from what was offered: the bottom menu, a welcome, a list."""
    TOPIC = "topic"
    """The same, with a topic."""
    KEYWORD = "keyword"
    """By words that the operator has put under a topic."""
    MISSES = "misses"
    """In any of these ways, after the bot had failed them."""
    ANGER = "anger"
    LOW_RATING = "low-rating"
    AGENT = "agent"
    """Nobody asked: an agent came by themselves."""


class State(StrEnum):
    WAITING = "waiting"
    SERVED = "served"
    CLOSED = "closed"
    """An agent has served the user."""
    LEFT = "left"
    """The user had enough of waiting, or unfollowed."""
    MISSED = "missed"
    """Nobody came."""


class Event(StrEnum):
    """What can happen to a handoff."""

    JOINED = "joined"
    """An agent took the user, or took over from another."""
    ENDED = "ended"
    """The agent closed the session, or WeChat knows of none any more."""
    RETURNED = "returned"
    """A message reached us, which it does not while a session is open (4.1-3)."""
    GAVE_UP = "gave-up"
    UNFOLLOWED = "unfollowed"
    NOBODY_CAME = "nobody-came"


LIFE: Mapping[State, Mapping[Event, State]] = {
    State.WAITING: {
        Event.JOINED: State.SERVED,
        Event.GAVE_UP: State.LEFT,
        Event.UNFOLLOWED: State.LEFT,
        Event.NOBODY_CAME: State.MISSED,
    },
    State.SERVED: {
        Event.JOINED: State.SERVED,
        Event.ENDED: State.CLOSED,
        Event.RETURNED: State.CLOSED,
        Event.UNFOLLOWED: State.CLOSED,
    },
}
"""The next state by event; what is not here cannot happen. A handoff that is over stays so: the next is a new one."""

OPEN = frozenset(LIFE)


@dataclass(frozen=True, slots=True)
class Handoff:
    """
    One request for a person, as staff see it.

    opened, joined, closed: unix seconds, 0 = not yet; joined is WeChat's time, of the event. topic: as in
    `human:<topic>`, else ''. tier: of the follower. agent: who serves them, or served last. named: the only agent who
    may take them, '' for any (4.1-6). reminded: how often the user was told that the wait goes on.
    history: the last lines before the handoff. tried: ids of the answers that were given. tickets: numbers of the open
    ones. transcript: what user and agent said, once it is over.
    """

    id: str
    user: str
    reason: Reason
    opened: int
    state: State = State.WAITING
    topic: str = ""
    tier: str = ""
    agent: str = ""
    named: str = ""
    joined: int = 0
    closed: int = 0
    reminded: int = 0
    history: tuple[Line, ...] = ()
    tried: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    transcript: tuple[Line, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def after(self, event: Event, now: int, **changes: Any) -> "Handoff":
        """The handoff after that event, with the time of its end; raises KeyError for what cannot happen."""
        state = LIFE[self.state][event]
        return replace(self, state=state, closed=0 if state in OPEN else now, **changes)
