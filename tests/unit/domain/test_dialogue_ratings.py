"""Ratings: asked for once, understood as tap and as digit, and what a bad one leads to."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from tests.factories import DAY, NOW, USER, Chat, a_script, a_session, labels, text_of
from tests.unit.domain.test_dialogue_tickets import NUMBER, SHOP, a_ticket
from wxbot.domain import message as m
from wxbot.domain.account import AccountType
from wxbot.domain.dialogue import ticket_desk as desk
from wxbot.domain.dialogue.desk import with_transcript
from wxbot.domain.dialogue.ratings import asked_to_rate
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.facts import Facts
from wxbot.domain.handoff import Reason
from wxbot.domain.job import Send
from wxbot.domain.rating import RatingRules
from wxbot.domain.reply import MenuPart, Transfer
from wxbot.domain.session import Session
from wxbot.domain.ticket import Attention, State
from wxbot.domain.turn import Turn

AGENT = "kf2001@shop"
ALL = RatingRules(human=True, ticket=True, answer=True)


def a_chat(**rules: object) -> Chat:
    return Chat(a_script(ratings=RatingRules(**rules) if rules else ALL))  # type: ignore[arg-type]


def menu_of(turn: Turn) -> MenuPart | None:
    """The request for a mark."""
    tasks = [job.task for job in turn.jobs]
    menus = [part for task in tasks if isinstance(task, Send) for part in task.parts if isinstance(part, MenuPart)]
    return menus[0] if menus else None


def taps(chat: Chat, request: Turn, mark: int) -> Turn:
    """A mark in the menu message of that turn."""
    menu = menu_of(request)
    assert menu
    id, label = menu.entries[5 - mark]
    return chat.says(label, tap_id=id)


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
    assert [id[-2:] for id, _ in menu.entries] == [".5", ".4", ".3", ".2", ".1"]
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


@pytest.mark.parametrize("words", ["5 分", "5", "５"])
def test_a_good_mark_is_thanked_for(words):
    chat = a_chat_that_an_agent_has_left()

    turn = taps(chat, chat.turns[-1], 5) if words == "5 分" else chat.says(words)

    assert "谢谢" in text_of(turn)
    assert [(rating.subject, rating.mark) for rating in turn.ratings] == [("human", 5)]


def test_a_second_mark_changes_nothing():
    chat = a_chat_that_an_agent_has_left()
    request = chat.turns[-1]
    chat.says("5")

    turn = taps(chat, request, 1)

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


def test_what_waits_for_another_mark_waits_on_while_an_answer_is_rated():
    chat = a_chat()
    chat.says("转人工")
    chat.sends(m.AgentJoined(AGENT))
    request = chat.sends(m.AgentLeft(AGENT))
    chat.says("怎么退款")

    answer = chat.says("没帮助", tap_id="unhelped.refund")
    agent = taps(chat, request, 5)

    assert [(rating.subject, rating.mark) for rating in (*answer.ratings, *agent.ratings)] == [
        ("answer", 1),
        ("human", 5),
    ]


def test_an_older_request_rates_nothing_else():
    chat = a_chat_that_an_agent_has_left()
    first = chat.turns[-1]
    chat.says("转人工")
    chat.sends(m.AgentJoined(AGENT))
    second = chat.sends(m.AgentLeft(AGENT))

    assert taps(chat, first, 1).rule == "rating_over"
    assert [rating.mark for rating in taps(chat, second, 5).ratings] == [5]


def test_what_is_typed_while_waiting_goes_to_the_agents():
    chat = a_chat_that_an_agent_has_left()
    chat.says("转人工")

    turn = chat.says("5")

    assert turn.reply == Transfer()
    assert turn.ratings == ()


def test_a_message_that_tells_of_the_end_of_a_session_asks_for_a_mark():
    chat = a_chat(human=True)
    chat.says("转人工")
    chat.sends(m.AgentJoined(AGENT))
    chat.waits(60)

    assert menu_of(chat.says("怎么退款"))
    assert [rating.mark for rating in chat.says("4").ratings] == [4]


def test_who_asks_for_the_next_agent_is_not_asked_about_the_last():
    chat = a_chat(human=True)
    chat.says("转人工")
    chat.sends(m.AgentJoined(AGENT))
    chat.waits(60)

    assert menu_of(chat.says("转人工")) is None


def test_the_record_of_a_session_asks_for_no_second_mark():
    chat = a_chat_that_an_agent_has_left()
    (handoff,) = chat.turns[-1].handoffs
    chat.waits(30)

    turn = by_staff(chat, partial(with_transcript, handoff=handoff, lines=()))

    assert menu_of(turn) is None


# ---- tickets


def a_chat_about_a_ticket(account: AccountType = AccountType.VERIFIED_SERVICE, **changes: object) -> Chat:
    shop = replace(SHOP, ratings=ALL, account_type=account)
    return Chat(shop, a_session(tickets=(a_ticket(due=NOW + DAY),), **changes))


def by_staff(chat: Chat, deed: Callable[[Talk], Turn | None]) -> Turn:
    """As a change of the conversation that no message makes."""
    inbound = m.Inbound("change:1", USER, "", chat.now, m.Prompted())
    talk = Talk(chat.script, chat.session, inbound, Facts(now=chat.now, ids=chat.ids))
    turn = deed(talk)
    assert turn
    turn = asked_to_rate(talk, turn)
    chat.session = turn.session or Session(USER)
    return turn


SOLVE = partial(desk.resolve, number=NUMBER, text="已修复", name="小王")


@pytest.mark.parametrize("words", ["谢谢", "好的", "知道了", "1", "2", "3", "4", "5"])
def test_after_solved_thanks_and_marks_leave_the_ticket_as_it_is(words):
    chat = a_chat_about_a_ticket()
    by_staff(chat, partial(desk.reply, number=NUMBER, text="在修", name="小王"))
    by_staff(chat, SOLVE)

    turn = chat.says(words)

    assert turn.tickets == ()
    assert [str(rating.mark) for rating in turn.ratings] == [words] * words.isdigit()


def test_solved_offers_taps_and_leaves_the_digits_to_the_mark():
    turn = by_staff(a_chat_about_a_ticket(), SOLVE)

    (news,) = [job.task.parts[0] for job in turn.jobs if isinstance(job.task, Send) and job.task.importance == "ticket"]
    menu = menu_of(turn)
    assert "· <a href" in news.text
    assert "【1】" not in news.text
    assert menu
    assert "1–5" in menu.tail


@pytest.mark.parametrize(
    ("words", "tap_id"), [("还没解决", ""), ("", f"my-tickets:{NUMBER}/reopen"), (f"没解决 {NUMBER}", "")]
)
def test_who_says_that_it_is_not_solved_opens_it_again(words, tap_id):
    chat = a_chat_about_a_ticket()
    by_staff(chat, SOLVE)

    turn = chat.says(words, tap_id=tap_id)

    assert turn.tickets[0].after.state is State.OPEN


def test_where_nobody_asks_for_marks_the_numbers_pick_as_everywhere():
    chat = a_chat_about_a_ticket()
    chat.script = SHOP
    by_staff(chat, SOLVE)

    assert chat.says("5").tickets == ()
    assert chat.says("2").tickets[0].after.state is State.OPEN


def test_the_reason_of_a_low_mark_is_no_addition_to_the_ticket():
    chat = a_chat_about_a_ticket(attention=Attention(NUMBER, NOW + DAY, strict=True))
    by_staff(chat, SOLVE)
    chat.session = replace(chat.session, attention=Attention(NUMBER, NOW + DAY, strict=True))

    low, reason = chat.says("2"), chat.says("拖了三天才修好")

    assert labels(low)[0] == "还没解决"
    assert [(rating.mark, rating.reason) for rating in reason.ratings] == [(2, "拖了三天才修好")]
    assert (*low.tickets, *reason.tickets) == ()


def test_not_to_say_why_leaves_the_ticket_as_it_is():
    chat = a_chat_about_a_ticket()
    by_staff(chat, SOLVE)
    chat.says("1")

    turn = chat.says("跳过")

    assert (turn.rule, turn.tickets) == ("rating_skipped", ())


def test_who_calls_it_solved_is_asked_for_a_mark():
    chat = a_chat_about_a_ticket()

    assert menu_of(chat.says(f"已解决 {NUMBER}"))
    assert [(rating.about, rating.mark) for rating in chat.says("1").ratings] == [(NUMBER, 1)]


def test_what_staff_close_is_asked_about_and_what_they_solved_before_is_not_again():
    close = partial(desk.close, number=NUMBER, text="", name="小王")
    chat = a_chat_about_a_ticket()

    assert menu_of(by_staff(a_chat_about_a_ticket(), close))
    assert menu_of(by_staff(chat, SOLVE))
    assert menu_of(by_staff(chat, close)) is None


def test_an_account_that_may_not_send_asks_within_its_reply():
    chat = a_chat_about_a_ticket(AccountType.UNVERIFIED)

    turn = chat.says(f"已解决 {NUMBER}")

    assert text_of(turn).endswith("您满意吗？\n请直接回复 1–5，5 分最满意。")
    assert [rating.mark for rating in chat.says("1").ratings] == [1]
