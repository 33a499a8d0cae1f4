"""Messages that the account sends by itself: how much each matters, what became of it, and what waits for the user."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from wxbot.domain.reply import Sendable

Importance = Literal["answer", "notice", "ticket", "rating", "reminder"]
"""Of the rest of an answer, of what becomes of a handoff or a ticket, of a request to rate, of what may be missed."""

IMPORTANCE: tuple[Importance, ...] = ("answer", "notice", "ticket", "rating", "reminder")
"""In the order in which they go out."""

Way = Literal["message", "template", "email", "sms", "reply"]
"""By which a text can reach the user: customer-service message, template message, …, with the next passive reply."""

Result = Literal["sent", "held", "released", "dropped", "failed", "unknown"]
"""
held: waits for the user's next message. released: goes out, or went out, with it. dropped: was not promised, or has
become moot. failed: lies with the dead letters. unknown: may have arrived, and was not promised.
"""

RESERVES: Mapping[Importance, int] = MappingProxyType({"rating": 1, "reminder": 1})
"""Messages that must be left in the user's window after one that matters less."""


@dataclass(frozen=True, slots=True)
class Held:
    """
    A promised message that could not be sent, kept until the user writes.

    id: of the job that was to send it. since: unix seconds. maybe: it may have arrived already.
    stage: of the conversation (a `Mode`), outside of which it is moot; '' for none.
    reply_only: WeChat does not let the account send it, so it has to go into a passive reply.
    """

    id: str
    parts: tuple[Sendable, ...]
    since: int
    importance: Importance = "notice"
    maybe: bool = False
    stage: str = ""
    reply_only: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    What became of one message, as staff see it.

    id: of the job that sends it. at: unix seconds. way: '' where none was taken. why: in Chinese, '' when all is well.
    text: its first words.
    """

    id: str
    user: str
    at: int
    importance: Importance
    result: Result
    way: Way | Literal[""] = ""
    why: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """
    A template message of the account (protocol 6.3).

    fields: by their names in the template; may hold `{text}`, `{name}`, `{time}`. url: opened by a tap, or ''.
    """

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class SpareWays:
    """What operators allow where a customer-service message is not possible."""

    template: Template | None = None
    email: bool = False
    sms: bool = False
