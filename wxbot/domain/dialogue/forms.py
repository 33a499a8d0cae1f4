"""Forms: one question at a time, then all answers to look over, then a ticket."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.begun import first_things_first, left, with_agents
from wxbot.domain.dialogue.binding import ask_to_bind
from wxbot.domain.dialogue.form_wording import field_question, offered, summary, wanted, ways_out
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.dialogue.tickets import open_ticket
from wxbot.domain.fields import Fault, Refused, check
from wxbot.domain.flow import Field, FlowState, Form, Value
from wxbot.domain.ticket import Media
from wxbot.domain.turn import Turn

WRONG_BEFORE_WAYS_OUT = 2
"""Refused answers in a row after which the ways around the question are offered."""


def begin_form(talk: Talk, id: str, tried: str = "") -> Turn | None:
    """tried: what a guide has tried before. None where there is no such form."""
    form = talk.script.forms.get(id)
    if form is None:
        return None
    if talk.facts.degraded:
        # What is given could not be kept.
        return speak(talk, "degraded", talk.say("degraded"))
    if other := with_agents(talk, form.name) or first_things_first(talk, Action("ticket", id), form.name):
        return other
    state = FlowState("form", id, form.fields[0].id, talk.now, tried=tried)
    return ask(left(talk), state, "\n".join(filter(None, (form.intro.rstrip(), talk.say("form_begin")))))


def form_of(talk: Talk, state: FlowState) -> Form:
    return talk.script.forms[state.id]


def question(talk: Talk, state: FlowState) -> tuple[str, tuple[Option, ...]]:
    """What is asked now, in words and as options: a field, or whether all answers are right."""
    form = form_of(talk, state)
    field = form.field(state.at)
    return field_question(talk, form, state, field) if field else summary(talk, form, state)


def ask(talk: Talk, state: FlowState, lead: str = "") -> Turn:
    """lead: said above the question."""
    talk = replace(talk, coda=None, session=replace(talk.session, options=()))
    text, options = question(talk, state)
    said = "\n\n".join(filter(None, (lead, text)))
    return speak(talk, "form", said, options=options, flow=replace(state, asked=talk.now))


def take_words(talk: Talk, state: FlowState, field: Field, words: str) -> Turn | Fault:
    """The next question if the words answer this one, else what is wrong with them."""
    checked = check(field, words, talk.now, talk.script.hours.zone)
    return checked.fault if isinstance(checked, Refused) else accept(talk, state, field, checked)


def accept(talk: Talk, state: FlowState, field: Field, value: Value) -> Turn:
    """Keep the value and go on to what is still to be asked."""
    return _onward(talk, replace(state, values={**state.values, field.id: value}))


def refuse(talk: Talk, state: FlowState, fault: Fault) -> Turn:
    """Say what is wanted and ask again; nothing that was given is lost."""
    field = form_of(talk, state).field(state.at)
    state = replace(state, wrong=state.wrong + 1)
    lead = wanted(talk.script, field, fault) if field else ""
    if state.wrong >= WRONG_BEFORE_WAYS_OUT:
        lead = f"{lead}{ways_out(talk, field)}"
    return ask(talk, state, lead)


def take_picture(talk: Talk, state: FlowState, picture: Media) -> Turn | None:
    """Keep a picture, also one that comes before it is asked for. None where the form takes none."""
    fields = [field for field in form_of(talk, state).fields if field.kind == "pictures"]
    if not fields:
        return None
    field = next((field for field in fields if field.id == state.at), fields[0])
    given = _pictures(state, field)
    if len(given) >= field.max:
        return ask(talk, state, talk.say("form_pictures_full", max=field.max))
    state = replace(state, values={**state.values, field.id: (*given, picture)}, wrong=0)
    if field.id != state.at:
        return ask(talk, state, talk.say("form_pictures_kept", field=field.name))
    return _onward(talk, state) if len(given) + 1 == field.max else ask(talk, state)


def _pictures(state: FlowState, field: Field) -> tuple[Media, ...]:
    given = state.values.get(field.id, ())
    return () if isinstance(given, str) else given


def _onward(talk: Talk, state: FlowState) -> Turn:
    """To the first question that is still open; when there is none, to all answers, or straight to the ticket."""
    form = form_of(talk, state)
    state = replace(state, at=_open_field(form, state), wrong=0, anew=False)
    return ask(talk, state) if state.at or form.confirm else _send(talk, state, "")


def _open_field(form: Form, state: FlowState) -> str:
    """Id of the first field without an answer, '' when all have one; pictures may be too few."""
    for field in form.fields:
        value = state.values.get(field.id)
        if value is None or (isinstance(value, tuple) and len(value) < field.min):
            return field.id
    return ""


def _send(talk: Talk, state: FlowState, _: str) -> Turn:
    form = form_of(talk, state)
    if _open_field(form, state):
        return _onward(talk, state)
    given = {field.id: value for field in form.fields if (value := state.values.get(field.id))}
    talk = left(remembering(talk, form, given))
    if form.ends == "binding":
        return ask_to_bind(talk, form, given)
    return open_ticket(talk, form, _with_tried(form, given, state.tried))


def remembering(talk: Talk, form: Form, given: Mapping[str, Value]) -> Talk:
    """The talk of somebody whose answers other forms may offer again. given: by field id."""
    fields = (field.id for field in form.fields if field.remember)
    known = {id: value for id in fields if isinstance(value := given.get(id), str)}
    return replace(talk, session=replace(talk.session, known={**talk.session.known, **known}))


def _with_tried(form: Form, given: Mapping[str, Value], tried: str) -> Mapping[str, Value]:
    """What a guide has tried, below the first text, so that nobody proposes it again."""
    text = next((field.id for field in form.fields if field.kind == "text"), "")
    return {**given, text: "\n\n".join(filter(None, (str(given.get(text, "")), tried)))} if tried and text else given


def _back(talk: Talk, state: FlowState, _: str) -> Turn:
    ids = [field.id for field in form_of(talk, state).fields]
    at = ids.index(state.at) if state.at else len(ids)
    if at == 0:
        return ask(talk, state, talk.say("flow_first"))
    return ask(talk, replace(state, at=ids[at - 1], wrong=0, anew=False))


def _restart(talk: Talk, state: FlowState, _: str) -> Turn:
    start = form_of(talk, state).fields[0].id
    return ask(talk, FlowState("form", state.id, start, talk.now, tried=state.tried))


def _skip(talk: Talk, state: FlowState, id: str) -> Turn:
    field = _asked(talk, state, id)
    return accept(talk, state, field, "") if field and field.optional else ask(talk, state)


def _done(talk: Talk, state: FlowState, id: str) -> Turn:
    field = _asked(talk, state, id)
    if field is None or field.kind != "pictures":
        return ask(talk, state)
    given = _pictures(state, field)
    if not given and field.optional:
        return accept(talk, state, field, "")
    return accept(talk, state, field, given) if len(given) >= field.min else refuse(talk, state, "wrong_pictures")


def _use(talk: Talk, state: FlowState, id: str) -> Turn:
    field = _asked(talk, state, id)
    value = offered(talk, state, field) if field else None
    return accept(talk, state, field, value) if field and value else ask(talk, state)


def _other(talk: Talk, state: FlowState, id: str) -> Turn:
    """Something else than what was offered; pictures are sent all over again."""
    field = _asked(talk, state, id)
    if field and field.kind == "pictures":
        return ask(talk, replace(state, values={id: value for id, value in state.values.items() if id != field.id}))
    return ask(talk, replace(state, anew=True) if field else state)


def _asked(talk: Talk, state: FlowState, id: str) -> Field | None:
    """The field that is asked; None where a tap is about another, as the second of two is. id: '' for words."""
    return form_of(talk, state).field(state.at) if id in ("", state.at) else None


def _edit(talk: Talk, state: FlowState, id: str) -> Turn:
    field = form_of(talk, state).field(id)
    return ask(talk, replace(state, at=id, wrong=0, anew=False) if field else state)


def _pick(talk: Talk, state: FlowState, target: str) -> Turn:
    """`system/2`: the second choice of that field, also where its question was an earlier one."""
    id, _, number = target.partition("/")
    field = form_of(talk, state).field(id)
    if field is None or not (number.isascii() and number.isdigit() and 1 <= int(number) <= len(field.choices)):
        return ask(talk, state)
    return accept(talk, state, field, field.choices[int(number) - 1])


FORM_MOVES: Mapping[str, Callable[[Talk, FlowState, str], Turn]] = {
    "back": _back,
    "restart": _restart,
    "skip": _skip,
    "done": _done,
    "send": _send,
    "use": _use,
    "other": _other,
    "edit": _edit,
    "pick": _pick,
}
"""By the verb of a `flow:` action; each is given what follows the verb."""
