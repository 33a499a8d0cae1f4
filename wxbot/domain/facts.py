"""Everything the core may not fetch, handed to it with each message."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wxbot.domain.turn import Outcome


@dataclass(frozen=True, slots=True)
class Found:
    """
    What the answer engine says to one text.

    ids: of answers, best first: the answer itself, or up to three suggestions, or none. confidence: 0..1.
    """

    outcome: Outcome = "none"
    ids: tuple[str, ...] = ()
    confidence: float = 0.0


def _nothing(text: str) -> Found:
    return Found()


@dataclass(frozen=True, slots=True)
class Facts:
    """
    now: unix seconds. ids: fresh unique ids, as many as are asked for.
    text: the user's words, normalised ('' when there are none). find: asks the answer engine; pure.
    degraded: the store cannot be reached, so nothing said now can be remembered or done later.
    """

    now: int
    ids: Iterator[str]
    text: str = ""
    find: Callable[[str], Found] = field(default=_nothing)
    degraded: bool = False
