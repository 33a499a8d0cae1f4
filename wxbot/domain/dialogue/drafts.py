"""A filled-in form that waits for a word: is it about the same problem as an earlier ticket?"""

from dataclasses import replace
from typing import Any

from wxbot.domain.dialogue.talk import Effects, Talk, speak
from wxbot.domain.dialogue.ticket_steps import Step, as_ticket_news, opened
from wxbot.domain.dialogue.ticket_wording import harmless, promise_in_words, tap_on
from wxbot.domain.job import CancelTimer, DraftDue, Job, Timer
from wxbot.domain.ticket import Draft, Report, Ticket
from wxbot.domain.turn import Turn

DRAFT_S = 24 * 3600
"""Seconds after which a draft that nobody decides on becomes a ticket of its own, for nothing may be lost."""


def drafted(talk: Talk, report: Report, ticket: Ticket) -> tuple[str, Effects, dict[str, Any]]:
    """
    What to say first, what to do, and the changes of the session when this report waits for a word.

    One that is waiting already becomes a ticket of its own.
    """
    draft = Draft(report, ticket.number, talk.now + DRAFT_S)
    timer = Timer(_key(talk.inbound.user), draft.until, Job(talk.new_id(), DraftDue(talk.inbound.user)))
    if talk.session.draft is None:
        return "", Effects(timers=(timer,)), {"draft": draft}
    step = opened(talk, talk.session.draft.report)
    effects = replace(step.effects, timers=(*step.effects.timers, timer))
    return _told(step), effects, {"draft": draft, "tickets": step.talk.session.tickets}


def decided(talk: Talk) -> Talk:
    """The talk with no draft in it any more."""
    timers = (*talk.timers, CancelTimer(_key(talk.inbound.user)))
    return replace(talk, session=replace(talk.session, draft=None), timers=timers)


def open_undecided(talk: Talk) -> Turn | None:
    """The clock looks at the draft; None where it was decided on, or is another one."""
    draft = talk.session.draft
    if draft is None or draft.until > talk.now:
        return None
    step = opened(decided(talk), draft.report)
    options = (tap_on(step.talk, step.ticket),)
    return as_ticket_news(speak(step.talk, "draft_due", _told(step), options=options, effects=step.effects))


def _told(step: Step) -> str:
    talk, ticket = step.talk, step.ticket
    promise = promise_in_words(talk, ticket.due)
    return talk.say("ticket_undecided", number=ticket.number, title=harmless(ticket.title), promise=promise)


def _key(user: str) -> str:
    return f"draft:{user}"
