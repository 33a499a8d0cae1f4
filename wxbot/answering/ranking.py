"""Which entry is meant? Four things that speak for it, added up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from wxbot.answering.index import Index, Places
from wxbot.answering.tokens import Reading

RIDGE = 0.3
SPOKEN_FOR = 16
"""Entries with a keyword in the question that are looked at; a word that more of them claim tells nothing."""

# Learned on question sets of four domains so that the right entry comes first; each set was scored with the weights
# that the other three gave.
COVERAGE, NEIGHBOURS, LIKENESS, PHRASINGS = 3.5, 11.6, 4.4, -1.0
KEYWORD = 6.0
"""What an operator's keyword in the question adds: as much as most of the words would."""

Part = NDArray[np.float64]

WEIGHTS: Part = np.array([COVERAGE, NEIGHBOURS, LIKENESS, PHRASINGS, KEYWORD])
NOBODY: Places = np.zeros(0, np.intp)
NONE: Part = np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """
    The entries worth a look, best first; all arrays run alike.

    entries: their numbers. scores: the sum of the parts, comparable between knowledge bases.
    parts: what speaks for them, a row each:
    coverage, the share, 0..1, of the question's IDF that the entry's phrasings hold together;
    neighbours, the part of the question that is best explained by this entry's phrasings, some -0.2..1;
    likeness, the edit similarity, 0..1, of the entry's most similar phrasing, whose number is in `closest`;
    phrasings, the logarithm of how many the entry has: many phrasings find something in common with anything;
    keyword, 1 where the question holds a keyword of the entry, else 0.
    meaning: what `semantic` has added to the score, 0 where it was not asked.
    """

    entries: Places
    scores: Part
    parts: Part
    meaning: Part
    closest: Places

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def spoken_for(self) -> bool:
        """Whether the question holds a keyword of any of them."""
        return bool(self.parts[-1].any())


NOTHING = Ranking(NOBODY, NONE, np.zeros((len(WEIGHTS), 0)), NONE, NOBODY)


def rank(
    index: Index,
    texts: Sequence[str],
    reading: Reading,
    known: Places,
    *,
    spoken_for: Places = NOBODY,
    without: int = -1,
) -> Ranking:
    """
    Args:
        texts: of the phrasings, as read.
        known: the tokens of the question that the index has.
        spoken_for: entries that have a keyword in the question.
        without: an entry to leave out, -1 for none.
    """
    near = index.nearest(known, without=without) if len(known) else NOBODY
    if len(spoken_for):
        near = np.union1d(near, index.firsts(spoken_for[:SPOKEN_FOR]))
    if not len(near):
        return NOTHING
    owners = index.owner[near]
    firsts = _firsts(owners)
    entries = owners[firsts]
    like = process.cdist([reading.plain], [texts[i] for i in near.tolist()], scorer=fuzz.ratio, dtype=np.float64)[0]
    # Sorted by owner, the most similar phrasing first; likeness is 0..100 here.
    likest = (1_000.0 * owners - like).argsort(kind="stable")[firsts]
    parts = np.zeros((len(WEIGHTS), len(entries)))
    parts[0] = _coverage(index, entries, known, len(reading.tokens) - len(known))
    parts[1] = np.add.reduceat(_explained(index, near, known, len(reading.tokens)), firsts)
    parts[2] = like[likest] / 100
    parts[3] = np.log(index.sizes[entries])
    if len(spoken_for):
        parts[4] = np.isin(entries, spoken_for)
    scores = WEIGHTS @ parts
    best = (-scores).argsort(kind="stable")
    return Ranking(entries[best], scores[best], parts[:, best], np.zeros(len(best)), near[likest][best])


def _firsts(owners: Places) -> Places:
    """Where each owner comes first; owners: ascending."""
    new = np.empty(len(owners), np.bool_)
    new[0] = True
    np.not_equal(owners[1:], owners[:-1], out=new[1:])
    return new.nonzero()[0]


def _coverage(index: Index, entries: Places, known: Places, unknown: int) -> Part:
    held, begins = index.vocabulary.take(entries)
    asked = np.zeros(len(index.idf), np.bool_)
    asked[known] = True
    whole = float(index.idf[known].sum()) + unknown * index.unseen
    shared: Part = np.add.reduceat(index.idf[held] * asked[held], begins) / whole
    return shared


def _explained(index: Index, near: Places, known: Places, size: int) -> Part:
    """
    Kernel ridge regression from the near phrasings to the question, by cosine of their tokens.

    A phrasing gets what the others cannot explain as well, so what all of the neighbours say counts for none.
    """
    lengths = index.tokens.lengths[near]
    tokens = np.concatenate((index.tokens.take(near)[0], known))
    shared = _shared(tokens, np.concatenate((lengths, [len(known)])), len(index.idf))
    # The cosines' denominators are moved to where they are fewest: to the diagonal and out of the solution.
    kernel, asked = shared[:-1, :-1], shared[:-1, -1]
    shared.reshape(-1)[: -1 : len(shared) + 1] = (1 + RIDGE) * lengths
    return np.asarray(np.linalg.solve(kernel, asked) * np.sqrt(lengths / size), np.float64)


def _shared(flat: Places, lengths: Places, below: int) -> Part:
    """
    How many tokens two rows share, for every two; only what is off the diagonal is right.

    Tokens that more than one row holds become bits. Counting bits takes half as long as multiplying matrices, and
    wakes no threads of BLAS, which would wait for each other longer than this takes.
    """
    columns = _columns(flat, below)
    size, width = len(lengths), -(-(int(columns.max(initial=0)) + 1) // 64) * 64
    held = np.zeros(size * width, np.bool_)
    held[np.arange(0, size * width, width).repeat(lengths) + columns] = True
    held[::width] = False
    words = np.packbits(held).view(np.uint64).reshape(size, -1).T.copy()
    shared: Part = np.bitwise_count(words[:, :, None] & words[:, None, :]).sum(axis=0, dtype=np.uint16).astype(float)
    return shared


def _columns(values: Places, below: int) -> Places:
    """From 1 for values that occur more than once, the same for the same, and 0 for all others."""
    places = np.arange(len(values))
    last = np.empty(below, np.intp)
    last[values] = places
    stands_for = last[values]
    common = np.bincount(stands_for) > 1
    columns: Places = (common.cumsum() * common)[stands_for]
    return columns
