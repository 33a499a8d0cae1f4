"""What is allowed in the answers and still misleads: it takes all entries side by side to see it."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wxbot.answering.clusters import folder
from wxbot.answering.normalise import normalise
from wxbot.answering.search import exact_answers
from wxbot.domain.script import Answer, Script, actions
from wxbot.service.content import entries_of

KEYWORD_SHARED_BY = 5
"""Most entries that a keyword can tell apart from the rest."""

Piece = tuple[str | int, ...]
"""Where in an entry: ('question',), ('similar', 2)."""

_FRAME = re.compile(r"怎么(?!$)|我?[想要]|[了请]")
"""What may be in a question or not, and it stays the same; only at its end 怎么 asks whether a thing is any good."""
_UNIT = re.compile(r"[0-9a-z+#.]+|.")
_LONGEST_TURNED = 24


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in one entry. message, hint: Chinese."""

    id: str
    piece: Piece
    message: str
    hint: str


def lint(script: Script, synonyms: Iterable[Sequence[str]] = ()) -> list[Finding]:
    """
    What deserves a look, of content that has no errors.

    synonyms: groups of words, the first of which stands for all.
    """
    answers = script.answers
    same = list(_same_questions(answers, folder(synonyms)))
    told = {(finding.id, finding.piece) for finding in same}
    lost = [finding for finding in _lost(script) if (finding.id, finding.piece) not in told]
    return [*same, *lost, *_same_answers(answers), *_worn_keywords(answers)]


def _phrasings(answer: Answer) -> Iterator[tuple[Piece, str]]:
    yield ("question",), answer.question
    for number, text in enumerate(answer.similar):
        yield ("similar", number), text


def _same_questions(answers: Mapping[str, Answer], gist: Callable[[str], str]) -> Iterator[Finding]:
    """Two entries with one question in two wordings. Small talk is left out: there politeness is the question."""
    asked: dict[str, tuple[Answer, str]] = {}
    for answer in answers.values():
        for piece, text in () if answer.smalltalk else _phrasings(answer):
            first, wording = asked.setdefault(_turned(_FRAME.sub("", gist(text))), (answer, text))
            # What is spelled the same is told with the files.
            if first is not answer and normalise(text) != normalise(wording):
                message = f"「{text}」和 {first.id} 的「{wording}」问的是同一件事"
                yield Finding(answer.id, piece, message, "请删掉一个，或把两条答案合成一条")


def _turned(gist: str) -> str:
    """The same for 发票开 and 开发票, but not for PDF转Word and Word转PDF: what stands in front may stand behind."""
    units = _UNIT.findall(gist)
    if not 1 < len(units) <= _LONGEST_TURNED:
        return gist
    return min("".join(units[at:] + units[:at]) for at in range(len(units)))


def _lost(script: Script) -> Iterator[Finding]:
    """Entries with no way in: every phrasing is another's, and no tap leads there."""
    found = {*exact_answers(entries_of(script)).values(), *_tapped(script)}
    for answer in script.answers.values():
        if answer.id not in found:
            message = f"没有一种问法能得到 {answer.id} 这条答案，也没有菜单、选项或相关问题通到它"
            hint = "请换成和别的答案不重复的问法，或把它并到别的答案里"
            yield Finding(answer.id, ("question",), message, hint)


def _tapped(script: Script) -> Iterator[str]:
    """Ids of the answers that something other than a question leads to."""
    for answer in script.answers.values():
        yield from answer.related
    for action in actions(script):
        if action.kind == "answer":
            yield action.target


def _same_answers(answers: Mapping[str, Answer]) -> Iterator[Finding]:
    given: dict[object, Answer] = {}
    for answer in answers.values():
        first = given.setdefault(answer.parts, answer)
        if first is not answer:
            message = f"回答和 {first.id} 的一字不差"
            hint = "说的是一件事就合成一条，把问法都写进 similar；不是就各写各的"
            yield Finding(answer.id, ("answer",), message, hint)


def _worn_keywords(answers: Mapping[str, Answer]) -> Iterator[Finding]:
    holders: dict[str, list[tuple[Answer, Piece, str]]] = defaultdict(list)
    for answer in answers.values():
        for number, word in enumerate(answer.keywords):
            holders[normalise(word)].append((answer, ("keywords", number), word))
    for held in holders.values():
        if len({answer.id for answer, _, _ in held}) > KEYWORD_SHARED_BY:
            answer, piece, word = held[0]
            message = f"{len(held)} 条答案都把「{word}」写作关键词，它分不出该用哪一条"
            yield Finding(answer.id, piece, message, "请只留给最该用它的几条")
