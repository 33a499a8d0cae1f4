"""What followers asked and got no answer to, most frequent first: where the content has gaps."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wxbot.answering.clusters import clusters, folder
from wxbot.answering.normalise import normalise
from wxbot.answering.search import build
from wxbot.answering.verdict import Candidate, Verdict
from wxbot.domain.case import Case
from wxbot.domain.personal import HIDDEN, masked
from wxbot.domain.rating import LOW_MARK, Rating
from wxbot.domain.turn import Question
from wxbot.service.cases import Result, run
from wxbot.service.content import Live
from wxbot.service.hearing import hear

TEACHABLE_CHARACTERS = 50
"""Longest text that is of use as a phrasing; longer ones are stories."""

_LETTERS = re.compile(r"[^\W\d_]")
_WORDLESS = re.compile(
    r"https?://\S+|www\.\S+"
    r"|[\[【](?:图片|照片|语音|视频|文件|链接|位置|名片|表情|动画表情|小程序|红包|转账|聊天记录|音乐|视频号"
    r"|收到不支|Unsupported)[^\]】]*[\]】]\S*",
    re.IGNORECASE,
)
"""What stands for something that is not words: links, and what WeChat and its users copy for media (protocol 2.2)."""


@dataclass(frozen=True, slots=True)
class Gap:
    """
    One thing that was asked and not answered, in all the ways it was asked. Personal data is hidden in its texts.

    question: the most frequent way. phrasings: all of them, that one first, then by frequency.
    count: times asked. users: followers who asked. last: unix seconds. nearest: what the engine would rank first.
    """

    question: str
    phrasings: tuple[str, ...]
    count: int
    users: int
    last: int
    nearest: Candidate | None = None

    @property
    def teachable(self) -> tuple[str, ...]:
        """The phrasings fit to be written into the content: short, without personal data, each different."""
        found: dict[str, str] = {}
        for text in self.phrasings:
            if HIDDEN not in text and len(text) <= TEACHABLE_CHARACTERS:
                found.setdefault(normalise(text), text)
        return tuple(found.values())


@dataclass(slots=True)
class _Asked:
    """One text, however it was spelled, or what several of them come to. wordings: as typed, with how often."""

    wordings: Counter[str] = field(default_factory=Counter)
    users: set[str] = field(default_factory=set)
    last: int = 0

    @property
    def count(self) -> int:
        return self.wordings.total()

    def note(self, question: Question, wording: str) -> None:
        self.wordings[wording] += 1
        self.users.add(question.user)
        self.last = max(self.last, question.at)


def find_gaps(questions: Iterable[Question], live: Live, synonyms: Iterable[Sequence[str]] = ()) -> list[Gap]:
    """
    The gaps in this content, most frequent first; the same questions and content give the same order.

    What the content answers by now is no gap any more, nor is what the rules before the engine take (a wish for a
    person, for the categories, for the phone number), small talk, and what has no words in it.

    synonyms: groups of words, the first of which stands for all.
    """
    verdicts = _open_ones(_texts(filter(_is_unhelped, questions)), live)
    gists = _by_gist(verdicts, folder(synonyms))
    frequent_first = sorted(gists, key=lambda gist: (-gists[gist].count, gist))
    groups = [[gists[frequent_first[number]] for number in group] for group in clusters(frequent_first)]
    gaps = [_gap(group, live, verdicts) for group in groups]
    return sorted(gaps, key=lambda gap: (-gap.count, -gap.users, -gap.last, gap.question))


@dataclass(frozen=True, slots=True)
class BadlyRated:
    """An answer that did not help. count: bad marks. reasons: in the followers' words, newest first, data hidden."""

    answer_id: str
    count: int
    reasons: tuple[str, ...]


def badly_rated(ratings: Iterable[Rating], live: Live) -> list[BadlyRated]:
    """Answers of this content that were rated as no help, those most often so first. ratings: oldest first."""
    latest = {
        rating.id: rating for rating in ratings if rating.subject == "answer" and rating.about in live.script.answers
    }
    bad: dict[str, list[Rating]] = defaultdict(list)
    for rating in latest.values():
        if 0 < rating.mark < LOW_MARK:
            bad[rating.about].append(rating)
    found = [
        BadlyRated(name, len(low), tuple(_readable(rating.reason) for rating in reversed(low) if rating.reason))
        for name, low in bad.items()
    ]
    return sorted(found, key=lambda each: (-each.count, each.answer_id))


def named(gaps: Sequence[Gap], name: str) -> int | None:
    """
    Where the gap stands, from 0, that has this number, from 1, or in which this was asked; None when there is none.
    """
    if name.isdecimal():
        return int(name) - 1 if 1 <= int(name) <= len(gaps) else None
    wanted = normalise(name)
    holding = (at for at, gap in enumerate(gaps) if wanted in map(normalise, gap.phrasings))
    return next(holding, None)


def broken_by(before: Live, after: Live, cases: Sequence[Case]) -> list[Result]:
    """The cases that were met before an edit and are not after it."""
    was = (result.failure for result in run(before, cases))
    return [result for failure, result in zip(was, run(after, cases), strict=True) if result.failure and not failure]


def _is_unhelped(question: Question) -> bool:
    """Whether the follower went without: the one place that decides it."""
    return question.outcome in ("none", "suggest")


def _texts(questions: Iterable[Question]) -> Iterable[_Asked]:
    """Each text once, without those that have no words in them."""
    found: dict[str, _Asked] = defaultdict(_Asked)
    for question in questions:
        wording = _readable(question.text)
        if len(_LETTERS.findall(wording.replace(HIDDEN, ""))) > 1:
            found[normalise(wording)].note(question, wording)
    return found.values()


def _readable(text: str) -> str:
    """On one line, without what would harm a terminal or a person."""
    words = "".join(sign if sign.isprintable() else " " for sign in _WORDLESS.sub(" ", masked(text)))
    return " ".join(words.split())


@dataclass(frozen=True, slots=True)
class _Open:
    """A text without an answer, and what the engine made of it."""

    asked: _Asked
    verdict: Verdict


def _open_ones(texts: Iterable[_Asked], live: Live) -> Mapping[str, _Open]:
    """By their most frequent wording."""
    # The rules need no engine to take what is theirs; asking it once a text is what takes the time here.
    rules = Live(live.script, build(()))
    found: dict[str, _Open] = {}
    for asked in texts:
        wording = _most_frequent(asked.wordings)[0]
        # Without a confidence the engine was not asked: a rule took it.
        if hear(rules, wording).confidence is not None:
            verdict = live.engine.find(wording)
            if verdict.outcome != "answer" and not _is_small_talk(verdict, live):
                found[wording] = _Open(asked, verdict)
    return found


def _is_small_talk(verdict: Verdict, live: Live) -> bool:
    return any(live.script.answers[id].smalltalk for id in verdict.ids[:1])


def _by_gist(texts: Mapping[str, _Open], gist: Callable[[str], str]) -> Mapping[str, _Asked]:
    found: dict[str, _Asked] = defaultdict(_Asked)
    for wording, text in texts.items():
        _join(found[gist(wording)], text.asked)
    return found


def _join(whole: _Asked, part: _Asked) -> None:
    whole.wordings.update(part.wordings)
    whole.users |= part.users
    whole.last = max(whole.last, part.last)


def _gap(group: Sequence[_Asked], live: Live, verdicts: Mapping[str, _Open]) -> Gap:
    whole = _Asked()
    for asked in group:
        _join(whole, asked)
    question = _most_frequent(group[0].wordings)[0]
    others = (text for text in _most_frequent(whole.wordings) if text != question)
    nearest = next(_business(verdicts[question].verdict.candidates, live), None)
    return Gap(question, (question, *others), whole.count, len(whole.users), whole.last, nearest)


def _business(candidates: Iterable[Candidate], live: Live) -> Iterator[Candidate]:
    return (candidate for candidate in candidates if not live.script.answers[candidate.id].smalltalk)


def _most_frequent(wordings: Counter[str]) -> list[str]:
    return sorted(wordings, key=lambda text: (-wordings[text], len(text), text))
