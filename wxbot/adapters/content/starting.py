"""A new content folder: from a few wishes, or like one of the shipped examples."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, StrictUndefined
from pydantic import TypeAdapter, ValidationError

from wxbot.adapters.content.fields import Address, DayNames, PhoneNumber, Spans
from wxbot.adapters.content.pieces import scalar
from wxbot.adapters.content.schema import schemas
from wxbot.domain.account import CAPABILITIES, AccountType, Capability

EXAMPLES = ("whatsapp", "wps")
"""Complete support organisations: without phones and people, and with tiers, agents and phones."""

_TEMPLATE = ".jinja"
_PHONE: TypeAdapter[str] = TypeAdapter(PhoneNumber)
_ADDRESS: TypeAdapter[str] = TypeAdapter(Address)
_DAYS: TypeAdapter[str] = TypeAdapter(DayNames)
_SPANS: TypeAdapter[Any] = TypeAdapter(Spans)


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    What an operator says of a new account.

    hours: (days, spans) as they stand in menus.yaml, such as ("工作日", "9:00-18:00"). phones: none where there is
    no line. email: '' where there is none. humans: counts where an account of that type can have them.
    """

    name: str = "我的公众号"
    type: AccountType = AccountType.VERIFIED_SERVICE
    hours: tuple[tuple[str, str], ...] = (("工作日", "9:00-18:00"),)
    humans: bool = True
    phones: tuple[str, ...] = ()
    email: str = ""


def can_have_humans(type: AccountType) -> bool:
    return Capability.AGENTS in CAPABILITIES[type]


def from_wishes(wishes: Wishes) -> Mapping[str, str]:
    """The texts of all files, by their names relative to the content folder."""
    values = asdict(wishes) | {
        "humans": wishes.humans and can_have_humans(wishes.type),
        "menus": Capability.MENU_API in CAPABILITIES[wishes.type],
        "opening": "，".join(f"{days} {spans}" for days, spans in wishes.hours),
    }
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["yaml"] = partial(scalar, flow=False)
    templates = _texts_below(files("wxbot.adapters.content") / "starter")
    written = {name.removesuffix(_TEMPLATE): environment.from_string(text).render(values) for name, text in templates}
    return written | _for_editors()


def from_example(name: str) -> Mapping[str, str]:
    """The same of one of EXAMPLES."""
    return dict(_texts_below(files("wxbot") / "examples" / name)) | _for_editors()


def _for_editors() -> dict[str, str]:
    return {f"schema/{name}": text for name, text in schemas().items()}


def _texts_below(folder: Traversable, above: str = "") -> Iterator[tuple[str, str]]:
    for found in sorted(folder.iterdir(), key=lambda found: found.name):
        if found.is_dir():
            yield from _texts_below(found, f"{above}{found.name}/")
        else:
            yield f"{above}{found.name}", found.read_text(encoding="utf-8")


def hours_in(text: str) -> tuple[tuple[str, str], ...]:
    """`工作日 9:00-18:00；周六 10:00-16:00` → pairs. Raises ValueError: Chinese, with what to write instead."""
    return tuple(_opening(piece.strip()) for piece in re.split("[;；]", text.strip(";； ")))


def phone_in(text: str) -> str:
    """Raises ValueError, as `hours_in` does."""
    return _fitting(_PHONE, text)


def email_in(text: str) -> str:
    """Raises ValueError, as `hours_in` does."""
    return _fitting(_ADDRESS, text)


def _opening(text: str) -> tuple[str, str]:
    days, _, spans = text.partition(" ")
    if not spans:
        raise ValueError(f"「{text}」缺了日子或时间，写成：工作日 9:00-18:00；周六 10:00-16:00")
    return _fitting(_DAYS, days), _fitting(_SPANS, spans)


def _fitting(kind: TypeAdapter[Any], text: str) -> str:
    """The text as it is, where it fits."""
    try:
        kind.validate_python(text.strip())
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        raise ValueError("，".join(filter(None, (context["message"], context["hint"])))) from None
    return text.strip()
