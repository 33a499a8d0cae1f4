"""
The small texts of the files: what each must look like, and the domain value it becomes.

Each reader takes what was written and raises `unfit(…)` in Chinese, with what to write instead.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError

from wxbot.adapters.content.suggest import did_you_mean
from wxbot.domain.action import KINDS, Action, parse_action
from wxbot.domain.hours import Span

UNFIT = "unfit"
_MINIPROGRAM = re.compile(r"wx[0-9a-zA-Z]{4,62}/\S+")
_DAYS = "一二三四五六日"
DAY_NAMES = tuple(f"周{day}" for day in _DAYS)
_UNITS = {"秒": 1, "分钟": 60, "小时": 3600, "天": 86400}
SCENE_LIMIT = 64
"""Characters of a QR code's scene (protocol 7)."""
_RESTS = frozenset({"休息", "不上班", "关闭", "无", "没有", "closed", "off", "none", "-"})
_NAMED_DAYS = {
    "工作日": (0, 1, 2, 3, 4),
    "周末": (5, 6),
    "每天": (0, 1, 2, 3, 4, 5, 6),
}


def unfit(message: str, hint: str = "") -> PydanticCustomError:
    """The error that a reader raises."""
    return PydanticCustomError(UNFIT, "{message}", {"message": message, "hint": hint})


def _matching(pattern: str, message: str, hint: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise unfit(f"「{text[:40]}」{message}", hint)
        return text

    return AfterValidator(check)


def reader(read: Callable[[str], Any]) -> PlainValidator:
    """A text that becomes something else."""

    def from_text(value: object) -> Any:
        if not isinstance(value, str):
            raise PydanticKnownError("string_type")
        return read(value.strip())

    return PlainValidator(from_text)


def _parses(read: Callable[[str], Any]) -> AfterValidator:
    """A key of a mapping, which stays a text so that its place can be found."""

    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


def _check_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s<>\"]", text):
        raise unfit(f"「{text[:60]}」不是完整的网址", "网址以 https:// 或 http:// 开头，中间没有空格")
    return text


def read_action(text: str) -> Action:
    action = parse_action(text)
    if action is None or action.kind not in KINDS:
        raise _no_action(text)
    if action.kind == "my-tickets" and action.target:
        raise unfit("动作 my-tickets 后面不能再写内容", "只写 my-tickets")
    if action.kind == "url":
        _check_url(action.target)
    if action.kind == "miniprogram" and not _MINIPROGRAM.fullmatch(action.target):
        raise unfit("小程序动作写得不对", "写成 miniprogram:<小程序的 appid>/<页面路径>，appid 以 wx 开头")
    return action


def _no_action(text: str) -> PydanticCustomError:
    kind, colon, target = (part.strip() for part in text.partition(":"))
    if "：" in text and not colon:
        return unfit(f"动作「{text[:40]}」里的冒号是全角的", "请改成半角冒号 :")
    if re.match(r"https?$", kind) and target.startswith("//"):
        return unfit(f"动作「{text[:40]}」不对", f"网址前面要写 url:，即 url:{text}")
    if kind not in KINDS:
        return unfit(f"没有「{kind[:40]}」这种动作", did_you_mean(kind, KINDS) or f"可以写：{'、'.join(KINDS)}")
    if target:
        return unfit(f"动作 {kind} 后面不能再写内容", f"只写 {kind}")
    return unfit(f"动作 {kind} 没写完", f"写成 {kind}:……")


def read_spans(text: str) -> tuple[Span, ...]:
    """`9:00-12:00, 13:30-18:00` → the spans in order."""
    spans = [_span(piece.strip()) for piece in re.split("[,，、;；]", text)]
    for earlier, later in zip(spans, spans[1:], strict=False):
        if later.start < earlier.end:
            raise unfit(f"时间段 {_clock(earlier)} 和 {_clock(later)} 重叠或顺序颠倒", "请从早到晚写，互不重叠")
    return tuple(spans)


def _span(text: str) -> Span:
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})\s*[-–—－~～至到]+\s*(\d{1,2})[:：](\d{2})", text)
    if text in _RESTS:
        raise unfit(f"「{text}」不是时间段", "休息的日子不用写，请删掉这一行")
    if not found:
        raise unfit(f"「{text[:40]}」不是时间段", "写成 9:00-18:00；有休息时写成 9:00-12:00, 13:30-18:00")
    start, end = (_minutes(found[at], found[at + 1]) for at in (1, 3))
    if end <= start:
        raise unfit(f"时间段 {text} 的结束不晚于开始", "跨过零点的要拆到两天写，例如 22:00-24:00 和第二天 0:00-2:00")
    return Span(start, end)


def _minutes(hour: str, minute: str) -> int:
    minutes = int(hour) * 60 + int(minute)
    if int(minute) > 59 or minutes > 1440:
        raise unfit(f"没有 {hour}:{minute} 这个时间", "时间从 0:00 到 24:00")
    return minutes


def _clock(span: Span) -> str:
    return "-".join(f"{minute // 60}:{minute % 60:02}" for minute in (span.start, span.end))


def read_days(text: str) -> tuple[int, ...]:
    """`周一至周五`, `周六、周日`, `工作日` → weekdays, Monday 0."""
    plain = re.sub("星期|礼拜", "周", text.strip()).replace("天", "日").replace("每日", "每天")
    days = [day for piece in re.split(r"[、,，/\s]+", plain) for day in _days(piece, text)]
    return tuple(dict.fromkeys(days))


def _days(text: str, written: str) -> tuple[int, ...]:
    if text in _NAMED_DAYS:
        return _NAMED_DAYS[text]
    span = re.fullmatch(rf"周([{_DAYS}])[至到\-–—－~～]周?([{_DAYS}])", text)
    if span:
        first, last = _DAYS.index(span[1]), _DAYS.index(span[2])
        return tuple((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))
    if re.fullmatch(rf"周[{_DAYS}]+", text):
        return tuple(map(_DAYS.index, text[1:]))
    raise unfit(f"「{written[:40]}」不是星期几", "写成 周一、周一至周五、工作日、周末 或 每天")


def read_date(text: str) -> date:
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    if not found:
        raise unfit(f"「{text[:40]}」不是日期", "写成 2027-01-01；花括号里一天有几段时间时，时间要加引号")
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        raise unfit(f"没有 {text} 这一天", "请检查月份和日子") from None


def read_count(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,3}", text):
        raise unfit(f"「{text[:40]}」不是个数", "写 1 到 9999 的整数")
    return int(text)


def read_seconds(text: str) -> int:
    """`30秒`, `31分钟`, `2小时`, `3天` → seconds."""
    found = re.fullmatch(r"(\d{1,5})\s*(秒|分钟|小时|天)", text)
    if not found or not int(found[1]):
        raise unfit(f"「{text[:40]}」不是一段时间", "写成 30秒、31分钟、2小时 或 3天")
    return int(found[1]) * _UNITS[found[2]]


def _check_scene(text: str) -> str:
    if not text or len(text) > SCENE_LIMIT:
        raise unfit(f"场景值有 {len(text)} 个字，应为 1 到 {SCENE_LIMIT} 个", "请写二维码的场景值")
    if "*" in text[:-1]:
        raise unfit(f"场景值「{text}」中间有 *", "* 只能放在末尾，例如 store_*")
    return text


def _check_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise unfit(f"没有「{text[:40]}」这个时区", "中国大陆写 Asia/Shanghai") from None
    return text


def is_domain(host: str) -> bool:
    return bool(re.fullmatch(r"(?:[a-z0-9\-]+\.)+[a-z]{2,}", host.lower()))


def _check_domain(text: str) -> str:
    host = text.strip().lower().removeprefix("*.")
    if not is_domain(host):
        raise unfit(f"「{text[:40]}」不是域名", "只写域名，例如 example.com，下级域名会一并算上")
    return host


def _check_phone(text: str) -> str:
    if (
        not re.fullmatch(r"[+＋]?[\d\-－ ()（）*#]{3,30}(?:(?:转|,|，|-)\s*\d{1,6})?", text)
        or len(re.findall(r"\d", text)) < 3
    ):
        raise unfit(f"「{text[:40]}」不像电话号码", "写成 400-000-0000，有分机时写 010-00000000转1")
    return text


Text = Annotated[str, Field(min_length=1)]
Word = Annotated[
    str, Field(min_length=1), _matching(r"[^，、；;]+", "里有标点", "一项写一个词，几个词用半角逗号隔开：[甲, 乙]")
]
Label = Annotated[str, Field(min_length=1), _matching(r'[^<>"\n]+', "里有不能用的字符", '文字里不能有 < > " 和换行')]
Name = Annotated[
    str,
    Field(min_length=1),
    _matching(r"[\w.\-]{1,64}", "不能当 id", "id 只用字母、数字、汉字、_ . -，最多 64 个字，例如 reset-password"),
]
Category = Annotated[str, Field(min_length=1), _matching(r"[^#:\n]+", "不能当分类名", "分类名里不能有 # 和半角冒号")]
Url = Annotated[str, AfterValidator(_check_url)]
AppId = Annotated[str, _matching(r"wx[0-9a-zA-Z]{4,62}", "不是小程序的 appid", "appid 以 wx 开头，在小程序后台查看")]
Zone = Annotated[str, AfterValidator(_check_zone)]
PhoneNumber = Annotated[str, AfterValidator(_check_phone)]
Domain = Annotated[str, AfterValidator(_check_domain)]
Address = Annotated[str, _matching(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+", "不是邮箱地址", "写成 support@example.com")]
AgentAccount = Annotated[
    str,
    _matching(r"[A-Za-z0-9_]{1,10}@[A-Za-z0-9_-]+", "不是客服账号", "写成 kf2001@公众号的微信号，见公众平台的客服功能"),
]
Count = Annotated[int, reader(read_count), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 9999})]
ActionField = Annotated[
    Action,
    reader(read_action),
    WithJsonSchema(
        {
            "type": "string",
            "description": "点了做什么：answer:<id>、guide:<排查>、ticket:<表单>、browse、browse:<分类>、"
            "my-tickets、human、human:<话题>、phones、say:<文字>、"
            "url:<网址>、miniprogram:<appid>/<路径>",
            "examples": ["browse", "human", "phones", "answer:reset-password", "url:https://www.example.com/"],
        }
    ),
]
Duration = Annotated[
    int, reader(read_seconds), WithJsonSchema({"type": "string", "examples": ["30分钟", "2小时", "3天"]})
]
Spans = Annotated[
    tuple[Span, ...],
    reader(read_spans),
    WithJsonSchema({"type": "string", "examples": ["9:00-18:00", "9:00-12:00, 13:30-18:00"]}),
]
DayNames = Annotated[str, _parses(read_days)]
DateText = Annotated[str, _parses(read_date)]
Scene = Annotated[str, AfterValidator(_check_scene)]
Day = Annotated[date, reader(read_date), WithJsonSchema({"type": "string", "examples": ["2027-01-01"]})]
