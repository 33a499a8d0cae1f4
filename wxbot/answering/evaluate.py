"""How good the answers are: questions with known right answers, put to an engine and counted."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wxbot.answering.verdict import Verdict

STEPS = tuple(hundredth / 100 for hundredth in range(30, 100, 5))
"""Thresholds that are tried in place of the engine's own."""
SHOWN = 3
"""Candidates that a follower may get to see."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """gold: ids of the right answers, any one of them will do; () = out of scope, nothing should be answered."""

    text: str
    gold: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled question and what the engine made of it."""

    labelled: Labelled
    verdict: Verdict

    @property
    def in_scope(self) -> bool:
        return bool(self.labelled.gold)

    @property
    def first(self) -> str:
        """The id that was ranked highest, '' when there is none."""
        return self.verdict.candidates[0].id if self.verdict.candidates else ""

    @property
    def ranked_right(self) -> bool:
        return self.first in self.labelled.gold

    @property
    def answered(self) -> bool:
        return self.verdict.outcome == "answer"

    @property
    def right(self) -> bool:
        return self.answered and self.verdict.ids[0] in self.labelled.gold

    @property
    def suggested(self) -> bool:
        return self.verdict.outcome == "suggest" and not set(self.labelled.gold).isdisjoint(self.verdict.ids)

    @property
    def among_first(self) -> bool:
        return any(candidate.id in self.labelled.gold for candidate in self.verdict.candidates[:SHOWN])


@dataclass(frozen=True, slots=True)
class Counts:
    """
    What became of the questions at one threshold (0..1).

    right, wrong: questions in scope that were answered so. leak: questions out of scope that were answered.
    """

    threshold: float
    right: int
    wrong: int
    leak: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """gold: what was right. got: what was ranked above it, '' when nothing was found. example: one such question."""

    gold: str
    got: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Report:
    """
    inside, outside: questions in and out of scope. top1, first3: questions in scope whose right answer was ranked
    first, or among the first three. suggested: not answered, but offered. missed: neither.
    shipped: by the engine's own verdicts; its threshold is the lowest confidence that was answered, so it is a little
    above the true one; None when nothing was answered. confusions: most frequent first.
    misleading: all that were answered wrong, the surest first.
    """

    inside: int
    outside: int
    top1: int
    first3: int
    suggested: int
    missed: int
    shipped: Counts
    sweep: tuple[Counts, ...]
    confusions: tuple[Confusion, ...]
    misleading: tuple[Judged, ...]


def judge(find: Callable[[str], Verdict], questions: Iterable[Labelled]) -> list[Judged]:
    """Put every question to the engine."""
    return [Judged(question, find(question.text)) for question in questions]


def measure(judged: Sequence[Judged]) -> Report:
    inside = [one for one in judged if one.in_scope]
    shipped = _shipped(judged)
    suggested = sum(one.suggested for one in inside)
    return Report(
        inside=len(inside),
        outside=len(judged) - len(inside),
        top1=sum(one.ranked_right for one in inside),
        first3=sum(one.among_first for one in inside),
        suggested=suggested,
        missed=len(inside) - shipped.right - shipped.wrong - suggested,
        shipped=shipped,
        sweep=tuple(_at(threshold, judged) for threshold in STEPS),
        confusions=_confusions(inside),
        misleading=tuple(
            sorted((one for one in judged if one.answered and not one.right), key=lambda one: -one.verdict.confidence)
        ),
    )


def _shipped(judged: Sequence[Judged]) -> Counts:
    answered = [one for one in judged if one.answered]
    return _count(min((one.verdict.confidence for one in answered), default=1.0), answered)


def _at(threshold: float, judged: Sequence[Judged]) -> Counts:
    return _count(threshold, [one for one in judged if one.first and one.verdict.confidence >= threshold])


def _count(threshold: float, answered: Sequence[Judged]) -> Counts:
    """The first candidate is what an answered question gets."""
    inside = [one for one in answered if one.in_scope]
    right = sum(one.ranked_right for one in inside)
    return Counts(threshold, right, len(inside) - right, len(answered) - len(inside))


def _confusions(inside: Sequence[Judged]) -> tuple[Confusion, ...]:
    mistaken = [one for one in inside if not one.ranked_right]
    examples = {(one.labelled.gold[0], one.first): one.labelled.text for one in reversed(mistaken)}
    counts = Counter((one.labelled.gold[0], one.first) for one in mistaken)
    return tuple(Confusion(*pair, count, examples[pair]) for pair, count in counts.most_common())
