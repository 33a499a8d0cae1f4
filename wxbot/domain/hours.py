"""When people are there: weekly hours with breaks, in one time zone, with closed and extra days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEARCH_DAYS = 60
"""Days looked ahead for an opening; the longest closure that still has one."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until just before `end`, in minutes after midnight; end may be 1440."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """
    weekly: Monday first, seven entries, each the day's spans in order.
    special: spans of single dates, () for a closed day; they replace the weekly ones.
    """

    zone: str = "Asia/Shanghai"
    weekly: tuple[tuple[Span, ...], ...] = ((Span(0, 1440),),) * 7
    special: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, day: date) -> tuple[Span, ...]:
        return self.special.get(day, self.weekly[day.weekday()])


def is_open(hours: Hours, now: int) -> bool:
    """now: unix seconds."""
    local = datetime.fromtimestamp(now, ZoneInfo(hours.zone))
    minute = local.hour * 60 + local.minute
    return any(span.start <= minute < span.end for span in hours.spans(local.date()))


def next_opening(hours: Hours, now: int) -> datetime | None:
    """The next moment at which `is_open` turns true, in the hours' own zone; None if not within SEARCH_DAYS."""
    zone = ZoneInfo(hours.zone)
    for start, _ in _openings(hours, now):
        # A span that goes on where another ends opens nothing.
        if start > now and not is_open(hours, start - 1):
            return datetime.fromtimestamp(start, zone)
    return None


def add_service_time(hours: Hours, start: int, seconds: int) -> int | None:
    """
    The moment (unix seconds) at which so many seconds of service have passed since `start`.

    None where service pauses for more than SEARCH_DAYS before that, so that no honest promise can be made.
    """
    left, at = seconds, start
    while True:
        reached = at
        for opening, closing in _openings(hours, at):
            opening = max(opening, start)
            if closing - opening >= left:
                return opening + left
            left -= closing - opening
            reached = closing
        if reached == at:
            return None
        at = reached


def add_service_days(hours: Hours, start: int, days: int) -> int | None:
    """
    The moment (unix seconds) at which service closes on the so-manieth day with service after the day of `start`.

    None where service pauses for more than SEARCH_DAYS before that.
    """
    zone = ZoneInfo(hours.zone)
    day = datetime.fromtimestamp(start, zone).date()
    idle = 0
    while idle < SEARCH_DAYS:
        day += timedelta(days=1)
        spans = hours.spans(day)
        idle = 0 if spans else idle + 1
        days -= bool(spans)
        if spans and days <= 0:
            return _moment(day, spans[-1].end, zone)
    return None


def _openings(hours: Hours, now: int) -> Iterator[tuple[int, int]]:
    """Every span that ends after `now` and begins within SEARCH_DAYS, as unix seconds, in order."""
    zone = ZoneInfo(hours.zone)
    today = datetime.fromtimestamp(now, zone).date()
    for ahead in range(SEARCH_DAYS):
        day = today + timedelta(days=ahead)
        for span in hours.spans(day):
            start, end = _moment(day, span.start, zone), _moment(day, span.end, zone)
            if end > now:
                yield start, end


def _moment(day: date, minute: int, zone: ZoneInfo) -> int:
    """By timestamps, for clocks that are set back pass the same hour twice. minute: after midnight, up to 1440."""
    day += timedelta(days=minute // 1440)
    return int(datetime.combine(day, time(minute % 1440 // 60, minute % 60), zone).timestamp())
