"""What guides and forms have in common: how one is left, and what becomes of one that another would push aside."""

from dataclasses import dataclass, replace

from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.flow import FlowState
from wxbot.domain.script import Script
from wxbot.domain.session import Mode
from wxbot.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class Onward:
    """A guide that ends in something else: this action, in this talk."""

    talk: Talk
    action: Action


def name_of(script: Script, state: FlowState) -> str:
    """What the follower knows it by."""
    return (script.guides if state.kind == "guide" else script.forms)[state.id].name


def left(talk: Talk) -> Talk:
    """Outside of any guide or form, and with no number to type."""
    return replace(talk, session=replace(talk.session, flow=None, options=()), coda=None)


def flow_option(talk: Talk, label: str, move: str, **values: object) -> Option:
    """label: name of the wording. move: as in `flow:<move>`."""
    return Option(talk.say(label, **values), Action("flow", move))


def first_things_first(talk: Talk, action: Action, name: str) -> Turn | None:
    """
    Before another guide or form begins: shall the one that is begun go on? None where nothing would be lost.

    action: what begins the other; name: what it is called.
    """
    state = talk.session.flow
    if state is None or not (state.values or state.path):
        return None
    going = name_of(talk.script, state)
    same = (state.kind, state.id) == ("guide" if action.kind == "guide" else "form", action.target)
    options = (
        flow_option(talk, "flow_resume_label", "resume", flow=going),
        flow_option(talk, "flow_again_label" if same else "flow_begin_label", f"begin/{action}", flow=name),
    )
    waiting = replace(state, paused=True, offered=True)
    talk = replace(talk, coda=None)
    return speak(talk, "flow_other", talk.say("flow_other", flow=going), options=options, flow=waiting)


def with_agents(talk: Talk, name: str) -> Turn | None:
    """Why no form can be filled in now: what is typed goes to the agents. None while the bot answers."""
    if talk.session.mode is Mode.BOT:
        return None
    return speak(replace(talk, coda=None), "flow_later", talk.say("flow_later", flow=name))


def cancel(talk: Talk, state: FlowState) -> Turn:
    return speak(left(talk), "flow_cancelled", talk.say("flow_cancelled", flow=name_of(talk.script, state)))
