import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxbot.domain.action import KINDS, Action, parse_action


@pytest.mark.parametrize(
    "text",
    [
        "answer:refund",
        "answer:怎么退款",
        "browse",
        "browse:账号与登录",
        "browse:账号与登录#2",
        "browse:C#",
        "guide:connect",
        "ticket:bug",
        "my-tickets",
        "human",
        "human:退款",
        "phones",
        "say:您好：请讲",
        "url:https://a.example/?q=1#top",
        "miniprogram:wx0123456789abcdef/pages/index?x=1",
    ],
)
def test_what_operators_write_is_read_and_written_back(text):
    action = parse_action(text)

    assert action
    assert str(action) == text


def test_white_space_around_the_colon_is_no_matter():
    assert parse_action(" answer : refund ") == Action("answer", "refund")


def test_the_page_of_a_category_counts_from_one():
    assert parse_action("browse:账号#3") == Action("browse", "账号", 3)
    assert parse_action("browse:账号") == parse_action("browse:账号#1") == parse_action("browse:账号#0")


def test_a_page_beyond_all_reason_is_part_of_the_name():
    assert parse_action("browse:账号#1000") == Action("browse", "账号#1000")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":",
        "refund",
        "answer",
        "answer:",
        "url",
        "say: ",
        "browse:",
        "human:",
        "phones:客服",
        "回答:x",
    ],
)
def test_what_is_no_action_is_not_read(text):
    assert parse_action(text) is None


@given(st.text())
def test_any_text_may_be_tried(text):
    action = parse_action(text)

    assert action is None or parse_action(str(action)) == action


@given(st.sampled_from(KINDS), st.text(max_size=30))
def test_reading_what_was_written_gives_the_same(kind, target):
    action = parse_action(f"{kind}:{target}")

    assert action is None or parse_action(str(action)) == action
