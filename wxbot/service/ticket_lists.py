"""The lists in which staff find tickets: what the heads say, sorted; the same for every store."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from wxbot.domain.ticket import State, Ticket, TicketChange

OVER = (State.RESOLVED, State.CLOSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    Which tickets. Every condition that is set must hold.

    scope: `live` leaves out what is resolved or closed; a state says more and goes before it. overdue: only those
    whose promise is broken. type, urgency, assignee, cause, user: '' for any.
    """

    scope: Literal["live", "all"] = "live"
    state: State | None = None
    overdue: bool = False
    type: str = ""
    urgency: str = ""
    assignee: str = ""
    cause: str = ""
    user: str = ""

    @property
    def shelves(self) -> tuple[str, ...]:
        """The lists that hold all of them between them, in the order in which they are shown."""
        if self.overdue:
            return ("owed",)
        if self.state in OVER:
            return (f"state:{self.state}",)
        return ("all",) if self.scope == "all" and self.state is None else ("owed", "underway")

    @property
    def marks(self) -> tuple[str, ...]:
        """The lists that each of them must be in, too."""
        state = self.state if self.state not in OVER or self.overdue else None
        named = {"state": state, "type": self.type, "urgency": self.urgency, "assignee": self.assignee}
        named |= {"cause": self.cause, "user": self.user}
        return tuple(f"{name}:{value}" for name, value in named.items() if value)

    @property
    def newest_first(self) -> bool:
        """What is over is looked back on; what is not is done by its age."""
        return self.shelves[0] not in ("owed", "underway")


def places(ticket: Ticket) -> Mapping[str, int]:
    """
    Every list that a ticket is in, and its score there, in unix seconds.

    `owed` (a first reply is promised; by due time) and `underway` (live, but nothing is owed) share the live ones;
    `worded` are closed ones that still have an owner and words, by the time of closing.
    """
    shelf = {"owed": ticket.due} if ticket.is_promised else {"underway": ticket.opened} if ticket.is_live else {}
    if ticket.state is State.CLOSED and ticket.user:
        shelf = {"worded": ticket.since}
    named = {"state": ticket.state, "type": ticket.type, "urgency": ticket.urgency, "assignee": ticket.assignee}
    named |= {"cause": ticket.cause, "user": ticket.user}
    return {
        **shelf,
        "all": ticket.opened,
        **{f"{name}:{value}": ticket.opened for name, value in named.items() if value},
    }


def moves(change: TicketChange) -> tuple[list[str], dict[str, int]]:
    """The lists that a changed ticket leaves, and those that it enters, or moves in, with its score there."""
    before = places(change.before) if change.before else {}
    after = places(change.after)
    return [name for name in before if name not in after], {
        name: score for name, score in after.items() if before.get(name) != score
    }
