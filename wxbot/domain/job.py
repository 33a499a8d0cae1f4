"""Work that a turn leaves to the worker, written by the same commit (transactional outbox)."""

from dataclasses import dataclass
from typing import Literal

from wxbot.domain.reply import Part


@dataclass(frozen=True, slots=True)
class Send:
    """Customer-service messages to one user, in this order (protocol 4.4)."""

    user: str
    parts: tuple[Part, ...]
    kind: Literal["send"] = "send"


Task = Send
"""Everything a job can ask for; one class a kind."""


@dataclass(frozen=True, slots=True)
class Job:
    """id: unique; handlers are idempotent by it."""

    id: str
    task: Task


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
