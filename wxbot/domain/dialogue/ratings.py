"""Asking followers what they think of an agent, a ticket or an answer, and what becomes of a bad mark."""

from collections.abc import Iterable
from dataclasses import replace

from wxbot.domain import message as m
from wxbot.domain.account import Capability
from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.dialogue.ticket_wording import tap_on
from wxbot.domain.dialogue.wording import tap_link
from wxbot.domain.handoff import State as HandoffState
from wxbot.domain.job import Job, Send
from wxbot.domain.quota import MENU_MESSAGE
from wxbot.domain.rating import HELPFUL, MARKS, UNHELPFUL, Rating, Subject
from wxbot.domain.reply import TEXT_LIMIT_BYTES, MenuPart, Part, Reply, TextPart
from wxbot.domain.script import Answer
from wxbot.domain.session import Mode, Session
from wxbot.domain.ticket import TicketChange
from wxbot.domain.turn import Turn

MARK_TYPED_S = 30 * 60
"""Seconds for which a bare digit is a mark; a tap names itself and counts for longer."""

REASON_CHARACTERS = 300

_HELPED, _UNHELPED = "helped.", "unhelped."
"""How the tap ids below an answer begin; its id follows."""


def asked_to_rate(talk: Talk, turn: Turn) -> Turn:
    """The turn that ends an agent's session or settles a ticket, with the request to rate that."""
    rules, session = talk.script.ratings, turn.session
    if not (turn.handoffs or turn.tickets) or session is None or session.gone or talk.facts.degraded:
        return turn
    # The record of a session that ended before may come along, too: with what was said in it.
    served = [h.id for h in turn.handoffs if h.state is HandoffState.CLOSED and h.agent and h.closed == talk.now]
    if rules.human and served and session.mode is Mode.BOT:
        return _ask(talk, turn, session, "human", served[-1], talk.say("rating_human"))
    if number := ticket_to_rate(talk, turn.tickets):
        return _ask(talk, turn, session, "ticket", number, talk.say("rating_ticket", number=number))
    return turn


def ticket_to_rate(talk: Talk, changes: Iterable[TicketChange]) -> str:
    """
    Number of the ticket whose owner is asked for a mark after these changes, '' for none.

    Solved or closed, by whomever; what was called solved before was asked about then. Asked in a message of its own, or
    else within our reply.
    """
    if not talk.script.ratings.ticket or not (talk.can_reply or talk.script.can(Capability.CUSTOM_MESSAGE)):
        return ""
    settled = (each.after.number for each in changes if each.before and each.before.is_live and not each.after.is_live)
    return next(settled, "")


def _ask(talk: Talk, turn: Turn, session: Session, subject: Subject, about: str, head: str) -> Turn:
    rating = Rating(talk.new_id(), talk.inbound.user, subject, about, talk.now)
    asking = replace(turn, session=replace(session, rating=rating))
    is_typed = not session.options and _leaves_digits(session, talk.now)
    if not talk.script.can(Capability.CUSTOM_MESSAGE):
        reply = _with_request(turn.reply, f"{head}\n{talk.say('rating_typed')}")
        return replace(asking, reply=reply) if reply and is_typed else turn
    entries = tuple((f"{MENU_MESSAGE}{rating.id}.{mark}", talk.say("rating_label", mark=mark)) for mark in MARKS[::-1])
    menu = MenuPart(head, entries, talk.say("rating_tail") if is_typed else "")
    request = Job(rating.id, Send(talk.inbound.user, (menu,), "rating", promised=False))
    return replace(asking, jobs=(*turn.jobs, request))


def _with_request(reply: Reply, words: str) -> TextPart | None:
    """None where there is no room for it."""
    if not isinstance(reply, TextPart) or len(f"{reply.text}\n\n{words}".encode()) > TEXT_LIMIT_BYTES:
        return None
    return TextPart(f"{reply.text}\n\n{words}")


def _leaves_digits(session: Session, now: int) -> bool:
    """Whether a digit can be a mark: while waiting it goes to the agents, and a form has its own use for it."""
    flow = session.flow
    return session.mode is Mode.BOT and not (flow and flow.is_running(now)) and session.low is None


def with_helpful_taps(talk: Talk, answer: Answer, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The answer with 有帮助 / 没帮助 below its last text, once in a talk."""
    is_new = answer.id not in talk.session.tried
    if not talk.script.ratings.answer or not is_new or talk.facts.degraded or not isinstance(parts[-1], TextPart):
        return parts
    helped = tap_link(talk.say("rating_helped"), f"{_HELPED}{answer.id}")
    unhelped = tap_link(talk.say("rating_unhelped"), f"{_UNHELPED}{answer.id}")
    return (*parts[:-1], TextPart(f"{parts[-1].text.rstrip()}\n\n{helped}　{unhelped}"))


def rated(talk: Talk) -> Turn | None:
    """A mark: tapped in our menu message, tapped below an answer, or typed as a digit while one is asked for."""
    content = talk.inbound.content
    if not isinstance(content, m.Text):
        return None
    for prefix, mark in ((_HELPED, HELPFUL), (_UNHELPED, UNHELPFUL)):
        name = content.tap_id.removeprefix(prefix)
        if content.tap_id.startswith(prefix) and name in talk.script.answers:
            return _answer_rated(talk, name, mark)
    if content.tap_id.startswith(MENU_MESSAGE):
        return _tapped(talk, content.tap_id.removeprefix(MENU_MESSAGE))
    rating, mark = talk.session.rating, _typed_mark(talk)
    return _marked(talk, replace(rating, mark=mark)) if rating and mark else None


def _tapped(talk: Talk, id: str) -> Turn | None:
    """id: of the rating, and the mark: `3f2a.5`. A menu message stays on the screen when another is asked for."""
    rating, (about, _, digit) = talk.session.rating, id.rpartition(".")
    mark = _mark_in(digit)
    if not mark:
        return None
    if rating is None or rating.id != about:
        return speak(talk, "rating_over", talk.say("rating_over"))
    return _marked(talk, replace(rating, mark=mark))


def _typed_mark(talk: Talk) -> int:
    """0 for none. A number that names an option picks it."""
    rating = talk.session.rating
    if rating is None or talk.now - rating.asked > MARK_TYPED_S or not _leaves_digits(talk.session, talk.now):
        return 0
    mark = _mark_in(talk.facts.text)
    return mark if mark > len(talk.session.options) else 0


def _mark_in(text: str) -> int:
    """0 for none."""
    return next((mark for mark in MARKS if text == str(mark)), 0)


def _answer_rated(talk: Talk, name: str, mark: int) -> Turn:
    if name in talk.session.rated:
        return speak(talk, "rating_over", talk.say("rating_over"))
    rated_now = replace(talk.session, rated=(*talk.session.rated, name))
    rating = Rating(talk.new_id(), talk.inbound.user, "answer", name, talk.now, mark)
    return _marked(replace(talk, session=rated_now), rating)


def _marked(talk: Talk, rating: Rating) -> Turn:
    """Thanks; of a bad mark the reason is asked, and a person is offered. Another that is asked for stays so."""
    asked = talk.session.rating
    left = None if asked and asked.id == rating.id else asked
    if rating.mark >= talk.script.ratings.ask_why_below:
        turn = speak(talk, "rated", talk.say("rating_thanks"), rating=left)
    else:
        options = _ways_on(talk, rating)
        turn = speak(talk, "rated_low", talk.say("rating_why"), options=options, rating=left, low=rating)
    return replace(turn, ratings=(rating,))


def _ways_on(talk: Talk, rating: Rating) -> tuple[Option, ...]:
    """A ticket may be opened again; a person may be asked for where there are any."""
    has_people = talk.script.agents and talk.script.can(Capability.AGENTS)
    ticket = next((ticket for ticket in talk.session.tickets if ticket.number == rating.about), None)
    reopening = (tap_on(talk, ticket, "reopen"),) if ticket else ()
    return (*reopening, *((Option(talk.say("human_label"), Action("human")),) if has_people else ()))


def gave_reason(talk: Talk) -> Turn | None:
    """The words after a bad mark are its reason, unless they are a question that the bot can answer."""
    low, content = talk.session.low, talk.inbound.content
    if not low or not isinstance(content, m.Text):
        return None
    if talk.facts.text in talk.script.words.skip:
        return speak(talk, "rating_skipped", talk.say("rating_thanks"), low=None)
    if talk.facts.find(content.content).outcome == "answer":
        return None
    turn = speak(talk, "rating_reason", talk.say("rating_noted"), options=_ways_on(talk, low), low=None)
    return replace(turn, ratings=(replace(low, reason=content.content[:REASON_CHARACTERS]),))


def over(talk: Talk, turn: Turn) -> Turn:
    """Whatever follows a bad mark but its reason, the talk has gone on."""
    low = talk.session.low
    if not low or not turn.session or turn.session.low != low or not talk.inbound.is_message:
        return turn
    return replace(turn, session=replace(turn.session, low=None))
