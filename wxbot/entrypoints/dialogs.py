"""Plays the operators' dialogs on the platform, as a user and an agent would, and says where it went otherwise."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wxbot.adapters.content.suggest import did_you_mean
from wxbot.domain.reply import ArticlePart, Part, TextPart
from wxbot.domain.script import Answer, Script
from wxbot.domain.transcript import Deed, Expectation, Transcript, What
from wxbot.entrypoints.columns import on_one_line
from wxbot.entrypoints.spoken import named
from wxbot.entrypoints.stage import (
    OUTCOMES,
    Impossible,
    Phone,
    SideDoor,
    in_words,
    labels_of,
    speaker,
    taps_of,
)
from wxbot.entrypoints.vitals import Vitals
from wxbot.sandbox.refusal import Json

MESSAGE_S = 15
"""Seconds that a message which the bot sends by itself may take, with one more try."""
SHOWN = 60
"""Most signs of a bubble that are repeated beside what was expected."""


@dataclass(frozen=True, slots=True)
class Failure:
    """line: of the step that went otherwise. wanted, came: in words. said: the talk so far, line by line."""

    transcript: Transcript
    line: int
    wanted: tuple[str, ...]
    came: tuple[str, ...]
    said: tuple[str, ...]


def difference(failure: Failure) -> Iterator[tuple[str, str]]:
    """What was expected and what came, as lines with their colours."""
    yield from (("green", f"- 应得  {wanted}") for wanted in failure.wanted)
    yield from (("red", f"+ 实得  {came}") for came in failure.came)


@dataclass(slots=True)
class Player:
    """
    Plays one dialog after the other, each with a user of its own.

    vitals: of the bot that answers there. show: hears every line as it is said. pause: called before every deed but the
    first.
    """

    door: SideDoor
    vitals: Vitals
    script: Script
    show: Callable[[str], object] = lambda line: None
    pause: Callable[[], object] = lambda: None
    _said: list[str] = field(default_factory=list)
    _heard: int = 0

    def play(self, transcript: Transcript) -> Failure | None:
        """None when all came as expected. Leaves the clock right, and no fault behind."""
        self._said, self._heard = [], 0
        try:
            phone = self._enter(transcript)
            for number, step in enumerate(transcript.steps):
                failure = self._take(phone, transcript, step, is_first=number == 0)
                if failure:
                    return failure
            return None
        finally:
            self._tidy()

    def _enter(self, transcript: Transcript) -> Phone:
        self._tidy()
        there = [agent["account"] for agent in self.door.get("state")["agents"] if agent["online"]]
        for account in there:
            self.door.post(f"agents/{account}/do", what="offline")
        if there:
            self._await_seen()
        if transcript.start:
            self.door.post("clock", set=transcript.start.moment(self.script.hours, time.time()))
        return Phone(self.door, str(self.door.post("users", name=transcript.title)["openid"]))

    def _tidy(self) -> None:
        self.door.delete("faults")
        self.door.post("clock", real=True)

    def _take(
        self, phone: Phone, transcript: Transcript, step: Deed | Expectation, *, is_first: bool
    ) -> Failure | None:
        try:
            if isinstance(step, Expectation):
                unmet = await_met(phone, step, self.script)
                self._listen(phone)
                came = tuple(_came(phone))
            else:
                unmet, came = [], ()
                if not is_first:
                    self.pause()
                self._do(phone, step)
        except Impossible as why:
            unmet, came = [step.written if isinstance(step, Deed) else "有回答"], (str(why),)
        return Failure(transcript, step.line, tuple(unmet), came, tuple(self._said)) if unmet else None

    def _do(self, phone: Phone, deed: Deed) -> None:
        # Otherwise what comes of the deed would depend on how fast this machine is.
        self.vitals.await_rest()
        self._listen(phone)
        # People take a second or more; WeChat tells two events apart by it (protocol 3.1).
        self.door.post("clock", advance=1)
        phone.turn_over()
        self._say(f"» {deed.written}")
        _DEEDS[deed.what](phone, deed)
        if deed.what in _SEEN:
            self._await_seen()
        self._listen(phone)

    def _await_seen(self) -> None:
        if self.script.has_people:
            self.vitals.await_seen(self.door)

    def _listen(self, phone: Phone) -> None:
        """Tell what is new on the phone."""
        for bubble in phone.bubbles(self._heard):
            self._heard = int(bubble["number"])
            for line in in_words(bubble).splitlines() if speaker(bubble) else ():
                self._say(f"  {speaker(bubble)}│ {line}".rstrip())

    def _say(self, line: str) -> None:
        self._said.append(line)
        self.show(line)


# What is done

_SEND = "cgi-bin/message/custom/send"
_FAULTS: Mapping[str, Json] = {
    "重复投递": {"path": "push", "kind": "duplicate"},
    "迟到的重复": {"path": "push", "kind": "repeat", "value": 2},
    "投递丢失": {"path": "push", "kind": "drop"},
    "回答丢失": {"path": "push", "kind": "drop", "after": True},
    "事件重复": {"path": "push", "kind": "duplicate", "name": "event"},
    "结束事件丢失": {"path": "push", "kind": "lose", "name": "kf_close_session"},
    "客服离开": {"path": "cgi-bin/customservice/getonlinekflist", "kind": "offline"},
    "接口繁忙": {"path": _SEND, "kind": "refuse", "value": -1},
    "接口变慢": {"path": _SEND, "kind": "slow", "value": 2},
    "接口断线": {"path": _SEND, "kind": "drop"},
    "接口中断": {"kind": "status", "value": 502, "lasts": 600},
    "令牌失效": {"path": _SEND, "kind": "refuse", "value": 40001},
    "额度用完": {"path": _SEND, "kind": "refuse", "value": 45047},
    "窗口关闭": {"path": _SEND, "kind": "refuse", "value": 45015},
}
_KINDS: Mapping[str, Json] = {
    "表情": {"what": "sticker"},
    "图片": {"what": "image"},
    "语音": {"what": "voice"},
    "视频": {"what": "video"},
    "位置": {"what": "location", "latitude": "30.25", "longitude": "120.21", "label": "杭州市"},
    "链接": {"what": "link", "title": "一个网页", "url": "https://example.com/"},
    "文件": {"what": "file", "title": "说明.pdf"},
}


def _tap(phone: Phone, deed: Deed) -> None:
    """The newest with that label; a page opens on the phone alone."""
    bubbles = [bubble for bubble in phone.bubbles() if bubble["who"] == "account"]
    taps = {label: (content, tap_id) for bubble in bubbles for label, content, tap_id in taps_of(bubble)}
    if deed.argument in taps:
        content, tap_id = taps[deed.argument]
        phone.do("tap", content=content, id=tap_id)
    elif deed.argument not in (labels := labels_of(bubbles)):
        hint = did_you_mean(deed.argument, labels) or f"可以点的有：{'、'.join(labels_of(bubbles[-1:])) or '没有'}"
        raise Impossible(f"聊天里没有可以点的「{deed.argument}」。{hint}")


def _press(phone: Phone, deed: Deed) -> None:
    buttons, path = phone.user()["menu"], []
    for name in (name.strip() for name in deed.argument.split("/")):
        names = [button["name"] for button in buttons]
        if name not in names:
            raise Impossible(f"用户看到的底部菜单里没有「{name}」，有：{'、'.join(names) or '没有菜单'}")
        path.append(names.index(name))
        buttons = buttons[path[-1]].get("sub_button") or []
    phone.do("menu", path=path)


def _call_agent(phone: Phone, what: str) -> None:
    """The first at the desk comes or goes; there has to be one."""
    agents = phone.door.get("state")["agents"] or [phone.door.post("agents", account="kf2001", online=False)]
    phone.door.post(f"agents/{agents[0]['account']}/do", what=what)


def _accept(phone: Phone, deed: Deed) -> None:
    online = [agent for agent in phone.door.get("state")["agents"] if agent["online"]]
    if not online:
        raise Impossible("没有客服在线，前面要先写：客服上线")
    if not phone.user()["queued"]:
        raise Impossible("用户没有在排队")
    phone.door.post(f"agents/{online[0]['account']}/do", what="accept", openid=phone.openid)


def _pass_on(phone: Phone, deed: Deed) -> None:
    serving = _serving(phone)
    agents = [agent["account"] for agent in phone.door.get("state")["agents"]]
    other = next((account for account in agents if account != serving), None)
    if not other:
        raise Impossible("没有第二位客服")
    phone.door.post(f"agents/{other}/do", what="online")
    phone.door.post(f"agents/{serving}/do", what="transfer", openid=phone.openid, to=other)


def _as_agent(phone: Phone, what: str, **fields: str) -> None:
    phone.door.post(f"agents/{_serving(phone)}/do", what=what, openid=phone.openid, **fields)


def _serving(phone: Phone) -> str:
    account = str(phone.user()["agent"])
    if not account:
        raise Impossible("没有客服在接待这位用户")
    return account


def _wait(phone: Phone, deed: Deed) -> None:
    phone.door.post("clock", advance=deed.seconds)


def _go_wrong(phone: Phone, deed: Deed) -> None:
    phone.door.post("faults", **_FAULTS[deed.argument])


def _tag(phone: Phone, deed: Deed) -> None:
    worn = [tag["id"] for tag in phone.user()["tags"]]
    phone.door.post(f"users/{phone.openid}", tags=[*worn, int(deed.argument)])


def _fill_queue(phone: Phone, deed: Deed) -> None:
    phone.door.post("queue", users=int(deed.argument))


_DEEDS: Mapping[What, Callable[[Phone, Deed], None]] = {
    "follow": lambda phone, deed: phone.do("follow"),
    "unfollow": lambda phone, deed: phone.do("unfollow"),
    "scan": lambda phone, deed: phone.do("scan", scene=deed.argument),
    "say": lambda phone, deed: phone.do("text", content=deed.argument),
    "speak": lambda phone, deed: phone.do("voice", recognition=deed.argument),
    "send": lambda phone, deed: phone.do(**_KINDS[deed.argument]),
    "tap": _tap,
    "menu": _press,
    "old_key": lambda phone, deed: phone.do("menu", key=deed.argument),
    "agent_online": lambda phone, deed: _call_agent(phone, "online"),
    "agent_offline": lambda phone, deed: _call_agent(phone, "offline"),
    "agent_accept": _accept,
    "agent_say": lambda phone, deed: _as_agent(phone, "send", text=deed.argument),
    "agent_transfer": _pass_on,
    "agent_close": lambda phone, deed: _as_agent(phone, "close"),
    "tag": _tag,
    "queue": _fill_queue,
    "wait": _wait,
    "fault": _go_wrong,
}
_SEEN: frozenset[What] = frozenset({"agent_online", "agent_offline", "queue"})
"""What the bot has to see before anything else is done."""


# What is expected


def await_met(phone: Phone, expected: Expectation, script: Script, *, within_s: float = MESSAGE_S) -> list[str]:
    """What is missing, in words; waits for messages only, since a reply is there when the deed is done."""
    unmet = list(_unmet(phone, expected, script))
    if unmet and expected.message:
        for _ in phone.arrivals(within_s):
            unmet = list(_unmet(phone, expected, script))
            if not unmet:
                break
    return unmet


def _unmet(phone: Phone, expected: Expectation, script: Script) -> Iterator[str]:
    news = phone.news()
    replies = [bubble for bubble in news if bubble["via"] == "reply"]
    messages = [bubble for bubble in news if bubble["via"] == "custom"]
    if expected.outcome and not _came_out(expected.outcome, phone, news):
        yield f"结果 {OUTCOMES[expected.outcome]}"
    if expected.answer and not _given(script.answers[expected.answer], replies):
        yield f"答案 {named(expected.answer, script.answers)}"
    yield from (f"回复里有「{piece}」" for piece in _lacking(expected.reply, replies))
    labels = labels_of(news)
    yield from (f"选项「{label}」" for label in expected.options if label not in labels)
    yield from (f"客服消息里有「{piece}」" for piece in _lacking(expected.message, messages))
    lacking = set(_lacking(expected.absent, news))
    yield from (f"没有「{piece}」" for piece in expected.absent if piece not in lacking)


def _came_out(outcome: str, phone: Phone, news: Sequence[Json]) -> bool:
    """After a deed of nobody's, such as time that passes, silence is that nothing came."""
    if outcome == "silence":
        return phone.outcome in ("silence", None) and not news
    return phone.outcome == outcome


def _lacking(pieces: Iterable[str], bubbles: Sequence[Json]) -> Iterator[str]:
    heard = [_folded(in_words(bubble)) for bubble in bubbles]
    return (piece for piece in pieces if not any(_folded(piece) in words for words in heard))


def _given(answer: Answer, replies: Sequence[Json]) -> bool:
    """Whether one of them is that answer, in whichever of its variants."""
    ways = [answer.parts, *(variant.parts for variant in answer.variants)]
    return any(_starts(parts[0], bubble) for parts in ways for bubble in replies)


def _starts(part: Part, bubble: Json) -> bool:
    """Whether it begins with that part of an answer; a long one comes in pieces."""
    match part, bubble["kind"]:
        case TextPart(text), "text":
            start, sent = _folded(text), _folded(bubble["text"])
            return sent.startswith(start) or start.startswith(sent)
        case ArticlePart(title), "news":
            return any(card["title"] == title for card in bubble["articles"])
        case _, kind:
            return bool(part.kind == kind)
    return False


def _folded(text: str) -> str:
    """Line breaks are the writer's choice."""
    return "".join(text.split())


def _came(phone: Phone) -> Iterator[str]:
    if phone.outcome and phone.outcome != "reply":
        yield f"结果 {OUTCOMES[phone.outcome]}"
    news = phone.news()
    for bubble in news:
        words = on_one_line(in_words(bubble))
        yield f"{speaker(bubble)}「{words if len(words) <= SHOWN else words[:SHOWN] + '……'}」"
    if not news:
        yield "什么也没有收到"
