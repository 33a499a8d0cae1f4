"""What counts as a way to reach somebody, and what of it is ours."""

from dataclasses import replace

import pytest

from tests.factories import a_script
from wxbot.domain.official import Register, mentions, plain_number

OURS = Register(
    phones=frozenset({"4000000001", "96110"}),
    addresses=frozenset({"help@partner.com"}),
    domains=frozenset({"example.com"}),
    accounts=frozenset({"云笺"}),
    kept=True,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("手机13800138000可以吗", [("phone", "13800138000")]),
        ("请拨400-000-0001或010-12345678", [("phone", "400-000-0001"), ("phone", "010-12345678")]),
        ("+86 138 0013 8000", [("phone", "+86 138 0013 8000")]),
        ("+1 415 555 2671", [("phone", "+1 415 555 2671")]),
        ("报警请拨打110", [("phone", "110")]),
        ("反诈热线：96110", [("phone", "96110")]),
        ("看https://www.a.com/b?c=d，谢谢", [("link", "www.a.com")]),
        ("官网www.a.com.cn很慢", [("link", "www.a.com.cn")]),
        ('<a href="https://evil.io/x">点</a>', [("link", "evil.io")]),
        ("http://10.0.0.1:8080/x", [("link", "10.0.0.1")]),
        ("写信 a.b@c-d.com", [("address", "a.b@c-d.com")]),
        ("关注公众号「云笺助手」", [("account", "云笺助手")]),
        ("加微信号：abc_12345", [("account", "abc_12345")]),
        ("QQ群：12345678", [("account", "12345678")]),
    ],
)
def test_every_way_to_reach_somebody_is_seen(text, found):
    assert [(mention.kind, mention.text) for mention in mentions(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "版本 3.5.1",
        "setup.exe",
        "共 95566 条",
        "订单 202611220001",
        "3.14",
        "9:00-12:00",
        "2026-11-22",
        "第110页",
        "a/b.c",
    ],
)
def test_numbers_and_names_of_other_things_are_not(text):
    assert list(mentions(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "400 000 0001",
        "https://a.b.example.com/x",
        "EXAMPLE.COM",
        "x@mail.example.com",
        "help@partner.com",
        "公众号「云笺」",
    ],
)
def test_ours_is_recognised_in_every_spelling(text):
    assert OURS.strangers(text) == ()


@pytest.mark.parametrize(
    "text", ["400-000-0002", "example.com.evil.cn", "myexample.com", "x@partner.com", "公众号「云笺客服」"]
)
def test_what_only_looks_like_ours_is_not(text):
    assert len(OURS.strangers(text)) == 1


def test_strangers_are_hidden_and_the_rest_stays():
    assert OURS.cleared("打 400-000-0001，别打 13800138000。", "（略）") == "打 400-000-0001，别打 （略）。"


def test_without_a_register_nothing_is_held_back():
    assert a_script().ours_only("打 13800138000") == "打 13800138000"


def test_with_a_register_followers_hear_that_something_was_withheld():
    assert replace(a_script(), official=OURS).ours_only("打 13800138000") == "打 （非官方登记的联系方式，已隐去）"


@pytest.mark.parametrize("written", ["400-000-0001", "4000000001转2", "86 4000000001", "+86-400-000-0001"])
def test_a_number_is_the_same_in_every_spelling(written):
    assert plain_number(written) == "4000000001"


def test_what_is_admitted_is_ours_from_then_on():
    text = "看 https://WWW.other.com/a 或拨打 400 111 2222，写信 a@b.cn，关注公众号「云笺助手」"

    wider = OURS.admitting(OURS.strangers(text))

    assert len(OURS.strangers(text)) == 4
    assert wider.strangers(text) == ()


def test_what_its_reader_has_told_may_be_said_again():
    shop = replace(a_script(), official=OURS)

    said = shop.ours_only("手机号：13800138000，请打 13900139000", theirs="手机号：13800138000")

    assert said == "手机号：13800138000，请打 （非官方登记的联系方式，已隐去）"
