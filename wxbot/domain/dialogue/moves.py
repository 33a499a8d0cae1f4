"""What a tap or a word does inside a guide or form: `flow:back`, `flow:edit/contact`, `flow:begin/ticket:problem`."""

from dataclasses import replace

from wxbot.domain.action import Option, parse_action
from wxbot.domain.dialogue.begun import Onward, cancel, left, name_of, with_agents
from wxbot.domain.dialogue.forms import FORM_MOVES, ask, question
from wxbot.domain.dialogue.guides import arrive, start_over, step_back, step_of, step_options
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.flow import FlowState
from wxbot.domain.session import Mode
from wxbot.domain.turn import Turn


def move(talk: Talk, target: str) -> Turn | Onward | None:
    """
    target: what follows `flow:`. A move that makes no sense here only asks the question again.

    None where there is nothing to move in.
    """
    verb, _, what = target.partition("/")
    state = talk.session.flow
    if verb == "begin":
        action = parse_action(what)
        # While agents serve, no form begins, so the one that is kept must not be given up for it.
        onward = left(talk) if talk.session.mode is Mode.BOT else talk
        return Onward(onward, action) if action and action.kind in ("guide", "ticket") else None
    if state is None:
        return None
    if verb == "cancel":
        return cancel(talk, state)
    if state.kind == "form" and (later := with_agents(talk, name_of(talk.script, state))):
        return later
    if state.paused:
        return again(talk, replace(state, paused=False, offered=False, wrong=0))
    if state.kind == "guide":
        return {"back": step_back, "restart": start_over}.get(verb, again)(talk, state)
    handler = FORM_MOVES.get(verb)
    return handler(talk, state, what) if handler else again(talk, state)


def again(talk: Talk, state: FlowState) -> Turn:
    """Ask what is asked once more."""
    return arrive(talk, state) if state.kind == "guide" else ask(talk, state)


def current(talk: Talk, state: FlowState) -> tuple[str, tuple[Option, ...]]:
    """What is asked now, in words and as options."""
    return (step_of(talk, state).text, step_options(talk, state)) if state.kind == "guide" else question(talk, state)
