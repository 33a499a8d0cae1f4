"""Public holidays of mainland China with the weekends worked in exchange for them (调休)."""

from collections.abc import Sequence
from datetime import date
from functools import cache

import holidays

from wxbot.domain.hours import Span

YEARS_AHEAD = 2
"""A process that runs for long must not run out of years; reloaded content counts from its own day."""
FIRST_YEAR = 2025
"""Operators' dialogs play on days of their own, which stay what they were."""


def holidays_of(weekly: Sequence[tuple[Span, ...]], year: int) -> dict[date, tuple[Span, ...]]:
    """
    The days until after that year that differ from the week: () for a holiday, Monday's spans for a weekend worked.

    weekly: Monday first. A year that is not announced yet has its statutory days only, see `unannounced`.
    """
    china = _china(year)
    return dict.fromkeys(china, ()) | dict.fromkeys(china.weekend_workdays, weekly[0])


def unannounced(year: int) -> list[int]:
    """That year and the next, as far as the library does not know yet which of their days are exchanged."""
    known = {day.year for day in _china(year).weekend_workdays}
    return [each for each in (year, year + 1) if each not in known]


@cache
def _china(year: int) -> holidays.HolidayBase:
    """Kept, for it takes a tenth of a second to work out and every reload asks."""
    return holidays.country_holidays("CN", years=range(min(FIRST_YEAR, year - 1), year + YEARS_AHEAD + 1))
