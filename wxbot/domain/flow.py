"""Guides and forms as operators write them, and where a follower is in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from wxbot.domain.action import Action
from wxbot.domain.ticket import Media

Value = str | tuple[Media, ...]
"""What was given to one field: the text in its checked form, or pictures and videos, in the order they came."""

FieldKind = Literal["text", "choice", "phone", "email", "version", "datetime", "pictures"]

PAUSE_S = 30 * 60
"""Seconds without an answer after which what is said is no answer any more."""
KEEP_S = 24 * 3600
"""Seconds for which a flow that nobody answers can be gone on with."""


@dataclass(frozen=True, slots=True)
class Choice:
    """
    One way on from a step: to another step, or out of the guide by an action, or, with neither, out because it helped.

    words: texts that mean it too, normalised.
    """

    label: str
    goto: str = ""
    action: Action | None = None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    id: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """
    Step-by-step troubleshooting. steps: by id; the first is where it starts. words: texts that start it, normalised.
    """

    id: str
    name: str
    steps: Mapping[str, Step]
    words: frozenset[str] = frozenset()

    @property
    def start(self) -> str:
        return next(iter(self.steps))


@dataclass(frozen=True, slots=True)
class Field:
    """
    One question of a form.

    ask: the question. name: what it is called where the answers are listed. min, max: characters of a text, number of
    pictures. past: a moment that must not lie ahead. remember: offered again in the next form, by the field's id.
    """

    id: str
    ask: str
    kind: FieldKind = "text"
    name: str = ""
    optional: bool = False
    remember: bool = False
    min: int = 1
    max: int = 1000
    choices: tuple[str, ...] = ()
    past: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """
    Questions that lead to a ticket, or to the operator's system that knows whose account is whose.

    ends: in which of them.
    type: of the ticket. intro: said before the first question. done: the receipt's words in place of the shipped ones.
    confirm: whether all answers are shown before they are sent. words: texts that start it, normalised.
    """

    id: str
    name: str
    fields: tuple[Field, ...]
    type: str = ""
    intro: str = ""
    confirm: bool = True
    done: str = ""
    words: frozenset[str] = frozenset()
    ends: Literal["ticket", "binding"] = "ticket"

    def field(self, id: str) -> Field | None:
        return next((field for field in self.fields if field.id == id), None)


@dataclass(frozen=True, slots=True)
class Pick:
    """What was chosen at a step. step: its id. label: of the choice."""

    step: str
    label: str


@dataclass(frozen=True, slots=True)
class FlowState:
    """
    Where a follower is in a guide or a form.

    id: of the guide or form. at: the step or field that is asked; '' for the list of all answers before sending.
    asked: unix seconds of the last question. path: the picks of a guide, oldest first.
    values: of a form, by field id; '' for what was skipped. tried: steps of the guide that led to this form, in words.
    wrong: answers in a row that were refused. anew: the value known from before was turned down.
    paused: what is said is no answer, until the follower goes on. offered: they have heard that they can.
    """

    kind: Literal["guide", "form"]
    id: str
    at: str
    asked: int
    path: tuple[Pick, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    tried: str = ""
    wrong: int = 0
    anew: bool = False
    paused: bool = False
    offered: bool = False

    def is_running(self, now: int) -> bool:
        """Whether what is said counts as an answer."""
        return not self.paused and now - self.asked <= PAUSE_S
