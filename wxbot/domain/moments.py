"""Days and times as people write them in Chinese: 今天下午3点, 昨天 20:30, 下周三, 11月3日, 2026-11-03 14:00."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DIGITS = "零一二三四五六七八九"
_NUMBER = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_WEEKDAYS = "一二三四五六日"
_DAYS_AGO = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0}
_DAYS_AHEAD = {"大后天": 3, "后天": 2, "明天": 1, "明日": 1}
_NAMED_DAYS = {**{name: -days for name, days in _DAYS_AGO.items()}, **_DAYS_AHEAD}
_SHORT_DAYS = {
    "今早": "今天早上",
    "今晚": "今天晚上",
    "昨晚": "昨天晚上",
    "昨夜": "昨天晚上",
    "明早": "明天早上",
    "明晚": "明天晚上",
}
_PERIODS = {"凌晨": 0, "早上": 0, "早晨": 0, "上午": 0, "中午": 11, "下午": 12, "傍晚": 12, "晚上": 12, "夜里": 12}
"""The hour from which a clock of twelve hours counts in that part of the day."""

_PERIOD = "|".join(_PERIODS)
_FULL_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})[日号]?")
_SHORT_DATE = re.compile(rf"({_NUMBER})\s*月\s*({_NUMBER})[日号]?|(?<!\d)(\d{{1,2}})[-/](\d{{1,2}})(?!\d)")
_NAMED_DAY = re.compile("|".join(_NAMED_DAYS))
_WEEKDAY = re.compile(r"(上上|上|下下|下|这|本)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_AGO = re.compile(rf"(半|{_NUMBER})\s*个?\s*(?:多)?(分钟|小时|钟头|天|周|星期|礼拜)(半)?(?:之?前|以前)")
_JUST_NOW = re.compile("刚才|刚刚|刚|现在|此刻")
_CLOCK = re.compile(
    rf"({_PERIOD})?\s*(?:(\d{{1,2}})\s*[:：]\s*(\d{{2}})(?:[:：]\d{{2}})?|({_NUMBER})\s*[点时](?:钟|整)?(?:\s*(半|一刻|三刻|{_NUMBER})分?)?)"
)
_PART_OF_DAY = re.compile(_PERIOD)
_FILLING = re.compile(
    r"大概|大约|应该|可能|好像|左右|前后|的时候|时候|开始|出现|发生|就|是|在|从|的|了|吧|那天|[\s,，。.、~!！]"
)

_MINUTES = {"半": 30, "一刻": 15, "三刻": 45}
_SECONDS = {"分钟": 60, "小时": 3600, "钟头": 3600, "天": 86400, "周": 604800, "星期": 604800, "礼拜": 604800}


@dataclass(frozen=True, slots=True)
class Moment:
    """
    A moment as exactly as it was told.

    start: the earliest time that it may mean. text: 2026-11-03 14:00, 2026-11-03 下午 or 2026-11-03.
    """

    start: datetime
    text: str


def read_moment(words: str, now: int, zone: str, *, past: bool = False) -> Moment | None:
    """
    The moment that these words tell; None when they tell none, or much else besides.

    now: unix seconds, what 昨天 refers to. past: what could be either lies behind us, as in 20:30 said at noon; else a
    mere weekday is the coming one.
    """
    here = datetime.fromtimestamp(now, ZoneInfo(zone)).replace(second=0, microsecond=0)
    text = words.strip()
    for short, full in _SHORT_DAYS.items():
        text = text.replace(short, full)
    try:
        return _relative(text, here) or _absolute(text, here, past=past)
    except (ValueError, OverflowError):  # 2月30日, 25:00
        return None


def _relative(text: str, here: datetime) -> Moment | None:
    """Half an hour ago, just now."""
    ago, just = _AGO.search(text), _JUST_NOW.search(text)
    found = ago or just
    if found is None or _rest(text, found):
        return None
    if ago is None:
        return _exactly(here)
    amount = 0.5 if ago[1] == "半" else _number(ago[1]) + (0.5 if ago[3] else 0)
    then = here - timedelta(seconds=amount * _SECONDS[ago[2]])
    return _exactly(then) if _SECONDS[ago[2]] < 86400 else Moment(_midnight(then.date(), here), then.date().isoformat())


def _absolute(text: str, here: datetime, *, past: bool) -> Moment | None:
    day, found = _day(text, here, past=past)
    rest = text.replace(found[0], " ", 1) if found else text
    clock, period = _CLOCK.search(rest), _PART_OF_DAY.search(rest)
    if (day is None and clock is None) or _rest(rest, clock or period):
        return None
    if clock:
        return _exactly(_at(day, clock, here, past=past))
    assert day is not None
    start = _midnight(day, here)
    if period:
        return Moment(start + timedelta(hours=_PERIODS[period[0]]), f"{day.isoformat()} {period[0]}")
    return Moment(start, day.isoformat())


def _day(text: str, here: datetime, *, past: bool) -> tuple[date | None, re.Match[str] | None]:
    today = here.date()
    if found := _FULL_DATE.search(text):
        return date(*map(int, found.groups())), found
    if found := _NAMED_DAY.search(text):
        return today + timedelta(days=_NAMED_DAYS[found[0]]), found
    if found := _WEEKDAY.search(text):
        weekday = _WEEKDAYS.index(found[2].replace("天", "日"))
        return _weekday(today, weekday, found[1] or "", past=past), found
    if found := _SHORT_DATE.search(text):
        month, number = (_number(piece) for piece in (found[1] or found[3], found[2] or found[4]))
        day = date(today.year, month, number)
        return (date(today.year - 1, month, number) if past and day > today else day), found
    return None, None


def _weekday(today: date, weekday: int, week: str, *, past: bool) -> date:
    """weekday: from Monday, 0. week: 上上, 上, 这, 本, 下 or 下下, '' where that was not said."""
    weeks = week.count("下") - week.count("上")
    day = today + timedelta(days=weekday - today.weekday() + 7 * weeks)
    if week or day == today or (day < today) == past:
        return day
    return day - timedelta(days=7) if past else day + timedelta(days=7)


def _at(day: date | None, clock: re.Match[str], here: datetime, *, past: bool) -> datetime:
    period, hour = clock[1], _number(clock[2] or clock[4])
    minute = int(clock[3]) if clock[3] else _MINUTES.get(clock[5] or "") or (_number(clock[5]) if clock[5] else 0)
    if hour > 24 or minute > 59:
        raise ValueError(clock[0])
    then = _midnight(day or here.date(), here) + timedelta(hours=_of_24(hour, period), minutes=minute)
    return then - timedelta(days=1) if past and day is None and then > here else then


def _of_24(hour: int, period: str | None) -> int:
    """晚上12点 is the end of the day, 凌晨12点 its start, 中午1点 thirteen o'clock."""
    if not period or hour > 12:
        return hour
    if period in ("晚上", "夜里"):
        return 24 if hour == 12 else hour + 12 if hour > 4 else hour + 24
    start = _PERIODS[period]
    if start == 0:
        return 0 if hour == 12 and period == "凌晨" else hour
    return hour if hour >= start else hour + 12


def _number(text: str) -> int:
    """12, 十二, 二十, 两."""
    if text.isdigit():
        return int(text)
    text = text.replace("两", "二")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS.index(sign)) for sign in text))
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


def _rest(text: str, found: re.Match[str] | None) -> str:
    """What is said besides."""
    return _FILLING.sub("", text.replace(found[0], "", 1) if found else text)


def _midnight(day: date, here: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=here.tzinfo)


def _exactly(then: datetime) -> Moment:
    return Moment(then, f"{then:%Y-%m-%d %H:%M}")
