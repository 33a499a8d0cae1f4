"""Work that a turn leaves to the worker, written by the same commit (transactional outbox)."""

from dataclasses import dataclass
from typing import Literal

from wxbot.domain.outbound import Importance, Way
from wxbot.domain.reply import Part


@dataclass(frozen=True, slots=True)
class Send:
    """
    Messages to one user, in this order; the outbound gate decides how they get there (protocol 4.4).

    promised: must arrive or be held until the user writes; else it may be missed.
    stage: of the conversation (a `Mode`), outside of which it is moot; '' for none.
    lead: said above the first text. since: unix seconds at which it was first held, 0 = never was.
    spent: ways that were tried and failed.
    """

    user: str
    parts: tuple[Part, ...]
    importance: Importance = "answer"
    promised: bool = True
    stage: str = ""
    lead: str = ""
    since: int = 0
    spent: tuple[Way, ...] = ()
    kind: Literal["send"] = "send"


@dataclass(frozen=True, slots=True)
class LearnTags:
    """Ask WeChat which tags the user carries, for their tier."""

    user: str
    kind: Literal["learn_tags"] = "learn_tags"


@dataclass(frozen=True, slots=True)
class TicketAlarm:
    """The clock has to look at this ticket: a promise falls due, an answer is missing, or a solved one may close."""

    user: str
    number: str
    kind: Literal["ticket_alarm"] = "ticket_alarm"


@dataclass(frozen=True, slots=True)
class TemplateFailed:
    """WeChat reports that a template message did not arrive (protocol 2.3): what it told goes another way."""

    user: str
    message_id: str
    status: str
    kind: Literal["template_failed"] = "template_failed"


Task = Send | LearnTags | TemplateFailed | TicketAlarm
"""Everything a job can ask for; one class a kind."""


@dataclass(frozen=True, slots=True)
class Job:
    """id: unique; handlers are idempotent by it."""

    id: str
    task: Task


def message_of(job: Job) -> Send:
    """What a job says that came to the outbound gate; no others get there."""
    assert isinstance(job.task, Send)
    return job.task


@dataclass(frozen=True, slots=True)
class Timer:
    """A job for later. Setting a key again replaces what it held. due: unix seconds."""

    key: str
    due: int
    job: Job


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Drops the timer of that key; no such timer is fine."""

    key: str
