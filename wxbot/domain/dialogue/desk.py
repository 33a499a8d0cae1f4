"""What WeChat's desk says about a handoff, put in place of guesses (protocol 4.1, 4.2)."""

from dataclasses import dataclass, replace

from wxbot.domain.dialogue.agents import (
    QUEUE_S,
    REMIND_S,
    SERVED_CHECK_S,
    WAITING_CHECK_S,
    checks,
    ended,
    owned_by_bot,
    served,
)
from wxbot.domain.dialogue.handover import nobody_there, other_ways, tap_option
from wxbot.domain.dialogue.talk import Effects, Talk, silent, speak
from wxbot.domain.handoff import Event, Handoff, State
from wxbot.domain.history import Line
from wxbot.domain.job import Job, OpenSession
from wxbot.domain.staffing import UNKNOWN, Presence
from wxbot.domain.turn import Turn

RETRY_S = 30
"""Seconds after which a desk that could not be asked is asked again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """
    One look at the desk for one user.

    agent: who serves them; with '' for nobody, ahead: users who wait longer, None when this one is not in the queue,
    and presence: who is there at this moment.
    """

    agent: str
    ahead: int | None = None
    presence: Presence = UNKNOWN


def reconcile(talk: Talk, handoff_id: str, seen: Seen | None) -> Turn | None:
    """
    Bring the handoff to where the desk says it is; None where it is no more.

    seen: None when the desk could not be asked; then it is asked again.
    """
    handoff = talk.session.handoff
    if handoff is None or handoff.id != handoff_id:
        return None
    if seen is None:
        return silent(talk, "desk_away", effects=Effects(timers=checks(talk, handoff, talk.now + RETRY_S)))
    if seen.agent:
        return _with_agent(talk, handoff, seen.agent)
    if handoff.state is State.SERVED:
        return silent(owned_by_bot(talk), "agent_left", effects=ended(talk, Event.ENDED))
    if seen.ahead is None:
        return _nobody_came(talk, talk.say("human_lost"))
    if seen.presence.is_empty:
        return _nobody_came(talk, nobody_there(talk))
    if handoff.named and not talk.script.staffing.has_room(handoff.named, seen.presence):
        return _stranded(talk, handoff, seen.presence)
    return _waits_on(talk, handoff, seen.ahead)


def not_opened(talk: Talk, handoff_id: str, seen: Seen | None) -> Turn | None:
    """No agent could be given the user directly: they go on waiting where they do, else they tap once more."""
    handoff = talk.session.handoff
    if handoff is None or handoff.id != handoff_id or handoff.state is not State.WAITING:
        return None
    if seen and (seen.agent or seen.ahead is not None):
        return _with_agent(talk, handoff, seen.agent) if seen.agent else _say_again(talk, handoff)
    option = tap_option(talk, handoff.topic)
    effects = ended(talk, Event.NOBODY_CAME)
    return speak(owned_by_bot(talk), "not_opened", talk.say("human_not_opened"), options=(option,), effects=effects)


def _with_agent(talk: Talk, handoff: Handoff, agent: str) -> Turn:
    """Served, as known; or by somebody whose coming was not told."""
    if handoff.agent != agent or handoff.state is not State.SERVED:
        return served(talk, agent)
    return silent(talk, "desk_checked", effects=Effects(timers=checks(talk, handoff, talk.now + SERVED_CHECK_S)))


def _nobody_came(talk: Talk, words: str) -> Turn:
    effects = ended(talk, Event.NOBODY_CAME)
    return speak(owned_by_bot(talk), "nobody_came", words, options=other_ways(talk), effects=effects)


def _stranded(talk: Talk, handoff: Handoff, presence: Presence) -> Turn:
    """The one agent who may take the user cannot: give the user to another, or have them say it once more."""
    takers = talk.script.staffing.takers(presence, handoff.topic, handoff.tier)
    if not takers:
        return _say_again(talk, handoff)
    free = replace(handoff, named="")
    opening = Job(talk.new_id(), OpenSession(talk.inbound.user, handoff.id, takers))
    effects = replace(_goes_on(talk, free), jobs=(opening,))
    return speak(talk, "stranded", talk.say("human_switching"), effects=effects, handoff=free, mode_since=talk.now)


def _say_again(talk: Talk, handoff: Handoff) -> Turn:
    """The next message is transferred to nobody in particular."""
    free = replace(handoff, named="")
    words = talk.say("human_say_again")
    return speak(talk, "stranded", words, effects=_goes_on(talk, free), handoff=free, mode_since=talk.now)


def _waits_on(talk: Talk, handoff: Handoff, ahead: int) -> Turn:
    """The user hears of it twice: soon, and when it has become long; then with what there is instead."""
    waited = talk.now - handoff.opened
    place = talk.say("human_ahead", ahead=ahead) if ahead else ""
    told = replace(handoff, reminded=handoff.reminded + 1)
    if waited >= QUEUE_S and handoff.reminded < 2:
        words, options = talk.say("human_long") + place, other_ways(talk)
        goes_on = _goes_on(talk, told)
        return speak(talk, "reminded", words, options=options, effects=goes_on, handoff=told, mode_since=talk.now)
    if waited >= REMIND_S and not handoff.reminded:
        words = talk.say("human_waiting") + place
        return speak(talk, "reminded", words, effects=_goes_on(talk, told), handoff=told, mode_since=talk.now)
    return silent(talk, "desk_checked", effects=_goes_on(talk, handoff), mode_since=talk.now)


def _goes_on(talk: Talk, handoff: Handoff) -> Effects:
    waited = talk.now - handoff.opened
    due = handoff.opened + REMIND_S if waited < REMIND_S else talk.now + WAITING_CHECK_S
    return Effects(timers=checks(talk, handoff, due), handoffs=(handoff,))


def with_transcript(talk: Talk, handoff: Handoff, lines: tuple[Line, ...]) -> Turn:
    """The record of a handoff that is over, with what was said; the conversation goes on as it is."""
    return silent(talk, "transcript", effects=Effects(handoffs=(replace(handoff, transcript=lines),)))
