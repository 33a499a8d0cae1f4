"""Bot → queue → agent → bot."""

import pytest

from tests.factories import MINUTE, Chat, a_script, a_session, an_option, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.account import AccountType
from wxbot.domain.contacts import Contacts
from wxbot.domain.dialogue.agents import QUEUE_S, REMIND_S
from wxbot.domain.handoff import Reason, State
from wxbot.domain.hours import Hours, Span
from wxbot.domain.job import CancelTimer, Send, Timer
from wxbot.domain.reply import Silence, TextPart, Transfer
from wxbot.domain.session import Mode

REMINDER = "human_waiting:oFollower-1"
AGENT = m.AgentJoined("kf2001@shop")
NINE_TO_SIX = Hours(weekly=((Span(540, 1080),),) * 5 + ((),) * 2)
SUNDAY_NOON = 1795320000  # 2026-11-22 12:00 in Shanghai


def a_chat_in_the_queue() -> Chat:
    chat = Chat()
    chat.says("转人工")
    return chat


def a_chat_with_an_agent() -> Chat:
    chat = a_chat_in_the_queue()
    chat.sends(AGENT)
    return chat


@pytest.mark.parametrize("words", ["转人工", "人工客服", "我要人工！", "麻烦帮我转人工客服谢谢", "有人吗？", "轉人工"])
def test_asking_for_a_person_hands_over(words):
    chat = Chat()

    turn = chat.says(words)

    assert turn.reply == Transfer()
    assert chat.session.mode is Mode.QUEUED


@pytest.mark.parametrize("words", ["人工智能是什么", "退款要人工审核吗", "客服电话多少"])
def test_speaking_of_persons_is_not_asking_for_one(words):
    assert Chat().says(words).reply != Transfer()


def test_a_handover_tells_the_user_beside_it():
    (job,) = Chat().says("转人工").jobs

    assert job.task.user == "oFollower-1"
    assert job.task.parts[0].text.startswith("正在为您转接人工客服")


def test_a_handover_is_recorded_with_what_was_said_and_tried():
    chat = Chat()
    chat.says("怎么退款")

    (handoff,) = chat.says("转人工").handoffs

    assert (handoff.reason, handoff.state, handoff.opened) == (Reason.ASKED, State.WAITING, chat.now)
    assert [line.text for line in handoff.history] == ["怎么退款", "在订单页点「申请退款」。"]
    assert handoff.tried == ("refund",)
    assert chat.session.handoff == handoff


def test_a_handover_after_misses_says_so_however_it_was_asked_for():
    for wish in ("1", "转人工"):
        chat = Chat(session=a_session(misses=2))
        chat.says("火星移民")

        assert chat.says(wish).handoffs[0].reason is Reason.MISSES


def test_a_person_picked_from_an_offer_is_recorded_as_menu_with_its_topic():
    chat = Chat(session=a_session(options=(an_option("找人聊退款", "human", "退款"),)))

    (handoff,) = chat.says("1").handoffs

    assert (handoff.reason, handoff.topic) == (Reason.MENU, "退款")


def test_a_menu_tap_is_never_handed_over_but_offers_the_tap():
    chat = Chat()

    turn = chat.sends(m.MenuClick("human:退款"))

    assert text_of(turn).startswith("点击下面的蓝字")
    assert "msgmenuid=human:退款" in text_of(turn)
    assert (turn.handoffs, turn.timers, chat.session.mode) == ((), (), Mode.BOT)


def test_the_offered_tap_hands_over():
    chat = Chat()
    chat.sends(m.MenuClick("human:退款"))

    turn = chat.says("转人工", tap_id="human:退款")

    assert turn.reply == Transfer()
    assert (turn.handoffs[0].reason, turn.handoffs[0].topic) == (Reason.MENU, "退款")


@pytest.mark.parametrize(
    "changes", [{"agents": False}, {"account_type": AccountType.UNVERIFIED}, {"account_type": AccountType.TEST}]
)
@pytest.mark.parametrize("content", [m.Text("转人工"), m.Text("人工", "human"), m.MenuClick("human")])
def test_where_nobody_answers_that_is_said(changes, content):
    turn = Chat(a_script(**changes)).sends(content)

    assert text_of(turn).startswith("我们没有人工在线客服")
    assert labels(turn) == ["联系方式"]


def test_where_nobody_answers_and_nobody_can_be_reached_nothing_is_offered():
    turn = Chat(a_script(agents=False, contacts=Contacts())).says("转人工")

    assert turn.session.options == ()


def test_the_wait_is_spoken_of_after_three_minutes():
    chat = Chat()

    (timer,) = chat.says("转人工").timers

    assert isinstance(timer, Timer)
    assert (timer.key, timer.due) == (REMINDER, chat.now + REMIND_S)
    words = (TextPart(chat.script.texts["human_waiting"]),)
    assert timer.job.task == Send("oFollower-1", words, "reminder", promised=False, stage="queued")


@pytest.mark.parametrize(
    "content", [m.Text("订单号 1234"), m.Text("1"), m.Text("怎么退款"), m.Image("M1"), m.Sticker()]
)
def test_messages_in_the_queue_are_handed_over_again(content):
    chat = a_chat_in_the_queue()

    turn = chat.sends(content)

    assert (turn.rule, turn.reply) == ("queued", Transfer())
    assert (turn.jobs, turn.timers, turn.handoffs) == ((), (), ())


@pytest.mark.parametrize(
    "event", [m.MenuClick("answer:refund"), m.MenuClick("human"), m.LocationReport(), m.Scan("x"), m.Follow()]
)
def test_events_in_the_queue_are_never_handed_over(event):
    chat = a_chat_in_the_queue()

    assert chat.sends(event).reply != Transfer()
    assert chat.session.mode is Mode.QUEUED


def test_asking_for_a_person_in_the_queue_by_menu_says_that_it_goes_on():
    turn = a_chat_in_the_queue().sends(m.MenuClick("human"))

    assert text_of(turn).startswith("客服正忙，您仍在排队")


@pytest.mark.parametrize("words", ["取消", "算了", "不用了，谢谢", "退出排队"])
def test_who_has_had_enough_leaves_the_queue(words):
    chat = a_chat_in_the_queue()

    turn = chat.says(words)

    assert text_of(turn).startswith("已退出排队")
    assert turn.timers == (CancelTimer(REMINDER),)
    assert (turn.handoffs[0].state, turn.handoffs[0].closed) == (State.LEFT, chat.now)
    assert (chat.session.mode, chat.session.handoff) == (Mode.BOT, None)


def test_an_agent_who_joins_ends_the_wait():
    chat = a_chat_in_the_queue()

    turn = chat.sends(AGENT)

    assert (turn.reply, turn.timers) == (Silence(), (CancelTimer(REMINDER),))
    assert (turn.handoffs[0].state, turn.handoffs[0].agent) == (State.SERVED, "kf2001@shop")
    assert chat.session.mode is Mode.HUMAN


def test_an_agent_who_joins_late_finds_the_record_open():
    chat = a_chat_in_the_queue()
    chat.waits(QUEUE_S + MINUTE)

    turn = chat.sends(AGENT)

    assert [handoff.state for handoff in turn.handoffs] == [State.SERVED]
    assert chat.session.mode is Mode.HUMAN


def test_another_agent_takes_over_the_record():
    chat = a_chat_with_an_agent()

    turn = chat.sends(m.AgentSwitched("kf2001@shop", "kf2002@shop"))

    assert (turn.handoffs[0].agent, chat.session.mode) == ("kf2002@shop", Mode.HUMAN)


def test_an_agent_who_leaves_gives_the_talk_back():
    chat = a_chat_with_an_agent()

    turn = chat.sends(m.AgentLeft("kf2001@shop"))

    assert (turn.reply, turn.handoffs[0].state, turn.handoffs[0].closed) == (Silence(), State.CLOSED, chat.now)
    assert (chat.session.mode, chat.session.handoff) == (Mode.BOT, None)
    assert chat.says("怎么退款").rule == "answered"


def test_an_agent_may_come_unasked():
    chat = Chat()

    turn = chat.sends(AGENT)

    assert (turn.handoffs, chat.session.mode) == ((), Mode.HUMAN)


def test_a_message_while_an_agent_serves_proves_that_the_session_is_over():
    chat = a_chat_with_an_agent()

    turn = chat.says("怎么退款")

    assert turn.rule == "answered"
    assert [handoff.state for handoff in turn.handoffs] == [State.CLOSED]
    assert chat.session.mode is Mode.BOT


def test_a_menu_tap_while_an_agent_serves_is_answered_and_changes_nothing():
    chat = a_chat_with_an_agent()

    turn = chat.sends(m.MenuClick("answer:refund"))

    assert text_of(turn) == "在订单页点「申请退款」。"
    assert (turn.handoffs, chat.session.mode) == ((), Mode.HUMAN)


def test_a_wait_that_nobody_ended_is_over_after_half_an_hour():
    chat = a_chat_in_the_queue()
    chat.waits(QUEUE_S)

    turn = chat.says("怎么退款")

    assert turn.rule == "answered"
    assert [handoff.state for handoff in turn.handoffs] == [State.LEFT]


def test_asking_again_after_a_lost_closing_event_closes_one_record_and_opens_another():
    chat = a_chat_with_an_agent()

    old, new = chat.says("转人工").handoffs

    assert (old.state, new.state) == (State.CLOSED, State.WAITING)
    assert old.id != new.id


def test_an_agent_who_came_unasked_leaves_like_any_other():
    chat = Chat(session=a_session(mode=Mode.HUMAN))

    turn = chat.sends(m.AgentLeft("kf2001@shop"))

    assert (turn.handoffs, chat.session.mode) == ((), Mode.BOT)


def test_a_handover_outside_hours_says_when_somebody_will_be_there():
    chat = Chat(a_script(hours=NINE_TO_SIX))
    chat.now = SUNDAY_NOON

    turn = chat.says("转人工")

    assert turn.reply == Transfer()
    assert "明天（周一）9:00开始有客服接待" in turn.jobs[0].task.parts[0].text


def test_where_nobody_comes_for_months_no_opening_is_made_up():
    chat = Chat(a_script(hours=Hours(weekly=((),) * 7)))

    turn = chat.says("转人工")

    assert "近期没有客服值班" in turn.jobs[0].task.parts[0].text


def test_a_tapped_answer_is_given_while_waiting_and_the_wait_goes_on():
    chat = a_chat_in_the_queue()

    turn = chat.says("怎么退款", tap_id="answer:refund")

    assert text_of(turn).startswith("在订单页点「申请退款」。")
    assert chat.session.mode is Mode.QUEUED


def test_tapping_for_a_person_while_waiting_goes_to_the_agents():
    chat = a_chat_in_the_queue()

    turn = chat.says("转人工", tap_id="human")

    assert (turn.rule, turn.reply) == ("queued", Transfer())


def test_messages_of_unknown_kinds_reach_the_agents_while_waiting():
    chat = a_chat_in_the_queue()

    turn = chat.sends(m.OtherMessage("hologram"))

    assert turn.reply == Transfer()
