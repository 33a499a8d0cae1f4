"""`human:` in menus.yaml: how followers reach a person, and what can be wrong with it."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from wxbot.adapters.content.document import Document
from wxbot.adapters.content.fields import AgentAccount, Count, Name, Text, Word
from wxbot.adapters.content.section import Section
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.answering.normalise import normalise
from wxbot.domain.staffing import CAPACITY, Staffing, Topic
from wxbot.errors import Problem


class TopicSection(Section):
    words: list[Word] = Field([], description="话里有这些词时直接转人工", examples=[["退款没到账"]])
    group: Text | None = Field(None, description="由哪一组客服接待", examples=["会员组"])
    tiers: dict[Text, Text] = Field({}, description="这些级别的用户由另外的组接待", examples=[{"企业版": "企业组"}])


class HumanSection(Section):
    enabled: bool = Field(True, description="有没有人工客服；没有就写 false")
    words: list[Word] = Field([], description="另外哪些话表示要找人工", examples=[["找小笺"]])
    anger: list[Word] = Field([], description="话里有这些词就是生气了，直接转人工", examples=[["再不退钱"]])
    misses: Count = Field(3, description="连续几次没答上就请用户转人工", examples=[3])
    topics: dict[Text, TopicSection] = Field(
        {},
        description="话题，动作写 human:话题",
        examples=[{"会员": {"words": ["退款没到账"], "group": "会员组", "tiers": {"企业版": "企业组"}}}],
    )
    tiers: dict[Text, Text] = Field({}, description="没有话题时，各级用户由哪一组接待", examples=[{"企业版": "企业组"}])
    groups: dict[Text, Annotated[list[AgentAccount], Field(min_length=1)]] = Field(
        {}, description="客服分组；组里没人有空时由任何一位客服接待", examples=[{"会员组": ["kf2001@yunjian"]}]
    )
    capacity: Count = Field(CAPACITY, description="一位客服同时接待几位用户", examples=[5])
    open_session_on_tap: bool = Field(False, description="点菜单就直接接通空闲的客服，不用再点一次蓝字")
    ticket: Name | None = Field(None, description="没有人工时请用户填的表单", examples=["problem"])


def staffing_of(section: HumanSection) -> Staffing:
    return Staffing(
        misses=section.misses,
        topics=MappingProxyType({name: _topic(topic) for name, topic in section.topics.items()}),
        groups=MappingProxyType({name: tuple(accounts) for name, accounts in section.groups.items()}),
        tiers=MappingProxyType(dict(section.tiers)),
        capacity=section.capacity,
        open_on_tap=section.open_session_on_tap,
        ticket=section.ticket or "",
    )


def _topic(section: TopicSection) -> Topic:
    words = tuple(filter(None, map(normalise, section.words)))
    return Topic(words, section.group or "", MappingProxyType(dict(section.tiers)))


def problems_of(section: HumanSection, document: Document) -> Iterator[Problem]:
    """Groups that do not exist or that nobody is sent to, and words that can never match."""
    sent_to = dict(_groups_named(section))
    for loc, group in sent_to.items():
        if group not in section.groups:
            hint = did_you_mean(group, section.groups) or "请写在 human.groups 里"
            yield document.problem(("human", *loc), f"没有名为「{group}」的客服组", hint)
    for group in section.groups:
        if group not in sent_to.values():
            message, hint = f"没有人会转给「{group}」", "在 topics 或 tiers 里写上它，或者删掉"
            yield document.problem(("human", "groups", group), message, hint, key=True, severity="warning")
    for place, words in _word_lists(section):
        for number, word in enumerate(words):
            if not normalise(word):
                message = f"「{word}」里没有文字，永远匹配不上"
                yield document.problem(("human", *place, number), message, "请删掉它", severity="warning")


Place = tuple[str, ...]


def _groups_named(section: HumanSection) -> Iterator[tuple[Place, str]]:
    for tier, group in section.tiers.items():
        yield ("tiers", tier), group
    for name, topic in section.topics.items():
        if topic.group:
            yield ("topics", name, "group"), topic.group
        for tier, group in topic.tiers.items():
            yield ("topics", name, "tiers", tier), group


def _word_lists(section: HumanSection) -> Iterator[tuple[Place, list[str]]]:
    yield ("words",), section.words
    yield ("anger",), section.anger
    for name, topic in section.topics.items():
        yield ("topics", name, "words"), topic.words
