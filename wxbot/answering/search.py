"""The engine: built once from entries, then asked from any thread."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from wxbot.answering.entry import Entry
from wxbot.answering.explain import RIVALS, Explanation
from wxbot.answering.general import background
from wxbot.answering.normalise import normalise
from wxbot.answering.pool import Judgement, Pool, build_pool, probability, rivals
from wxbot.answering.segment import CACHE
from wxbot.answering.semantic import Meaning, Meanings, learn_meaning
from wxbot.answering.tokens import Reader, Reading, reader
from wxbot.answering.vectors import CACHE as VECTORS
from wxbot.answering.vectors import Encoder, Vectors
from wxbot.answering.verdict import NOTHING, Candidate, Verdict

LONGEST = 100
"""Characters of a question that are looked at; who writes more has said by then what it is about."""
SUGGEST = -2.0
"""Log-odds from which a candidate is worth showing."""
FOREIGN = -3.5
"""Log-odds of being on our subject below which nothing is worth showing."""
STRANGE = 0.4
"""Share of a question in words never heard from which it is no small talk."""
SURE = 0.73
"""Confidence in an answer from which its meaning need not be compared any more."""
CANDIDATES, SUGGESTIONS = 10, 3
SAMPLED = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    verdict: Verdict
    pool: Pool | None = None
    judgement: Judgement | None = None
    by_meaning: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """
    exact: normalised text → id. business, small_talk: None where there are no such entries.
    meaning: asked when words decide nothing; None where it is not to be.
    """

    exact: dict[str, str]
    reader: Reader
    business: Pool | None
    small_talk: Pool | None
    meaning: Meaning | None = None

    def find(self, text: str) -> Verdict:
        """The verdict on one text as typed; any text is legal. Thread-safe."""
        query = _shortened(text)
        if query in self.exact:
            return _certain(self.exact[query])
        return self._heard(query, self.reader.read(query)).verdict

    def with_meaning(self, encoder: Encoder, *, cache: Path = VECTORS) -> "Engine":
        """An engine that also compares meanings; takes 11 ms for each phrasing whose vector is not in the cache."""
        meaning = learn_meaning(encoder, self.reader, self.business, self.small_talk, cache=cache)
        return replace(self, meaning=meaning)

    def explain(self, text: str) -> Explanation:
        """The same verdict, and how it came about."""
        query = _shortened(text)
        reading = self.reader.read(query)
        heard = self._heard(query, reading)
        known = self.exact.get(query)
        pool, judgement = heard.pool, heard.judgement
        return Explanation(
            text=text,
            normalised=query,
            words=reading.words,
            folds=self.reader.folded(reading.words),
            unseen=tuple(self.reader.strangers(reading.words, pool.index.numbers if pool else ())),
            verdict=_certain(known) if known else heard.verdict,
            exact=known is not None,
            small_talk=pool is not None and pool is self.small_talk,
            on_subject=probability(judgement.domain) if judgement else 0.0,
            bar=probability(judgement.bar) if judgement else 1.0,
            by_meaning=heard.by_meaning,
            rivals=tuple(rivals(pool, judgement, limit=RIVALS)) if pool and judgement else (),
        )

    def _heard(self, query: str, reading: Reading) -> _Heard:
        business = _hear(self.business, query, reading)
        chat = _hear(self._small_talk_about(reading), query, reading)
        heard = chat if _is_small_talk(chat, business) else business
        if self.meaning is None or not reading.plain or heard.verdict.confidence >= SURE:
            return heard
        vector = self.meaning.read(reading.plain)
        business, chat = _felt(business, self.meaning.business, vector), _felt(chat, self.meaning.small_talk, vector)
        return chat if _is_small_talk(chat, business) else business

    def _small_talk_about(self, reading: Reading) -> Pool | None:
        """None when much of the question is words that small talk has never heard: then it is about something."""
        if self.small_talk is None:
            return None
        strange = sum(map(len, self.reader.strangers(reading.words, self.small_talk.index.numbers)))
        return self.small_talk if strange < STRANGE * len(reading.plain) else None


def _hear(pool: Pool | None, query: str, reading: Reading) -> _Heard:
    if pool is None:
        return _Heard(NOTHING)
    judgement = pool.judge(query, reading)
    return _Heard(_verdict(pool, judgement), pool, judgement)


def _is_small_talk(chat: _Heard, business: _Heard) -> bool:
    """Small talk is answered or passed over, for nobody with a problem wants to be offered it."""
    if chat.verdict.outcome != "answer":
        return False
    return business.verdict.outcome != "answer" or business.verdict.confidence < chat.verdict.confidence


def _felt(by_words: _Heard, meanings: Meanings | None, vector: Vectors) -> _Heard:
    """What was heard, with the meaning compared as well."""
    if meanings is None or by_words.judgement is None:
        return by_words
    judgement = meanings.judge(vector, by_words.judgement)
    return _Heard(_verdict(meanings.pool, judgement), meanings.pool, judgement, by_meaning=True)


def _shortened(text: str) -> str:
    return normalise(text[: 4 * LONGEST])[:LONGEST]


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
    question, *similar = map(_shortened, entry.phrasings)
    keywords, exact = tuple(map(normalise, entry.keywords)), tuple(map(_shortened, entry.exact))
    return Entry(entry.id, question, tuple(similar), keywords, exact, entry.smalltalk)


def exact_answers(entries: Iterable[Entry]) -> dict[str, str]:
    """
    Ids by the texts, as the engine reads them, that need no search: every one that is written in an entry.

    What is listed as exact goes before a phrasing; of two entries that claim the same, the later one gets it.
    """
    return _exact([_normalised(entry) for entry in entries])


def _exact(entries: Sequence[Entry]) -> dict[str, str]:
    listed = [(text, entry.id) for entry in entries for text in entry.exact]
    asked = [(text, entry.id) for entry in entries for text in entry.phrasings]
    return {text: id for text, id in (*asked, *listed) if text}


def _sample(entries: Sequence[Entry]) -> list[str]:
    texts = [text for entry in entries for text in entry.phrasings if text]
    return texts[:: 1 + len(texts) // SAMPLED]


def _certain(id: str) -> Verdict:
    return Verdict("answer", (id,), 1.0, (Candidate(id, 1.0),))


def _verdict(pool: Pool, judgement: Judgement) -> Verdict:
    ids = [pool.ids[number] for number in judgement.ranking.entries[:CANDIDATES].tolist()]
    if not ids:
        return NOTHING
    odds: list[float] = judgement.log_odds[:CANDIDATES].tolist()
    candidates = tuple(Candidate(id, probability(odd - judgement.bar)) for id, odd in zip(ids, odds, strict=True))
    confidence = candidates[0].score
    if odds[0] >= judgement.bar:
        return Verdict("answer", (ids[0],), confidence, candidates)
    worth = SUGGEST if judgement.domain > FOREIGN else math.inf
    suggested = tuple(id for id, odd in zip(ids, odds, strict=True) if odd >= worth)[:SUGGESTIONS]
    return Verdict("suggest" if suggested else "none", suggested, confidence, candidates)
