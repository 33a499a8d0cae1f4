"""Cases tried on the content that they lie beside."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from wxbot.answering.verdict import Candidate
from wxbot.domain.case import NONE, RESERVED, RULES, Case
from wxbot.service.content import Live
from wxbot.service.hearing import Heard, hear

RIVALS = 3
"""Candidates that are shown with a case that failed."""

Failure = Literal["wrong", "leaked", "offered", "missed"]
"""Something else was given; something where nothing should be; the right answer but as a suggestion; none of these."""


@dataclass(frozen=True, slots=True)
class Result:
    """
    failure: None when the case is met. rivals: what the engine ranked highest, best first; of failures only.
    """

    case: Case
    heard: Heard
    failure: Failure | None = None
    rivals: tuple[Candidate, ...] = ()


def run(live: Live, cases: Iterable[Case], *, suggest_ok: bool = False) -> list[Result]:
    """
    Try the cases, each in a conversation of its own.

    suggest_ok: being suggested is enough for all of them.
    """
    return [_try(live, case, suggest_ok=suggest_ok or case.suggest_ok) for case in cases]


def _try(live: Live, case: Case, *, suggest_ok: bool) -> Result:
    heard = hear(live, case.ask)
    if is_met(heard, case.expect, suggest_ok=suggest_ok):
        return Result(case, heard)
    return Result(case, heard, _failure(heard, case.expect), live.engine.find(case.ask).candidates[:RIVALS])


def is_met(heard: Heard, expect: Iterable[str], *, suggest_ok: bool = False) -> bool:
    wanted = frozenset(expect)
    if heard.kind in RULES:
        return heard.kind in wanted
    if heard.kind != "answer" and NONE in wanted:
        return True
    return (heard.kind == "answer" or suggest_ok) and not (wanted - RESERVED).isdisjoint(heard.ids)


def _failure(heard: Heard, expect: Sequence[str]) -> Failure:
    if heard.kind == "suggest":
        return "missed" if set(expect).isdisjoint(heard.ids) else "offered"
    if heard.kind == "none":
        return "missed"
    return "leaked" if NONE in expect else "wrong"
