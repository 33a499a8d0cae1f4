"""
Domain values as JSON and back, and what a turn counts for, the same for every store.

A value written by an older or newer version loads all the same: what is missing gets its default, what is unknown is
left out. Only a value that makes no sense any more counts as absent.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from wxbot.domain.job import Job
from wxbot.domain.turn import Turn

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Queued:
    """A job as it lies in a queue. tries: how often it was taken before it came to lie here; why: it failed last."""

    job: Job
    tries: int = 0
    why: str = ""


def dump(value: object) -> bytes:
    """UTF-8 JSON of a domain value."""
    return _adapter(type(value)).serializer.to_json(value)


def load(kind: type[T], data: bytes | None) -> T | None:
    """The value that `dump` wrote; None when there is none, or (with a line in the log) none that can be read."""
    if data is None:
        return None
    try:
        return _adapter(kind).validate_json(data)
    except ValidationError as error:
        # Only where it is wrong and how: the values themselves are what users wrote.
        faults = [f"{'.'.join(map(str, fault['loc']))} {fault['type']}" for fault in error.errors()[:3]]
        log.warning("unreadable %s of %d bytes counts as absent: %s", kind.__name__, len(data), ", ".join(faults))
        return None


def counted(turn: Turn) -> str:
    """What one turn adds one to in the statistics of its day: names, parted by spaces. Turns alike are kept as one."""
    outcomes = [f"outcome:{question.outcome}" for question in turn.questions]
    # A reason comes after its mark, which was counted then.
    marks = [f"rating:{rating.subject}:{rating.mark}" for rating in turn.ratings if not rating.reason]
    return " ".join(["turns", f"rule:{turn.rule}", *outcomes, *marks])


def tally(counts: Mapping[str, int]) -> Counter[str]:
    """The statistics of a day, name by name. counts: how often each `counted` was; a single name is one, too."""
    total: Counter[str] = Counter()
    for names, count in counts.items():
        for name in names.split():
            total[name] += count
    return total


@lru_cache
def day_of(at: float, zone: ZoneInfo) -> str:
    """The day that statistics count that moment in, written 2026-11-22. at: unix seconds."""
    return datetime.fromtimestamp(at, zone).date().isoformat()


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    """Built when first asked for: building them all would cost every start of the command line some 50 ms."""
    adapter = _adapters.get(kind)
    if adapter is None:
        adapter = _adapters[kind] = TypeAdapter(kind)
    return adapter
