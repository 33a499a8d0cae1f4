"""When a dialog begins."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from wxbot.domain.hours import Hours
from wxbot.domain.transcript import Start

BEIJING = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 22, 13, 0, tzinfo=BEIJING)
WEDNESDAY = 2


@pytest.mark.parametrize(
    ("start", "moment"),
    [
        (Start(WEDNESDAY, 600), datetime(2026, 11, 25, 10, 0, tzinfo=BEIJING)),
        (Start(6, 0), datetime(2026, 11, 29, 0, 0, tzinfo=BEIJING)),
        (Start(date(2020, 2, 29), 1439), datetime(2020, 2, 29, 23, 59, tzinfo=BEIJING)),
    ],
)
def test_a_weekday_is_the_next_one_and_a_date_is_itself(start: Start, moment: datetime) -> None:
    assert start.moment(Hours(), SUNDAY.timestamp()) == moment.timestamp()


def test_a_weekday_with_hours_of_its_own_is_passed_over() -> None:
    hours = Hours(special={date(2026, 11, 25): ()})

    moment = Start(WEDNESDAY, 600).moment(hours, SUNDAY.timestamp())

    assert datetime.fromtimestamp(moment, BEIJING) == datetime(2026, 12, 2, 10, 0, tzinfo=BEIJING)
