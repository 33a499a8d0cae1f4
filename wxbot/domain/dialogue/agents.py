"""What happens to a handoff once it is there: agents come and go, users wait on or give up (protocol 4.1)."""

from dataclasses import replace
from typing import Any

from wxbot.domain.account import Capability
from wxbot.domain.dialogue.talk import Effects, Talk, silent, speak, transfer
from wxbot.domain.handoff import Event, Handoff, Reason, State
from wxbot.domain.job import CancelTimer, CheckHandoff, FetchTranscript, Job, Timer
from wxbot.domain.message import AgentJoined, AgentLeft, AgentSwitched
from wxbot.domain.session import Mode
from wxbot.domain.turn import Turn

QUEUE_S = 30 * 60
"""Seconds after which a wait that nobody could look after counts as over, so that a lost event leaves nobody stuck."""
REMIND_S = 180
"""Seconds in the queue after which the user hears that it goes on, and until the desk is first asked."""
NAMED_S = 20
"""The same until it is asked about an agent who was named: if they have gone, nobody else can take the user."""
OPENING_S = 60
"""The same while a session is being opened: its three tries, each to the end of its time, take some forty."""
WAITING_CHECK_S, SERVED_CHECK_S = 300, 600
"""Seconds between two questions to the desk."""
TRANSCRIPT_S = 30
"""Seconds after the end of a session at which WeChat has its records together."""


def settle(talk: Talk) -> Talk:
    """
    Give the conversation back to the bot where WeChat has done so already.

    While an agent serves, messages do not reach us; so one that does says that the session is over, even if its
    closing event got lost (protocol 4.1-4).
    """
    # An agent who comes late comes all the same, and to the same record.
    if isinstance(talk.inbound.content, AgentJoined | AgentSwitched | AgentLeft):
        return talk
    if talk.session.mode is Mode.HUMAN and talk.inbound.is_message and not _was_said_before(talk):
        return _settled(talk, Event.RETURNED)
    if talk.session.mode is Mode.QUEUED and talk.now - talk.session.mode_since > QUEUE_S:
        return _settled(talk, Event.NOBODY_CAME)
    return talk


def _settled(talk: Talk, event: Event) -> Talk:
    effects = ended(talk, event)
    return replace(owned_by_bot(talk), handoffs=effects.handoffs, timers=effects.timers)


def _was_said_before(talk: Talk) -> bool:
    """Whether this message was still on its way when the agent joined: it belongs to the agents, too."""
    handoff = talk.session.handoff
    return handoff is not None and talk.inbound.at <= handoff.joined


def agent_event(talk: Talk) -> Turn | None:
    """`kf_create_session`, `kf_switch_session`, `kf_close_session`: who serves the user now."""
    match talk.inbound.content:
        case AgentJoined(account) | AgentSwitched(to_account=account):
            return served(talk, account)
        case AgentLeft() if talk.session.mode is Mode.QUEUED:
            # Of an earlier session, or of one whose beginning was not told: the desk knows.
            return silent(talk, "agent_left", effects=Effects(timers=checks(talk, talk.session.handoff, talk.now)))
        case AgentLeft():
            return silent(owned_by_bot(talk), "agent_left", effects=ended(talk, Event.ENDED))
    return None


def served(talk: Talk, account: str) -> Turn:
    """An agent has taken the user; without a request it was the agent's own idea."""
    asked = talk.session.handoff or _unasked(talk)
    handoff = asked.after(Event.JOINED, talk.now, agent=account, joined=asked.joined or talk.inbound.at)
    timers = checks(talk, handoff, talk.now + SERVED_CHECK_S)
    return silent(
        talk,
        "agent_joined",
        effects=Effects(timers=timers, handoffs=(handoff,)),
        mode=Mode.HUMAN,
        mode_since=talk.now,
        handoff=handoff,
        options=(),
    )


def _unasked(talk: Talk) -> Handoff:
    return new_handoff(talk, Reason.AGENT)


def new_handoff(talk: Talk, reason: Reason, topic: str = "", **fields: Any) -> Handoff:
    """With all that staff should see of the talk so far."""
    return Handoff(
        id=talk.new_id(),
        user=talk.inbound.user,
        reason=reason,
        opened=talk.now,
        topic=topic,
        tier=talk.session.tier,
        history=talk.session.history,
        tried=talk.session.tried,
        tickets=tuple(ticket.number for ticket in talk.session.tickets if ticket.is_live),
        **fields,
    )


def in_queue(talk: Talk) -> Turn | None:
    """What is said while waiting goes to the agents as well, unless the user has had enough (protocol 4.1-2)."""
    if talk.session.mode is Mode.BOT or not talk.inbound.is_message:
        return None
    account = _still_named(talk)
    if talk.session.mode is Mode.QUEUED and talk.script.words.wants_to_leave(talk.facts.text):
        return speak(owned_by_bot(talk), "left_queue", talk.say("human_left"), effects=ended(talk, Event.GAVE_UP))
    if talk.session.mode is Mode.QUEUED and talk.script.words.wants_human(talk.facts.text):
        return transfer(talk, "still_queued", talk.say("human_waiting"), account=account)
    return transfer(talk, "queued", account=account)


def _still_named(talk: Talk) -> str:
    """
    The agent named before, as long as they have room.

    Naming one who is gone or full binds the user to nobody (4.1-6).
    """
    named = talk.session.handoff.named if talk.session.handoff else ""
    return named if talk.script.staffing.has_room(named, talk.facts.presence) else ""


def ended(talk: Talk, event: Event) -> Effects:
    """What the end of a wait or of an agent's session leaves behind: no checks, and the record closed."""
    handoff = talk.session.handoff
    stop = CancelTimer(check_key(talk.inbound.user))
    if handoff is None:
        return Effects(timers=(stop,))
    over = handoff.after(event, talk.now)
    if over.state is not State.CLOSED or event is Event.UNFOLLOWED or not _has_desk(talk):
        return Effects(timers=(stop,), handoffs=(over,))
    transcript = Job(talk.new_id(), FetchTranscript(over))
    later = Timer(f"transcript:{over.id}", talk.now + TRANSCRIPT_S, transcript)
    return Effects(timers=(stop, later), handoffs=(over,))


def owned_by_bot(talk: Talk) -> Talk:
    """The talk as the bot goes on with it, afresh."""
    session = replace(
        talk.session, mode=Mode.BOT, mode_since=talk.now, handoff=None, misses=0, options=(), topic="", tried=()
    )
    return replace(talk, session=session)


def checks(talk: Talk, handoff: Handoff | None, due: int) -> tuple[Timer, ...]:
    """The next question to the desk about this handoff, in place of any other that was planned."""
    if handoff is None or not _has_desk(talk):
        return ()
    job = Job(talk.new_id(), CheckHandoff(talk.inbound.user, handoff.id))
    return (Timer(check_key(talk.inbound.user), due, job),)


def _has_desk(talk: Talk) -> bool:
    """Whether the account may ask the desk; the operator may have changed its type since."""
    return talk.script.can(Capability.AGENTS)


def check_key(user: str) -> str:
    return f"handoff:{user}"
