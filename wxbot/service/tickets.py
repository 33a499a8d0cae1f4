"""What staff do with tickets, whichever way they come: one call each, done whole or refused."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from wxbot.domain.dialogue import ticket_desk
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.ticket import State, Ticket, TicketEntry
from wxbot.domain.turn import Turn
from wxbot.errors import WxbotError
from wxbot.service.changes import Changes
from wxbot.service.ports import Clock, TicketDesk
from wxbot.service.ticket_lists import Wanted


class TicketRefused(WxbotError):
    """Staff asked for what cannot be done. state: of the ticket, None where there is no such ticket."""

    def __init__(self, number: str, state: State | None) -> None:
        super().__init__(f"ticket {number} is {state or 'unknown'}")
        self.number = number
        self.state = state


class StrangersNamed(WxbotError):
    """What staff wrote to the owner names numbers, links or accounts that are not registered as ours: these `names`."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("not registered as official: " + ", ".join(names))
        self.names = tuple(names)


@dataclass(frozen=True, slots=True)
class Record:
    """A ticket with everything that was said about it, oldest first."""

    ticket: Ticket
    entries: Sequence[TicketEntry]


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of a deed on many tickets: as they are now, and what could not be done."""

    done: Sequence[Ticket]
    refused: Sequence[TicketRefused] = ()


_Deed = Callable[[Talk, str, str, str], Turn | None]
"""On the ticket of that number: a text, and who of the staff it comes from."""


@dataclass(frozen=True, slots=True)
class Tickets:
    """
    The desk at which tickets are worked on. Everything that changes one is a turn of its owner's conversation, so the
    ticket, its history and what the owner hears are one commit.

    name: who of the staff does it, kept in the history. occasion: of a deed that may be asked for twice, such as the
    id of a web form; it is done once. All deeds on one ticket raise TicketRefused, all raise StoreUnavailable, and
    those that tell the owner a text raise StrangersNamed.
    """

    desk: TicketDesk
    changes: Changes
    clock: Clock

    def find(self, wanted: Wanted) -> Iterator[Ticket]:
        """Most pressing first, read as far as it is asked for."""
        return self.desk.tickets(wanted, int(self.clock()))

    def record(self, number: str) -> Record:
        return Record(self._ticket(number), self.desk.entries(number))

    def reply(self, number: str, text: str, name: str, *, occasion: str = "") -> Ticket:
        """Tell the owner something; the promised first reply, if none was given before."""
        return self._tell(ticket_desk.reply, number, text, name, occasion)

    def ask(self, number: str, text: str, name: str, *, occasion: str = "") -> Ticket:
        """Ask the owner for more; their next words are the answer."""
        return self._tell(ticket_desk.ask, number, text, name, occasion)

    def assign(self, number: str, assignee: str, name: str, *, occasion: str = "") -> Ticket:
        return self._do(ticket_desk.assign, number, assignee, name, occasion)

    def resolve(self, number: str, text: str, name: str, *, occasion: str = "") -> Ticket:
        """Call it solved; the owner may disagree. text: how it was solved, or ''."""
        return self._tell(ticket_desk.resolve, number, text, name, occasion)

    def close(self, number: str, text: str, name: str, *, occasion: str = "") -> Ticket:
        """End it at once."""
        return self._tell(ticket_desk.close, number, text, name, occasion)

    def reopen(self, number: str, text: str, name: str, *, occasion: str = "") -> Ticket:
        return self._tell(ticket_desk.reopen, number, text, name, occasion)

    def link(self, numbers: Sequence[str], cause: str, name: str) -> Batch:
        """
        Mark tickets as having the same cause; those that are marked already stay as they are.

        A number that there is not raises TicketRefused before anything is done.
        """
        tickets = [self._ticket(number) for number in dict.fromkeys(numbers)]
        unmarked = [ticket for ticket in tickets if ticket.cause != cause]
        return _each(unmarked, lambda number: self._do(ticket_desk.link, number, cause, name, ""))

    def resolve_cause(self, cause: str, text: str, name: str) -> Batch:
        """Call every live ticket with this cause solved; each owner is told."""
        return _each(list(self.find(Wanted(cause=cause))), lambda number: self.resolve(number, text, name))

    def _ticket(self, number: str) -> Ticket:
        ticket = self.desk.ticket(number)
        if ticket is None:
            raise TicketRefused(number, None)
        return ticket

    def _tell(self, deed: _Deed, number: str, text: str, name: str, occasion: str) -> Ticket:
        register = self.changes.script().official
        strangers = register.strangers(text) if register.kept else ()
        if strangers:
            raise StrangersNamed([stranger.text for stranger in strangers])
        return self._do(deed, number, text, name, occasion)

    def _do(self, deed: _Deed, number: str, text: str, name: str, occasion: str) -> Ticket:
        ticket = self._ticket(number)
        if not ticket.user:
            # Its owner was erased: there is nobody to tell.
            raise TicketRefused(number, ticket.state)

        def change(talk: Talk) -> Turn:
            turn = deed(talk, number, text, name)
            if turn is None:
                raise TicketRefused(number, self._ticket(number).state)
            return turn

        turn = self.changes.apply(ticket.user, f"ticket:{number}:{occasion or uuid4().hex}", change)
        return turn.tickets[-1].after if turn else self._ticket(number)


def _each(tickets: Sequence[Ticket], deed: Callable[[str], Ticket]) -> Batch:
    """One that changed meanwhile keeps nobody from the others."""
    done: list[Ticket] = []
    refused: list[TicketRefused] = []
    for ticket in tickets:
        try:
            done.append(deed(ticket.number))
        except TicketRefused as refusal:
            refused.append(refusal)
    return Batch(done, refused)
