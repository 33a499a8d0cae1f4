"""The place in a guide or form while something else is said, while an agent talks, and while nobody does."""

from dataclasses import replace

from wxbot.domain.account import Capability
from wxbot.domain.dialogue.begun import name_of
from wxbot.domain.dialogue.form_wording import listed
from wxbot.domain.dialogue.moves import current
from wxbot.domain.dialogue.talk import Coda, Talk
from wxbot.domain.flow import KEEP_S, PAUSE_S, FlowState
from wxbot.domain.job import CancelTimer, Job, Send, Timer
from wxbot.domain.reply import TextPart
from wxbot.domain.session import Mode
from wxbot.domain.turn import Turn


def placed(talk: Talk, mode: Mode) -> Talk:
    """
    The talk with its guide or form as it stands now, and with what is to be said of it below anything else.

    Paused once nobody has answered for half an hour, or an agent has come in; gone after a day, or when operators have
    taken it out. mode: before this message.
    """
    state = talk.session.flow
    if state is None:
        return talk
    state = _standing(talk, state)
    if state is None or talk.now - state.asked > KEEP_S:
        return _with(talk, None, _farewell(talk, state) if state else None)
    away = Mode.QUEUED in (mode, talk.session.mode) or Mode.HUMAN in (mode, talk.session.mode)
    if away or not state.is_running(talk.now):
        state = replace(state, paused=True)
        return _with(talk, state, _offer(talk, state))
    text, options = current(talk, state)
    lead = talk.say("flow_return", flow=name_of(talk.script, state))
    return _with(talk, state, Coda(f"{lead}\n{text}", replace(state, asked=talk.now), options, asks=True))


def timed(turn: Turn, talk: Talk, before: FlowState | None) -> Turn:
    """
    The turn with the timers of its guide or form: set by every question, cancelled when it is paused or over.

    before: as stored.
    """
    after = turn.session.flow if turn.session else None
    running = bool(turn.session and turn.session.mode is Mode.BOT and after and not after.paused)
    user = talk.inbound.user
    timers: tuple[Timer | CancelTimer, ...] = ()
    if after and running and (before is None or before.paused or before.asked != after.asked):
        timers = _timers(talk, after)
    elif before and after is None:
        timers = (CancelTimer(_pause_key(user)), CancelTimer(_drop_key(user)))
    elif before and not before.paused and not running:
        timers = (CancelTimer(_pause_key(user)),)
    return replace(turn, timers=turn.timers + timers) if timers and not talk.facts.degraded else turn


def _standing(talk: Talk, state: FlowState) -> FlowState | None:
    """The state as far as operators have left the guide or form what it was."""
    if state.kind == "guide":
        guide = talk.script.guides.get(state.id)
        if guide is None or state.at not in guide.steps:
            return None
        return replace(state, path=tuple(pick for pick in state.path if pick.step in guide.steps))
    form = talk.script.forms.get(state.id)
    if form is None:
        return None
    return state if form.field(state.at) else replace(state, at="")


def _offer(talk: Talk, state: FlowState) -> Coda | None:
    if state.offered or talk.session.mode is not Mode.BOT:
        return None
    offer = talk.say("flow_offer", flow=name_of(talk.script, state))
    return Coda(offer, replace(state, offered=True))


def _farewell(talk: Talk, state: FlowState) -> Coda | None:
    """What was given to a form that is gone; where the account can send, a timer has told it already."""
    given = _given(talk, state)
    return (
        Coda(_dropped(talk, state, given), None) if given and not talk.script.can(Capability.CUSTOM_MESSAGE) else None
    )


def _given(talk: Talk, state: FlowState) -> str:
    """To a form; '' for nothing."""
    form = talk.script.forms.get(state.id) if state.kind == "form" else None
    return listed(talk, form, state) if form else ""


def _dropped(talk: Talk, state: FlowState, given: str) -> str:
    return talk.say("flow_dropped", flow=name_of(talk.script, state), given=given)


def _timers(talk: Talk, state: FlowState) -> tuple[Timer | CancelTimer, ...]:
    if not talk.script.can(Capability.CUSTOM_MESSAGE):
        return ()
    user, given = talk.inbound.user, _given(talk, state)
    paused = _reminder(talk, talk.say("flow_paused", flow=name_of(talk.script, state)), stage=Mode.BOT)
    return (
        Timer(_pause_key(user), state.asked + PAUSE_S, paused),
        Timer(_drop_key(user), state.asked + KEEP_S, _reminder(talk, _dropped(talk, state, given), theirs=given))
        if given
        else CancelTimer(_drop_key(user)),
    )


def _reminder(talk: Talk, words: str, *, stage: str = "", theirs: str = "") -> Job:
    """stage, theirs: as in `Send`."""
    task = Send(talk.inbound.user, (TextPart(words),), "reminder", promised=False, stage=stage, theirs=theirs)
    return Job(talk.new_id(), task)


def _pause_key(user: str) -> str:
    return f"flow_pause:{user}"


def _drop_key(user: str) -> str:
    return f"flow_drop:{user}"


def _with(talk: Talk, state: FlowState | None, coda: Coda | None = None) -> Talk:
    return replace(talk, session=replace(talk.session, flow=state), coda=coda)
