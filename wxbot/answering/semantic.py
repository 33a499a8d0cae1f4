"""What a question means, where its words decide nothing: vectors compared, on top of the ranking by words."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wxbot.answering.general import background
from wxbot.answering.index import Places
from wxbot.answering.normalise import normalise
from wxbot.answering.pool import CERTAIN_DOMAIN, Judgement, Pool, leads, learn_bar, rank_without_own, tried
from wxbot.answering.ranking import RIDGE, Part, Ranking
from wxbot.answering.tokens import Reader
from wxbot.answering.vectors import CACHE, LONGEST, Encoder, Vectors, embed

log = logging.getLogger(__name__)

LARGEST = 10_000
"""
Phrasings, of all entries together, beyond which meanings are not compared: the first start would spend more than two
minutes of a core on them, and every process 15 MB.
"""
EVERYDAY = 4
"""Every so manieth everyday question is encoded to learn what all vectors have in common."""
NEAREST, LISTED = 64, 10

# Learned on question sets of five knowledge bases; each set was scored with what the other subjects gave.
CLOSEST, NEIGHBOURS = 12.0, 12.0
"""What meaning adds to the score of the words, which has a scale of some 0..20."""
MATCH, LEAD, CLOSE, DOMAIN, OFFSET = 0.10, 0.36, 7.2, 0.35, -7.5
"""Log-odds that the first entry is right, as in `pool`; `CLOSE` is for its closest phrasing."""
ALLOWED = 0.2
"""As in `pool`, but stricter: what means nearly the same is the very thing that vectors cannot tell apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Meanings:
    """
    The meanings of one pool's phrasings.

    vectors: one row a phrasing, centred, of length 1. firsts: the first phrasing of each entry that has any.
    bar: log-odds from which an entry is answered with.
    """

    pool: Pool
    vectors: Vectors
    firsts: Places
    bar: float

    def judge(self, vector: Vectors, by_words: Judgement) -> Judgement:
        """vector: the question's, centred, of length 1."""
        ranking, closest = _rank(
            self.pool, _likeness(self.vectors, vector), self.vectors, self.firsts, by_words.ranking
        )
        domain = max(by_words.domain, 0.0) if ranking.spoken_for else by_words.domain
        return Judgement(ranking, _log_odds(ranking.scores, closest, domain), by_words.domain, self.bar)


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """centre: what all vectors have in common, taken off so that the rest tells texts apart."""

    encoder: Encoder
    centre: Vectors
    business: Meanings | None
    small_talk: Meanings | None

    def read(self, text: str) -> Vectors:
        """text: normalised. Takes milliseconds, more than everything else together."""
        return _centred(self.encoder.encode(text[:LONGEST]), self.centre)


def learn_meaning(
    encoder: Encoder,
    reader: Reader,
    business: Pool | None,
    small_talk: Pool | None,
    *,
    cache: Path = CACHE,
    largest: int = LARGEST,
) -> Meaning | None:
    """
    Encode all phrasings that the cache does not hold, 11 ms each.

    Returns:
        None where there are more than `largest`.
    """
    pools = [pool for pool in (business, small_talk) if pool]
    texts = [text for pool in pools for text in pool.texts]
    if len(texts) > largest:
        log.warning("meanings are not compared: %d phrasings are more than %d", len(texts), largest)
        return None
    everyday = [normalise(text) for text in background()[::EVERYDAY]]
    vectors = embed(encoder, [*everyday, *texts], cache=cache)
    centre: Vectors = vectors[: len(everyday)].mean(axis=0)
    rows = _centred(vectors[len(everyday) :], centre)
    size = len(business.texts) if business else 0
    return Meaning(
        encoder,
        centre,
        _meanings(business, rows[:size], reader) if business else None,
        _meanings(small_talk, rows[size:], reader) if small_talk else None,
    )


def _centred(vectors: Vectors, centre: Vectors) -> Vectors:
    moved = vectors - centre
    unit: Vectors = moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9)
    return unit


def _meanings(pool: Pool, vectors: Vectors, reader: Reader) -> Meanings:
    firsts = np.flatnonzero(np.diff(pool.index.owner, prepend=-1))
    odds = list(_odds_without_own(pool, vectors, firsts, reader))
    return Meanings(pool, vectors, firsts, learn_bar(odds, len(firsts), allowed=ALLOWED))


def _odds_without_own(pool: Pool, vectors: Vectors, firsts: Places, reader: Reader) -> Iterator[float]:
    """Of the best entry for phrasings whose own entry is left out."""
    for number in tried(len(pool.texts)):
        by_words, domain = rank_without_own(
            pool.index, pool.texts, pool.domain, number, reader.read(pool.texts[number])
        )
        like = _likeness(vectors, vectors[number])
        like[pool.index.owner == pool.index.owner[number]] = -1.0
        ranking, closest = _rank(pool, like, vectors, firsts, by_words)
        yield float(_log_odds(ranking.scores, closest, domain)[0])


def _rank(pool: Pool, like: Vectors, vectors: Vectors, firsts: Places, by_words: Ranking) -> tuple[Ranking, Part]:
    """
    The entries that words and meaning together put first; and the likeness, -1..1, of the closest phrasing of each.

    like: of each phrasing to the question. by_words: an entry that it does not list has nothing from there.
    """
    owner = pool.index.owner
    entries = owner[firsts]
    closest = np.maximum.reduceat(like, firsts).astype(np.float64)
    meaning = CLOSEST * closest
    near = _nearest(like)
    np.add.at(meaning, np.searchsorted(entries, owner[near]), NEIGHBOURS * _explained(vectors[near], like[near]))
    listed = np.full(len(entries), -1)
    listed[np.searchsorted(entries, by_words.entries)] = np.arange(len(by_words))
    scores = meaning + np.append(by_words.scores, 0.0)[listed]
    best = np.argsort(-scores, kind="stable")[:LISTED]
    # The last place, which -1 stands for, is that of entries which the words did not find.
    place = listed[best]
    likest = [int(firsts[i] + np.argmax(like[firsts[i] :][: pool.index.sizes[entries[i]]])) for i in best]
    ranking = Ranking(
        entries=entries[best],
        scores=scores[best],
        parts=np.append(by_words.parts, np.zeros((len(by_words.parts), 1)), axis=1)[:, place],
        meaning=meaning[best],
        closest=np.where(place < 0, likest, np.append(by_words.closest, 0)[place]),
    )
    return ranking, closest[best]


def _likeness(vectors: Vectors, vector: Vectors) -> Vectors:
    """Not by BLAS, whose threads would wait for each other longer than this takes."""
    like: Vectors = np.einsum("ij,j->i", vectors, vector)
    return like


def _nearest(like: Vectors) -> Places:
    if len(like) > NEAREST:
        near: Places = np.argpartition(-like, NEAREST)[:NEAREST]
    else:
        near = np.arange(len(like))
    return near[like[near] > -1]


def _explained(near: Vectors, like: Vectors) -> Part:
    """Kernel ridge regression as in `ranking`: a phrasing gets what the others cannot explain as well."""
    kernel = np.einsum("ik,jk->ij", near, near).astype(np.float64)
    kernel[np.diag_indices_from(kernel)] += RIDGE
    return np.asarray(np.linalg.solve(kernel, like), np.float64)


def _log_odds(scores: Part, closest: Part, domain: float) -> Part:
    on_subject = DOMAIN * min(domain, CERTAIN_DOMAIN)
    return MATCH * scores + LEAD * leads(scores) + CLOSE * closest + on_subject + OFFSET
