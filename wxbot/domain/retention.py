"""How long what followers told us is kept, within what operators may choose."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Limits:
    """
    In seconds. tickets: from a ticket's closing until its words go. unfollowed: the same, of somebody who unfollowed.
    media: of what belongs to nothing open. handoffs: from their end. questions: of the log, ratings included.
    """

    tickets: int = 365 * DAY_S
    unfollowed: int = 30 * DAY_S
    media: int = 180 * DAY_S
    handoffs: int = 90 * DAY_S
    questions: int = 90 * DAY_S


BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "tickets": (30 * DAY_S, 3650 * DAY_S),
        "unfollowed": (DAY_S, 365 * DAY_S),
        "media": (7 * DAY_S, 3650 * DAY_S),
        "handoffs": (7 * DAY_S, 365 * DAY_S),
        "questions": (7 * DAY_S, 365 * DAY_S),
    }
)
"""The shortest and the longest that may be chosen, by name of the limit."""
