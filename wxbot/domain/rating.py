"""What users think of what they got."""

from dataclasses import dataclass
from typing import Literal

Subject = Literal["human", "ticket", "answer"]
"""A session with an agent, a ticket, an answer of the bot."""

MARKS = (1, 2, 3, 4, 5)
LOW_MARK = 3
"""Marks under it are bad."""
HELPFUL, UNHELPFUL = 5, 1
"""What 有帮助 and 没帮助 count as, so that all ratings are on one scale."""


@dataclass(frozen=True, slots=True)
class RatingRules:
    """Which ratings are asked for. ask_why_below: marks under it are asked for their reason, 0 for none."""

    human: bool = False
    ticket: bool = False
    answer: bool = False
    ask_why_below: int = LOW_MARK


@dataclass(frozen=True, slots=True)
class Rating:
    """
    One rating, from the question on.

    id: unique. about: id of the handoff or the answer, number of the ticket. asked: unix seconds.
    mark: 1 (worst) to 5, 0 while there is none. reason: in the user's words, '' where none was given.
    """

    id: str
    user: str
    subject: Subject
    about: str
    asked: int
    mark: int = 0
    reason: str = ""
