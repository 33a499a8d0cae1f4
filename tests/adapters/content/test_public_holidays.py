from datetime import date

import pytest

from wxbot.adapters.content.public_holidays import holidays_of, unannounced
from wxbot.domain.hours import Span

OFFICE = ((Span(540, 1080),),) * 5 + ((), ())


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 2, 17), date(2026, 2, 20), date(2026, 4, 6)])
def test_holidays_and_exchanged_days_are_closed(day):
    assert holidays_of(OFFICE, 2026)[day] == ()


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2026, 10, 10), date(2026, 1, 4)])
def test_a_make_up_weekend_is_worked_like_a_monday(day):
    assert holidays_of(OFFICE, 2026)[day] == OFFICE[0]


def test_plain_days_stay_with_the_week():
    assert date(2026, 11, 23) not in holidays_of(OFFICE, 2026)


def test_the_next_years_are_there_before_they_begin():
    assert holidays_of(OFFICE, 2026)[date(2028, 10, 1)] == ()


def test_a_year_whose_exchanged_days_are_unknown_is_not_announced():
    assert unannounced(2025) == []
    assert unannounced(2090) == [2090, 2091]


def test_a_dialog_on_a_day_of_years_ago_plays_as_it_did():
    later = holidays_of(OFFICE, 2031)

    assert (later[date(2026, 10, 1)], later[date(2026, 10, 10)]) == ((), OFFICE[0])
