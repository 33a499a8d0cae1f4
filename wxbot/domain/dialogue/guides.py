"""Step-by-step troubleshooting: a step with choices, and where each leads."""

from dataclasses import replace
from itertools import takewhile

from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.begun import Onward, first_things_first, flow_option, left
from wxbot.domain.dialogue.forms import begin_form
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.fields import nearest
from wxbot.domain.flow import Choice, FlowState, Guide, Pick, Step
from wxbot.domain.turn import Turn

STEP_CHARACTERS = 40
"""Of a step, in the account of what was tried."""


def follow_guide(talk: Talk, target: str) -> Turn | Onward | None:
    """
    Begin a guide (`cannot-open`), or take the second choice at one of its steps (`cannot-open/restart/2`).

    A choice names its step, so that one on an older message goes back there, and one that is tapped when the talk is
    forgotten goes on all the same. None where the guide or the step is no more.
    """
    id, _, place = target.partition("/")
    guide = talk.script.guides.get(id)
    if guide is None:
        return None
    if not place:
        other = first_things_first(talk, Action("guide", id), guide.name)
        return other or arrive(left(talk), FlowState("guide", id, guide.start, talk.now))
    step, _, number = place.partition("/")
    choice = _choice(guide.steps.get(step), number)
    return _choose(talk, guide, step, choice) if choice else None


def step_of(talk: Talk, state: FlowState) -> Step:
    return talk.script.guides[state.id].steps[state.at]


def step_options(talk: Talk, state: FlowState) -> tuple[Option, ...]:
    """The choices of the step, and the way back."""
    choices = tuple(
        Option(choice.label, Action("guide", f"{state.id}/{state.at}/{number}"))
        for number, choice in enumerate(step_of(talk, state).choices, 1)
    )
    return (*choices, flow_option(talk, "flow_back_label", "back")) if state.path else choices


def arrive(talk: Talk, state: FlowState, lead: str = "") -> Turn:
    """Say the step. lead: said above it."""
    talk = replace(talk, coda=None, session=replace(talk.session, options=()))
    text = "\n\n".join(filter(None, (lead, step_of(talk, state).text)))
    return speak(talk, "guide", text, options=step_options(talk, state), flow=replace(state, asked=talk.now))


def meant(step: Step, words: str, text: str) -> int | None:
    """The number of the choice, from 1, that these words mean. text: the same, normalised."""
    by_words = (number for number, choice in enumerate(step.choices, 1) if text in choice.words)
    found = nearest([choice.label for choice in step.choices], words)
    return next(by_words, None if found is None else found + 1)


def step_back(talk: Talk, state: FlowState) -> Turn:
    if not state.path:
        return arrive(talk, state, talk.say("flow_first"))
    *path, last = state.path
    return arrive(talk, replace(state, at=last.step, path=tuple(path), wrong=0))


def start_over(talk: Talk, state: FlowState) -> Turn:
    return arrive(talk, FlowState("guide", state.id, talk.script.guides[state.id].start, talk.now))


def _choice(step: Step | None, number: str) -> Choice | None:
    if step is None or not (number.isascii() and number.isdigit()):
        return None
    return step.choices[int(number) - 1] if 1 <= int(number) <= len(step.choices) else None


def _choose(talk: Talk, guide: Guide, step: str, choice: Choice) -> Turn | Onward | None:
    state = talk.session.flow
    going = state is not None and (state.kind, state.id) == ("guide", guide.id)
    before = takewhile(lambda pick: pick.step != step, state.path) if state and going else ()
    path = (*before, Pick(step, choice.label))
    if not going and (other := first_things_first(talk, Action("guide", guide.id), guide.name)):
        return other
    talk = left(talk)
    if choice.goto:
        return arrive(talk, FlowState("guide", guide.id, choice.goto, talk.now, path))
    if choice.action is None:
        return speak(talk, "guide_solved", talk.say("guide_solved"), misses=0)
    if choice.action.kind == "ticket":
        return begin_form(talk, choice.action.target, tried=_account(talk, guide, path))
    return Onward(talk, choice.action)


def _account(talk: Talk, guide: Guide, path: tuple[Pick, ...]) -> str:
    """What was tried, step by step, for those who read the ticket."""
    steps = (
        talk.say(
            "guide_tried_step", step=guide.steps[pick.step].text.split("\n")[0][:STEP_CHARACTERS], choice=pick.label
        )
        for pick in path
        if pick.step in guide.steps
    )
    return talk.say("guide_tried", guide=guide.name, steps="\n".join(steps))
