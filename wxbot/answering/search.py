"""The engine: built once from entries, then asked from any thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wxbot.answering.entry import Entry
from wxbot.answering.general import background
from wxbot.answering.normalise import normalise
from wxbot.answering.pool import Judgement, Pool, build_pool
from wxbot.answering.segment import CACHE
from wxbot.answering.tokens import Reader, reader
from wxbot.answering.verdict import NOTHING, Candidate, Verdict

LONGEST = 100
"""Characters of a question that are looked at; who writes more has said by then what it is about."""
SUGGEST = -2.0
"""Log-odds from which a candidate is worth showing."""
FOREIGN = -3.5
"""Log-odds of being on our subject below which nothing is worth showing."""
CANDIDATES, SUGGESTIONS = 10, 3
SAMPLED = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """exact: normalised text → id. business, small_talk: None where there are no such entries."""

    exact: dict[str, str]
    reader: Reader
    business: Pool | None
    small_talk: Pool | None

    def find(self, text: str) -> Verdict:
        """The verdict on one text as typed; any text is legal. Thread-safe."""
        query = normalise(text[: 4 * LONGEST])[:LONGEST]
        if query in self.exact:
            return _certain(self.exact[query])
        reading = self.reader.read(query)
        verdict = _verdict(self.business, self.business.judge(query, reading)) if self.business else NOTHING
        if not self.small_talk:
            return verdict
        chat = _verdict(self.small_talk, self.small_talk.judge(query, reading))
        # Small talk is answered or passed over; offering it to somebody with a problem would be a mockery.
        wins = chat.outcome == "answer" and (verdict.outcome != "answer" or chat.confidence > verdict.confidence)
        return chat if wins else verdict


def build(
    entries: Iterable[Entry],
    vocabulary: Sequence[str] = (),
    synonyms: Sequence[Sequence[str]] = (),
    *,
    cache: Path = CACHE,
) -> Engine:
    """
    Make an engine, which never changes afterwards.

    Args:
        vocabulary: operators' words, kept whole by the segmenter.
        synonyms: groups of words that mean the same; the first is what the others are read as.
        cache: folder for the segmenter's compiled dictionary.
    """
    known = [_normalised(entry) for entry in entries]
    reads = reader(vocabulary, synonyms, cache=cache)
    business = [entry for entry in known if not entry.smalltalk]
    chat = [entry for entry in known if entry.smalltalk]
    return Engine(
        exact=_exact(known),
        reader=reads,
        business=build_pool(business, reads, [*map(normalise, background()), *_sample(chat)]),
        small_talk=build_pool(chat, reads, [*map(normalise, background(small_talk=False)), *_sample(business)]),
    )


def _normalised(entry: Entry) -> Entry:
    question, *similar = map(normalise, entry.phrasings)
    keywords, exact = tuple(map(normalise, entry.keywords)), tuple(map(normalise, entry.exact))
    return Entry(entry.id, question, tuple(similar), keywords, exact, entry.smalltalk)


def _exact(entries: Iterable[Entry]) -> dict[str, str]:
    """What is listed as exact goes before a phrasing; of two entries that claim the same, the later one gets it."""
    listed = [(text, entry.id) for entry in entries for text in entry.exact]
    asked = [(text, entry.id) for entry in entries for text in entry.phrasings]
    return {text: id for text, id in (*asked, *listed) if text}


def _sample(entries: Sequence[Entry]) -> list[str]:
    texts = [text for entry in entries for text in entry.phrasings if text]
    return texts[:: 1 + len(texts) // SAMPLED]


def _certain(id: str) -> Verdict:
    return Verdict("answer", (id,), 1.0, (Candidate(id, 1.0),))


def _verdict(pool: Pool, judgement: Judgement) -> Verdict:
    ids = [pool.entries[number].id for number in judgement.ranking.entries[:CANDIDATES]]
    if not ids:
        return NOTHING
    odds = judgement.log_odds[:CANDIDATES]
    scores = 1 / (1 + np.exp(pool.bar - odds))
    candidates = tuple(Candidate(id, float(score)) for id, score in zip(ids, scores, strict=True))
    confidence = candidates[0].score
    if odds[0] >= pool.bar:
        return Verdict("answer", (ids[0],), confidence, candidates)
    worth = SUGGEST if judgement.domain > FOREIGN else np.inf
    suggested = tuple(id for id, odd in zip(ids, odds, strict=True) if odd >= worth)[:SUGGESTIONS]
    return Verdict("suggest" if suggested else "none", suggested, confidence, candidates)
