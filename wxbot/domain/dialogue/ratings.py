"""Asking followers what they think of an agent, a ticket or an answer, and what becomes of a bad mark."""

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
from wxbot.domain.reply import MenuPart, Part, TextPart
from wxbot.domain.script import Answer
from wxbot.domain.ticket import State as TicketState
from wxbot.domain.turn import Turn

MARK_TYPED_S = 30 * 60
"""Seconds for which a bare digit is a mark; a tap names itself and counts for longer."""

REASON_CHARACTERS = 300

_HELPED, _UNHELPED = "helped.", "unhelped."
"""How the tap ids below an answer begin; its id follows."""


def asked_to_rate(talk: Talk, turn: Turn) -> Turn:
    """The turn that ends an agent's session or solves a ticket, with the request to rate that."""
    rules, session = talk.script.ratings, turn.session
    if talk.inbound.is_message or session is None or session.gone or not talk.script.can(Capability.CUSTOM_MESSAGE):
        return turn
    served = [h.id for h in turn.handoffs if h.state is HandoffState.CLOSED and h.agent]
    if rules.human and served:
        return _ask(talk, turn, "human", served[-1], talk.say("rating_human"))
    solved = [
        change.after.number
        for change in turn.tickets
        if change.after.state is TicketState.RESOLVED
        and (change.before is None or change.before.state is not TicketState.RESOLVED)
    ]
    if rules.ticket and solved:
        return _ask(talk, turn, "ticket", solved[-1], talk.say("rating_ticket", number=solved[-1]))
    return turn


def _ask(talk: Talk, turn: Turn, subject: Subject, about: str, head: str) -> Turn:
    entries = tuple((f"{MENU_MESSAGE}{mark}", talk.say("rating_label", mark=mark)) for mark in reversed(MARKS))
    # Where options are on the screen, a digit picks one of them.
    menu = MenuPart(head, entries, "" if turn.session and turn.session.options else talk.say("rating_tail"))
    request = Job(talk.new_id(), Send(talk.inbound.user, (menu,), "rating", promised=False))
    rating = Rating(talk.new_id(), talk.inbound.user, subject, about, talk.now)
    assert turn.session
    return replace(turn, session=replace(turn.session, rating=rating), jobs=(*turn.jobs, request))


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
    mark = _mark_of(talk, content)
    if not mark:
        return None
    rating = talk.session.rating
    return _marked(talk, replace(rating, mark=mark)) if rating else speak(talk, "rating_over", talk.say("rating_over"))


def _mark_of(talk: Talk, content: m.Text) -> int:
    """0 for none."""
    rating, text = talk.session.rating, content.tap_id.removeprefix(MENU_MESSAGE)
    if not content.tap_id.startswith(MENU_MESSAGE):
        is_asked = rating and not rating.mark and talk.now - rating.asked <= MARK_TYPED_S
        # A list on the screen or a question of a form has its own use for digits.
        if not is_asked or talk.session.options or talk.session.flow:
            return 0
        text = talk.facts.text
    return next((mark for mark in MARKS if text == str(mark)), 0)


def _answer_rated(talk: Talk, name: str, mark: int) -> Turn:
    if name in talk.session.rated:
        return speak(talk, "rating_over", talk.say("rating_over"))
    rated_now = replace(talk.session, rated=(*talk.session.rated, name))
    rating = Rating(talk.new_id(), talk.inbound.user, "answer", name, talk.now, mark)
    return _marked(replace(talk, session=rated_now), rating)


def _marked(talk: Talk, rating: Rating) -> Turn:
    """Thanks; of a bad mark the reason is asked, and a person is offered."""
    if rating.mark >= talk.script.ratings.ask_why_below:
        turn = speak(talk, "rated", talk.say("rating_thanks"), rating=None)
    else:
        turn = speak(talk, "rated_low", talk.say("rating_why"), options=_ways_on(talk, rating), rating=rating)
    return replace(turn, ratings=(rating,))


def _ways_on(talk: Talk, rating: Rating) -> tuple[Option, ...]:
    """A ticket may be opened again; a person may be asked for where there are any."""
    has_people = talk.script.agents and talk.script.can(Capability.AGENTS)
    ticket = next((ticket for ticket in talk.session.tickets if ticket.number == rating.about), None)
    reopening = (tap_on(talk, ticket, "reopen"),) if ticket else ()
    return (*reopening, *((Option(talk.say("human_label"), Action("human")),) if has_people else ()))


def gave_reason(talk: Talk) -> Turn | None:
    """The words after a bad mark are its reason, unless they are a question that the bot can answer."""
    rating, content = talk.session.rating, talk.inbound.content
    if not rating or not rating.mark or not isinstance(content, m.Text):
        return None
    if talk.facts.text in talk.script.words.skip:
        return speak(talk, "rating_skipped", talk.say("rating_thanks"), rating=None)
    if talk.facts.find(content.content).outcome == "answer":
        return None
    turn = speak(talk, "rating_reason", talk.say("rating_noted"), options=_ways_on(talk, rating), rating=None)
    return replace(turn, ratings=(replace(rating, reason=content.content[:REASON_CHARACTERS]),))


def over(talk: Talk, turn: Turn) -> Turn:
    """Whatever follows a bad mark but its reason, the talk has gone on."""
    before = talk.session.rating
    if not turn.session or not before or not before.mark or turn.session.rating != before:
        return turn
    return replace(turn, session=replace(turn.session, rating=None)) if talk.inbound.is_message else turn
