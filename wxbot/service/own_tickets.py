"""What a follower does with their own tickets outside the chat: each call done once, whole, or refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from wxbot.domain.dialogue import own_tickets
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.ticket_steps import addition
from wxbot.domain.fields import Fault, Refused, check
from wxbot.domain.flow import Field, Form, Value
from wxbot.domain.script import Script
from wxbot.domain.session import Session
from wxbot.domain.ticket import Draft, Media, Ticket, find_number
from wxbot.domain.turn import Turn
from wxbot.service.changes import Changes
from wxbot.service.ports import Clock, TicketDesk
from wxbot.service.ticket_lists import Wanted
from wxbot.service.tickets import Record, TicketRefused

LISTED = 50


@dataclass(frozen=True, slots=True)
class OwnTickets:
    """
    The tickets of whoever asks, and of nobody else: another's number is as unknown as one that was never given.

    occasion: names what is done, such as the id of a web form; a second time it changes nothing, and None comes back.
    All raise StoreUnavailable; all that name a ticket raise TicketRefused.
    """

    desk: TicketDesk
    changes: Changes
    clock: Clock

    @property
    def script(self) -> Script:
        return self.changes.script()

    @property
    def forms(self) -> Mapping[str, Form]:
        """Those that lead to a ticket, by id."""
        return {id: form for id, form in self.script.forms.items() if form.ends == "ticket"}

    def all(self, user: str) -> list[Ticket]:
        """Newest first, at most fifty."""
        return list(islice(self.desk.tickets(Wanted(scope="all", user=user), int(self.clock())), LISTED))

    def record(self, user: str, number: str) -> Record:
        ticket = self._own(user, number)
        if ticket is None:
            raise TicketRefused(number, None)
        return Record(ticket, self.desk.entries(number))

    def session(self, user: str) -> Session:
        return self.changes.look(user).session

    def draft(self, user: str) -> Draft | None:
        """A report that waits for a word: is it about the same problem as an earlier ticket?"""
        return self.session(user).draft

    def joinable(self, user: str, draft: Draft) -> Ticket | None:
        """The ticket that a draft resembles; None where nothing can be added to it any more."""
        ticket = self._own(user, draft.like)
        return ticket if ticket and addition(ticket) else None

    def check(self, form: Form, words: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, Fault | None]]:
        """
        The fields of a form that words can fill, by id: what is kept of them, and what is wrong with the others.

        None is wrong with a field that is missing.
        """
        kept: dict[str, str] = {}
        faults: dict[str, Fault | None] = {}
        for field in form.fields:
            given = words.get(field.id, "").strip()
            if field.kind == "pictures" or (field.optional and not given):
                continue
            checked = self._checked(field, given) if given else None
            if isinstance(checked, str):
                kept[field.id] = checked
            else:
                faults[field.id] = checked.fault if checked else None
        return kept, faults

    def report(self, user: str, form: Form, given: Mapping[str, Value], *, occasion: str) -> Turn | None:
        """Open a ticket, or leave a draft where it repeats one."""
        return self.changes.apply(user, occasion, lambda talk: own_tickets.report(talk, form, given))

    def settle(self, user: str, *, merged: bool, occasion: str) -> Turn | None:
        """Say whether the draft is about the same problem; None, too, where it cannot be (any more)."""
        return self.changes.apply(user, occasion, own_tickets.merge if merged else own_tickets.open_another)

    def append(self, user: str, number: str, text: str, media: Sequence[Media] = (), *, occasion: str) -> Turn | None:
        return self._do(user, number, partial(own_tickets.append, text=text, media=tuple(media)), occasion)

    def nudge(self, user: str, number: str, *, occasion: str) -> Turn | None:
        return self._do(user, number, own_tickets.nudge, occasion)

    def confirm(self, user: str, number: str, *, occasion: str) -> Turn | None:
        return self._do(user, number, own_tickets.confirm, occasion)

    def reopen(self, user: str, number: str, *, occasion: str) -> Turn | None:
        return self._do(user, number, own_tickets.reopen, occasion)

    def is_asked_to_rate(self, user: str, number: str) -> bool:
        return own_tickets.rating_of(self.session(user), number) is not None

    def rate(self, user: str, number: str, mark: int, reason: str, *, occasion: str) -> Turn | None:
        return self._do(user, number, partial(own_tickets.rate, mark=mark, reason=reason), occasion)

    def _own(self, user: str, number: str) -> Ticket | None:
        mention = find_number(number)
        ticket = self.desk.ticket(number) if mention and mention.number == number else None
        return ticket if ticket and ticket.user == user else None

    def _checked(self, field: Field, given: str) -> str | Refused:
        return check(field, given, int(self.clock()), self.script.hours.zone)

    def _do(self, user: str, number: str, deed: Callable[..., Turn | None], occasion: str) -> Turn | None:
        ticket = self.record(user, number).ticket

        def change(talk: Talk) -> Turn:
            turn = deed(talk, number=number)
            if turn is None:
                raise TicketRefused(number, ticket.state)
            return turn

        return self.changes.apply(user, occasion, change)
