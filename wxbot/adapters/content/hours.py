"""Service hours: their shape, what they become, and what is wrong with them."""

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from wxbot.adapters.content.document import Document, Loc
from wxbot.adapters.content.fields import DAY_NAMES, DateText, Day, DayNames, Spans, Zone, read_date, read_days
from wxbot.adapters.content.public_holidays import holidays_of, unannounced
from wxbot.adapters.content.section import Section
from wxbot.domain.hours import Hours, Span
from wxbot.errors import Problem

Weekly = dict[DayNames, Spans]


class WorkingHours(Section):
    timezone: Zone = Field("Asia/Shanghai", description="时区", examples=["Asia/Shanghai"])
    weekly: Weekly | None = Field(
        None,
        description="每周的服务时间；没写的日子就是休息",
        examples=[{"周一至周五": "9:00-12:00, 13:30-18:00", "周六": "10:00-16:00"}],
    )
    closed: list[Day] = Field([], description="休息的日期", examples=[["2027-01-01"]])
    holidays: Literal["中国"] | None = Field(
        None, description="写 中国：法定节假日休息，调休的周末按周一的时间上班；closed 和 extra 优先"
    )
    extra: dict[DateText, Spans] = Field({}, description="单独安排时间的日期", examples=[{"2027-01-02": "9:00-18:00"}])


def hours_of(section: WorkingHours | None) -> Hours:
    if section is None:
        return Hours()
    weekly = Hours().weekly if section.weekly is None else _week(section.weekly)
    special = holidays_of(weekly, date.today().year) if section.holidays else {}
    special |= dict.fromkeys(section.closed, ())
    special |= {read_date(name): spans for name, spans in section.extra.items()}
    return Hours(section.timezone, weekly, MappingProxyType(special))


def line_hours(weekly: Weekly, section: WorkingHours | None) -> Hours:
    """Hours of a phone line that keeps a week of its own, but the zone and the closed days of the house."""
    house, week = hours_of(section), _week(weekly)
    special = holidays_of(week, date.today().year) if section and section.holidays else {}
    special |= dict.fromkeys(section.closed if section else (), ())
    return Hours(house.zone, week, MappingProxyType(special))


def _week(weekly: Weekly) -> tuple[tuple[Span, ...], ...]:
    spans = {day: spans for name, spans in weekly.items() for day in read_days(name)}
    return tuple(spans.get(day, ()) for day in range(7))


def problems_of(document: Document, section: WorkingHours | None) -> Iterator[Problem]:
    if section is None:
        return
    yield from weekly_problems(document, ("hours", "weekly"), section.weekly or {})
    if section.weekly is not None and not any(section.weekly.values()) and not section.extra:
        message, hint = "这样写一天也不开，人工永远不在", "请写上每周的服务时间；没有人工就写 human: {enabled: false}"
        yield document.problem(("hours", "weekly"), message, hint, severity="warning")
    seen: dict[date, str] = {}
    for kind, step, single in _dates(section):
        if single in seen:
            message = f"{single} 在 {seen[single]} 里已经写过"
            yield document.problem(("hours", kind, step), message, "一天只能写一次", key=True)
        seen.setdefault(single, kind)
    for year in unannounced(date.today().year) if section.holidays else ():
        message = f"{year} 年的放假和调休安排，国务院还没有公布，或这个版本还不知道，暂按法定日子算"
        hint = "公布后请升级，或把休息和上班的日子写进 closed 和 extra"
        yield document.problem(("hours", "holidays"), message, hint, severity="note")


def _dates(section: WorkingHours) -> Iterator[tuple[str, str | int, date]]:
    for number, day in enumerate(section.closed):
        yield "closed", number, day
    for written in section.extra:
        yield "extra", written, read_date(written)


def weekly_problems(document: Document, loc: Loc, weekly: Weekly) -> Iterator[Problem]:
    named: dict[int, str] = {}
    for name in weekly:
        for day in read_days(name):
            if named.setdefault(day, name) != name:
                message = f"「{name}」和「{named[day]}」里都有{DAY_NAMES[day]}"
                yield document.problem((*loc, name), message, "一天只能写一次", key=True)
                break
