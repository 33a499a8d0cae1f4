"""Days and times as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import DAY, NOW
from wxbot.domain.moments import read_moment

ZONE = "Asia/Shanghai"

TOLD = [
    ("今天下午3点", "2026-11-23 15:00"),
    ("昨天 20:30", "2026-11-22 20:30"),
    ("昨天20：30左右", "2026-11-22 20:30"),
    ("11月3日", "2026-11-03"),
    ("11月3号上午", "2026-11-03 上午"),
    ("十一月三号晚上八点半", "2026-11-03 20:30"),
    ("2026-11-03 14:00", "2026-11-03 14:00"),
    ("2026年11月3日14点05分", "2026-11-03 14:05"),
    ("2026/11/3", "2026-11-03"),
    ("11/3", "2026-11-03"),
    ("前天中午12点", "2026-11-21 12:00"),
    ("前天中午1点", "2026-11-21 13:00"),
    ("昨晚十点一刻", "2026-11-22 22:15"),
    ("昨天晚上12点", "2026-11-23 00:00"),
    ("昨晚2点", "2026-11-23 02:00"),
    ("今天凌晨12点", "2026-11-23 00:00"),
    ("今早八点", "2026-11-23 08:00"),
    ("上周五", "2026-11-20"),
    ("上上周五下午", "2026-11-13 下午"),
    ("周六", "2026-11-28"),
    ("周一", "2026-11-23"),
    ("下周三", "2026-12-02"),
    ("下个星期三下午3点", "2026-12-02 15:00"),
    ("下下周一", "2026-12-07"),
    ("本周五", "2026-11-27"),
    ("这周日", "2026-11-29"),
    ("大后天", "2026-11-26"),
    ("明晚8点", "2026-11-24 20:00"),
    ("刚才", "2026-11-23 10:00"),
    ("大概半小时前", "2026-11-23 09:30"),
    ("两个小时前", "2026-11-23 08:00"),
    ("三天前", "2026-11-20"),
    ("9点", "2026-11-23 09:00"),
    ("是昨天下午开始的", "2026-11-22 下午"),
    ("12月1日", "2026-12-01"),
    ("明天上午十点", "2026-11-24 10:00"),
]


@pytest.mark.parametrize(("words", "text"), TOLD)
def test_a_moment_is_read_as_people_write_it(words, text):
    moment = read_moment(words, NOW, ZONE)

    assert moment is not None
    assert moment.text == text


@pytest.mark.parametrize(
    ("words", "text"),
    [("周六", "2026-11-21"), ("20:30", "2026-11-22 20:30"), ("12月1日", "2025-12-01"), ("9:30", "2026-11-23 09:30")],
)
def test_what_could_be_either_lies_behind_us_where_only_that_is_asked(words, text):
    moment = read_moment(words, NOW, ZONE, past=True)

    assert moment is not None
    assert moment.text == text


@pytest.mark.parametrize(
    ("words", "past", "text"),
    [("周一", False, "2026-11-30"), ("周一", True, "2026-11-23"), ("本周一", False, "2026-11-23")],
)
def test_a_weekday_is_the_coming_one_unless_it_must_be_over(words, past, text):
    friday = NOW + 4 * DAY

    moment = read_moment(words, friday, ZONE, past=past)

    assert moment is not None
    assert moment.text == text


@pytest.mark.parametrize(
    "words", ["", "不知道", "2月30日", "25:00", "今天怎么登录不上去", "3", "下午", "电话打不通", "13月1日", "999天"]
)
def test_what_tells_no_moment_is_none(words):
    assert read_moment(words, NOW, ZONE) is None


def test_a_moment_is_told_in_the_zone_of_the_script():
    moment = read_moment("刚才", NOW, "America/New_York")

    assert moment is not None
    assert moment.text == "2026-11-22 21:00"


@given(st.text(max_size=20), st.booleans())
def test_any_text_may_be_read(words, past):
    read_moment(words, NOW, ZONE, past=past)
