from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxbot.domain.hours import SEARCH_DAYS, Hours, Span, add_service_days, add_service_time, is_open, next_opening

MORNING, AFTERNOON = Span(9 * 60, 12 * 60), Span(13 * 60 + 30, 18 * 60)
OFFICE = ((MORNING, AFTERNOON),) * 5 + ((), ())
HOLIDAY, MAKE_UP_SUNDAY = date(2026, 10, 1), date(2026, 10, 11)


def at(text: str, zone: str = "Asia/Shanghai", *, fold: int = 0) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def office(zone: str = "Asia/Shanghai") -> Hours:
    return Hours(zone, OFFICE, {HOLIDAY: (), MAKE_UP_SUNDAY: (MORNING,)})


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-23 08:59:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 11:59:59", True),
        ("2026-11-23 12:00", False),
        ("2026-11-23 13:29", False),
        ("2026-11-23 13:30", True),
        ("2026-11-23 18:00", False),
        ("2026-11-22 10:00", False),
    ],
)
def test_weekly_hours_have_breaks_and_ends(moment, open_):
    assert is_open(office(), at(moment)) is open_


def test_special_days_replace_the_weekly_hours():
    assert not is_open(office(), at("2026-10-01 10:00"))
    assert is_open(office(), at("2026-10-11 10:00"))
    assert not is_open(office(), at("2026-10-11 15:00"))


def test_hours_are_those_of_their_own_zone():
    moment = at("2026-11-23 10:00", "Asia/Shanghai")

    assert is_open(office("Asia/Shanghai"), moment)
    assert not is_open(office("Europe/Berlin"), moment)


def test_hours_may_last_until_midnight():
    late = Hours(weekly=((Span(20 * 60, 1440),),) * 7)

    assert is_open(late, at("2026-11-23 23:59:59"))
    assert not is_open(late, at("2026-11-24 00:00"))


def test_without_further_notice_it_is_always_open():
    assert is_open(Hours(), at("2026-11-23 03:00"))


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 07:00", "2026-11-23 09:00"),
        ("2026-11-23 09:00", "2026-11-23 13:30"),
        ("2026-11-23 12:15", "2026-11-23 13:30"),
        ("2026-11-27 18:00", "2026-11-30 09:00"),
        ("2026-09-30 18:00", "2026-10-02 09:00"),
        ("2026-10-10 12:00", "2026-10-11 09:00"),
    ],
)
def test_the_next_opening_skips_breaks_weekends_and_holidays(moment, opening):
    assert next_opening(office(), at(moment)) == datetime.fromisoformat(f"{opening}+08:00")


def test_hours_that_go_on_over_midnight_open_once():
    night = Hours(weekly=((Span(0, 120), Span(22 * 60, 1440)),) * 7)

    assert next_opening(night, at("2026-11-23 03:00")) == datetime.fromisoformat("2026-11-23 22:00+08:00")
    assert next_opening(night, at("2026-11-23 23:00")) == datetime.fromisoformat("2026-11-24 22:00+08:00")


@pytest.mark.parametrize("hours", [Hours(), Hours(weekly=((),) * 7)])
def test_what_never_closes_or_never_opens_has_no_next_opening(hours):
    assert next_opening(hours, at("2026-11-23 10:00")) is None


def test_clocks_set_forward_move_the_opening_with_them():
    friday = at("2026-03-27 18:00", "Europe/Berlin")

    opening = next_opening(office("Europe/Berlin"), friday)

    assert opening == datetime.fromisoformat("2026-03-30 09:00+02:00")


def test_an_hour_that_clocks_set_back_pass_twice_opens_once():
    early = Hours("Europe/Berlin", weekly=((Span(2 * 60 + 30, 6 * 60),),) * 7)
    second_pass = at("2026-10-25 02:15", "Europe/Berlin", fold=1)

    opening = next_opening(early, second_pass)

    assert opening is not None
    assert opening.timestamp() > second_pass


@pytest.mark.parametrize(
    ("start", "hours_of_service", "due"),
    [
        ("2026-11-23 09:00", 2, "2026-11-23 11:00"),
        ("2026-11-23 11:00", 2, "2026-11-23 14:30"),
        ("2026-11-23 11:00", 1, "2026-11-23 12:00"),
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),
        ("2026-11-22 10:00", 1, "2026-11-23 10:00"),
        ("2026-09-30 17:00", 2, "2026-10-02 10:00"),
        ("2026-10-10 08:00", 4, "2026-10-12 10:00"),
        ("2026-11-23 03:00", 0, "2026-11-23 09:00"),
    ],
)
def test_a_promise_counts_service_time_only(start, hours_of_service, due):
    assert add_service_time(office(), at(start), hours_of_service * 3600) == at(due)


def test_a_promise_may_be_longer_than_one_search():
    always = Hours()
    start = at("2026-11-23 10:00")

    assert add_service_time(always, start, SEARCH_DAYS * 3 * 86400) == start + SEARCH_DAYS * 3 * 86400


def test_nothing_can_be_promised_where_nobody_ever_comes():
    assert add_service_time(Hours(weekly=((),) * 7), at("2026-11-23 10:00"), 60) is None
    assert add_service_days(Hours(weekly=((),) * 7), at("2026-11-23 10:00"), 1) is None


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23 09:00", 1, "2026-11-24 18:00"),
        ("2026-11-27 20:00", 2, "2026-12-01 18:00"),
        ("2026-09-30 10:00", 1, "2026-10-02 18:00"),
        ("2026-10-10 10:00", 1, "2026-10-11 12:00"),
    ],
)
def test_working_days_skip_the_day_itself_weekends_and_holidays(start, days, due):
    assert add_service_days(office(), at(start), days) == at(due)


@given(start=st.integers(1_700_000_000, 1_900_000_000), seconds=st.integers(1, 400_000))
def test_service_time_added_is_service_time_passed(start, seconds):
    due = add_service_time(office(), start, seconds)

    assert due is not None
    assert sum(is_open(office(), minute) for minute in range(start - start % 60, due, 60)) == pytest.approx(
        seconds / 60, abs=2
    )
