"""`guides:` and `forms:` of menus.yaml: from their schema to the domain, and what is wrong beyond the schema."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from wxbot.adapters.content.complaints import Checked
from wxbot.adapters.content.document import Loc
from wxbot.adapters.content.entries import too_long
from wxbot.adapters.content.flow_format import (
    SOLVED,
    ChoiceSection,
    FieldSection,
    FormSection,
    GuideSection,
)
from wxbot.adapters.content.format import MenusFile
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.answering.normalise import normalise
from wxbot.domain.action import Action
from wxbot.domain.flow import Choice, Field, Form, Guide, Step
from wxbot.domain.script import Words
from wxbot.errors import Problem

NAME_CHARACTERS = 16
"""Of a question that stands in for the name of its field."""

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_MARKUP = re.compile(r'[<>"\n]')
_RECEIPT = ("number", "promise")


def guides_of(content: MenusFile) -> Mapping[str, Guide]:
    return MappingProxyType({id: _guide(id, section) for id, section in content.guides.items()})


def forms_of(content: MenusFile) -> Mapping[str, Form]:
    return MappingProxyType({id: _form(id, section) for id, section in content.forms.items()})


def beginnings(guides: Mapping[str, Guide], forms: Mapping[str, Form]) -> Mapping[str, str]:
    """Normalised words that begin a guide or form → its name."""
    named = {word: form.name for form in forms.values() for word in form.words}
    return named | {word: guide.name for guide in guides.values() for word in guide.words}


def written_ids(file: Checked[MenusFile], key: str) -> set[str]:
    """Of all guides or forms, sound or not. key: `guides` or `forms`."""
    data = file.whole.data
    found = data.get(key) if isinstance(data, dict) else None
    return set(found) if isinstance(found, dict) else set()


def every_action(content: MenusFile) -> Iterator[tuple[Loc, Action]]:
    """What guides end in, each where it stands."""
    for id, guide in content.guides.items():
        for loc, choice in _choices(("guides", id), guide):
            if isinstance(choice.end, Action):
                yield (*loc, "end"), choice.end


def problems_of(file: Checked[MenusFile], words: Words) -> Iterator[Problem]:
    for id, guide in file.content.guides.items():
        yield from _guide_problems(file, ("guides", id), guide)
    for id, form in file.content.forms.items():
        yield from _form_problems(file, ("forms", id), form)
    yield from _word_problems(file, words)


def _guide(id: str, section: GuideSection) -> Guide:
    steps = {step.id: Step(step.id, step.text, tuple(map(_choice, step.choices))) for step in section.steps}
    return Guide(id, section.name, MappingProxyType(steps), _normalised(section.words))


def _choice(section: ChoiceSection) -> Choice:
    action = section.end if isinstance(section.end, Action) else None
    return Choice(section.label, section.goto or "", action, _normalised(section.words))


def _form(id: str, section: FormSection) -> Form:
    return Form(
        id,
        section.name,
        tuple(map(_field, section.fields)),
        type=section.type or section.name,
        intro=section.intro,
        confirm=section.confirm,
        done=section.done,
        words=_normalised(section.words),
        ends=section.ends,
    )


def _field(section: FieldSection) -> Field:
    least, most = section.limits
    return Field(
        section.id,
        section.ask,
        section.kind,
        name=section.name or _MARKUP.sub("", section.ask)[:NAME_CHARACTERS],
        optional=section.optional,
        remember=section.remember,
        min=least,
        max=most,
        choices=tuple(section.choices),
        past=section.past,
    )


def _normalised(words: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(normalise, words)))


def _choices(loc: Loc, guide: GuideSection) -> Iterator[tuple[Loc, ChoiceSection]]:
    for number, step in enumerate(guide.steps):
        for at, choice in enumerate(step.choices):
            yield (*loc, "steps", number, "choices", at), choice


def _guide_problems(file: Checked[MenusFile], loc: Loc, guide: GuideSection) -> Iterator[Problem]:
    ids = written_steps(file, loc)
    yield from _twice(file, (*loc, "steps"), "步骤", [step.id for step in guide.steps])
    for number, step in enumerate(guide.steps):
        place: Loc = (*loc, "steps", number)
        yield from _text_problems(file, (*place, "text"), step.text)
        yield from _twice(file, (*place, "choices"), "选项", [choice.label for choice in step.choices], key="label")
    lost = False
    for place, choice in _choices(loc, guide):
        if choice.goto and choice.goto not in ids:
            lost = True
            hint = did_you_mean(choice.goto, ids) or f"这个排查的步骤有：{'、'.join(sorted(ids))}"
            yield file.sound.problem((*place, "goto"), f"没有 id 为「{choice.goto}」的步骤", hint)
    if not lost and ids == {step.id for step in guide.steps}:
        yield from _path_problems(file, loc, guide)


def written_steps(file: Checked[MenusFile], loc: Loc) -> set[str]:
    """Ids of all steps of the guide at `loc`, sound or not."""
    data = file.whole.data
    for step in (*loc, "steps"):
        data = data.get(str(step)) if isinstance(data, dict) else None
    steps = data if isinstance(data, list) else []
    return {str(step["id"]).strip() for step in steps if isinstance(step, dict) and step.get("id")}


def _path_problems(file: Checked[MenusFile], loc: Loc, guide: GuideSection) -> Iterator[Problem]:
    """Steps that nobody gets to, and steps that nobody gets out of."""
    onward = {step.id: {choice.goto for choice in step.choices if choice.goto} for step in guide.steps}
    back = {id: {other for other, goes in onward.items() if id in goes} for id in onward}
    reached = _reached({guide.steps[0].id}, onward)
    out = _reached({step.id for step in guide.steps if any(choice.end for choice in step.choices)}, back)
    for number, step in enumerate(guide.steps):
        place: Loc = (*loc, "steps", number, "id")
        if step.id not in reached:
            yield file.sound.problem(place, f"没有选项能走到「{step.id}」这一步", "让某个选项 goto 它，或者删掉它")
        elif step.id not in out:
            message = f"从「{step.id}」出发怎么选都结束不了"
            yield file.sound.problem(place, message, f"给其中一步加一个结束的选项，例如 end: {SOLVED}")


def _reached(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    reached, edge = set(start), set(start)
    while edge:
        edge = {near for id in edge for near in ways[id]} - reached
        reached |= edge
    return reached


def _form_problems(file: Checked[MenusFile], loc: Loc, form: FormSection) -> Iterator[Problem]:
    yield from _twice(file, (*loc, "fields"), "一项", [field.id for field in form.fields])
    yield from _text_problems(file, (*loc, "intro"), form.intro)
    yield from _text_problems(file, (*loc, "done"), form.done, _RECEIPT)
    for number, field in enumerate(form.fields):
        place: Loc = (*loc, "fields", number)
        yield from _text_problems(file, (*place, "ask"), field.ask)
        for label in {label for label in field.choices if field.choices.count(label) > 1}:
            yield file.sound.problem((*place, "choices"), f"选项「{label}」写了不止一次", "请删掉多余的")


def _twice(file: Checked[MenusFile], loc: Loc, what: str, names: list[str], key: str = "id") -> Iterator[Problem]:
    for number, name in enumerate(names):
        if name in names[:number]:
            message = f"前面已经有一个叫「{name}」的{what}"
            yield file.sound.problem((*loc, number, key), message, "请换一个名字，或者删掉它")


def _text_problems(file: Checked[MenusFile], loc: Loc, text: str, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    yield from too_long(file.sound, loc, text)
    for name in _PLACEHOLDER.findall(text):
        if name not in allowed:
            hint = f"只能用 {'、'.join(f'{{{known}}}' for known in allowed)}" if allowed else "请直接写文字"
            yield file.sound.problem_within(loc, f"{{{name}}}", f"这里没有「{{{name}}}」可以填", hint)


def _word_problems(file: Checked[MenusFile], words: Words) -> Iterator[Problem]:
    """Words that begin nothing, since they mean something else already."""
    seen: dict[str, str] = {}
    sections: list[tuple[str, str, list[str]]] = [
        *(("guides", id, guide.words) for id, guide in file.content.guides.items()),
        *(("forms", id, form.words) for id, form in file.content.forms.items()),
    ]
    for key, id, texts in sections:
        for number, text in enumerate(texts):
            loc: Loc = (key, id, "words", number)
            plain = normalise(text)
            if not plain:
                yield file.sound.problem(loc, f"「{text}」里没有文字，永远匹配不上", "请删掉它", severity="warning")
            elif words.wants_human(plain):
                yield file.sound.problem(loc, f"「{text}」这句话会直接转人工", "请换一个说法", severity="warning")
            elif seen.setdefault(plain, id) != id:
                yield file.sound.problem(loc, f"「{text}」已经用来开始「{seen[plain]}」", "请只留一处")
