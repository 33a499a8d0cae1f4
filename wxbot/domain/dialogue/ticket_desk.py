"""What staff and the clock do with a ticket, and what its owner hears of it. None where it is not possible any more."""

from dataclasses import replace

from wxbot.domain.dialogue.ratings import ticket_to_rate
from wxbot.domain.dialogue.talk import Effects, Talk, silent, speak
from wxbot.domain.dialogue.ticket_steps import Step, alarm, as_ticket_news, taken, ticket_of
from wxbot.domain.dialogue.ticket_wording import promise_in_words, tap_on
from wxbot.domain.promises import next_alarm
from wxbot.domain.script import TicketDeed
from wxbot.domain.ticket import WORDS_CHARACTERS, Attention, Event, State
from wxbot.domain.turn import Turn

REPLY_ATTENTION_S = 30 * 60
"""Seconds for which what is said after a reply of staff belongs to the ticket, unless it is surely something else."""
ASK_ATTENTION_S = 3 * 86400
"""Seconds for which the next words of somebody who was asked for more are taken as the answer."""


def reply(talk: Talk, number: str, text: str, name: str) -> Turn | None:
    """name: who of the staff."""
    step = _by_staff(talk, number, Event.REPLIED, text, name)
    if step is None:
        return None
    return _tell(step, talk.say("ticket_replied", number=number, words=text), attention_s=REPLY_ATTENTION_S)


def ask(talk: Talk, number: str, text: str, name: str) -> Turn | None:
    """The owner's next words are the answer."""
    step = _by_staff(talk, number, Event.ASKED, text, name)
    if step is None:
        return None
    words = talk.say("ticket_asked", number=number, words=text)
    return _tell(step, words, attention_s=ASK_ATTENTION_S, strict=True)


def assign(talk: Talk, number: str, assignee: str, name: str) -> Turn | None:
    """The owner hears of it when it is the first time that somebody takes care."""
    ticket = ticket_of(talk, number)
    if ticket is None or not ticket.can(Event.ASSIGNED):
        return None
    step = taken(talk, ticket, Event.ASSIGNED, "staff", assignee, name=name, assignee=assignee)
    return _tell(step, talk.say("ticket_assigned", number=number)) if ticket.state is State.NEW else _quiet(step)


def link(talk: Talk, number: str, cause: str, name: str) -> Turn | None:
    """Mark a ticket as one of several with the same cause."""
    ticket = ticket_of(talk, number)
    if ticket is None or not ticket.can(Event.LINKED) or ticket.cause == cause:
        return None
    step = taken(talk, ticket, Event.LINKED, "staff", cause, name=name, cause=cause)
    return _tell(step, talk.say("ticket_linked", number=number))


def resolve(talk: Talk, number: str, text: str, name: str) -> Turn | None:
    """The owner may say that it is not solved; after some days the ticket closes by itself."""
    step = _by_staff(talk, number, Event.RESOLVED, text, name)
    if step is None:
        return None
    words = talk.say("ticket_resolved_with" if text else "ticket_resolved", number=number, words=text)
    return _tell(_unattended(step), words, deeds=("solved", "reopen"))


def close(talk: Talk, number: str, text: str, name: str) -> Turn | None:
    """text: said to the owner, '' for nothing but that it is closed."""
    step = _by_staff(talk, number, Event.CLOSED, text, name)
    return _tell_closed(step, text) if step else None


def reopen(talk: Talk, number: str, text: str, name: str) -> Turn | None:
    """text: for the history."""
    step = _by_staff(talk, number, Event.REOPENED, text, name)
    if step is None:
        return None
    promise = promise_in_words(talk, step.ticket.due)
    return _tell(step, talk.say("ticket_reopened", number=number, promise=promise))


def strike(talk: Talk, number: str) -> Turn | None:
    """The clock looks at a ticket: reminds staff of a promise, its owner of a question, and closes what is solved."""
    ticket = ticket_of(talk, number)
    if ticket is None:
        return None
    due = next_alarm(talk.script.tickets, talk.script.hours, ticket)
    if not due or due > talk.now:
        # What the alarm was set for has changed meanwhile, or operators have changed the rules.
        return silent(talk, "ticket_alarm", effects=Effects(timers=(alarm(talk, ticket),))) if due else None
    if ticket.state is State.RESOLVED:
        return _tell_closed(taken(talk, ticket, Event.CLOSED, "bot"), "")
    step = taken(talk, ticket, Event.REMINDED, "bot", reminded=talk.now)
    if ticket.state is not State.WAITING:
        return _quiet(step)
    words = talk.say("ticket_waiting", number=number, words=ticket.words)
    return _tell(step, words, attention_s=ASK_ATTENTION_S, strict=True)


def _by_staff(talk: Talk, number: str, event: Event, text: str, name: str) -> Step | None:
    ticket = ticket_of(talk, number)
    if ticket is None or not ticket.can(event):
        return None
    answered = ticket.answered or (talk.now if event in (Event.REPLIED, Event.ASKED) else 0)
    words = text[:WORDS_CHARACTERS] or ticket.words
    return taken(talk, ticket, event, "staff", text, name=name, words=words, answered=answered)


def _unattended(step: Step) -> Step:
    """Thanks or a mark is what follows, and no addition: who says that it is not solved says so."""
    attention = step.talk.session.attention
    if attention is None or attention.number != step.ticket.number:
        return step
    return replace(step, talk=replace(step.talk, session=replace(step.talk.session, attention=None)))


def _tell_closed(step: Step, text: str) -> Turn:
    number = step.ticket.number
    words = step.talk.say("ticket_closed_with" if text else "ticket_closed", number=number, words=text)
    return _tell(step, words, deeds=("reopen",))


def _quiet(step: Step) -> Turn:
    return silent(step.talk, _rule(step), effects=step.effects)


def _tell(
    step: Step,
    words: str,
    *,
    deeds: tuple[TicketDeed, ...] = ("show",),
    attention_s: int = 0,
    strict: bool = False,
) -> Turn:
    """Say it to the owner. attention_s: for how long their next words belong to the ticket; 0 leaves that as it is."""
    talk, ticket = step.talk, step.ticket
    attention = Attention(ticket.number, talk.now + attention_s, strict) if attention_s else talk.session.attention
    options = tuple(tap_on(talk, ticket, deed) for deed in deeds)
    # Where a mark is asked for as well, digits are for that.
    numbered, effects = not ticket_to_rate(talk, step.effects.tickets), step.effects
    turn = speak(talk, _rule(step), words, options=options, numbered=numbered, effects=effects, attention=attention)
    return as_ticket_news(turn)


def _rule(step: Step) -> str:
    """Named for what happened, for log and statistics."""
    return f"ticket_{step.effects.entries[-1].event}"
