"""Bot → queue → agent → bot."""

from dataclasses import replace

import pytest

from tests.factories import MINUTE, Chat, a_script, a_session, a_turn, an_inbound, an_option, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.account import AccountType
from wxbot.domain.contacts import Contacts
from wxbot.domain.dialogue.agents import NAMED_S, QUEUE_S, REMIND_S, SERVED_CHECK_S, TRANSCRIPT_S
from wxbot.domain.flow import Field, Form
from wxbot.domain.handoff import Reason, State
from wxbot.domain.hours import Hours, Span
from wxbot.domain.job import CancelTimer, CheckHandoff, FetchTranscript, Flag, OpenSession, Timer
from wxbot.domain.reply import Silence, Transfer
from wxbot.domain.session import Mode
from wxbot.domain.staffing import UNKNOWN, OnlineAgent, Presence, Staffing, Topic

CHECK = "handoff:oFollower-1"
AGENT = m.AgentJoined("kf2001@shop")
NINE_TO_SIX = Hours(weekly=((Span(540, 1080),),) * 5 + ((),) * 2)
STAFFING = Staffing(
    topics={"退款": Topic(("退款没到账",), "退款组", {"企业版": "企业组"})},
    groups={"退款组": ("kf1@shop", "kf2@shop"), "企业组": ("kf9@shop",)},
)
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
    notice, _ = Chat().says("转人工").jobs

    assert notice.task.user == "oFollower-1"
    assert notice.task.parts[0].text.startswith("正在为您转接人工客服")
    assert notice.task.stage == Mode.QUEUED


def test_a_handover_shows_staff_its_card():
    turn = Chat().says("转人工")

    assert turn.jobs[1].task == Flag(turn.handoffs[0])


def test_how_many_wait_already_is_said_where_it_is_known():
    chat = Chat(presence=Presence(True, (OnlineAgent("kf2001@shop"),), waiting=60))

    notice, _ = chat.says("转人工").jobs

    assert notice.task.parts[0].text.endswith("您前面还有 60 位在等候。")


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


@pytest.mark.parametrize(("topic", "reason"), [("退款", Reason.TOPIC), ("", Reason.MENU)])
def test_a_person_picked_from_an_offer_is_recorded_with_its_topic(topic, reason):
    chat = Chat(session=a_session(options=(an_option("找人聊聊", "human", topic),)))

    (handoff,) = chat.says("1").handoffs

    assert (handoff.reason, handoff.topic) == (reason, topic)


def test_words_of_a_topic_hand_over_with_that_topic():
    (handoff,) = Chat(a_script(staffing=STAFFING)).says("我的退款没到账怎么办").handoffs

    assert (handoff.reason, handoff.topic) == (Reason.KEYWORD, "退款")


def test_anger_hands_over():
    (handoff,) = Chat().says("你们到底有没有人管").handoffs

    assert handoff.reason is Reason.ANGER


def test_anger_where_nobody_answers_is_answered_by_the_bot():
    assert Chat(a_script(agents=False)).says("气死我了，怎么退款").rule == "suggested"


def test_a_topic_goes_to_an_agent_of_its_group_who_has_room():
    agents = (OnlineAgent("kf1@shop", 5), OnlineAgent("kf2@shop", 1), OnlineAgent("kf9@shop"))
    chat = Chat(a_script(staffing=STAFFING), presence=Presence(True, agents))

    turn = chat.says("退款没到账")

    assert turn.reply == Transfer("kf2@shop")
    assert (chat.session.handoff.named, turn.timers[0].due) == ("kf2@shop", chat.now + NAMED_S)


def test_a_tier_goes_to_its_own_group():
    agents = (OnlineAgent("kf2@shop"), OnlineAgent("kf9@shop"))
    chat = Chat(a_script(staffing=STAFFING), a_session(tier="企业版"), presence=Presence(True, agents))

    assert chat.says("退款没到账").reply == Transfer("kf9@shop")


@pytest.mark.parametrize("presence", [UNKNOWN, Presence(True, (OnlineAgent("kf2@shop", 5), OnlineAgent("kf8@shop")))])
def test_nobody_is_named_who_is_not_known_to_have_room(presence):
    assert Chat(a_script(staffing=STAFFING), presence=presence).says("退款没到账").reply == Transfer()


@pytest.mark.parametrize("then", [OnlineAgent("kf8@shop"), OnlineAgent("kf2@shop", 5)])
def test_the_named_agent_gets_what_is_said_later_only_while_they_have_room(then):
    chat = Chat(a_script(staffing=STAFFING), presence=Presence(True, (OnlineAgent("kf2@shop"),)))
    chat.says("退款没到账")

    assert chat.says("订单号 1").reply == Transfer("kf2@shop")
    chat.presence = Presence(True, (then,))

    assert chat.says("订单号 2").reply == Transfer()


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
    assert (turn.handoffs[0].reason, turn.handoffs[0].topic) == (Reason.TOPIC, "退款")


def test_a_menu_tap_opens_the_session_where_that_is_configured():
    presence = Presence(True, (OnlineAgent("kf8@shop"), OnlineAgent("kf2@shop")))
    chat = Chat(a_script(staffing=replace(STAFFING, open_on_tap=True)), presence=presence)

    turn = chat.sends(m.MenuClick("human:退款"))

    assert text_of(turn).startswith("正在为您接通人工客服")
    assert turn.jobs[1].task == OpenSession("oFollower-1", turn.handoffs[0].id, ("kf2@shop", "kf8@shop"))
    assert chat.session.mode is Mode.QUEUED


def test_a_menu_tap_offers_the_link_where_no_agent_is_known_to_have_room():
    chat = Chat(a_script(staffing=replace(STAFFING, open_on_tap=True)))

    assert chat.sends(m.MenuClick("human")).rule == "human_tap"


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


def test_the_desk_is_asked_after_three_minutes():
    chat = Chat()

    turn = chat.says("转人工")

    (timer,) = turn.timers
    assert isinstance(timer, Timer)
    assert (timer.key, timer.due) == (CHECK, chat.now + REMIND_S)
    assert timer.job.task == CheckHandoff("oFollower-1", turn.handoffs[0].id)


def test_asking_again_in_words_goes_to_the_agents_and_is_told_that_it_goes_on():
    turn = a_chat_in_the_queue().says("转人工")

    assert (turn.rule, turn.reply, turn.handoffs) == ("still_queued", Transfer(), ())
    assert turn.jobs[0].task.parts[0].text.startswith("客服正忙，您仍在排队")


@pytest.mark.parametrize("content", [m.Text("订单号 1234"), m.Text("1"), m.Text("怎么退款"), m.Sticker()])
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
    assert turn.timers == (CancelTimer(CHECK),)
    assert (turn.handoffs[0].state, turn.handoffs[0].closed) == (State.LEFT, chat.now)
    assert (chat.session.mode, chat.session.handoff) == (Mode.BOT, None)


def test_an_agent_who_joins_ends_the_wait():
    chat = a_chat_in_the_queue()

    turn = chat.sends(AGENT)

    assert (turn.reply, turn.timers[0].due) == (Silence(), chat.now + SERVED_CHECK_S)
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


def test_what_the_agent_said_is_fetched_a_little_later():
    chat = a_chat_with_an_agent()

    turn = chat.sends(m.AgentLeft("kf2001@shop"))

    stop, fetch = turn.timers
    assert (stop, fetch.due) == (CancelTimer(CHECK), chat.now + TRANSCRIPT_S)
    assert fetch.job.task == FetchTranscript(turn.handoffs[0])


def test_an_end_that_is_told_twice_ends_one_session():
    chat = a_chat_with_an_agent()
    chat.sends(m.AgentLeft("kf2001@shop"))

    turn = chat.sends(m.AgentLeft("kf2001@shop"))

    assert (turn.reply, turn.handoffs, chat.session.mode) == (Silence(), (), Mode.BOT)


def test_an_end_that_is_told_late_does_not_end_the_next_wait_but_asks_the_desk():
    chat = a_chat_with_an_agent()
    chat.says("转人工")

    turn = chat.sends(m.AgentLeft("kf2001@shop"))

    assert (chat.session.mode, turn.handoffs, turn.timers[0].due) == (Mode.QUEUED, (), chat.now)


def test_a_message_that_was_on_its_way_when_the_agent_joined_goes_to_the_agent():
    chat = a_chat_with_an_agent()

    turn = a_turn(chat.script, chat.session, an_inbound(m.Text("还有一件事"), at=chat.session.handoff.joined))

    assert (turn.reply, turn.session.mode) == (Transfer(), Mode.HUMAN)


def test_an_agent_may_come_unasked():
    chat = Chat()

    (handoff,) = chat.sends(AGENT).handoffs

    assert (handoff.reason, handoff.state, chat.session.mode) == (Reason.AGENT, State.SERVED, Mode.HUMAN)


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
    assert [handoff.state for handoff in turn.handoffs] == [State.MISSED]


def test_asking_again_after_a_lost_closing_event_closes_one_record_and_opens_another():
    chat = a_chat_with_an_agent()

    old, new = chat.says("转人工").handoffs

    assert (old.state, new.state) == (State.CLOSED, State.WAITING)
    assert old.id != new.id


def test_an_agent_who_came_unasked_leaves_like_any_other():
    chat = Chat(session=a_session(mode=Mode.HUMAN))

    turn = chat.sends(m.AgentLeft("kf2001@shop"))

    assert (turn.handoffs, chat.session.mode) == ((), Mode.BOT)


@pytest.mark.parametrize("content", [m.Text("转人工"), m.MenuClick("human")])
def test_outside_hours_nobody_is_handed_over_and_the_next_opening_is_told(content):
    chat = Chat(a_script(hours=NINE_TO_SIX))
    chat.now = SUNDAY_NOON

    turn = chat.sends(content)

    assert "明天（周一）9:00开始有客服接待" in text_of(turn)
    assert (labels(turn), turn.handoffs, chat.session.mode) == (["联系方式"], (), Mode.BOT)


def test_where_nobody_comes_for_months_no_opening_is_made_up():
    chat = Chat(a_script(hours=Hours(weekly=((),) * 7)))

    assert "近期没有客服值班" in text_of(chat.says("转人工"))


def test_an_empty_desk_gets_nobody_handed_over():
    chat = Chat(presence=Presence(known=True))

    turn = chat.says("转人工")

    assert text_of(turn).startswith("客服现在都不在线")
    assert chat.session.mode is Mode.BOT


def test_a_form_is_offered_where_nobody_is_there():
    form = Form("problem", "反馈问题", (Field("what", "什么问题"),))
    script = a_script(forms={"problem": form}, staffing=Staffing(ticket="problem"))

    turn = Chat(script, presence=Presence(known=True)).says("转人工")

    assert turn.session.options[0] == an_option("留言，等客服回复", "ticket", "problem")


def test_a_tapped_answer_is_given_while_waiting_and_the_wait_goes_on():
    chat = a_chat_in_the_queue()

    turn = chat.says("怎么退款", tap_id="answer:refund")

    assert text_of(turn).startswith("在订单页点「申请退款」。")
    assert chat.session.mode is Mode.QUEUED


def test_tapping_for_a_person_while_waiting_goes_to_the_agents():
    chat = a_chat_in_the_queue()

    turn = chat.says("转人工", tap_id="human")

    assert (turn.rule, turn.reply) == ("still_queued", Transfer())


def test_messages_of_unknown_kinds_reach_the_agents_while_waiting():
    chat = a_chat_in_the_queue()

    turn = chat.sends(m.OtherMessage("hologram"))

    assert turn.reply == Transfer()
