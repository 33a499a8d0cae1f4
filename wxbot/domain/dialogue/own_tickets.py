"""
What followers do with their tickets outside the chat, on the page.

The same steps as in the chat. The page shows what came of them, so nothing is said in the chat, but for the receipt of
a new ticket, which people look for there. Each gives None where it is not possible (any more).
"""

from collections.abc import Mapping
from dataclasses import replace

from wxbot.domain.dialogue.drafts import decided, drafted
from wxbot.domain.dialogue.forms import remembering
from wxbot.domain.dialogue.ratings import REASON_CHARACTERS
from wxbot.domain.dialogue.talk import Talk, silent, speak
from wxbot.domain.dialogue.ticket_steps import (
    Step,
    addition,
    as_ticket_news,
    like,
    nudges_today,
    taken,
    ticket_of,
)
from wxbot.domain.dialogue.ticket_wording import report_of
from wxbot.domain.dialogue.tickets import open_report, open_ticket
from wxbot.domain.flow import Form, Value
from wxbot.domain.personal import without_secrets
from wxbot.domain.rating import MARKS, Rating
from wxbot.domain.session import Session
from wxbot.domain.ticket import Event, Media
from wxbot.domain.turn import Turn


def report(talk: Talk, form: Form, given: Mapping[str, Value]) -> Turn:
    """
    A filled-in form: a ticket, or a draft in the session where it repeats one.

    given: by field id; what was skipped is left out or ''.
    """
    given = {id: without_secrets(value) if isinstance(value, str) else value for id, value in given.items()}
    talk = remembering(talk, form, given)
    filled = report_of(form, given)
    ticket = like(talk, filled)
    if ticket:
        first, effects, changes = drafted(talk, filled, ticket)
        if not first:
            return silent(talk, "ticket_again", effects=effects, **changes)
        return as_ticket_news(speak(talk, "ticket_again", first, effects=effects, **changes))
    return as_ticket_news(open_ticket(talk, form, given))


def merge(talk: Talk) -> Turn | None:
    """The draft is about the same problem as the ticket that it resembles, unless that takes nothing any more."""
    draft = talk.session.draft
    ticket = ticket_of(talk, draft.like) if draft else None
    event = addition(ticket) if ticket else None
    if draft is None or ticket is None or event is None:
        return open_another(talk)
    return _quiet(taken(decided(talk), ticket, event, "user", report=draft.report))


def open_another(talk: Talk) -> Turn | None:
    """The draft is about another problem."""
    draft = talk.session.draft
    return as_ticket_news(open_report(decided(talk), draft.report)) if draft else None


def append(talk: Talk, number: str, text: str, media: tuple[Media, ...] = ()) -> Turn | None:
    ticket = ticket_of(talk, number)
    event = addition(ticket) if ticket else None
    if ticket is None or event is None:
        return None
    return _quiet(taken(talk, ticket, event, "user", without_secrets(text), media=media))


def nudge(talk: Talk, number: str) -> Turn | None:
    """As often a day as operators allow."""
    ticket = ticket_of(talk, number)
    if ticket is None or not ticket.can(Event.NUDGED):
        return None
    today = nudges_today(talk, ticket)
    if len(today) >= talk.script.tickets.nudges:
        return None
    return _quiet(taken(talk, ticket, Event.NUDGED, "user", nudges=(*today, talk.now)))


def confirm(talk: Talk, number: str) -> Turn | None:
    """It is solved."""
    return _step(talk, number, Event.CONFIRMED)


def reopen(talk: Talk, number: str) -> Turn | None:
    """It is not."""
    return _step(talk, number, Event.REOPENED)


def rating_of(session: Session, number: str) -> Rating | None:
    """The mark that this ticket's owner is asked for, here and in the chat; None once it was given."""
    asked = session.rating
    return asked if asked and (asked.subject, asked.about) == ("ticket", number) else None


def rate(talk: Talk, number: str, mark: int, reason: str) -> Turn | None:
    """mark: one of MARKS. reason: in their words, or ''."""
    asked = rating_of(talk.session, number)
    if asked is None or mark not in MARKS:
        return None
    given = replace(asked, mark=mark)
    reasoned = replace(given, reason=without_secrets(reason)[:REASON_CHARACTERS])
    turn = silent(talk, "rated" if mark >= talk.script.ratings.ask_why_below else "rated_low", rating=None)
    return replace(turn, ratings=(given, reasoned) if reason else (given,))


def _step(talk: Talk, number: str, event: Event) -> Turn | None:
    ticket = ticket_of(talk, number)
    return _quiet(taken(talk, ticket, event, "user")) if ticket and ticket.can(event) else None


def _quiet(step: Step) -> Turn:
    return silent(step.talk, f"ticket_{step.effects.entries[-1].event}", effects=step.effects)
