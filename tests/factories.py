"""Things to test with, in the words of the domain: `a_script()`, `a_text("退款")`, `facts()`, and a `Chat`."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import wxbot.adapters.content
from wxbot.answering.normalise import normalise
from wxbot.domain.account import AccountType
from wxbot.domain.action import Action, Option
from wxbot.domain.contacts import Contacts, Phone
from wxbot.domain.dialogue import decide
from wxbot.domain.facts import Facts, Found
from wxbot.domain.menu import Button, Menu
from wxbot.domain.message import Event, Inbound, Text, UserMessage, Voice
from wxbot.domain.reply import Part, Reply, TextPart
from wxbot.domain.script import Answer, Greeting, Script, Welcome, Words
from wxbot.domain.session import Session
from wxbot.domain.staffing import UNKNOWN, Presence
from wxbot.domain.turn import Turn

USER, ACCOUNT = "oFollower-1", "gh_0123456789ab"
NOW = 1_795_399_200
"""Monday 2026-11-23, 10:00 in Shanghai."""

SHIPPED = Path(wxbot.adapters.content.__file__).parent
MINUTE, HOUR, DAY = 60, 3600, 86400


@cache
def shipped_texts() -> Mapping[str, str]:
    texts: dict[str, str] = yaml.safe_load((SHIPPED / "texts.yaml").read_text("utf-8"))
    return texts


@cache
def shipped_words() -> Words:
    written = yaml.safe_load((SHIPPED / "words.yaml").read_text("utf-8"))
    words = {meaning: tuple(map(normalise, texts)) for meaning, texts in written.items()}
    around = {meaning: words.pop(meaning) for meaning in ("before", "after", "doubts")}
    return Words(**{meaning: frozenset(texts) for meaning, texts in words.items()}, **around)


def an_answer(id: str, question: str, *parts: Part | str, category: str = "订单", **changes: Any) -> Answer:
    said = tuple(TextPart(part) if isinstance(part, str) else part for part in parts or (f"{question}：这样做。",))
    return Answer(id, category, question, said, **changes)


def an_option(label: str, action: str, target: str = "") -> Option:
    return Option(label, Action(action, target))  # type: ignore[arg-type]


def a_menu(*buttons: Button) -> Menu:
    return Menu(buttons)


def a_script(*extra: Answer, **changes: Any) -> Script:
    """
    A shop's: two categories, one of them with a related question, small talk, one phone line, agents.

    extra: more answers, after these. changes: fields of the script.
    """
    answers = (
        an_answer("refund", "怎么退款", "在订单页点「申请退款」。"),
        an_answer("invoice", "怎么开发票", "在订单页点「开发票」。", related=("refund",)),
        an_answer("password", "怎么重置密码", "在登录页点「忘记密码」。", category="账号"),
        an_answer("hello", "你好", "您好！", category="闲聊", smalltalk=True),
        *extra,
    )
    categories: dict[str, tuple[str, ...]] = {}
    for answer in answers:
        if not answer.smalltalk:
            categories[answer.category] = (*categories.get(answer.category, ()), answer.id)
    shop: dict[str, Any] = {
        "name": "小店",
        "answers": {answer.id: answer for answer in answers},
        "categories": categories,
        "welcome": Welcome(Greeting("欢迎关注{name}。", (an_option("常见问题", "browse"),))),
        "contacts": Contacts(phones=(Phone("客服热线", "400-000-0000", "工作日 9:00–18:00"),)),
        "words": shipped_words(),
        "texts": shipped_texts(),
    }
    return Script(**{**shop, **changes})


def a_bot_only_script(*extra: Answer, **changes: Any) -> Script:
    """Of an account that may do nothing but answer."""
    return a_script(*extra, account_type=AccountType.UNVERIFIED, **changes)


def a_session(**changes: Any) -> Session:
    """Of a talk that is going on."""
    return Session(**{"user": USER, "follows": 1, "first_seen": NOW - DAY, "last_seen": NOW - MINUTE, **changes})


def an_inbound(content: UserMessage | Event, *, id: str = "m1", at: int = NOW, user: str = USER) -> Inbound:
    return Inbound(id, user, ACCOUNT, at, content)


def a_text(words: str, *, tap_id: str = "", id: str = "m1") -> Inbound:
    return an_inbound(Text(words, tap_id), id=id)


def engine_of(script: Script) -> Callable[[str], Found]:
    """An answer engine that knows every question by heart and suggests what shares three signs with it."""
    known = {normalise(answer.question): answer.id for answer in script.answers.values()}

    def find(text: str) -> Found:
        asked = normalise(text)
        if asked in known:
            return Found("answer", (known[asked],), 1.0)
        near = tuple(id for question, id in known.items() if len(set(question) & set(asked)) >= 3)[:3]
        return Found("suggest", near, 0.4) if near else Found()

    return find


def facts(inbound: Inbound, script: Script, **changes: Any) -> Facts:
    """As the service hands them over for this message."""
    words = {Text: "content", Voice: "recognition"}.get(type(inbound.content), "")
    text = normalise(getattr(inbound.content, words, ""))
    ids = map("id{}".format, itertools.count(1))
    return Facts(**{"now": NOW, "ids": ids, "text": text, "find": engine_of(script), **changes})


def a_turn(script: Script, session: Session, inbound: Inbound, **changes: Any) -> Turn:
    """What is decided on one message. changes: fields of the facts."""
    return decide(script, session, inbound, facts(inbound, script, **changes))


@dataclass
class Chat:
    """A talk of several messages with one follower; every turn is kept."""

    script: Script = field(default_factory=a_script)
    session: Session = field(default_factory=a_session)
    now: int = NOW
    degraded: bool = False
    presence: Presence = UNKNOWN
    turns: list[Turn] = field(default_factory=list)
    ids: Any = field(default_factory=lambda: map("id{}".format, itertools.count(1)))

    def says(self, words: str, *, tap_id: str = "") -> Turn:
        return self.sends(Text(words, tap_id))

    def sends(self, content: UserMessage | Event) -> Turn:
        """A message or event, some seconds after the one before."""
        self.now += 5
        session = Session(USER) if self.degraded else self.session
        given = {"now": self.now, "ids": self.ids, "degraded": self.degraded, "presence": self.presence}
        turn = a_turn(self.script, session, an_inbound(content, at=self.now), **given)
        self.session = turn.session or Session(USER)
        self.turns.append(turn)
        return turn

    def waits(self, seconds: int) -> None:
        self.now += seconds


def text_of(turn: Turn) -> str:
    """The words of a reply that is a text."""
    return text_of_reply(turn.reply)


def text_of_reply(reply: Reply) -> str:
    assert isinstance(reply, TextPart), reply
    return reply.text


def labels(turn: Turn) -> list[str]:
    """What can be picked after this turn."""
    assert turn.session is not None
    return [option.label for option in turn.session.options]
