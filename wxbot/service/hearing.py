"""What a follower hears who writes one text, and nothing before it: the rules and the engine, without a store."""

from dataclasses import dataclass
from itertools import repeat
from typing import Literal

from wxbot.answering.normalise import normalise
from wxbot.domain.dialogue import decide
from wxbot.domain.facts import Facts
from wxbot.domain.message import Inbound, Text
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn
from wxbot.service.content import Live

Kind = Literal["answer", "suggest", "none", "human", "browse", "phones"]

NOW = 1_795_399_200
"""A Monday morning at ten in Shanghai, always the same one: what is heard must not depend on when it is tried."""

_BY_RULE: dict[str, Kind] = {
    "human": "human",
    "no_human": "human",
    "nobody_there": "human",
    "browse": "browse",
    "phones": "phones",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """
    kind: an answer, suggestions, nothing of use; or what the rules before the engine gave.
    ids: of the answer, or of up to three suggestions. confidence: of the engine, None when it was not asked.
    """

    kind: Kind
    ids: tuple[str, ...] = ()
    confidence: float | None = None


def hear(live: Live, text: str) -> Heard:
    """Any text is legal."""
    inbound = Inbound("hearing", "hearing", "", NOW, Text(text))
    facts = Facts(now=NOW, ids=repeat("hearing"), text=normalise(text), find=live.find)
    return _heard(decide(live.script, Session(inbound.user), inbound, facts))


def _heard(turn: Turn) -> Heard:
    if not turn.questions:
        return Heard(_BY_RULE.get(turn.rule, "none"))
    question = turn.questions[0]
    if question.outcome == "answer":
        return Heard("answer", (question.answer_id,), question.confidence)
    options = turn.session.options if turn.session else ()
    # What is offered, not what was found: small talk is never offered, and near misses may be offered otherwise.
    ids = tuple(option.action.target for option in options if option.action.kind == "answer")
    return Heard("suggest" if ids else "none", ids, question.confidence)
