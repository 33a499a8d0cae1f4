"""What the bot remembers of one follower between two messages."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from wxbot.domain.action import Option
from wxbot.domain.reply import Part

HISTORY_LINES = 12
CONTEXT_S = 30 * 60
"""Seconds after which a number, a topic or a row of misses no longer refers to what was said before."""


class Mode(StrEnum):
    """Who answers: the bot, nobody yet (waiting for an agent), or an agent (protocol 4.1)."""

    BOT = "bot"
    QUEUED = "queued"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the talk. at: unix seconds."""

    who: Literal["user", "bot"]
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Session:
    """
    mode_since, first_seen, last_seen: unix seconds, 0 = never.
    options: what a typed number refers to. pending: parts to show on "more", for accounts that cannot be sent to.
    tried: ids of the answers given in this talk, for the handoff card. follows: how often the user has followed.
    """

    user: str
    mode: Mode = Mode.BOT
    mode_since: int = 0
    agent: str = ""
    handoff: str = ""
    misses: int = 0
    options: tuple[Option, ...] = ()
    topic: str = ""
    pending: tuple[Part, ...] = ()
    tried: tuple[str, ...] = ()
    history: tuple[Line, ...] = ()
    first_seen: int = 0
    last_seen: int = 0
    follows: int = 0

    def remember(self, who: Literal["user", "bot"], text: str, at: int) -> "Session":
        """Add a line to the history, dropping the oldest."""
        return replace(self, history=(*self.history, Line(who, text[:300], at))[-HISTORY_LINES:])

    def fresh(self, now: int) -> "Session":
        """The session as it stands now: what depended on an earlier talk is forgotten once that is over."""
        if now - self.last_seen <= CONTEXT_S:
            return self
        return replace(self, misses=0, options=(), topic="", pending=(), tried=())
