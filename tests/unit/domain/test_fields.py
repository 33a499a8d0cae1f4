"""What is given to the fields of a form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from wxbot.domain.fields import Refused, check, masked, nearest
from wxbot.domain.flow import Field

ZONE = "Asia/Shanghai"
SYSTEM = Field("system", "什么系统", "choice", choices=("Windows", "macOS", "安卓手机", "苹果手机"))


def given_to(kind, words, **changes):
    return check(Field("x", "？", kind, **changes), words, NOW, ZONE)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 13812345678", "13812345678"),
        ("我的手机是13812345678，谢谢", "13812345678"),
        ("010-62345678", "01062345678"),
        ("(0755) 26345678转102", "075526345678-102"),
        ("400-123-4567", "4001234567"),
        ("+852 9123 4567", "+85291234567"),
        ("0044 20 7946 0958", "+442079460958"),
    ],
)
def test_a_phone_number_is_kept_as_digits(words, number):
    assert given_to("phone", words) == number


@pytest.mark.parametrize(
    "words", ["1381234567", "12812345678", "没有手机", "138123456789", "", "13812345678 13912345678", "91234567"]
)
def test_what_is_no_phone_number_is_refused(words):
    assert given_to("phone", words) == Refused("wrong_phone")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("wang@example.com", "wang@example.com"),
        ("邮箱：li.si+a@mail.example.com.cn。", "li.si+a@mail.example.com.cn"),
        ("ｗ＠ｑｑ．ｃｏｍ", "w@qq.com"),
    ],
)
def test_an_email_address_is_found_in_what_was_written(words, address):
    assert given_to("email", words) == address


@pytest.mark.parametrize("words", ["wang@", "wang@example", "a b@c", "wang.example.com", "a@b.com c@d.com", "a@@b.com"])
def test_what_is_no_email_address_is_refused(words):
    assert given_to("email", words) == Refused("wrong_email")


@pytest.mark.parametrize(
    ("words", "version"),
    [
        ("1.2.3", "1.2.3"),
        ("12.0.1 (build 99)", "12.0.1 (build 99)"),
        ("V5.1", "5.1"),
        ("版本号是 12.1.0.16929", "12.1.0.16929"),
        ("13.0 beta2", "13.0 beta2"),
        ("12.0.1 64位", "12.0.1"),
        ("12", "12"),
    ],
)
def test_a_version_is_kept_without_what_stands_around_it(words, version):
    assert given_to("version", words) == version


@pytest.mark.parametrize("words", ["最新版", "不知道", "", "1.2.3.4.5.6.7", "在哪里看版本号"])
def test_what_is_no_version_is_refused(words):
    assert given_to("version", words) == Refused("wrong_version")


def test_a_moment_ahead_is_refused_where_it_must_lie_behind():
    assert given_to("datetime", "昨天下午3点", past=True) == "2026-11-22 15:00"
    assert given_to("datetime", "今天下午3点", past=True) == Refused("wrong_future")
    assert given_to("datetime", "今天下午3点") == "2026-11-23 15:00"
    assert given_to("datetime", "不记得了") == Refused("wrong_datetime")


def test_a_text_keeps_to_its_length():
    assert given_to("text", "  闪退了。\n重启也没用 ", min=5) == "闪退了。\n重启也没用"
    assert given_to("text", "闪退", min=5) == Refused("wrong_too_short")
    assert given_to("text", "长" * 11, max=10) == Refused("wrong_too_long")


@pytest.mark.parametrize(
    ("words", "choice"),
    [("Windows", "Windows"), ("我用的是 windows 系统", "Windows"), ("windos", "Windows"), ("安卓", "安卓手机")],
)
def test_a_choice_is_known_by_words_close_to_it(words, choice):
    assert check(SYSTEM, words, NOW, ZONE) == choice


@pytest.mark.parametrize("words", ["手机", "鸿蒙", "不是Windows", "", "W"])
def test_words_that_fit_no_choice_or_several_are_refused(words):
    assert check(SYSTEM, words, NOW, ZONE) == Refused("wrong_choice")


def test_a_denial_never_means_the_opposite():
    assert nearest(["解决了", "还是不行"], "没解决") is None
    assert nearest(["是", "不是"], "不是") == 1
    assert nearest(["解决了", "还是不行"], "不行") == 1


def test_pictures_are_not_given_by_words():
    assert given_to("pictures", "在这里") == Refused("wrong_pictures")


def test_a_value_from_before_is_shown_masked():
    assert masked(Field("a", "", "phone"), "13812341234") == "138****1234"
    assert masked(Field("a", "", "email"), "wang@example.com") == "w***@example.com"
    assert masked(Field("a", "", "version"), "12.1") == "12.1"


@given(st.sampled_from(["text", "choice", "phone", "email", "version", "datetime", "pictures"]), st.text(max_size=60))
def test_any_text_may_be_given(kind, words):
    assert given_to(kind, words, choices=("甲", "乙")) is not None
