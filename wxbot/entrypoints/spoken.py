"""Answers and what was heard in words for operators."""

from collections.abc import Mapping

from wxbot.domain.script import Answer
from wxbot.service.hearing import Heard

_WORDS = {"none": "不回答", "human": "转人工", "browse": "分类目录", "phones": "联系方式"}
"""What is no answer, as it is expected."""


def named(word: str, answers: Mapping[str, Answer]) -> str:
    """An id with its question; or what a reserved word stands for."""
    if word in _WORDS:
        return _WORDS[word]
    return f"{word}「{answers[word].question}」" if word in answers else f"{word}（已经没有这条答案）"


def in_words(heard: Heard, answers: Mapping[str, Answer]) -> str:
    confidence = "" if heard.confidence is None else f"（把握 {heard.confidence:.2f}）"
    match heard.kind:
        case "answer":
            return f"回答 {named(heard.ids[0], answers)}{confidence}"
        case "suggest":
            return f"建议 {'、'.join(named(name, answers) for name in heard.ids)}{confidence}"
        case "none":
            return f"没有回答{confidence}"
    return _WORDS[heard.kind]
