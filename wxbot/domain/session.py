"""What the bot remembers of one follower between two messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from wxbot.domain.action import Option
from wxbot.domain.flow import FlowState
from wxbot.domain.handoff import Handoff
from wxbot.domain.history import Line
from wxbot.domain.outbound import Held
from wxbot.domain.rating import Rating
from wxbot.domain.reply import Part
from wxbot.domain.ticket import Attention, Draft, Media, Ticket

CONTEXT_S = 30 * 60
"""Seconds after which a number, a topic or a row of misses no longer refers to what was said before."""


TOGETHER_S = 5 * 60
"""Seconds for which a picture waits for its words; as long as it takes where a form asks for them."""

TierSource = Literal["", "scene", "tag", "binding"]


class Mode(StrEnum):
    """Who answers: the bot, nobody yet (waiting for an agent), or an agent (protocol 4.1)."""

    BOT = "bot"
    QUEUED = "queued"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Loose:
    """Something that was sent and belongs to nothing yet. at: unix seconds."""

    media: Media
    at: int


@dataclass(frozen=True, slots=True)
class Session:
    """
    mode_since: unix seconds at which the mode was last known to be so. first_seen, last_seen: too; 0 = never.
    handoff: the one that is open, None while the bot answers.
    options: what a typed number refers to. pending: parts to show on "more", for accounts that cannot be sent to.
    tried: ids of the answers given in this talk, for the handoff card. follows: how often the user has followed.
    tier, region: as operators name them, '' while unknown. tier_from: what says so; a later kind outweighs an earlier.
    bound: whether the operator's own system knows whose account it is.
    tags_at: unix seconds at which the follower's tags were last asked for.
    flow: the guide or form that is begun. known: what forms may offer again, by field id.
    tickets: heads of the live and the latest ones, newest first. attention: the ticket that is being talked about.
    draft: a filled-in form that may repeat a ticket. loose: goes along with the next ticket or handoff, oldest first.
    held: promised messages that wait for the user, oldest first. rating: the one that is asked for. low: the bad mark
    that has been given just now, and whose reason is asked for. rated: answers rated in this talk, by id.
    gone: they have unfollowed, and not been heard of since.
    """

    user: str
    mode: Mode = Mode.BOT
    mode_since: int = 0
    handoff: Handoff | None = None
    misses: int = 0
    options: tuple[Option, ...] = ()
    topic: str = ""
    pending: tuple[Part, ...] = ()
    tried: tuple[str, ...] = ()
    history: tuple[Line, ...] = ()
    first_seen: int = 0
    last_seen: int = 0
    follows: int = 0
    tier: str = ""
    region: str = ""
    tier_from: TierSource = ""
    bound: bool = False
    tags_at: int = 0
    flow: FlowState | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    tickets: tuple[Ticket, ...] = ()
    attention: Attention | None = None
    draft: Draft | None = None
    loose: tuple[Loose, ...] = ()
    held: tuple[Held, ...] = ()
    rating: Rating | None = None
    low: Rating | None = None
    rated: tuple[str, ...] = ()
    gone: bool = False

    def fresh(self, now: int) -> "Session":
        """The session as it stands now: what depended on an earlier talk is forgotten once that is over."""
        session = self
        if self.loose and not self.flow:
            session = replace(self, loose=tuple(each for each in self.loose if now - each.at <= TOGETHER_S))
        if now - self.last_seen <= CONTEXT_S:
            return session
        return replace(session, misses=0, options=(), topic="", pending=(), tried=(), rated=())
