"""Tickets 工单: one problem of one follower each, from its receipt to its end."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal
from zlib import crc32
from zoneinfo import ZoneInfo

TITLE_CHARACTERS = 60
WORDS_CHARACTERS = 200
KEPT_TICKETS = 10
"""Heads that a session carries; older ones are looked up by their number."""
OLDEST_YEAR = 20
"""Of this century. Eleven digits that begin with less are a Chinese mobile number, and no number of ours."""

_NUMBER = re.compile(r"(?<!\d)(\d{6})\s?[-–—－]?\s?(\d{5})(?!\d)")


class State(StrEnum):
    NEW = "new"
    """Nobody of the staff has looked at it yet."""
    OPEN = "open"
    WAITING = "waiting"
    """For the follower, who was asked for more."""
    RESOLVED = "resolved"
    """Staff call it solved; the follower may say otherwise."""
    CLOSED = "closed"


class Event(StrEnum):
    """What happens to a ticket; every entry of its history is one of these."""

    OPENED = "opened"
    APPENDED = "appended"
    ANSWERED = "answered"
    """The follower gave what they were asked for."""
    NUDGED = "nudged"
    REPLIED = "replied"
    ASKED = "asked"
    ASSIGNED = "assigned"
    LINKED = "linked"
    REMINDED = "reminded"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    """The follower says that it is solved."""
    CLOSED = "closed"
    """By staff, or by the clock some days after it was resolved."""
    REOPENED = "reopened"


_LIVE = (State.NEW, State.OPEN, State.WAITING)

LIFE: Mapping[tuple[State, Event], State] = MappingProxyType(
    {
        **{(state, event): state for state in _LIVE for event in (Event.APPENDED, Event.NUDGED, Event.REMINDED)},
        **{(state, Event.LINKED): state for state in (*_LIVE, State.RESOLVED)},
        **{(state, Event.RESOLVED): State.RESOLVED for state in _LIVE},
        **{(state, Event.CONFIRMED): State.CLOSED for state in (*_LIVE, State.RESOLVED)},
        **{(state, Event.CLOSED): State.CLOSED for state in (*_LIVE, State.RESOLVED)},
        (State.NEW, Event.REPLIED): State.OPEN,
        (State.OPEN, Event.REPLIED): State.OPEN,
        (State.WAITING, Event.REPLIED): State.WAITING,
        (State.RESOLVED, Event.REPLIED): State.RESOLVED,
        (State.NEW, Event.ASSIGNED): State.OPEN,
        (State.OPEN, Event.ASSIGNED): State.OPEN,
        (State.WAITING, Event.ASSIGNED): State.WAITING,
        (State.NEW, Event.ASKED): State.WAITING,
        (State.OPEN, Event.ASKED): State.WAITING,
        (State.WAITING, Event.ASKED): State.WAITING,
        (State.WAITING, Event.ANSWERED): State.OPEN,
        # Who has more to say about what is called solved does not think that it is.
        (State.RESOLVED, Event.APPENDED): State.OPEN,
        (State.RESOLVED, Event.REOPENED): State.OPEN,
        (State.CLOSED, Event.REOPENED): State.OPEN,
    }
)
"""State and event → the state that follows. What is not here cannot happen."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """
    The head of a ticket, small enough to travel with the session; what was said about it lies in its entries.

    number: as `new_number` makes it. form: id of the form. type, urgency: as operators name them. title: how the
    follower describes it, cut. contact: phone or e-mail, '' where none was given.
    opened, updated, since, due, answered, reminded: unix seconds, 0 = never. since: in this state; due: the promised
    first reply; answered: the first reply there was; reminded: when the clock last spoke up about it.
    cause: what it has in common with others, '' for nothing. assignee: of the staff, or ''. words: what staff said
    last, cut. nudges: when the follower urged us lately, oldest first.
    """

    number: str
    user: str
    form: str
    type: str
    title: str
    opened: int
    urgency: str = ""
    state: State = State.NEW
    updated: int = 0
    since: int = 0
    due: int = 0
    answered: int = 0
    reminded: int = 0
    contact: str = ""
    cause: str = ""
    assignee: str = ""
    words: str = ""
    nudges: tuple[int, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether staff or the follower still have something to do."""
        return self.state in _LIVE

    @property
    def is_promised(self) -> bool:
        """Whether the first reply is still owed."""
        return bool(self.due) and not self.answered and self.is_live

    def is_overdue(self, now: int) -> bool:
        return self.is_promised and self.due <= now

    def can(self, event: Event) -> bool:
        return (self.state, event) in LIFE

    def after(self, event: Event, now: int) -> "Ticket":
        """The ticket in the state that follows; raises KeyError for what cannot happen to it."""
        state = LIFE[self.state, event]
        return replace(self, state=state, updated=now, since=self.since if state is self.state else now)


MediaKind = Literal["image", "voice", "video"]
Loss = Literal["expired", "refused", "unfit", "too-big", "unreachable", "outlived"]
"""
Why a medium is not there: WeChat has it no more, or does not let us have it; it is not what it was said to be, or too
big; nothing could be had until it expired; or it was kept for as long as operators wish.
"""
MEDIA_S = 3 * 86400
"""Seconds for which WeChat keeps what followers send (protocol 6.2)."""


@dataclass(frozen=True, slots=True)
class Media:
    """
    Something that the follower sent. media_id: WeChat's, good for three days (protocol 2.2). url: of a picture, lives
    longer. path: where it was saved, '' until it is; size: of that file, in bytes; loss: why it never will be, '' while
    it may.
    """

    kind: MediaKind
    media_id: str
    url: str = ""
    path: str = ""
    loss: Loss | Literal[""] = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """One field of a filled-in form. label: what it is called to people."""

    field: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class TicketEntry:
    """
    One line of a ticket's history.

    at: unix seconds. name: who of the staff. values: of the form, in the entry that opened the ticket.
    """

    number: str
    at: int
    by: Literal["user", "staff", "bot"]
    event: Event
    text: str = ""
    name: str = ""
    values: tuple[Given, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketChange:
    """
    What a commit writes of one ticket. before: the head it was decided on, None for a new ticket, whose number must
    be free; the lists that staff read lose the one and gain the other.
    """

    after: Ticket
    before: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a follower says with one filled-in form. title, contact: as in the ticket that comes of it."""

    form: str
    type: str
    title: str
    contact: str = ""
    values: tuple[Given, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A report that waits for a word: is it about the same problem as the ticket of that number?

    until: unix seconds; then it becomes a ticket of its own.
    """

    report: Report
    like: str
    until: int = 0


@dataclass(frozen=True, slots=True)
class Attention:
    """
    Whose history takes what the follower says next, until then (unix seconds).

    strict: they were asked for it, so even what looks like a question belongs to the ticket.
    """

    number: str
    until: int
    strict: bool = False


def new_number(id: str, now: int, zone: str) -> str:
    """
    A number that people can read out: `261122-48213`, the day in that time zone and five digits drawn from `id`.

    Two ids may draw the same digits; the commit refuses a number that exists, and the next id is tried.
    """
    day = datetime.fromtimestamp(now, ZoneInfo(zone)).strftime("%y%m%d")
    return f"{day}-{crc32(id.encode()) % 100_000:05}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A ticket number in a text, with the words around it."""

    number: str
    before: str
    after: str


def find_number(text: str) -> Mention | None:
    """The first ticket number in a text, with or without its dash; full-width digits count too."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    day, rest = f"{int(found[1]):06}", f"{int(found[2]):05}"
    if int(day[:2]) < OLDEST_YEAR or not _is_day(day):
        return None
    return Mention(f"{day}-{rest}", text[: found.start()].strip(), text[found.end() :].strip())


def _is_day(digits: str) -> bool:
    try:
        return bool(datetime.strptime(digits, "%y%m%d"))
    except ValueError:
        return False


def kept(tickets: tuple[Ticket, ...], ticket: Ticket) -> tuple[Ticket, ...]:
    """The heads of a session with this one in its latest state, newest first; live ones stay longest."""
    others = [other for other in tickets if other.number != ticket.number]
    newest = sorted((ticket, *others), key=lambda each: each.opened, reverse=True)
    staying = sorted(newest, key=lambda each: not each.is_live)[:KEPT_TICKETS]
    return tuple(each for each in newest if each in staying)
