"""The one vocabulary of what a tap does, wherever an operator writes it."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal[
    "answer", "browse", "guide", "ticket", "my-tickets", "human", "phones", "say", "url", "miniprogram", "flow"
]  # fmt: skip
KINDS: tuple[str, ...] = tuple(kind for kind in get_args(Kind) if kind != "flow")
"""What operators may write; a `flow` is a move inside a guide or form that the dialogue itself offers."""

_NEEDS_TARGET = {"answer", "guide", "ticket", "say", "url", "miniprogram", "flow"}
_TAKES_TARGET = _NEEDS_TARGET | {"browse", "human", "my-tickets"}


@dataclass(frozen=True, slots=True)
class Action:
    """
    kind and target as written, `answer:refund` → ("answer", "refund").

    page: of a browsed category, from 1; written `browse:账号#2`.
    """

    kind: Kind
    target: str = ""
    page: int = 1

    def __str__(self) -> str:
        text = f"{self.kind}:{self.target}" if self.target else self.kind
        return f"{text}#{self.page}" if self.page > 1 else text


def parse_action(text: str) -> Action | None:
    """Read an action as operators write it and tap links carry it; None when it is not one."""
    kind, colon, target = (part.strip() for part in text.partition(":"))
    if kind not in get_args(Kind) or (colon and not target):
        return None
    if (kind in _NEEDS_TARGET) > bool(target) or bool(target) > (kind in _TAKES_TARGET):
        return None
    page = 1
    if kind == "browse":
        name, mark, number = target.rpartition("#")
        if mark and number.isascii() and number.isdigit() and len(number) < 4:
            target, page = name, max(1, int(number))
    return Action(kind, target, page)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Option:
    """Something a user can pick by tapping its label or typing its number."""

    label: str
    action: Action
