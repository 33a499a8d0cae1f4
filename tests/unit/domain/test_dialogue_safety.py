"""Secrets are warned of and kept nowhere; what is ours is told from what is not."""

from dataclasses import replace

import pytest

from tests.factories import Chat, a_script, an_option, text_of
from wxbot.domain import message as m
from wxbot.domain.flow import Field, Form
from wxbot.domain.official import Register
from wxbot.domain.reply import TextPart, Transfer

FORM = Form("problem", "反馈问题", (Field("description", "请描述", "text", "描述"),), confirm=False)
OURS = Register(phones=frozenset({"4000000001"}), domains=frozenset({"example.com"}), kept=True)
REPORT = an_option("举报冒充", "answer", "refund").action


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("我的密码是abc123登不上", "abc123"),
        ("验证码是 482913", "482913"),
        ("身份证11010519491231002X", "11010519491231002X"),
        ("卡号 4111 1111 1111 1111", "4111 1111 1111 1111"),
    ],
)
def test_a_secret_is_warned_of_and_remembered_nowhere(words, secret):
    chat = Chat(a_script())

    turn = chat.says(words)

    assert "请不要在聊天里发送" in text_of(turn)
    assert secret not in repr(turn)


def test_a_secret_that_is_spoken_is_kept_neither_in_words_nor_in_sound():
    chat = Chat(a_script(forms={"problem": FORM}))
    chat.says("", tap_id="ticket:problem")

    turn = chat.sends(m.Voice("V1", "amr", "我的密码是abc123登不上"))

    assert "请不要在聊天里发送" in text_of(turn)
    assert turn.entries[0].media == ()
    assert "abc123" not in repr(turn)


def test_a_number_may_be_asked_about_by_voice():
    chat = Chat(a_script(official=OURS))

    assert chat.sends(m.Voice("V1", "amr", "4000000001是你们的电话吗")).rule == "official"


def test_the_question_around_a_secret_is_answered_all_the_same():
    chat = Chat(a_script())

    text = text_of(chat.says("密码是abc123，怎么退款"))

    assert "不要在聊天里发送密码" in text
    assert len(text.split("\n\n")) > 1


def test_an_order_number_is_no_secret():
    chat = Chat(a_script())

    text = text_of(chat.says("订单 6222021234567890123 没到"))

    assert "不要在聊天里" not in text


def test_while_waiting_the_warning_comes_beside_the_transfer():
    chat = Chat(a_script())
    chat.says("转人工")

    turn = chat.says("密码是abc123")

    assert isinstance(turn.reply, Transfer)
    assert any(
        "不要在聊天里" in part.text for job in turn.jobs for part in job.task.parts if isinstance(part, TextPart)
    )


@pytest.mark.parametrize("words", ["400-000-0001 是你们的电话吗", "https://www.example.com/a 是官方的吗"])
def test_what_is_registered_is_confirmed(words):
    chat = Chat(replace(a_script(), official=OURS))

    turn = chat.says(words)

    assert turn.rule == "official"
    assert "登记过的官方" in text_of(turn)


def test_what_is_not_registered_is_denied_and_can_be_reported():
    chat = Chat(replace(a_script(), official=OURS, report=REPORT))

    text = text_of(chat.says("13800138000 自称是你们客服，真的吗"))

    assert "「13800138000」不在我们的官方登记里，不是我们的电话" in text
    assert "举报冒充" in text


def test_without_a_register_nothing_is_claimed():
    chat = Chat(a_script())

    text = text_of(chat.says("www.evil.com 是官方的吗"))

    assert "无法确认「www.evil.com」" in text


def test_a_number_without_a_doubt_is_an_ordinary_question():
    chat = Chat(replace(a_script(), official=OURS))

    assert chat.says("400-000-0001 打不通").rule != "official"
