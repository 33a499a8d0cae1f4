"""What came of a question."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["answer", "suggest", "none"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """score: 0..1, comparable within one verdict."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    ids: the answer; or up to three suggestions, best first; or ().
    confidence: 0..1, how sure we are that the first candidate is what was asked for.
    candidates: up to ten, best first.
    """

    outcome: Outcome
    ids: tuple[str, ...] = ()
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()


NOTHING = Verdict("none")
