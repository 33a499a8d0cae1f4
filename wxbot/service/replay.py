"""What an edit would change for the questions that followers really asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from wxbot.domain.personal import masked
from wxbot.domain.turn import Question
from wxbot.service.content import Live
from wxbot.service.hearing import Heard, hear

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Change:
    """
    Questions that were answered one way and would be answered another.

    was, now: without confidence, and of suggestions only the first. count: how often they were asked.
    examples: up to three of their texts with their own counts, most frequent first; personal data is hidden in them.
    """

    was: Heard
    now: Heard
    count: int
    examples: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """asked: how many questions were looked at. changes: most frequent first."""

    asked: int
    changes: tuple[Change, ...]

    @property
    def changed(self) -> int:
        return sum(change.count for change in self.changes)


def replay(questions: Iterable[Question], live: Live, against: Live | None = None) -> Replayed:
    """
    Ask everything again.

    against: content to compare with; None compares with what was answered at the time.
    Small talk counts as no answer, for whether somebody's thanks were returned is no change worth reading; and what
    now asks for a person is left out.
    """
    now = cache(lambda text: hear(live, text))
    then = cache(lambda text: hear(against, text)) if against else None
    asked = Counter((question.text, then(question.text) if then else _recorded(question)) for question in questions)
    smalltalk = _smalltalk(live) | (_smalltalk(against) if against else set())
    changes: dict[tuple[Heard, Heard], Counter[str]] = defaultdict(Counter)
    for (text, was), count in asked.items():
        if _differ(was, now(text), smalltalk):
            changes[_outline(was, smalltalk), _outline(now(text), smalltalk)][masked(text)] += count
    found = [Change(*pair, texts.total(), tuple(texts.most_common(EXAMPLES))) for pair, texts in changes.items()]
    return Replayed(asked.total(), tuple(sorted(found, key=lambda change: -change.count)))


def _recorded(question: Question) -> Heard:
    """Of suggestions only the first is on record."""
    return Heard(question.outcome, (question.answer_id,) if question.answer_id else ())


def _smalltalk(live: Live) -> set[str]:
    return {id for id, answer in live.script.answers.items() if answer.smalltalk}


def _differ(was: Heard, now: Heard, smalltalk: set[str]) -> bool:
    if now.kind == "human":
        return False
    if was.kind == now.kind == "suggest":
        # The others may have been offered as well, in any order; and small talk, though on record, never was.
        return any(id not in now.ids and id not in smalltalk for id in was.ids[:1])
    return _outline(was, smalltalk) != _outline(now, smalltalk)


def _outline(heard: Heard, smalltalk: set[str]) -> Heard:
    """What is compared and grouped."""
    first = heard.ids[:1]
    return Heard("none") if smalltalk.intersection(first) else Heard(heard.kind, first)
