"""When people are there: weekly hours with breaks, in one time zone, with closed and extra days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEARCH_DAYS = 60


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
    today = datetime.fromtimestamp(now, zone).date()
    for ahead in range(SEARCH_DAYS):
        day = today + timedelta(days=ahead)
        for span in hours.spans(day):
            start = datetime.combine(day, time(span.start // 60, span.start % 60), zone)
            # By timestamps: clocks that are set back pass the same hour twice. A span that goes on where another
            # ends opens nothing.
            if start.timestamp() > now and not is_open(hours, int(start.timestamp()) - 1):
                return start
    return None
