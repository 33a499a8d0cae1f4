"""The way to a person: transferred where one is there, told honestly where none is (protocol 4.1)."""

from dataclasses import replace

from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.agents import NAMED_S, OPENING_S, REMIND_S, checks, new_handoff
from wxbot.domain.dialogue.talk import Effects, Talk, silent, speak, transfer
from wxbot.domain.dialogue.wording import moment
from wxbot.domain.handoff import Handoff, Reason
from wxbot.domain.hours import is_open, next_opening
from wxbot.domain.job import Flag, Job, OpenSession
from wxbot.domain.session import Mode
from wxbot.domain.turn import Turn


def asked_for_human(talk: Talk) -> Turn | None:
    return ask_for_human(talk, Reason.ASKED) if talk.script.words.wants_human(talk.facts.text) else None


def needs_human(talk: Talk) -> Turn | None:
    """
    By words that operators put under a topic, or by anger.

    Where nobody could come, an answer may help all the same.
    """
    if not talk.script.has_people:
        return None
    topic = talk.script.staffing.topic_of(talk.facts.text)
    if topic:
        return ask_for_human(talk, Reason.KEYWORD, topic)
    return ask_for_human(talk, Reason.ANGER) if talk.script.words.sounds_angry(talk.facts.text) else None


def ask_for_human(talk: Talk, reason: Reason, topic: str = "") -> Turn:
    """
    Transfer where that is possible; else say honestly what there is instead.

    reason: how it came about; a row of misses before goes above the user's own asking.
    """
    if not talk.script.has_people:
        return speak(talk, "no_human", talk.say("human_none"), options=other_ways(talk))
    if talk.facts.degraded:
        # Nobody could keep that the user waits: their next words would be answered by the bot again.
        return speak(talk, "degraded", talk.say("degraded"))
    if talk.session.mode is Mode.QUEUED:
        return speak(talk, "still_queued", talk.say("human_waiting"))
    if talk.session.mode is Mode.HUMAN:
        return silent(talk, "served")
    if not is_open(talk.script.hours, talk.now) or talk.facts.presence.is_empty:
        return speak(talk, "nobody_there", nobody_there(talk), options=other_ways(talk))
    if talk.session.misses >= talk.script.staffing.misses and reason in (Reason.ASKED, Reason.MENU, Reason.TOPIC):
        reason = Reason.MISSES
    if not talk.inbound.is_message:
        return _tapped(talk, reason, topic)
    return _hand_over(talk, reason, topic)


def nobody_there(talk: Talk) -> str:
    """Why nobody comes now, and when somebody will."""
    if is_open(talk.script.hours, talk.now):
        return talk.say("human_nobody")
    opening = next_opening(talk.script.hours, talk.now)
    return talk.say("human_closed", opening=moment(opening, talk.now)) if opening else talk.say("human_closed_long")


def other_ways(talk: Talk) -> tuple[Option, ...]:
    """What there is instead of a person: a form where there is one for it, and the contact book."""
    form = talk.script.staffing.ticket
    ticket = (Option(talk.say("human_ticket_label"), Action("ticket", form)),) if form in talk.script.forms else ()
    return ticket + contact_options(talk)


def contact_options(talk: Talk) -> tuple[Option, ...]:
    """The contact book as an option, where there is one."""
    return (Option(talk.say("contacts_label"), Action("phones")),) if talk.script.contacts.ways else ()


def _hand_over(talk: Talk, reason: Reason, topic: str) -> Turn:
    handoff = _requested(talk, reason, topic)
    account = talk.script.staffing.pick(talk.facts.presence, topic, talk.session.tier, talk.inbound.user)
    handoff = replace(handoff, named=account)
    return transfer(
        talk,
        "human",
        _notice(talk),
        account=account,
        effects=_flagged(talk, handoff, NAMED_S if account else REMIND_S),
        mode=Mode.QUEUED,
        mode_since=talk.now,
        handoff=handoff,
        misses=0,
        options=(),
    )


def _notice(talk: Talk) -> str:
    """What the user hears beside the transfer: how long the queue is, as far as that is known, and what to prepare."""
    ahead = talk.facts.presence.waiting
    return "".join([talk.say("human_notice"), talk.say("human_ahead", ahead=ahead) if ahead else ""])


def _tapped(talk: Talk, reason: Reason, topic: str) -> Turn:
    """
    A tap on the bottom menu is an event: agents would see an empty line in its place (protocol 4.1-5).

    So the user taps once more, on words that become a message; or the session is opened by the API.
    """
    takers = talk.script.staffing.takers(talk.facts.presence, topic, talk.session.tier)
    if not talk.script.staffing.open_on_tap or not takers:
        return speak(talk, "human_tap", talk.say("human_tap"), options=(tap_option(talk, topic),))
    handoff = _requested(talk, reason, topic)
    flagged = _flagged(talk, handoff, OPENING_S)
    opening = Job(talk.new_id(), OpenSession(talk.inbound.user, handoff.id, takers))
    return speak(
        talk,
        "human_opened",
        talk.say("human_opening"),
        effects=replace(flagged, jobs=(*flagged.jobs, opening)),
        mode=Mode.QUEUED,
        mode_since=talk.now,
        handoff=handoff,
        misses=0,
        options=(),
    )


def tap_option(talk: Talk, topic: str) -> Option:
    """A link whose tap is a message, and can be transferred."""
    return Option(talk.say("human_label"), Action("human", topic))


def _requested(talk: Talk, reason: Reason, topic: str) -> Handoff:
    return new_handoff(talk, Reason.TOPIC if topic and reason is Reason.MENU else reason, topic)


def _flagged(talk: Talk, handoff: Handoff, check_s: int) -> Effects:
    """The record, the card for staff, and the first question to the desk after `check_s` seconds."""
    return Effects(
        jobs=(Job(talk.new_id(), Flag(handoff)),),
        timers=checks(talk, handoff, talk.now + check_s),
        handoffs=(handoff,),
    )
