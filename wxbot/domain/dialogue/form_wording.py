"""A form in words: its questions, what was given so far, and the ways around a question."""

from wxbot.domain.account import Capability
from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.begun import flow_option
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.wording import link
from wxbot.domain.fields import Fault, Refused, check, masked
from wxbot.domain.flow import Field, FlowState, Form, Value
from wxbot.domain.script import Script

SHOWN_CHARACTERS = 200
"""Of one answer, where all are shown."""


def field_question(talk: Talk, form: Form, state: FlowState, field: Field) -> tuple[str, tuple[Option, ...]]:
    """The question of a field, with what can be picked."""
    number = form.fields.index(field) + 1
    asked = talk.say("form_question", number=number, count=len(form.fields), ask=field.ask)
    options = _choices(talk, state, field)
    hints = []
    if field.kind == "pictures":
        hints.append(_picture_hint(talk, state, field))
    elif field.kind != "choice" and options:
        hints.append(talk.say("form_offer"))
    if field.optional and not state.values.get(field.id):
        skip = flow_option(talk, "flow_skip_label", f"skip/{field.id}")
        if options:
            options += (skip,)
        else:
            hints.append(talk.say("form_optional", skip=link(skip)))
    return "\n".join([asked, *hints]), options


def summary(talk: Talk, form: Form, state: FlowState) -> tuple[str, tuple[Option, ...]]:
    """All answers, with one tap to send them and one to change each."""
    options = (
        flow_option(talk, "form_send_label", "send"),
        *(flow_option(talk, "form_edit_label", f"edit/{field.id}", field=field.name) for field in form.fields),
        flow_option(talk, "flow_cancel_label", "cancel"),
    )
    return talk.say("form_confirm", given=listed(talk, form, state)), options


def listed(talk: Talk, form: Form, state: FlowState) -> str:
    """What was given so far, a line each; '' for nothing."""
    lines = [
        talk.say("form_line", field=field.name, value=_shown(talk, state.values[field.id]))
        for field in form.fields
        if field.id in state.values
    ]
    return "\n".join([*lines, state.tried] if lines and state.tried else lines)


def offered(talk: Talk, state: FlowState, field: Field) -> str | None:
    """What the follower gave here before, in this form or in an earlier one, if it would still do."""
    own = state.values.get(field.id)
    value = own if isinstance(own, str) else talk.session.known.get(field.id) if field.remember else None
    if not value or state.anew:
        return None
    checked = check(field, value, talk.now, talk.script.hours.zone)
    return None if isinstance(checked, Refused) else value


def wanted(script: Script, field: Field, fault: Fault) -> str:
    """What an answer should have been."""
    example = field.choices[0] if field.choices else ""
    return script.say(fault, min=field.min, max=field.max, example=example)


def ways_out(talk: Talk, field: Field | None) -> str:
    """What else can be done than answer."""
    options = [flow_option(talk, "flow_cancel_label", "cancel")]
    if field and field.optional:
        options.insert(0, flow_option(talk, "flow_skip_label", f"skip/{field.id}"))
    if talk.script.agents and talk.script.can(Capability.AGENTS):
        options.append(Option(talk.say("human_label"), Action("human")))
    return talk.say("flow_ways_out", ways="、".join(map(link, options)))


def _choices(talk: Talk, state: FlowState, field: Field) -> tuple[Option, ...]:
    value = offered(talk, state, field)
    if field.kind == "choice":
        picks = enumerate(field.choices, 1)
        return tuple(Option(label, Action("flow", f"pick/{field.id}/{number}")) for number, label in picks)
    if value is None:
        return ()
    label = masked(field, value)
    shown = label if len(label) <= 20 else f"{label[:20]}…"
    return (
        flow_option(talk, "form_use_label", f"use/{field.id}", value=shown),
        flow_option(talk, "form_other_label", f"other/{field.id}"),
    )


def _picture_hint(talk: Talk, state: FlowState, field: Field) -> str:
    given = state.values.get(field.id) or ()
    if not given:
        return talk.say("form_pictures", max=field.max)
    done = link(flow_option(talk, "form_done_label", f"done/{field.id}"))
    again = link(flow_option(talk, "form_again_label", f"other/{field.id}"))
    return talk.say("form_pictures_more", count=len(given), left=field.max - len(given), done=done, again=again)


def _shown(talk: Talk, value: Value) -> str:
    if not value:
        return talk.say("form_empty")
    if not isinstance(value, str):
        return talk.say("form_pictures_given", count=len(value))
    return value if len(value) <= SHOWN_CHARACTERS else f"{value[:SHOWN_CHARACTERS]}…"
