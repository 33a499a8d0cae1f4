"""Everything the core may not fetch, handed to it with each message."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wxbot.domain.staffing import UNKNOWN, Presence
from wxbot.domain.ticket import Ticket
from wxbot.domain.turn import Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """
    What the answer engine says to one text.

    ids: of answers, best first: the answer itself, or up to three suggestions, or none. confidence: 0..1.
    """

    outcome: Outcome = "none"
    ids: tuple[str, ...] = ()
    confidence: float = 0.0


def _nothing(text: str) -> Found:
    return Found()


def _no_ticket(number: str) -> Ticket | None:
    return None


@dataclass(frozen=True, slots=True)
class Facts:
    """
    now: unix seconds. ids: fresh unique ids, as many as are asked for.
    text: the user's words, normalised ('' when there are none). find: asks the answer engine; pure.
    presence: who is at the agents' desk.
    ticket: looks up a ticket of this user by its number, also one that the session has let go of.
    page: address at which followers find their tickets, '' where there is none.
    degraded: the store cannot be reached, so nothing said now can be remembered or done later.
    """

    now: int
    ids: Iterator[str]
    text: str = ""
    find: Callable[[str], Found] = field(default=_nothing)
    presence: Presence = UNKNOWN
    ticket: Callable[[str], Ticket | None] = field(default=_no_ticket)
    degraded: bool = False
    page: str = ""
