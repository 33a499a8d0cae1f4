"""Entries that compete with each other: those of the business, or those of small talk."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wxbot.answering.domain import Domain, learn_domain
from wxbot.answering.entry import Entry
from wxbot.answering.explain import Rival
from wxbot.answering.index import Index, Places, build_index
from wxbot.answering.ranking import NOTHING, Part, Ranking, rank
from wxbot.answering.tokens import Reader, Reading

# Log-odds that the first entry is right: learned on question sets of four domains, like the weights of the ranking.
MATCH, LEAD, DOMAIN, OFFSET = 0.375, 0.227, 0.46, -3.45
FARTHEST = 5.0
"""Lead in score beyond which nothing gets surer."""
CERTAIN_DOMAIN = 2.0
"""Being on our subject is no merit beyond this: which entry is meant decides."""

SHIPPED_BAR, TRUSTED_AFTER = 1.6, 30
"""The bar before anything is known of a knowledge base, and the entries that it takes to trust its own as much."""
ALLOWED = 0.25
"""Share of the questions whose entry was left out that may be answered; truly foreign ones are fewer by far."""
TRIED = 200
"""Phrasings that the bar is learned from."""


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """
    What a pool makes of a question.

    log_odds: of each ranked entry being the right one. domain: log-odds of the question being on our subject.
    bar: log-odds from which an entry is answered with.
    """

    ranking: Ranking
    log_odds: Part
    domain: float
    bar: float


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """
    ids: of the entries. texts: of the phrasings, as read. keywords: with the entries they speak for.
    bar: log-odds from which an entry is answered with.
    """

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    index: Index
    domain: Domain
    keywords: dict[str, tuple[int, ...]]
    longest_keyword: int
    bar: float

    def judge(self, text: str, reading: Reading) -> Judgement:
        """text: normalised."""
        known = self.index.known(reading.tokens)
        spoken_for = np.array(sorted(self._spoken_for(text)), np.intp)
        ranking = rank(self.index, self.texts, reading, known, spoken_for=spoken_for)
        domain = self.domain.log_odds(known, len(reading.tokens) - len(known))
        odds = log_odds(ranking.scores, max(domain, 0.0) if len(spoken_for) else domain)
        return Judgement(ranking, odds, domain, self.bar)

    def _spoken_for(self, text: str) -> set[int]:
        if not self.keywords:
            return set()
        pieces = (
            text[i:j] for i in range(len(text)) for j in range(i + 1, min(len(text), i + self.longest_keyword) + 1)
        )
        return {entry for piece in pieces if piece in self.keywords for entry in self.keywords[piece]}


def build_pool(entries: Sequence[Entry], reader: Reader, elsewhere: Sequence[str]) -> Pool | None:
    """
    Args:
        entries: with normalised texts.
        elsewhere: normalised texts that are not meant for them.

    Returns:
        None when no phrasing of any entry has anything to compare.
    """
    read = [(number, reader.read(text)) for number, entry in enumerate(entries) for text in entry.phrasings if text]
    if not read:
        return None
    tokens = [reading.tokens for _, reading in read]
    keywords: dict[str, tuple[int, ...]] = {}
    for number, entry in enumerate(entries):
        for word in filter(None, entry.keywords):
            keywords[word] = (*keywords.get(word, ()), number)
    index = build_index(tokens, [number for number, _ in read])
    domain = learn_domain(tokens, [reader.read(text).tokens for text in elsewhere], index.numbers)
    readings = [reading for _, reading in read]
    texts = tuple(reading.plain for reading in readings)
    bar = _bar(index, texts, domain, readings)
    ids = tuple(entry.id for entry in entries)
    return Pool(ids, texts, index, domain, keywords, max(map(len, keywords), default=0), bar)


def rivals(pool: Pool, judgement: Judgement, *, limit: int) -> Iterator[Rival]:
    """What the first entries got their places for."""
    ranking = judgement.ranking
    for place in range(min(limit, len(ranking))):
        coverage, neighbours, likeness, phrasings, keyword = ranking.parts[:, place].tolist()
        yield Rival(
            id=pool.ids[ranking.entries[place]],
            closest=pool.texts[ranking.closest[place]],
            confidence=probability(float(judgement.log_odds[place]) - judgement.bar),
            coverage=coverage,
            neighbours=neighbours,
            likeness=likeness,
            phrasings=phrasings,
            keyword=keyword,
            meaning=float(ranking.meaning[place]),
        )


def probability(log_odds: float) -> float:
    return 0.5 + 0.5 * math.tanh(0.5 * log_odds)


def log_odds(scores: Part, domain: float) -> Part:
    """
    Of each entry being the right one; scores: best first.

    An entry that another comes close to is doubtful, however well it fits.
    """
    return MATCH * scores + LEAD * leads(scores) + DOMAIN * min(domain, CERTAIN_DOMAIN) + OFFSET


def leads(scores: Part) -> Part:
    """How far the first is ahead of the second, and how far the others are behind the first."""
    if len(scores) < 2:
        return np.full_like(scores, FARTHEST)
    lead: Part = np.maximum(scores - scores[0], -FARTHEST)
    lead[0] = min(scores[0] - scores[1], FARTHEST)
    return lead


def _bar(index: Index, texts: Sequence[str], domain: Domain, readings: Sequence[Reading]) -> float:
    """
    Ask for phrasings whose own entry is left out: nobody has the answer, so hardly one may be answered.

    The questions of an entry that is not there are what a neighbouring subject sounds like.
    """
    asked = (rank_without_own(index, texts, domain, number, readings[number]) for number in tried(len(texts)))
    odds = [float(log_odds(ranking.scores, on_subject).max(initial=OFFSET)) for ranking, on_subject in asked]
    return learn_bar(odds, len(np.unique(index.owner)), allowed=ALLOWED)


def tried(phrasings: int) -> range:
    """Numbers of the phrasings that a bar is learned from, evenly taken."""
    return range(0, phrasings, max(1, phrasings // TRIED))[:TRIED]


def learn_bar(odds: Sequence[float], entries: int, *, allowed: float) -> float:
    """
    Args:
        odds: log-odds of the best entry for questions whose own entry was left out.
        allowed: share of these that may be answered.
    """
    own = float(np.quantile(odds, 1 - allowed))
    return (entries * own + TRUSTED_AFTER * SHIPPED_BAR) / (entries + TRUSTED_AFTER)


def rank_without_own(
    index: Index, texts: Sequence[str], domain: Domain, number: int, reading: Reading
) -> tuple[Ranking, float]:
    """What becomes of a phrasing whose entry is left out, and the log-odds of its being on the subject of the rest."""
    known: Places = index.known(reading.tokens)
    shared = known[index.holders[known] > 1]
    ranking = rank(index, texts, reading, shared, without=int(index.owner[number])) if len(shared) else NOTHING
    return ranking, domain.log_odds(shared, len(reading.tokens) - len(shared))
