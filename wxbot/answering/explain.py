"""Why this answer? The engine's way through one question, in words that an operator understands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wxbot.answering.ranking import COVERAGE, KEYWORD, LIKENESS, NEIGHBOURS, PHRASINGS
from wxbot.answering.verdict import Verdict

OUTCOMES = {"answer": "直接回答", "suggest": "不够有把握，给出建议", "none": "没有可答的"}
RIVALS = 5


@dataclass(frozen=True, slots=True)
class Rival:
    """
    One entry that was looked at closely.

    closest: its most similar phrasing. confidence: 0..1. The rest are the parts of its score, as in `ranking`.
    """

    id: str
    closest: str
    confidence: float
    coverage: float
    neighbours: float
    likeness: float
    phrasings: float
    keyword: float
    meaning: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """
    words: as cut. folds: word → what it was read as. unseen: words that no phrasing holds.
    exact: the text is one of an entry's own. small_talk: the answer came from there.
    on_subject: 0..1, how surely the question belongs to this knowledge base. bar: probability, 0..1, that an entry
    must have of being right. by_meaning: words alone did not decide. rivals: best first.
    """

    text: str
    normalised: str
    words: tuple[str, ...]
    folds: Mapping[str, str]
    unseen: tuple[str, ...]
    verdict: Verdict
    exact: bool
    small_talk: bool
    on_subject: float
    bar: float
    by_meaning: bool
    rivals: tuple[Rival, ...]


def render(explanation: Explanation) -> str:
    """Several lines of Chinese."""
    return "\n".join(_lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    verdict = explanation.verdict
    ids = f"：{'、'.join(verdict.ids)}" if verdict.ids else ""
    yield f"结果　{OUTCOMES[verdict.outcome]}{ids}（把握 {verdict.confidence:.2f}，达到 0.50 才直接回答）"
    yield f"读作　{explanation.normalised or '（没有文字）'}"
    if explanation.exact:
        yield "原因　和这条答案的问法或 exact 一字不差，不再比较"
        return
    yield f"分词　{' / '.join(explanation.words)}"
    if explanation.folds:
        yield f"同义　{'，'.join(f'{word} → {fold}' for word, fold in explanation.folds.items())}"
    if explanation.unseen:
        yield f"没见过　{'、'.join(explanation.unseen)}（所有问法里都没有这些词）"
    source = "闲聊" if explanation.small_talk else "业务答案"
    yield f"范围　像是在问{source}的可能 {explanation.on_subject:.0%}"
    yield f"门槛　答对的可能要到 {explanation.bar:.0%}；这是用你的问法互相试问定出来的"
    if explanation.by_meaning:
        yield "意思　光看字面还拿不准，又用语义模型比较了意思"
    yield from _compared(explanation.rivals)


def _compared(rivals: tuple[Rival, ...]) -> Iterator[str]:
    for place, rival in enumerate(rivals, 1):
        yield f"{place}. {rival.id}（把握 {rival.confidence:.2f}）最像的问法：{rival.closest}"
        parts = [
            f"近邻 {NEIGHBOURS * rival.neighbours:+.1f}",
            f"覆盖 {rival.coverage:.0%} {COVERAGE * rival.coverage:+.1f}",
            f"字面相似 {rival.likeness:.0%} {LIKENESS * rival.likeness:+.1f}",
            f"问法多少 {PHRASINGS * rival.phrasings:+.1f}",
        ]
        if rival.keyword:
            parts.append(f"关键词 {KEYWORD * rival.keyword:+.1f}")
        if rival.meaning:
            parts.append(f"意思 {rival.meaning:+.1f}")
        yield f"   {'，'.join(parts)}"
