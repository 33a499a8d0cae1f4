"""What of an account's menu and replies goes where in the operators' files, and what cannot go anywhere."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any

from wxbot.answering.normalise import normalise
from wxbot.domain.menu import Menu
from wxbot.domain.official import Mention
from wxbot.domain.script import Script
from wxbot.service.takeover.buttons import declarable
from wxbot.service.takeover.reading import Account, Rule
from wxbot.service.takeover.replies import Carried, Medium, Reply, shortened
from wxbot.service.takeover.shelf import Shelf, Taken

MENU, WELCOME, FALLBACK = "menu", "welcome", "fallback"
REPLACEABLE = (MENU, WELCOME, FALLBACK)
"""What operators may have written already, and stays then unless they ask."""

_NO_KEYWORD = re.compile("[，、；;\n]")


@dataclass(frozen=True, slots=True)
class Known:
    """What is there. written: those of REPLACEABLE that operators have written."""

    script: Script
    written: Set[str]

    def admitting(self, official: Iterable[Mention]) -> "Known":
        """With these in the operator's register."""
        return replace(self, script=replace(self.script, official=self.script.official.admitting(official)))


@dataclass(frozen=True, slots=True)
class Wish:
    """replace: those of REPLACEABLE to take although there is one. closed: also what is switched off."""

    replace: Set[str] = frozenset()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """
    answers: new ones. welcome: keys of that section. fallback: `texts.miss_first`, or ''. menu: None where it stays.

    notes: one sentence for each thing that could not be carried over, or not as it was. strangers: what is not in the
    operator's register, so that things were left out for it.
    """

    answers: tuple[Taken, ...] = ()
    welcome: Mapping[str, Any] = field(default_factory=dict)
    fallback: str = ""
    menu: Menu | None = None
    notes: tuple[str, ...] = ()
    strangers: tuple[Mention, ...] = ()


def plan(account: Account, known: Known, carried: Mapping[Medium, Carried], wish: Wish) -> Plan:
    """carried: what has become of the media; those that are not in it are reported."""
    shelf, gate = Shelf(known.script, carried), _Gate(known.written, wish)
    shelf.notes += account.refused
    welcome = _welcome(account, gate, shelf)
    fallback = _fallback(account, gate, shelf)
    if account.rules and gate.is_open("关键词规则", account.replies_on, shelf):
        for rule in account.rules:
            _take_rule(rule, shelf)
    menu = _menu(account, known.script, gate, shelf)
    strangers = tuple(shelf.screen.met.values())
    return Plan(tuple(shelf.answers), welcome, fallback, menu, tuple(shelf.notes), strangers)


@dataclass(frozen=True, slots=True)
class _Gate:
    """What may be taken; what may not is noted with what to do."""

    written: Set[str]
    wish: Wish

    def is_open(self, name: str, switched_on: bool, shelf: Shelf) -> bool:
        if switched_on or self.wish.closed:
            return True
        shelf.notes.append(f"{name}在后台是关着的，没有导入：要一起导入请加 --closed")
        return False

    def is_free(self, what: str, name: str, shelf: Shelf) -> bool:
        if what not in self.written or what in self.wish.replace:
            return True
        shelf.notes.append(f"menus.yaml 里已经写了，{name}没有导入：要换成公众号现在的请加 --replace {what}")
        return False


def _welcome(account: Account, gate: _Gate, shelf: Shelf) -> Mapping[str, Any]:
    reply, name = account.greeting, "关注后的回复"
    if not reply or not gate.is_open(name, account.greets, shelf):
        return {}
    if not gate.is_free(WELCOME, f"{name}（{reply.summary}）", shelf):
        return {}
    if reply.kind == "text":
        return {"text": _without_braces(reply.content, shelf)} if _is_ours(name, reply, shelf) else {}
    taken, label = shelf.put(name, f"关注时的{reply.name}", [reply]), f"查看{reply.name}"
    if not taken:
        return {}
    shelf.notes.append(f"{name}是{reply.name}，欢迎语只能是文字：写成了欢迎语下面的选项“{label}”，请补写欢迎语")
    return {"options": [{"label": label, "action": f"answer:{taken.id}"}]}


def _is_ours(name: str, reply: Reply, shelf: Shelf) -> bool:
    objection = shelf.screen.objection(reply.content)
    if objection:
        shelf.notes.append(f"{name}“{reply.summary}”没有导入：{objection}")
    return not objection


def _without_braces(text: str, shelf: Shelf) -> str:
    if "{" in text or "}" in text:
        shelf.notes.append("欢迎语里的花括号换成了全角的：半角的是用来填名字的")
    return text.replace("{", "｛").replace("}", "｝")


def _fallback(account: Account, gate: _Gate, shelf: Shelf) -> str:
    reply, name = account.fallback, "收到消息的默认回复"
    if not reply or not gate.is_open(name, account.replies_on, shelf):
        return ""
    if not gate.is_free(FALLBACK, f"{name}（{reply.summary}）", shelf):
        return ""
    if reply.kind != "text":
        why = "听不懂时说的话只能是文字：请改写 menus.yaml 里的 texts.miss_first"
        shelf.notes.append(f"{name}是{reply.name}，没有导入。{why}")
        return ""
    if not _is_ours(name, reply, shelf):
        return ""
    afterwards = "第一次没听懂时说这句（原来一小时只说一次），再听不懂就列出分类、转人工"
    shelf.notes.append(f"{name}写成了 texts.miss_first：{afterwards}")
    return reply.content.replace("{", "{{").replace("}", "}}")


def _take_rule(rule: Rule, shelf: Shelf) -> None:
    name = f"关键词规则“{rule.name or shortened('、'.join(rule.keywords))}”"
    phrasings = {text: normalise(text) for text in rule.keywords}
    free = [text for text, phrasing in phrasings.items() if phrasing and not shelf.owner(text)]
    if shelf.has(set(filter(None, phrasings.values())), rule.used):
        return
    lost = list(_losses(rule, phrasings, shelf))
    if not free:
        shelf.notes += [f"{name}没有导入：{sentence}" for sentence in lost]
        return
    contain = [text for text in rule.contain if text in free]
    shelf.put(
        name,
        free[0],
        rule.used,
        base=rule.name,
        lost=lost,
        similar=tuple(text for text in contain if text != free[0]),
        exact=tuple(text for text in rule.equal if text in free),
        keywords=tuple(text for text in contain if not _NO_KEYWORD.search(text)),
    )


def _losses(rule: Rule, phrasings: Mapping[str, str], shelf: Shelf) -> Iterator[str]:
    for text, phrasing in phrasings.items():
        if not phrasing:
            yield f"关键词“{text}”里没有文字，机器人匹配不上，请换成用户会打的字"
        elif owner := shelf.owner(text):
            yield f"关键词“{text}”已经由 {owner} 回答，要用原来的回复请改那条答案"
    if unused := rule.replies[len(rule.used) :]:
        others = "；".join(reply.summary for reply in unused)
        yield f"原来从 {len(rule.replies)} 条里随机回一条，只用了第一条，其余请自己取舍：{others}"


def _menu(account: Account, script: Script, gate: _Gate, shelf: Shelf) -> Menu | None:
    live = account.live
    if live is None or not live.shape.default or not gate.is_open("菜单", not live.closed, shelf):
        return None
    return declarable(live.shape, script.old_keys, shelf) if gate.is_free(MENU, "公众号的菜单", shelf) else None
