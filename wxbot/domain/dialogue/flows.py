"""What is said while a guide or form is running: an answer, a word that steers it, or something else."""

from dataclasses import replace

from wxbot.domain import message as m
from wxbot.domain.action import Action
from wxbot.domain.dialogue.actions import is_number, perform
from wxbot.domain.dialogue.contacts import asked_for_contacts
from wxbot.domain.dialogue.form_wording import ways_out
from wxbot.domain.dialogue.forms import WRONG_BEFORE_WAYS_OUT, form_of, refuse, take_picture, take_words
from wxbot.domain.dialogue.guides import arrive, meant, step_of
from wxbot.domain.dialogue.handover import asked_for_human
from wxbot.domain.dialogue.moves import current
from wxbot.domain.dialogue.questions import answered, asked_to_browse, words_of
from wxbot.domain.dialogue.safety import asked_if_official
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.fields import Fault, nearest
from wxbot.domain.flow import FlowState
from wxbot.domain.ticket import Media
from wxbot.domain.turn import Turn


def in_flow(talk: Talk) -> Turn | None:
    """
    Everything that belongs to the guide or form that is begun.

    What does not is left to the rules that follow, and the question is asked again below what they say.
    """
    state = talk.session.flow
    if state is None:
        return None
    if state.paused:
        return _taken_up(talk)
    match talk.inbound.content:
        case m.Text():
            return _heard(talk, state)
        case m.Voice(recognition=recognition) if recognition:
            return _heard(talk, state)
        case m.Image(media_id, url):
            return _pictured(talk, state, Media("image", media_id, url))
        case m.Video(media_id):
            return _pictured(talk, state, Media("video", media_id))
    return None


def asked_for_flow(talk: Talk) -> Turn | None:
    """Words that begin a guide or form."""
    text, script = talk.facts.text, talk.script
    guide = next((Action("guide", guide.id) for guide in script.guides.values() if text in guide.words), None)
    form = next((Action("ticket", form.id) for form in script.forms.values() if text in form.words), None)
    action = guide or form
    return perform(talk, action) if action else None


def _taken_up(talk: Talk) -> Turn | None:
    """A paused one is gone on with, or dropped, at a word; the rest of a long answer comes first."""
    words, text = talk.script.words, talk.facts.text
    if text in words.resume and not talk.session.pending:
        return _steer(talk, "resume")
    return _steer(talk, "cancel") if words.wants_to_cancel(text) else None


def _heard(talk: Talk, state: FlowState) -> Turn | None:
    text = talk.facts.text
    if text in talk.script.words.more and talk.session.pending:
        return None
    chosen = _chosen(talk, state)
    verb = "" if chosen else _verb(talk, state)
    if chosen or verb:
        return perform(talk, chosen) if chosen else _steer(talk, verb)
    if turn := asked_for_human(talk):
        return turn
    return _answered_step(talk, state) if state.kind == "guide" else _answered_field(talk, state)


def _chosen(talk: Talk, state: FlowState) -> Action | None:
    """The option that was typed as its number or its words."""
    words, text = words_of(talk).strip(), talk.facts.text
    _, options = current(talk, state)
    if is_number(text) and 1 <= int(text) <= len(options):
        return options[int(text) - 1].action
    return next((option.action for option in options if option.label == words), None)


def _verb(talk: Talk, state: FlowState) -> str:
    """The move that the words stand for, '' for none."""
    words, text = talk.script.words, talk.facts.text
    field = form_of(talk, state).field(state.at) if state.kind == "form" else None
    verbs = {
        "cancel": words.wants_to_cancel(text),
        "back": text in words.back,
        "restart": text in words.restart,
        "resume": text in words.resume,
        "skip": text in words.skip and field is not None and field.optional,
        "done": text in words.done and field is not None and field.kind == "pictures",
        "send": text in words.send and state.kind == "form" and not state.at,
    }
    # Pictures that were sent are not skipped by 没有了.
    order = ("cancel", "done", "skip", "back", "restart", "resume", "send")
    return next((verb for verb in order if verbs[verb]), "")


def _steer(talk: Talk, verb: str) -> Turn:
    return perform(talk, Action("flow", verb))


def _answered_step(talk: Talk, state: FlowState) -> Turn:
    number = meant(step_of(talk, state), words_of(talk), talk.facts.text)
    if number is not None:
        return perform(talk, Action("guide", f"{state.id}/{state.at}/{number}"))
    if turn := _asked_besides(talk):
        return turn
    state = replace(state, wrong=state.wrong + 1)
    ways = ways_out(talk, None) if state.wrong >= WRONG_BEFORE_WAYS_OUT else ""
    return arrive(talk, state, f"{talk.say('guide_unclear')}{ways}")


def _answered_field(talk: Talk, state: FlowState) -> Turn:
    field = form_of(talk, state).field(state.at)
    if field is None:
        return _answered_summary(talk, state)
    outcome: Turn | Fault = take_words(talk, state, field, words_of(talk))
    if isinstance(outcome, Turn):
        return outcome
    # Where people tell in their own words, whatever they say is an answer, if too short a one.
    besides = None if field.kind == "text" else _asked_besides(talk)
    return besides or refuse(talk, state, outcome)


def _answered_summary(talk: Talk, state: FlowState) -> Turn:
    """All answers are shown: what is to be done with them?"""
    _, options = current(talk, state)
    number = nearest([option.label for option in options[1:]], words_of(talk))
    if number is not None:
        return perform(talk, options[number + 1].action)
    return _asked_besides(talk) or refuse(talk, state, "wrong_choice")


def _asked_besides(talk: Talk) -> Turn | None:
    """The answer to a question in between; None where it is none, or nobody knows the answer for sure."""
    for rule in (asked_if_official, asked_for_flow, asked_to_browse, asked_for_contacts):
        if turn := rule(talk):
            return turn
    return answered(talk) if talk.facts.find(words_of(talk)).outcome == "answer" else None


def _pictured(talk: Talk, state: FlowState, picture: Media) -> Turn | None:
    return take_picture(talk, state, picture) if state.kind == "form" else None
