"""Phrasings as rows of token numbers, and back: which phrasings hold a token."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Places = NDArray[np.intp]

LOOKED_UP = 40_000
"""Postings that one search reads at most, the rarest tokens first."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Lists of numbers, one after the other: row i is `flat[starts[i]:starts[i + 1]]`."""

    flat: Ints
    starts: Places

    def row(self, number: int) -> Ints:
        return self.flat[self.starts[number] : self.starts[number + 1]]

    def take(self, numbers: Places) -> tuple[Ints, Places]:
        """These rows one after the other, and the length of each."""
        starts = self.starts[numbers]
        lengths = self.starts[numbers + 1] - starts
        ends = np.cumsum(lengths)
        return self.flat[np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)], lengths


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """
    numbers: token → its number. tokens: of each phrasing. postings: phrasings of each token.
    vocabulary: tokens of each entry. owner: entry of each phrasing. sizes: phrasings of each entry.
    holders: how many entries hold each token. idf: of each token. unseen: the IDF of a token that nobody holds.
    scale: 1 / the length of each phrasing's IDF vector.
    """

    numbers: dict[str, int]
    tokens: Rows
    postings: Rows
    vocabulary: Rows
    owner: Places
    sizes: Places
    holders: Places
    idf: Floats
    unseen: float
    scale: Floats

    def known(self, tokens: Iterable[str]) -> Places:
        return np.array([self.numbers[token] for token in tokens if token in self.numbers], np.intp)

    def firsts(self, entries: Places) -> Places:
        """The first phrasing of each of these that has any."""
        places = np.searchsorted(self.owner, entries)
        there = places < len(self.owner)
        places, entries = places[there], entries[there]
        found: Places = places[self.owner[places] == entries]
        return found

    def nearest(self, known: Places, *, limit: int, without: int = -1) -> Places:
        """
        The phrasings that share most with these tokens by IDF, sorted by owner.

        Only the rarest tokens are looked up when all have too many postings; what is common decides nothing here.

        Args:
            without: an entry to leave out, -1 for none.
        """
        lengths = self.postings.starts[known + 1] - self.postings.starts[known]
        order = np.argsort(lengths)
        known = known[order][: max(2, int(np.searchsorted(np.cumsum(lengths[order]), LOOKED_UP, "right")))]
        phrasings, counts = self.postings.take(known)
        scores = np.bincount(phrasings, np.repeat(self.idf[known] ** 2, counts), len(self.owner)) * self.scale
        if without >= 0:
            scores[self.owner == without] = 0
        best = _largest(scores, limit)
        return best[np.argsort(self.owner[best], kind="stable")]


def build_index(token_lists: Sequence[Sequence[str]], owner: Sequence[int]) -> Index:
    """
    Args:
        token_lists: of each phrasing, at least one phrasing and each token once.
        owner: of each phrasing the number of its entry, ascending from 0.
    """
    numbers: dict[str, int] = {}
    flat = np.array([numbers.setdefault(t, len(numbers)) for tokens in token_lists for t in tokens], np.int32)
    lengths = np.array([len(tokens) for tokens in token_lists], np.intp)
    owners = np.array(owner, np.intp)
    entries = owners[-1] + 1
    # One number for each (entry, token), in that order; np.unique takes ten times as long.
    held = np.sort(np.repeat(owners, lengths) * len(numbers) + flat)
    held = held[np.diff(held, prepend=-1) > 0]
    vocabulary = Rows((held % len(numbers)).astype(np.int32), _starts(np.bincount(held // len(numbers))))
    holders = np.bincount(vocabulary.flat, minlength=len(numbers))
    idf = _idf(holders, entries)
    lengths_of_idf = np.sqrt(np.add.reduceat(idf[flat] ** 2, _starts(lengths)[:-1]))
    return Index(
        numbers=numbers,
        tokens=Rows(flat, _starts(lengths)),
        postings=_inverted(flat, lengths, len(numbers)),
        vocabulary=vocabulary,
        owner=owners,
        sizes=np.bincount(owners),
        holders=holders,
        idf=idf,
        unseen=float(_idf(np.zeros(1, np.intp), entries)[0]),
        scale=(1 / lengths_of_idf).astype(np.float32),
    )


def _inverted(flat: Ints, lengths: Places, size: int) -> Rows:
    rows = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    return Rows(rows[np.argsort(flat, kind="stable")], _starts(np.bincount(flat, minlength=size)))


def _starts(lengths: Places) -> Places:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.intp)


def _idf(holders: Places, entries: int) -> Floats:
    weights: Floats = np.log(1 + (entries - holders + 0.5) / (holders + 0.5)).astype(np.float32)
    return weights


def _largest(scores: NDArray[np.floating], limit: int) -> Places:
    """
    Places of the largest scores above 0, unsorted.

    Partitioning the whole array takes milliseconds when nearly all of it is 0, so it is thinned out first.
    """
    top = float(scores.max(initial=0.0))
    found = np.flatnonzero(scores > top / 2)
    for share in (0.25, 0.0):
        if len(found) >= limit:
            break
        found = np.flatnonzero(scores > top * share)
    if len(found) > limit:
        found = found[np.argpartition(scores[found], -limit)[-limit:]]
    return found
