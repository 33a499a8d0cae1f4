"""Tickets as the templates show them: states and promises as operators word them, everything else in our words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Flask

from wxbot.domain.dialogue.ticket_steps import addition
from wxbot.domain.dialogue.ticket_wording import STATES
from wxbot.domain.dialogue.wording import moment
from wxbot.domain.script import Script
from wxbot.domain.ticket import Event, Given, Media, Ticket, TicketEntry
from wxbot.entrypoints.page.pictures import PICTURE_LIMIT_MB, TOGETHER_MB
from wxbot.entrypoints.page.words import language, t
from wxbot.service.tickets import Record

HIDDEN = (Event.LINKED, Event.REMINDED)
"""Of staff's own business."""
NAMELESS = (Event.ASSIGNED,)
"""Their text names who of the staff."""
DEEDS = {"nudge": Event.NUDGED, "solved": Event.CONFIRMED, "reopen": Event.REOPENED}
"""What a follower can do with one tap, by the name of its button."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history. place: of the entry. given: with a form. media: place among those of the entry, what to
    call it, and whether it can be seen."""

    place: int
    by: str
    what: str
    at: str
    text: str
    given: Sequence[Given]
    media: Sequence[tuple[int, str, bool]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket in words. promise: when it will be answered, '' where nothing is owed. deeds: that are possible."""

    ticket: Ticket
    state: str
    opened: str
    updated: str
    promise: str
    deeds: Sequence[str]
    takes_more: bool


def shown(script: Script, ticket: Ticket, now: int) -> Shown:
    """now: unix seconds."""
    return Shown(
        ticket,
        script.say(STATES[ticket.state]),
        _time(script, ticket.opened),
        _time(script, ticket.updated),
        _promise(script, ticket, now),
        [deed for deed, event in DEEDS.items() if ticket.can(event)],
        addition(ticket) is not None,
    )


def history(script: Script, record: Record) -> Iterator[Line]:
    """What its owner may know of it, oldest first."""
    for place, entry in enumerate(record.entries):
        if entry.event not in HIDDEN:
            yield Line(
                place,
                t(f"by.{entry.by}"),
                t(f"event.{entry.event}"),
                _time(script, entry.at),
                "" if entry.event in NAMELESS else entry.text,
                entry.values,
                list(_media(entry)),
            )


def show_words(app: Flask) -> None:
    """Give the templates our words, and the limits that they tell."""
    app.jinja_env.globals.update(t=t, language=language, each_mb=PICTURE_LIMIT_MB, together_mb=TOGETHER_MB)


def _media(entry: TicketEntry) -> Iterator[tuple[int, str, bool]]:
    """Place, what to call it, and whether it can be seen."""
    for place, medium in enumerate(entry.media):
        yield place, _name(medium), medium.kind == "image" and bool(medium.path)


def _name(medium: Media) -> str:
    kind = t(f"media.{medium.kind}")
    if medium.loss:
        return t("media.outlived" if medium.loss == "outlived" else "media.lost", kind=kind)
    return kind if medium.path else t("media.pending", kind=kind)


def _promise(script: Script, ticket: Ticket, now: int) -> str:
    if ticket.is_overdue(now):
        return script.say("ticket_late")
    return script.say("ticket_owed", due=moment(_local(script, ticket.due), now)) if ticket.is_promised else ""


def _time(script: Script, at: int) -> str:
    return f"{_local(script, at):%Y-%m-%d %H:%M}"


def _local(script: Script, at: int) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(script.hours.zone))
