"""One step in the life of a ticket, whoever takes it: the head, its history, its clock and the session together."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Literal

from wxbot.domain.dialogue.talk import Effects, Talk
from wxbot.domain.job import CancelTimer, FlagTicket, Job, TicketAlarm, Timer
from wxbot.domain.promises import due_of, next_alarm
from wxbot.domain.ticket import Event, Media, Report, Ticket, TicketChange, TicketEntry, kept, new_number

DAY_S = 86400
ALIKE = 0.8
"""Likeness, 0..1, from which two titles tell of the same problem."""


@dataclass(frozen=True, slots=True)
class Step:
    """talk: with the session as it will be. ticket: as it will be. effects: what the commit writes."""

    talk: Talk
    ticket: Ticket
    effects: Effects


def ticket_of(talk: Talk, number: str) -> Ticket | None:
    """A ticket of this follower, from the session or from the store."""
    found = next((ticket for ticket in talk.session.tickets if ticket.number == number), None)
    return found or talk.facts.ticket(number)


def opened(talk: Talk, report: Report) -> Step:
    """A new ticket with its first promise."""
    rules = talk.script.tickets
    urgency = rules.urgency_of(report.form, " ".join(each.text for each in report.values), talk.session.tier)
    ticket = Ticket(
        number=new_number(talk.new_id(), talk.now, talk.script.hours.zone),
        user=talk.inbound.user,
        form=report.form,
        type=report.type,
        title=report.title,
        opened=talk.now,
        urgency=urgency,
        updated=talk.now,
        since=talk.now,
        due=_due(talk, urgency),
        contact=report.contact,
    )
    entry = TicketEntry(ticket.number, talk.now, "user", Event.OPENED, values=report.values, media=report.media)
    return _written(talk, TicketChange(ticket), entry)


def taken(
    talk: Talk,
    ticket: Ticket,
    event: Event,
    by: Literal["user", "staff", "bot"],
    text: str = "",
    *,
    name: str = "",
    report: Report | None = None,
    media: tuple[Media, ...] = (),
    **changes: Any,
) -> Step:
    """
    One step of an existing ticket; the event must be possible. A ticket that is opened again is promised a reply anew.

    report: what was meant to be a ticket of its own. changes: fields of the head.
    """
    after = replace(ticket.after(event, talk.now), **changes)
    if after.is_live and not ticket.is_live:
        after = replace(after, due=_due(talk, after.urgency), answered=0, reminded=0)
    values, media = (report.values, report.media) if report else ((), media)
    entry = TicketEntry(ticket.number, talk.now, by, event, text, name, values, media)
    return _written(talk, TicketChange(after, ticket), entry)


def like(talk: Talk, report: Report) -> Ticket | None:
    """A live ticket of the last day that tells of the same problem."""
    recent = (
        ticket
        for ticket in talk.session.tickets
        if ticket.is_live and ticket.form == report.form and talk.now - ticket.opened < DAY_S
    )
    return next((ticket for ticket in recent if _alike(ticket.title, report.title)), None)


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio() >= ALIKE


def _due(talk: Talk, urgency: str) -> int:
    return due_of(talk.script.tickets.promise_of(urgency), talk.script.hours, talk.now)


def _written(talk: Talk, change: TicketChange, entry: TicketEntry) -> Step:
    ticket = change.after
    session = replace(talk.session, tickets=kept(talk.session.tickets, ticket))
    flags = (Job(talk.new_id(), FlagTicket(ticket, entry)),) if _calls_staff(change, entry) else ()
    effects = Effects(timers=(alarm(talk, ticket),), tickets=(change,), entries=(entry,), jobs=flags)
    return Step(replace(talk, session=session), ticket, effects)


def _calls_staff(change: TicketChange, entry: TicketEntry) -> bool:
    """What the follower adds while staff work on it anyway waits for their next look."""
    match entry.by, entry.event:
        case "user", Event.APPENDED:
            return change.before is not None and not change.before.is_live
        case "user", event:
            return event is not Event.CONFIRMED
        case "bot", Event.REMINDED:
            return change.after.is_promised
    return False


def alarm(talk: Talk, ticket: Ticket) -> Timer | CancelTimer:
    """The one timer of a ticket, set anew with every step."""
    key = f"ticket:{ticket.number}"
    due = next_alarm(talk.script.tickets, talk.script.hours, ticket)
    return Timer(key, due, Job(talk.new_id(), TicketAlarm(ticket.user, ticket.number))) if due else CancelTimer(key)
