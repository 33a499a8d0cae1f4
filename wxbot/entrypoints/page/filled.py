"""A form as it was sent: what is kept of each field, or what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from wxbot.bootstrap import PageParts
from wxbot.domain.dialogue.form_wording import wanted
from wxbot.domain.fields import Fault
from wxbot.domain.flow import Field, Form, Value
from wxbot.entrypoints.page.pictures import Unfit, pictures_in
from wxbot.entrypoints.page.words import t
from wxbot.errors import UnfitMedia


@dataclass(frozen=True, slots=True)
class Filled:
    """given, wrong: by field id; wrong in words. Nothing of a form with faults is to be kept."""

    given: Mapping[str, Value]
    wrong: Mapping[str, str]


def typed(name: str) -> str:
    """What was written there. A browser sends each new line as two signs, and counts it as one."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def filled(parts: PageParts, form: Form, user: str) -> Filled:
    """Check all fields; only when nothing is wrong with any of them are its pictures kept."""
    given, faults = parts.tickets.check(form, {field.id: typed(field.id) for field in form.fields})
    wrong = {id: _wanted(parts, form, id, fault) for id, fault in faults.items()}
    chosen: dict[str, Sequence[bytes]] = {}
    for field in _picture_fields(form):
        try:
            fewest = 0 if field.optional else field.min
            chosen[field.id] = pictures_in(field.id, fewest=fewest, most=field.max)
        except Unfit as reason:
            wrong[field.id] = str(reason)
    kept: dict[str, Value] = {}
    for id, pictures in chosen.items() if not wrong else ():
        try:
            kept[id] = parts.uploads.keep(user, pictures)
        except UnfitMedia:
            wrong[id] = t("wrong.pictures.type")
    return Filled({**given, **kept}, wrong)


def _picture_fields(form: Form) -> Sequence[Field]:
    return [field for field in form.fields if field.kind == "pictures"]


def _wanted(parts: PageParts, form: Form, id: str, fault: Fault | None) -> str:
    field = form.field(id)
    return wanted(parts.tickets.script, field, fault) if field and fault else t("wrong.missing")
