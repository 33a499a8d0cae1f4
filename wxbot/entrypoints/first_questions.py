"""The few questions that `wxbot init` asks somebody at a terminal."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import questionary

from wxbot.adapters.content.starting import Wishes, can_have_humans, email_in, hours_in, phone_in
from wxbot.domain.account import AccountType

T = TypeVar("T")
_DEFAULTS = Wishes()


def ask_for(known: Mapping[str, Any]) -> dict[str, Any]:
    """
    The fields of `Wishes`; what is known already is not asked for.

    Raises KeyboardInterrupt when they leave.
    """
    said = dict(known)
    for name, ask in _QUESTIONS.items():
        if name not in said:
            said[name] = ask(said)
    return said


def _name(said: Mapping[str, Any]) -> str:
    return _text("公众号叫什么名字？", _DEFAULTS.name, str)


def _type(said: Mapping[str, Any]) -> AccountType:
    choices = [kind.value for kind in AccountType]
    return AccountType(
        questionary.select("是哪种公众号？", choices=choices, instruction="（按上下键选，回车确定）").unsafe_ask()
    )


def _hours(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return _text("服务时间？有几段用分号隔开", "；".join(map(" ".join, _DEFAULTS.hours)), hours_in)


def _humans(said: Mapping[str, Any]) -> bool:
    can = can_have_humans(said["type"])
    return can and bool(
        questionary.confirm("有人工客服吗？", default=True, instruction="（有就按 y，没有按 n）").unsafe_ask()
    )


def _phones(said: Mapping[str, Any]) -> tuple[str, ...]:
    return _text("客服电话？有几个用空格隔开，没有就直接回车", "", lambda text: tuple(map(phone_in, text.split())))


def _email(said: Mapping[str, Any]) -> str:
    return _text("客服邮箱？没有就直接回车", "", lambda text: email_in(text) if text.strip() else "")


def _text(question: str, default: str, read: Callable[[str], T]) -> T:
    """Asked again until it can be read."""

    def fault(text: str) -> bool | str:
        try:
            read(text)
        except ValueError as error:
            return str(error)
        return True

    return read(questionary.text(question, default=default, validate=fault).unsafe_ask())


_QUESTIONS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "name": _name,
    "type": _type,
    "hours": _hours,
    "humans": _humans,
    "phones": _phones,
    "email": _email,
}
