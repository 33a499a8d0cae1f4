"""Ratings: asked for once, understood as tap and as digit, and what a bad one leads to."""

import pytest

from tests.factories import Chat, a_script, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.handoff import Reason
from wxbot.domain.job import Send
from wxbot.domain.rating import RatingRules
from wxbot.domain.reply import MenuPart

AGENT = "kf2001@shop"
ALL = RatingRules(human=True, ticket=True, answer=True)


def a_chat(**rules: object) -> Chat:
    return Chat(a_script(ratings=RatingRules(**rules) if rules else ALL))  # type: ignore[arg-type]


def a_chat_that_an_agent_has_left() -> Chat:
    chat = a_chat(human=True)
    chat.says("转人工")
    chat.sends(m.AgentJoined(AGENT))
    chat.sends(m.AgentLeft(AGENT))
    return chat


def test_the_end_of_an_agents_session_asks_for_a_mark_once():
    chat = a_chat_that_an_agent_has_left()
    chat.sends(m.AgentLeft(AGENT))

    sent = [job.task for turn in chat.turns for job in turn.jobs if isinstance(job.task, Send)]
    requests = [task for task in sent if task.importance == "rating"]

    (request,) = requests
    (menu,) = request.parts
    assert isinstance(menu, MenuPart)
    assert [id for id, _ in menu.entries] == ["menu.5", "menu.4", "menu.3", "menu.2", "menu.1"]
    assert not request.promised


def test_nobody_is_asked_who_has_gone():
    chat = a_chat(human=True)
    chat.says("转人工")
    chat.sends(m.AgentJoined(AGENT))

    turn = chat.sends(m.Unfollow())

    assert not [job for job in turn.jobs if isinstance(job.task, Send)]
    assert turn.session.rating is None


def test_nobody_is_asked_where_operators_do_not_want_it():
    chat = Chat()
    chat.says("转人工")
    chat.sends(m.AgentJoined(AGENT))

    turn = chat.sends(m.AgentLeft(AGENT))

    assert turn.jobs == ()


@pytest.mark.parametrize(("words", "tap_id"), [("5 分", "menu.5"), ("5", ""), ("５", "")])
def test_a_good_mark_is_thanked_for(words, tap_id):
    chat = a_chat_that_an_agent_has_left()

    turn = chat.says(words, tap_id=tap_id)

    assert "谢谢" in text_of(turn)
    assert [(rating.subject, rating.mark) for rating in turn.ratings] == [("human", 5)]


def test_a_second_mark_changes_nothing():
    chat = a_chat_that_an_agent_has_left()
    chat.says("5")

    turn = chat.says("1 分", tap_id="menu.1")

    assert turn.rule == "rating_over"
    assert turn.ratings == ()


def test_a_low_mark_asks_why_and_offers_a_person():
    chat = a_chat_that_an_agent_has_left()

    turn = chat.says("2")

    assert "哪里不好" in text_of(turn)
    assert labels(turn) == ["转人工"]


def test_a_person_who_is_asked_for_after_a_low_mark_hears_of_it():
    chat = a_chat_that_an_agent_has_left()
    chat.says("2")

    turn = chat.says("1")

    assert [handoff.reason for handoff in turn.handoffs] == [Reason.LOW_RATING]


def test_the_next_words_are_the_reason():
    chat = a_chat_that_an_agent_has_left()
    chat.says("2")

    turn = chat.says("等了半个多小时")

    assert [(rating.mark, rating.reason) for rating in turn.ratings] == [(2, "等了半个多小时")]


def test_the_reason_may_be_skipped():
    chat = a_chat_that_an_agent_has_left()
    chat.says("2")

    turn = chat.says("跳过")

    assert turn.rule == "rating_skipped"
    assert turn.ratings == ()


def test_a_question_after_a_low_mark_is_answered_and_is_no_reason():
    chat = a_chat_that_an_agent_has_left()
    chat.says("2")

    assert chat.says("怎么退款").rule == "answered"
    assert chat.says("莫名其妙").rule == "missed"


def test_an_answer_may_be_rated_once_in_a_talk():
    chat = a_chat(answer=True)

    assert "有帮助" in text_of(chat.says("怎么退款"))
    assert "有帮助" not in text_of(chat.says("怎么退款"))


def test_an_answer_that_did_not_help_is_noted():
    chat = a_chat(answer=True)
    chat.says("怎么退款")

    turn = chat.says("没帮助", tap_id="unhelped.refund")

    assert [(rating.subject, rating.about, rating.mark) for rating in turn.ratings] == [("answer", "refund", 1)]
    assert chat.says("有帮助", tap_id="helped.refund").rule == "rating_over"


def test_a_forged_tap_rates_nothing():
    turn = a_chat(answer=True).says("没帮助", tap_id="unhelped.unknown")

    assert turn.ratings == ()


def test_a_digit_picks_what_is_on_the_screen_before_it_is_a_mark():
    chat = a_chat_that_an_agent_has_left()
    chat.says("分类")

    assert chat.says("1").rule == "browse"


def test_small_talk_is_not_rated():
    assert "有帮助" not in text_of(a_chat(answer=True).says("你好"))
