"""Promised messages that could not be sent: kept with the session, and given when the user writes next."""

from dataclasses import replace

from wxbot.domain.account import Capability
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.wording import part_text
from wxbot.domain.job import Job, Send
from wxbot.domain.outbound import Delivery, Held, Result
from wxbot.domain.quota import opened_by
from wxbot.domain.reply import TEXT_LIMIT_BYTES, Silence, TextPart, split_text
from wxbot.domain.session import Mode, Session
from wxbot.domain.turn import Turn

AT_ONCE = 3
"""Held messages given for one message of the user: they have asked for something else."""
SMALLEST_PIECE_BYTES = 200
"""Less room than this in a reply is not used."""


def hold(talk: Talk, held: Held, delivery: Delivery) -> Turn | None:
    """
    Keep it; those that were held before and failed again go back to their place.

    None where the follower has gone: nothing is kept for them.
    """
    if talk.session.gone:
        return None
    kept = tuple(sorted((*talk.session.held, held), key=lambda each: each.since))
    return Turn("held", replace(talk.session, held=kept), Silence(), deliveries=(delivery,))


def unasked(talk: Talk, delivery: Delivery) -> Turn:
    """The request to rate was not sent, so nothing that the user says is an answer to it; to a later one it may be."""
    pending = talk.session.rating
    rating = None if pending and pending.id == delivery.id else pending
    return Turn("unasked", replace(talk.session, rating=rating), Silence(), deliveries=(delivery,))


def release(talk: Talk, turn: Turn) -> Turn:
    """
    Give the oldest of what is held, now that the user is there.

    As messages behind the reply; within the reply where the account may send none. What has become moot is let go.
    """
    session = turn.session
    if not session or not session.held or not opened_by(talk.inbound) or talk.facts.degraded:
        return turn
    if session.mode is Mode.HUMAN:
        return turn
    moot = tuple(held for held in session.held if held.stage and held.stage != session.mode)
    due = tuple(held for held in session.held if held not in moot)
    gone = tuple(_delivery(talk, held, "dropped") for held in moot)
    turn = replace(turn, session=replace(session, held=due), deliveries=(*turn.deliveries, *gone))
    if not due:
        return turn
    if not talk.script.can(Capability.CUSTOM_MESSAGE) or due[0].reply_only:
        return _within_reply(talk, turn, due)
    return _behind_reply(talk, turn, due)


def _behind_reply(talk: Talk, turn: Turn, due: tuple[Held, ...]) -> Turn:
    given, rest = due[:AT_ONCE], due[AT_ONCE:]
    leads = [_lead(talk, given[0], len(rest)), *(talk.say("held_maybe") if h.maybe else "" for h in given[1:])]
    jobs = tuple(
        Job(talk.new_id(), Send(talk.inbound.user, held.parts, held.importance, stage=held.stage, lead=lead,
            since=held.since, maybe=held.maybe))
        for held, lead in zip(given, leads, strict=True)
    )  # fmt: skip
    return _without(talk, turn, given, rest, jobs=(*turn.jobs, *jobs))


def _within_reply(talk: Talk, turn: Turn, due: tuple[Held, ...]) -> Turn:
    """As much as fits below what the reply says; a reply that is no text has no room."""
    if not isinstance(turn.reply, TextPart | Silence):
        return turn
    said = f"{turn.reply.text.rstrip()}\n\n" if isinstance(turn.reply, TextPart) else ""
    given: list[Held] = []
    for held in due[:AT_ONCE]:
        lead = _lead(talk, held, len(due) - 1) if not given else talk.say("held_maybe") if held.maybe else ""
        words = "\n".join(filter(None, (lead, _words(talk, held))))
        if len(f"{said}{words}".encode()) > TEXT_LIMIT_BYTES:
            break
        given.append(held)
        said += f"{words}\n\n"
    if not given:
        return _piece_within_reply(talk, turn, due, said)
    return _without(talk, turn, tuple(given), due[len(given) :], reply=TextPart(said.rstrip()))


def _piece_within_reply(talk: Talk, turn: Turn, due: tuple[Held, ...], said: str) -> Turn:
    """The beginning of one that is too long for the room that is left; the rest of it stays."""
    said += f"{_lead(talk, due[0], len(due))}\n"
    room = TEXT_LIMIT_BYTES - len(said.encode())
    if room < SMALLEST_PIECE_BYTES:
        return turn
    piece, *rest = split_text(_words(talk, due[0]), room)
    left = replace(due[0], parts=(TextPart("\n".join(rest)),))
    return _without(talk, turn, (), (left, *due[1:]), reply=TextPart(f"{said}{piece}"))


def _without(talk: Talk, turn: Turn, given: tuple[Held, ...], rest: tuple[Held, ...], **changes: object) -> Turn:
    assert turn.session
    released = tuple(_delivery(talk, held, "released") for held in given)
    session: Session = replace(turn.session, held=rest)
    return replace(turn, session=session, deliveries=(*turn.deliveries, *released), **changes)  # type: ignore[arg-type]


def _lead(talk: Talk, held: Held, more: int) -> str:
    lead = talk.say("held_more", count=more) if more else talk.say("held")
    return f"{lead}\n{talk.say('held_maybe')}" if held.maybe else lead


def _words(talk: Talk, held: Held) -> str:
    """Cleared here, for a reply does not pass the gate; as a whole, so that no cut hides a number."""
    words = (part.text if isinstance(part, TextPart) else part_text(part) for part in held.parts)
    return talk.script.ours_only("\n".join(filter(None, words)))


def _delivery(talk: Talk, held: Held, result: Result) -> Delivery:
    text = " ".join(map(part_text, held.parts))[:60]
    return Delivery(held.id, talk.inbound.user, talk.now, held.importance, result, text=text)
