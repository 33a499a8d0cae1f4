"""The engine: built once from entries, then asked from any thread."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wxbot.answering.entry import Entry
from wxbot.answering.index import Index, build_index, overlap
from wxbot.answering.normalise import normalise
from wxbot.answering.segment import CACHE, Cut, segmenter
from wxbot.answering.verdict import NOTHING, Candidate, Outcome, Verdict

LONGEST = 200  # characters of a question that are looked at
ANSWER, SUGGEST = 0.6, 0.25
_UNIT = re.compile(r"[0-9a-z+#.]+|.")


@dataclass(frozen=True, slots=True)
class Engine:
    entries: tuple[Entry, ...]
    exact: dict[str, str]
    index: Index
    cut: Cut

    def find(self, text: str) -> Verdict:
        """The verdict on one text as typed. Any text is legal."""
        query = normalise(text[: 4 * LONGEST])[:LONGEST]
        if not query:
            return NOTHING
        if query in self.exact:
            return Verdict("answer", (self.exact[query],), 1.0, (Candidate(self.exact[query], 1.0),))
        candidates = self._rank(query)
        confidence = candidates[0].score if candidates else 0.0
        outcome = _outcome(confidence)
        ids = tuple(c.id for c in candidates[: {"answer": 1, "suggest": 3, "none": 0}[outcome]])
        return Verdict(outcome, ids, confidence, candidates)

    def _rank(self, query: str) -> tuple[Candidate, ...]:
        tokens = tokenise(query, self.cut)
        scores = overlap(self.index, tokens)
        best: dict[str, float] = {}
        for number in np.argsort(-scores)[:50]:
            if scores[number] > 0:
                best.setdefault(self.entries[self.index.owner[number]].id, float(scores[number]))
        return tuple(Candidate(id, score) for id, score in list(best.items())[:10])


def build(
    entries: Iterable[Entry],
    vocabulary: Sequence[str] = (),
    synonyms: Sequence[Sequence[str]] = (),
    *,
    cache: Path = CACHE,
) -> Engine:
    """
    Args:
        vocabulary: operators' words, kept whole. synonyms: groups of words that mean the same.
        cache: folder for the segmenter's compiled dictionary.
    """
    known = tuple(entries)
    cut = segmenter(map(normalise, vocabulary), cache=cache)
    pairs = [(number, normalise(p)) for number, entry in enumerate(known) for p in entry.phrasings]
    exact = {normalise(text): entry.id for entry in known for text in (*entry.phrasings, *entry.exact)}
    index = build_index([tokenise(text, cut) for _, text in pairs], [number for number, _ in pairs])
    return Engine(known, exact, index, cut)


def tokenise(text: str, cut: Cut) -> list[str]:
    """Words, characters and pairs of neighbouring characters."""
    units = _UNIT.findall(text)
    pairs = [a + b for a, b in zip(units, units[1:], strict=False)]
    return [*cut(text), *units, *pairs]


def _outcome(confidence: float) -> Outcome:
    if confidence >= ANSWER:
        return "answer"
    return "suggest" if confidence >= SUGGEST else "none"
