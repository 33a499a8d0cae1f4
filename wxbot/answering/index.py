"""Phrasings as rows of token numbers, and back: which phrasings hold a token."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
Places = NDArray[np.intp]

LOOKED_UP = 10_000
"""Postings that one search reads at most, the rarest tokens first; reading four times as many finds nothing better."""
NEAREST = 64
"""Phrasings that are compared closely, if there are so many."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Lists of numbers, one after the other: row i begins in `flat` at `starts[i]` and is `lengths[i]` long."""

    flat: Ints
    starts: Places
    lengths: Places

    def take(self, numbers: Places) -> tuple[Places, Places]:
        """These rows one after the other, and where each begins; best for many short ones."""
        lengths = self.lengths[numbers]
        ends = lengths.cumsum()
        begins = ends - lengths
        return self.flat[np.arange(ends[-1]) + (self.starts[numbers] - begins).repeat(lengths)].astype(np.intp), begins

    def joined(self, numbers: Places) -> Ints:
        """The same rows; best for few long ones."""
        starts = self.starts[numbers]
        ends = starts + self.lengths[numbers]
        return np.concatenate([self.flat[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)])


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """
    numbers: token → its number, the one with fewest postings first. tokens: of each phrasing.
    postings: phrasings of each token. vocabulary: tokens of each entry. owner: entry of each phrasing.
    sizes: phrasings of each entry. holders: how many entries hold each token. idf: of each token; squares: of these.
    unseen: the IDF of a token that nobody holds. scale: 1 / the length of each phrasing's IDF vector.
    """

    numbers: dict[str, int]
    tokens: Rows
    postings: Rows
    vocabulary: Rows
    owner: Places
    sizes: Places
    holders: Places
    idf: Doubles
    squares: Doubles
    unseen: float
    scale: Doubles

    def known(self, tokens: Iterable[str]) -> Places:
        """The numbers of those of these tokens that there are, the rarest first."""
        return np.array(sorted([number for number in map(self.numbers.get, tokens) if number is not None]), np.intp)

    def firsts(self, entries: Places) -> Places:
        """The first phrasing of each of these that has any."""
        places = np.searchsorted(self.owner, entries)
        there = places < len(self.owner)
        places, entries = places[there], entries[there]
        found: Places = places[self.owner[places] == entries]
        return found

    def nearest(self, known: Places, *, without: int = -1) -> Places:
        """
        The phrasings that share most with these tokens by IDF, ascending.

        Only the rarest tokens are looked up when all have too many postings; what is common decides nothing here.

        Args:
            known: ascending, at least one.
            without: an entry to leave out, -1 for none.
        """
        lengths = self.postings.lengths[known]
        looked_up = max(2, int(lengths.cumsum().searchsorted(LOOKED_UP, "right")))
        known, lengths = known[:looked_up], lengths[:looked_up]
        shared = self.squares[known].repeat(lengths)
        scores = cast(Doubles, np.bincount(self.postings.joined(known), shared, len(self.owner)))
        # In place: a second array over all phrasings would take longer to fetch than to fill.
        scores *= self.scale
        if without >= 0:
            scores[self.owner == without] = 0
        return _largest(scores)


def build_index(token_lists: Sequence[Sequence[str]], owner: Sequence[int]) -> Index:
    """
    Args:
        token_lists: of each phrasing, at least one phrasing and each token once.
        owner: of each phrasing the number of its entry, ascending from 0.
    """
    numbers, flat = _numbered(token_lists)
    lengths = np.array([len(tokens) for tokens in token_lists], np.intp)
    owners = np.array(owner, np.intp)
    entries = owners[-1] + 1
    # One number for each (entry, token), in that order; np.unique takes ten times as long.
    held = np.sort(np.repeat(owners, lengths) * len(numbers) + flat)
    held = held[np.diff(held, prepend=-1) > 0]
    vocabulary = _rows(held % len(numbers), np.bincount(held // len(numbers)))
    holders = np.bincount(vocabulary.flat, minlength=len(numbers))
    idf = _idf(holders, entries)
    squares = idf**2
    tokens = _rows(flat, lengths)
    return Index(
        numbers=numbers,
        tokens=tokens,
        postings=_inverted(flat, lengths, len(numbers)),
        vocabulary=vocabulary,
        owner=owners,
        sizes=np.bincount(owners),
        holders=holders,
        idf=idf,
        squares=squares,
        unseen=float(_idf(np.zeros(1, np.intp), entries)[0]),
        scale=1 / np.sqrt(np.add.reduceat(squares[flat], tokens.starts)),
    )


def _numbered(token_lists: Sequence[Sequence[str]]) -> tuple[dict[str, int], Places]:
    """A number for each token, the rarest first, and all lists in numbers, one after the other."""
    met: dict[str, int] = {}
    flat = np.array([met.setdefault(token, len(met)) for tokens in token_lists for token in tokens], np.intp)
    rarest_first = np.argsort(np.bincount(flat), kind="stable")
    numbers = np.empty(len(met), np.intp)
    numbers[rarest_first] = np.arange(len(met))
    return dict(zip(met, numbers.tolist(), strict=True)), numbers[flat]


def _inverted(flat: Places, lengths: Places, size: int) -> Rows:
    phrasings = np.repeat(np.arange(len(lengths)), lengths)
    return _rows(phrasings[np.argsort(flat, kind="stable")], np.bincount(flat, minlength=size))


def _rows(flat: Places, lengths: Places) -> Rows:
    return Rows(flat.astype(np.int32), lengths.cumsum() - lengths, lengths)


def _idf(holders: Places, entries: int) -> Doubles:
    weights: Doubles = np.log(1 + (entries - holders + 0.5) / (holders + 0.5))
    return weights


def _largest(scores: Doubles) -> Places:
    """
    Places of the largest scores above 0, ascending.

    Partitioning the whole array takes milliseconds when nearly all of it is 0, so it is thinned out first.
    """
    top = float(scores.max())
    for share in (0.5, 0.25, 0.125, 0.0625, 0.0):
        found: Places = (scores > top * share).nonzero()[0]
        if len(found) >= NEAREST:
            break
    if len(found) > NEAREST:
        found = found[scores[found].argpartition(-NEAREST)[-NEAREST:]]
        found.sort()
    return found
