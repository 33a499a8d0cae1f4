"""Bot → waiting for an agent → agent → bot (protocol 4.1)."""

from dataclasses import replace

from wxbot.domain.account import Capability
from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.talk import Effects, Talk, silent, speak, transfer
from wxbot.domain.dialogue.wording import moment
from wxbot.domain.handoff import Handoff, Reason, State
from wxbot.domain.hours import is_open, next_opening
from wxbot.domain.job import CancelTimer, Job, Send, Timer
from wxbot.domain.message import AgentJoined, AgentLeft, AgentSwitched
from wxbot.domain.reply import TextPart
from wxbot.domain.session import Mode
from wxbot.domain.turn import Turn

QUEUE_S = 30 * 60
"""Seconds after which a wait that nobody ended counts as over, so that a lost event leaves nobody stuck."""

REMIND_S = 180
"""Seconds in the queue after which the user hears that it goes on."""

MISSES_FOR_HUMAN = 3


def settle(talk: Talk) -> Talk:
    """
    Give the conversation back to the bot where WeChat has done so already.

    While an agent serves, messages do not reach us; so one that does says that the session is over, even if its
    closing event got lost (protocol 4.1-4).
    """
    session = talk.session
    served = session.mode is Mode.HUMAN and talk.inbound.is_message
    waited = session.mode is Mode.QUEUED and talk.now - session.mode_since > QUEUE_S
    # An agent who comes late comes all the same, and to the same record.
    if isinstance(talk.inbound.content, AgentJoined | AgentSwitched | AgentLeft) or not (served or waited):
        return talk
    state = State.CLOSED if served else State.LEFT
    return replace(_owned_by_bot(talk), handoffs=ended(talk, state).handoffs)


def agent_event(talk: Talk) -> Turn | None:
    """`kf_create_session`, `kf_switch_session`, `kf_close_session`: who serves the user now."""
    match talk.inbound.content:
        case AgentJoined(account) | AgentSwitched(to_account=account):
            return _served(talk, account)
        case AgentLeft():
            effects = ended(talk, State.CLOSED)
            return silent(_owned_by_bot(talk), "agent_left", effects=effects)
    return None


def _served(talk: Talk, account: str) -> Turn:
    handoff = talk.session.handoff
    if handoff:
        handoff = replace(handoff, state=State.SERVED, agent=account)
    effects = Effects(timers=(CancelTimer(_reminder(talk)),), handoffs=(handoff,) if handoff else ())
    return silent(
        talk, "agent_joined", effects=effects, mode=Mode.HUMAN, mode_since=talk.now, handoff=handoff, options=()
    )


def in_queue(talk: Talk) -> Turn | None:
    """What is said while waiting goes to the agents as well, unless the user has had enough (protocol 4.1-2)."""
    if talk.session.mode is not Mode.QUEUED or not talk.inbound.is_message:
        return None
    if not talk.script.words.wants_to_leave(talk.facts.text):
        return transfer(talk, "queued")
    return speak(_owned_by_bot(talk), "left_queue", talk.say("human_left"), effects=ended(talk, State.LEFT))


def ask_for_human(talk: Talk, reason: Reason, topic: str = "") -> Turn:
    """
    Transfer where that is possible; else say honestly what there is instead.

    reason: how the user asked; a row of misses before goes above it.
    """
    if not (talk.script.agents and talk.script.can(Capability.AGENTS)):
        return speak(talk, "no_human", talk.say("human_none"), options=contact_options(talk))
    if talk.facts.degraded:
        # Nobody could keep that the user waits: their next words would be answered by the bot again.
        return speak(talk, "degraded", talk.say("degraded"))
    if talk.session.mode is Mode.QUEUED:
        return speak(talk, "still_queued", talk.say("human_waiting"))
    if not talk.inbound.is_message:
        # Agents would see an empty line in place of an event (protocol 4.1-5); the tap makes a message of it.
        option = Option(talk.say("human_label"), Action("human", topic))
        return speak(talk, "human_tap", talk.say("human_tap"), options=(option,))
    handoff = Handoff(
        id=talk.new_id(),
        user=talk.inbound.user,
        reason=Reason.MISSES if talk.session.misses >= MISSES_FOR_HUMAN else reason,
        opened=talk.now,
        topic=topic,
        history=talk.session.history,
        tried=talk.session.tried,
    )
    return transfer(
        talk,
        "human",
        _notice(talk),
        effects=Effects(timers=_reminders(talk), handoffs=(handoff,)),
        mode=Mode.QUEUED,
        mode_since=talk.now,
        handoff=handoff,
        misses=0,
        options=(),
    )


def _notice(talk: Talk) -> str:
    """What the user hears beside the transfer; outside service hours the truth about when somebody will be there."""
    if is_open(talk.script.hours, talk.now):
        return talk.say("human_notice")
    opening = next_opening(talk.script.hours, talk.now)
    return talk.say("human_closed", opening=moment(opening, talk.now)) if opening else talk.say("human_closed_long")


def ended(talk: Talk, state: State) -> Effects:
    """What the end of a wait or of an agent's session leaves behind: no reminder, and the record closed."""
    handoff = talk.session.handoff
    closed = (replace(handoff, state=state, closed=talk.now),) if handoff else ()
    return Effects(timers=(CancelTimer(_reminder(talk)),), handoffs=closed)


def contact_options(talk: Talk) -> tuple[Option, ...]:
    """The contact book as an option, where there is one."""
    return (Option(talk.say("contacts_label"), Action("phones")),) if talk.script.contacts.ways else ()


def _reminders(talk: Talk) -> tuple[Timer, ...]:
    if not talk.script.can(Capability.CUSTOM_MESSAGE):
        return ()
    words = Send(
        talk.inbound.user, (TextPart(talk.say("human_waiting")),), "reminder", promised=False, stage=Mode.QUEUED
    )
    return (Timer(_reminder(talk), talk.now + REMIND_S, Job(talk.new_id(), words)),)


def _reminder(talk: Talk) -> str:
    return f"human_waiting:{talk.inbound.user}"


def _owned_by_bot(talk: Talk) -> Talk:
    session = replace(
        talk.session, mode=Mode.BOT, mode_since=talk.now, handoff=None, misses=0, options=(), topic="", tried=()
    )
    return replace(talk, session=session)
