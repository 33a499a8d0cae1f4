"""Is this a question for this knowledge base at all? Learned at load from its phrasings, against everyday questions."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMOOTHING = 30.0
"""Phrasings' worth of doubt: how much an absent token says grows with the knowledge base."""
RARE = 0.3
ORDINARY = (0.7, 0.0)
"""Slope and offset as they come out in most knowledge bases."""
LEARNED_FROM = 2_000
"""Phrasings that slope and offset are fitted to, evenly taken."""


@dataclass(frozen=True, slots=True)
class Domain:
    """
    evidence: of each token, by its number, the log of how much more often it occurs here than in everyday questions.
    absent: the same of a token that does not occur here. slope, offset: from evidence to log-odds.
    """

    evidence: NDArray[np.float64]
    absent: float
    slope: float
    offset: float

    def log_odds(self, known: NDArray[np.intp], unknown: int) -> float:
        """
        Above 0: rather a question for us.

        Args:
            known: numbers of its tokens that occur here. unknown: how many others it has.
        """
        evidence = float(self.evidence[known].sum()) + unknown * self.absent
        return self.slope * _mean(evidence, len(known) + unknown) + self.offset


def learn_domain(ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]], numbers: Mapping[str, int]) -> Domain:
    """
    Args:
        ours: tokens of the phrasings. theirs: tokens of questions that are not meant for us.
        numbers: token of ours → its number, from 0 without a gap.
    """
    here, there = Counter(t for tokens in ours for t in tokens), Counter(t for tokens in theirs for t in tokens)

    def evidence(token: str, *, one_less_here: int = 0, one_less_there: int = 0) -> float:
        there_share = (there[token] - one_less_there + RARE) / (len(theirs) - one_less_there + 2 * RARE)
        return math.log(
            ((here[token] - one_less_here) / there_share + SMOOTHING) / (len(ours) - one_less_here + SMOOTHING)
        )

    # Each text is judged as if it were new, or it would vouch for itself.
    sample = ours[:: 1 + len(ours) // LEARNED_FROM]
    inside = [_mean(sum(evidence(t, one_less_here=1) for t in tokens), len(tokens)) for tokens in sample]
    outside = [_mean(sum(evidence(t, one_less_there=1) for t in tokens), len(tokens)) for tokens in theirs]
    slope, offset = _logistic(np.array(inside), np.array(outside))
    by_number = np.empty(len(numbers))
    for token, number in numbers.items():
        by_number[number] = evidence(token)
    return Domain(by_number, evidence(""), slope, offset)


def _mean(total: float, count: int) -> float:
    """Divided by the root, not the count: ten words say more than one, but not ten times as much."""
    return total / math.sqrt(count) if count else 0.0


def _logistic(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> tuple[float, float]:
    """
    Slope and offset of the log-odds by Newton's method, both sides weighing the same.

    They are held to ordinary ones the more, the fewer phrasings there are to learn from.
    """
    x = np.concatenate((inside, outside))
    y = np.concatenate((np.ones(len(inside)), np.zeros(len(outside))))
    weight = np.concatenate((np.full(len(inside), 0.5 / len(inside)), np.full(len(outside), 0.5 / len(outside))))
    design = np.stack((x, np.ones(len(x))), axis=1)
    start, certainty = np.array(ORDINARY), np.eye(2) / len(inside)
    theta = start
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(design @ theta, -30, 30)))
        gradient = design.T @ (weight * (p - y)) + certainty @ (theta - start)
        curvature = (design * (weight * p * (1 - p))[:, None]).T @ design + certainty
        theta = theta - np.clip(np.linalg.solve(curvature, gradient), -1, 1)
    return max(0.0, float(theta[0])), float(theta[1])
