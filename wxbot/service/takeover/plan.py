"""What of an account's menu and replies goes where in the operators' files, and what cannot go anywhere."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from wxbot.answering.normalise import normalise
from wxbot.domain.action import Action
from wxbot.domain.menu import SUB_NAME_BYTES, TOP_NAME_BYTES, Menu
from wxbot.domain.reply import TextPart
from wxbot.domain.script import Answer, Script
from wxbot.service.answer_table import readable_id
from wxbot.service.live_menu import adopt
from wxbot.service.takeover.reading import Account, Rule
from wxbot.service.takeover.replies import (
    NAMES,
    Carried,
    Json,
    Medium,
    Part,
    Reply,
    is_link,
    parts_of,
    reply_of,
    shortened,
)

MENU, WELCOME, FALLBACK = "menu", "welcome", "fallback"
REPLACEABLE = (MENU, WELCOME, FALLBACK)
"""What operators may have written already, and stays then unless they ask."""

_NO_KEYWORD = re.compile("[，、；;\n]")


@dataclass(frozen=True, slots=True)
class Known:
    """What is there. written: those of REPLACEABLE that operators have written."""

    script: Script
    written: Set[str]


@dataclass(frozen=True, slots=True)
class Wish:
    """replace: those of REPLACEABLE to take although there is one. closed: also what is switched off."""

    replace: Set[str] = frozenset()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A new answer. parts: as the files write them. notes: where it comes from, and what is missing in it."""

    id: str
    question: str
    parts: tuple[Part, ...]
    similar: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """
    answers: new ones. welcome: keys of that section. fallback: `texts.miss_first`, or ''. menu: None where it stays.

    notes: one sentence for each thing that could not be carried over, or not as it was.
    """

    answers: tuple[Taken, ...] = ()
    welcome: Mapping[str, Any] = field(default_factory=dict)
    fallback: str = ""
    menu: Menu | None = None
    notes: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        return not (self.answers or self.welcome or self.fallback or self.menu)


def plan(account: Account, known: Known, carried: Mapping[Medium, Carried], wish: Wish) -> Plan:
    """carried: what has become of the media; those that are not in it are reported."""
    planner = _Planner(known, carried, wish)
    planner.notes += account.refused
    welcome = planner.welcome(account)
    fallback = planner.fallback(account)
    if account.replies_on or wish.closed:
        for rule in account.rules:
            planner.rule(rule)
    elif account.rules:
        planner.notes.append(f"{len(account.rules)} 条关键词规则在后台是关着的，没有导入：要一起导入请加 --closed")
    menu = planner.menu(account)
    return Plan(tuple(planner.answers), welcome, fallback, menu, tuple(planner.notes))


class _Planner:
    """Goes through the account; what is taken takes ids and phrasings from what comes later."""

    def __init__(self, known: Known, carried: Mapping[Medium, Carried], wish: Wish) -> None:
        self.answers: list[Taken] = []
        self.notes: list[str] = []
        self._known, self._carried, self._wish = known, carried, wish
        self._ids = set(known.script.answers)
        self._asked = {text: answer.id for answer in known.script.answers.values() for text in _phrasings(answer)}

    def welcome(self, account: Account) -> Mapping[str, Any]:
        reply = account.greeting
        if not reply or not self._may_take(WELCOME, "关注后的回复", account.greets, reply):
            return {}
        if reply.kind == "text":
            return {"text": self._without_braces(reply.content, "欢迎语")}
        taken = self._answer("关注后的回复", f"关注时的{reply.name}", [reply], [])
        label = f"查看{reply.name}"
        if not taken:
            return {}
        self.notes.append(
            f"关注后的回复是{reply.name}，欢迎语只能是文字：写成了欢迎语下面的选项“{label}”，请补写欢迎语"
        )
        return {"options": [{"label": label, "action": f"answer:{taken.id}"}]}

    def fallback(self, account: Account) -> str:
        reply = account.fallback
        if not reply or not self._may_take(FALLBACK, "收到消息的默认回复", account.replies_on, reply):
            return ""
        if reply.kind != "text":
            why = "听不懂时说的话只能是文字：请改写 menus.yaml 里的 texts.miss_first"
            self.notes.append(f"收到消息的默认回复是{reply.name}，没有导入。{why}")
            return ""
        self.notes.append(
            "收到消息的默认回复写成了 texts.miss_first：第一次没听懂时说这句（原来一小时只说一次），"
            "再听不懂就列出分类、转人工"
        )
        return reply.content.replace("{", "{{").replace("}", "}}")

    def rule(self, rule: Rule) -> None:
        name = f"关键词规则“{rule.name or shortened('、'.join(rule.keywords))}”"
        free = [text for text in rule.keywords if self._is_free(text, name)]
        if not free or not rule.replies:
            self._report_unused(rule, name)
            return
        lost = [
            f"关键词“{text}”已经由 {self._asked[normalise(text)]} 回答，没有写进来：要让这条来回答，请从那条里删掉"
            for text in rule.keywords
            if normalise(text) in self._asked
        ]
        if unused := rule.replies[len(rule.used) :]:
            others = "；".join(reply.summary for reply in unused)
            lost.append(f"原来从 {len(rule.replies)} 条里随机回一条，只用了第一条，其余请自己取舍：{others}")
        contain = [text for text in rule.contain if text in free]
        self._answer(
            name,
            free[0],
            rule.used,
            lost,
            base=rule.name or free[0],
            similar=tuple(text for text in contain if text != free[0]),
            exact=tuple(text for text in rule.equal if text in free),
            keywords=tuple(text for text in contain if not _NO_KEYWORD.search(text)),
        )

    def menu(self, account: Account) -> Menu | None:
        live = account.live
        if live is None or not live.shape.default:
            return None
        if live.closed and not self._wish.closed:
            self.notes.append("菜单在后台是关着的，没有导入：要一起导入请加 --closed")
            return None
        if MENU in self._known.written and MENU not in self._wish.replace:
            self.notes.append("menus.yaml 里已经有菜单，没有改：要换成公众号现在的菜单请加 --replace menu")
            return None
        shape = replace(
            live.shape,
            default=self._buttons(live.shape.default),
            conditional=[replace(menu, buttons=self._buttons(menu.buttons)) for menu in live.shape.conditional],
        )
        menu, undecided = adopt(shape, self._known.script.old_keys)
        self.notes += [f"菜单：{sentence}" for sentence in undecided]
        return menu

    def _may_take(self, what: str, name: str, is_open: bool, reply: Reply) -> bool:
        if not is_open and not self._wish.closed:
            self.notes.append(f"{name}在后台是关着的，没有导入：要一起导入请加 --closed")
            return False
        if what in self._known.written and what not in self._wish.replace:
            cure = f"要换成它请加 --replace {what}"
            self.notes.append(f"menus.yaml 里已经写了相应的话，{name}（{reply.summary}）没有导入：{cure}")
            return False
        return True

    def _is_free(self, keyword: str, name: str) -> bool:
        phrasing = normalise(keyword)
        if not phrasing:
            self.notes.append(f"{name}的关键词“{keyword}”里没有文字，机器人匹配不上，没有导入：请换成用户会打的字")
            return False
        return phrasing not in self._asked

    def _report_unused(self, rule: Rule, name: str) -> None:
        if not rule.replies:
            self.notes.append(f"{name}没有回复内容，没有导入")
            return
        owners = {self._asked[text] for text in map(normalise, rule.keywords) if text in self._asked}
        if self._is_imported(owners, rule):
            return
        if owners:
            ids = "、".join(sorted(owners))
            self.notes.append(f"{name}的关键词已经由 {ids} 回答，没有导入：要用原来的回复请改那条答案")

    def _is_imported(self, owners: Set[str], rule: Rule) -> bool:
        """Whether an answer is asked for by the same words and says the same ones, as after an earlier import."""
        wanted = {text for text in map(normalise, rule.keywords) if text}
        said = [reply.content for reply in rule.used if reply.kind == "text"]
        answers = [self._known.script.answers[id] for id in owners if id in self._known.script.answers]
        return any(_phrasings(answer) == wanted and _texts(answer) == said for answer in answers)

    def _answer(
        self, name: str, question: str, replies: Sequence[Reply], lost: list[str], *, base: str = "", **phrasings: Any
    ) -> Taken | None:
        """A new answer; None where nothing of the replies can be one. lost: what is missing already."""
        parts = tuple(part for reply in replies for part in parts_of(reply, self._carried, lost))
        self.notes += [f"{name}：{sentence}" for sentence in lost]
        if not parts:
            self.notes.append(f"{name}没有能用的回复，没有导入")
            return None
        id = readable_id(base or question, self._ids)
        files = [f"{reply.name}存在 {file}" for reply in replies if (file := self._file(reply))]
        notes = (f"来自{name}", *files, *lost)
        taken = Taken(id, question, parts, notes=notes, **phrasings)
        self.answers.append(taken)
        self._ids.add(id)
        for text in (question, *taken.similar, *taken.exact):
            self._asked.setdefault(normalise(text), id)
        return taken

    def _file(self, reply: Reply) -> str:
        found = self._carried.get(reply.medium) if reply.medium else None
        return found.file if found and found.media_id else ""

    def _buttons(self, buttons: Iterable[Json], limit: int = TOP_NAME_BYTES) -> list[Json]:
        """As they can be declared: what the back office answers by itself becomes a tap on an answer."""
        return [
            self._button({**button, "name": self._fitted(str(button.get("name", "")), limit)}) for button in buttons
        ]

    def _button(self, button: Json) -> Json:
        if button.get("sub_button"):
            return {**button, "sub_button": self._buttons(button["sub_button"], SUB_NAME_BYTES)}
        name, kind = button["name"], str(button.get("type", ""))
        if kind in NAMES and (reply := reply_of(button, "value")):
            return self._tap(name, self._answer_of_button(name, reply))
        if kind == "view" and not is_link(str(button.get("url", ""))):
            self.notes.append(f"菜单“{name}”的网址 {button.get('url', '')} 不完整，暂时改成打开问题分类，请补上网址")
            return self._tap(name, None)
        if kind == "miniprogram" and not all(button.get(key) for key in ("appid", "pagepath", "url")):
            missing = "、".join(key for key in ("appid", "pagepath", "url") if not button.get(key))
            self.notes.append(f"菜单“{name}”的小程序缺少 {missing}，暂时改成打开问题分类，请补上")
            return self._tap(name, None)
        return button

    def _answer_of_button(self, name: str, reply: Reply) -> str | None:
        """The id of the answer that says the same."""
        lost: list[str] = []
        parts = tuple(parts_of(reply, self._carried, []))
        same = next((taken.id for taken in self.answers if taken.parts == parts), None) or self._same_text(reply)
        if same:
            return same
        phrasing = normalise(name)
        question = f"{name}（菜单）" if not phrasing or phrasing in self._asked else name
        taken = self._answer(f"菜单“{name}”", question, [reply], lost, base=name)
        return taken.id if taken else None

    def _same_text(self, reply: Reply) -> str | None:
        answers = self._known.script.answers.values()
        said = (answer.id for answer in answers if len(answer.parts) == 1 and _texts(answer) == [reply.content])
        return next(said, None) if reply.kind == "text" else None

    def _tap(self, name: str, id: str | None) -> Json:
        action = Action("answer", id) if id else Action("browse")
        return {"type": "click", "name": name, "key": str(action)}

    def _fitted(self, name: str, limit: int) -> str:
        cut = name.encode()[:limit].decode(errors="ignore")
        if cut != name:
            self.notes.append(f"菜单名“{name}”超过 {limit} 字节，截成了“{cut}”，请换个短的名字")
        return cut

    def _without_braces(self, text: str, what: str) -> str:
        if "{" in text or "}" in text:
            self.notes.append(f"{what}里的花括号换成了全角的：半角的是用来填名字的")
        return text.replace("{", "｛").replace("}", "｝")


def _phrasings(answer: Answer) -> set[str]:
    return {text for text in map(normalise, (answer.question, *answer.similar, *answer.exact)) if text}


def _texts(answer: Answer) -> list[str]:
    return [part.text for part in answer.parts if isinstance(part, TextPart)]
