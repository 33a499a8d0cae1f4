"""What lets us write to a follower, and how often."""

import pytest

from tests.factories import NOW, a_text, an_inbound
from wxbot.domain import message as m
from wxbot.domain.quota import Window, charge, opened_by, used_up


@pytest.mark.parametrize(
    ("content", "trigger"),
    [
        (m.Text("你好"), "message"),
        (m.Image("media"), "message"),
        (m.Text("怎么退款", tap_id="answer:refund"), "message"),
        (m.Text("5 分", tap_id="menu.5"), "menu"),
        (m.MenuClick("KEY"), "menu"),
        (m.ScanCode("KEY", "result"), "menu"),
        (m.Follow(), "follow"),
        (m.Scan("scene"), "scan"),
    ],
)
def test_what_a_follower_does_opens_a_window(content, trigger):
    assert opened_by(an_inbound(content)) == Window(trigger, NOW)


@pytest.mark.parametrize(
    "content", [m.MenuVisit("url"), m.Unfollow(), m.LocationReport(), m.AgentLeft("a"), m.Prompted()]
)
def test_what_wechat_only_reports_opens_none(content):
    assert opened_by(an_inbound(content)) is None


def test_a_message_allows_five_within_two_days():
    windows = (Window("message", NOW),)

    for _ in range(5):
        outcome, windows = charge(windows, NOW + 48 * 3600 - 1)
        assert outcome == "charged"

    assert charge(windows, NOW)[0] == "used up"
    assert charge((Window("message", NOW),), NOW + 48 * 3600)[0] == "closed"


def test_the_window_that_closes_first_pays():
    windows = (Window("message", NOW), Window("menu", NOW + 5))

    _, charged = charge(windows, NOW + 10)

    assert charged == (Window("message", NOW), Window("menu", NOW + 5, sent=1))


def test_what_matters_less_leaves_the_last_message_to_what_matters():
    windows = (Window("message", NOW, sent=4),)

    assert charge(windows, NOW, reserve=1) == ("used up", windows)
    assert charge(windows, NOW)[0] == "charged"


def test_wechats_word_that_nothing_is_left_counts():
    windows = (Window("message", NOW, sent=1),)

    assert charge(used_up(windows, windows), NOW)[0] == "used up"


def test_but_not_about_what_was_opened_while_it_was_on_its_way():
    opened = (Window("message", NOW + 1),)

    assert used_up(opened, (Window("message", NOW, sent=1),)) == opened


def test_a_new_message_starts_its_count_anew():
    assert opened_by(a_text("还有")) == Window("message", NOW)
