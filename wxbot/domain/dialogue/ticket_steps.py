"""One step in the life of a ticket, whoever takes it: the head, its history, its clock and the session together."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any, Literal
from zoneinfo import ZoneInfo

from wxbot.domain.dialogue.talk import Effects, Talk
from wxbot.domain.job import CancelTimer, FlagTicket, Job, Send, TicketAlarm, Timer
from wxbot.domain.promises import due_of, next_alarm
from wxbot.domain.ticket import Event, Media, Report, Ticket, TicketChange, TicketEntry, kept, new_number
from wxbot.domain.turn import Turn

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


def addition(ticket: Ticket) -> Event | None:
    """What adding to it is: an answer where one is waited for; None where nothing can be added."""
    return next((event for event in (Event.ANSWERED, Event.APPENDED) if ticket.can(event)), None)


def nudges_today(talk: Talk, ticket: Ticket) -> tuple[int, ...]:
    """When its owner urged us today, in the time zone of the service hours."""
    return tuple(at for at in ticket.nudges if _day(talk, at) == _day(talk, talk.now))


def as_ticket_news(turn: Turn) -> Turn:
    """The turn, with what it sends standing back behind answers and agents."""
    jobs = (
        replace(job, task=replace(job.task, importance="ticket")) if isinstance(job.task, Send) else job
        for job in turn.jobs
    )
    return replace(turn, jobs=tuple(jobs))


def _day(talk: Talk, at: int) -> date:
    return datetime.fromtimestamp(at, ZoneInfo(talk.script.hours.zone)).date()


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
