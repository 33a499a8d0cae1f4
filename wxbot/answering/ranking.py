"""Which entry is meant? Four things that speak for it, added up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from wxbot.answering.index import Index, Ints, Places
from wxbot.answering.tokens import Reading

NEAREST = 64
"""Phrasings that are compared closely."""
RIDGE = 0.3
BLOCK = 48
SPOKEN_FOR = 16
"""Entries with a keyword in the question that are looked at; a word that more of them claim tells nothing."""

# Learned on question sets of four domains so that the right entry comes first; each set was scored with the weights
# that the other three gave.
COVERAGE, NEIGHBOURS, LIKENESS, PHRASINGS = 3.5, 11.6, 4.4, -1.0
KEYWORD = 6.0
"""What an operator's keyword in the question adds: as much as most of the words would."""

Part = NDArray[np.float64]

NOBODY: Places = np.zeros(0, np.intp)
NONE: Part = np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """
    The entries worth a look, best first; all arrays run alike.

    entries: their numbers. scores: the sum of the parts, comparable between knowledge bases.
    coverage: share, 0..1, of the question's IDF that the entry's phrasings hold together.
    neighbours: the part of the question that is best explained by this entry's phrasings, some -0.2..1.
    likeness: edit similarity, 0..1, of the entry's most similar phrasing, whose number is in `closest`.
    phrasings: logarithm of how many the entry has; many phrasings find something in common with anything.
    keyword: 1 where the question holds a keyword of the entry, else 0.
    meaning: what `semantic` has added to the score, 0 where it was not asked.
    """

    entries: Places
    scores: Part
    coverage: Part
    neighbours: Part
    likeness: Part
    phrasings: Part
    keyword: Part
    meaning: Part
    closest: Places

    def __len__(self) -> int:
        return len(self.entries)


NOTHING = Ranking(NOBODY, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NOBODY)


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
    near = index.nearest(known, limit=NEAREST, without=without) if len(known) else NOBODY
    if len(spoken_for):
        near = np.union1d(near, index.firsts(spoken_for[:SPOKEN_FOR]))
    if not len(near):
        return NOTHING
    owners = index.owner[near]
    firsts = np.flatnonzero(np.diff(owners, prepend=-1))
    entries = owners[firsts]
    like = process.cdist([reading.plain], [texts[i] for i in near], scorer=fuzz.ratio, dtype=np.float64)[0] / 100
    coverage = _coverage(index, entries, known, len(reading.tokens) - len(known))
    neighbours = np.add.reduceat(_explained(index, near, known, len(reading.tokens)), firsts)
    likeness = np.maximum.reduceat(like, firsts)
    phrasings = np.log(index.sizes[entries])
    keyword = np.isin(entries, spoken_for).astype(np.float64)
    scores = (
        COVERAGE * coverage + NEIGHBOURS * neighbours + LIKENESS * likeness + PHRASINGS * phrasings + KEYWORD * keyword
    )
    best = np.argsort(-scores, kind="stable")
    return Ranking(
        entries=entries[best],
        scores=scores[best],
        coverage=coverage[best],
        neighbours=neighbours[best],
        likeness=likeness[best],
        phrasings=phrasings[best],
        keyword=keyword[best],
        meaning=np.zeros(len(best)),
        closest=near[_best_of_each(like, owners)][best],
    )


def _coverage(index: Index, entries: Places, known: Places, unknown: int) -> Part:
    weights = np.zeros(len(index.idf))
    weights[known] = index.idf[known]
    flat, lengths = index.vocabulary.take(entries)
    whole = weights[known].sum() + unknown * index.unseen
    shared: Part = np.add.reduceat(weights[flat], np.cumsum(lengths) - lengths) / whole
    return shared


def _explained(index: Index, near: Places, known: Places, size: int) -> Part:
    """
    Kernel ridge regression from the near phrasings to the question, by cosine of their tokens.

    A phrasing gets what the others cannot explain as well, so what all of the neighbours say counts for none.
    """
    flat, lengths = index.tokens.take(near)
    norms = np.sqrt(lengths)
    kernel = _shared(flat, lengths, len(index.idf)) / np.outer(norms, norms)
    kernel[np.diag_indices_from(kernel)] = 1 + RIDGE
    held = np.zeros(len(index.idf))
    held[known] = 1
    likeness = np.add.reduceat(held[flat], np.cumsum(lengths) - lengths) / (norms * math.sqrt(size))
    explained: Part = np.linalg.solve(kernel, likeness)
    return explained


def _shared(flat: Ints, lengths: Places, below: int) -> NDArray[np.float32]:
    """
    How many tokens two rows share, for every two; only what is off the diagonal is right.

    In blocks so small that BLAS does not wake its threads: they would wait for each other longer than this takes.
    """
    column, counts = _numbered(flat, below)
    common = counts > 1
    kept = common[column]
    columns = (np.cumsum(common) - 1)[column[kept]]
    width = -(-int(common.sum()) // BLOCK) * BLOCK
    rows = np.zeros((len(lengths), width), np.float32)
    rows[np.repeat(np.arange(len(lengths)), lengths)[kept], columns] = 1
    blocks = rows.reshape(len(lengths), -1, BLOCK).swapaxes(0, 1)
    shared: NDArray[np.float32] = (blocks @ blocks.swapaxes(1, 2)).sum(axis=0)
    return shared


def _numbered(values: Ints, below: int) -> tuple[Places, Places]:
    """Small numbers for these, the same for the same, and how often each occurs; np.unique takes many times as long."""
    places = np.arange(len(values))
    last = np.zeros(below, np.intp)
    last[values] = places
    stands_for = last[values]
    numbers = (np.cumsum(stands_for == places) - 1)[stands_for]
    return numbers, np.bincount(numbers)


def _best_of_each(like: Part, owners: Places) -> Places:
    order = np.lexsort((-like, owners))
    firsts: Places = order[np.flatnonzero(np.diff(owners, prepend=-1))]
    return firsts
