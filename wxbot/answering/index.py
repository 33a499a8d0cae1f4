"""Phrasings as postings of tokens."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Tokens = Callable[[str], list[str]]
Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Index:
    """
    postings: token → ascending numbers of the phrasings that hold it. weights: token → its IDF over entries.
    owner: entry number of each phrasing. mass: summed weight of each phrasing's tokens. unseen: weight of a new token.
    """

    postings: dict[str, Ints]
    weights: dict[str, float]
    owner: Ints
    mass: Floats
    unseen: float


def build_index(token_lists: Sequence[Iterable[str]], owner: Sequence[int]) -> Index:
    """token_lists: of each phrasing, and owner: the number of its entry."""
    found: dict[str, list[int]] = {}
    entries: dict[str, set[int]] = {}
    for number, (tokens, entry) in enumerate(zip(token_lists, owner, strict=True)):
        for token in set(tokens):
            found.setdefault(token, []).append(number)
            entries.setdefault(token, set()).add(entry)
    total = len(set(owner))
    weights = {token: idf(len(held), total) for token, held in entries.items()}
    return Index(
        postings={token: np.array(numbers, np.int32) for token, numbers in found.items()},
        weights=weights,
        owner=np.array(owner, np.int32),
        mass=np.array([sum(weights[t] for t in set(tokens)) for tokens in token_lists], np.float32),
        unseen=idf(0, total),
    )


def idf(holders: int, total: int) -> float:
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))


def overlap(index: Index, tokens: Iterable[str]) -> Floats:
    """Each phrasing's share, 0..1, of the weight of these tokens; tokens nobody has count in full."""
    scores = np.zeros(len(index.owner), np.float32)
    own = 0.0
    for token in set(tokens):
        weight = index.weights.get(token, index.unseen)
        own += weight
        if token in index.postings:
            scores[index.postings[token]] += weight
    return scores / own if own else scores
