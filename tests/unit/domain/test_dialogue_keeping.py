"""The place in a guide or form over time, and whatever is sent."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import MINUTE, Chat, text_of
from tests.unit.domain.flow_factories import CANNOT_OPEN, FILLED, a_chat, a_flow_script
from wxbot.domain import message as m
from wxbot.domain.account import AccountType
from wxbot.domain.flow import KEEP_S, PAUSE_S, FlowState, Pick
from wxbot.domain.job import Timer
from wxbot.domain.reply import TEXT_LIMIT_BYTES, TextPart
from wxbot.domain.session import Mode

WAY = (Pick("version", "不是"), Pick("restart", "还是不行"))
PAUSE, DROP = "flow_pause:oFollower-1", "flow_drop:oFollower-1"


def ticking(chat: Chat) -> dict[str, Timer]:
    """What is still to come of all timers."""
    found: dict[str, Timer] = {}
    for timer in (timer for turn in chat.turns for timer in turn.timers if timer.key in (PAUSE, DROP)):
        found.pop(timer.key, None)
        if isinstance(timer, Timer):
            found[timer.key] = timer
    return found


def words_of(timer: Timer) -> str:
    return timer.job.task.parts[0].text


def test_who_stops_answering_hears_that_the_form_is_kept():
    chat = a_chat(*FILLED[:3])

    timer = ticking(chat)[PAUSE]
    assert timer.due == chat.now + PAUSE_S
    assert words_of(timer).startswith("「反馈问题」还没有完成，已为您保留 24 小时。")


def test_what_was_given_is_told_when_the_form_is_dropped():
    chat = a_chat(*FILLED[:3])

    timer = ticking(chat)[DROP]
    assert timer.due == chat.now + KEEP_S
    assert "问题描述：打开文件就闪退\n系统：Windows" in words_of(timer)


def test_what_was_given_may_go_back_to_who_gave_it():
    chat = a_chat(*FILLED[:6])

    task = ticking(chat)[DROP].job.task

    assert "手机号：13812341234" in task.theirs
    assert task.theirs in task.parts[0].text


def test_where_nothing_was_given_nothing_is_told():
    assert set(ticking(a_chat("我要反馈"))) == {PAUSE}


def test_the_end_of_a_form_cancels_its_timers():
    assert ticking(a_chat(*FILLED, "确认")) == {}
    assert ticking(a_chat(*FILLED[:3], "取消")) == {}


def test_a_person_who_takes_over_is_not_disturbed():
    assert set(ticking(a_chat(*FILLED[:3], "转人工"))) == {DROP}


def test_an_account_that_cannot_send_sets_no_timers():
    assert ticking(a_chat(*FILLED[:3], account_type=AccountType.UNVERIFIED)) == {}


def test_going_on_starts_the_clock_anew():
    chat = a_chat(*FILLED[:3])
    chat.waits(40 * MINUTE)
    chat.says("继续")

    assert ticking(chat)[PAUSE].due == chat.now + PAUSE_S


def test_the_position_of_a_phone_keeps_no_form_alive():
    chat = a_chat(*FILLED[:3])
    due = ticking(chat)[PAUSE].due
    chat.waits(MINUTE)
    chat.sends(m.LocationReport())

    assert ticking(chat)[PAUSE].due == due


SAID = st.sampled_from([
    *FILLED, "1", "2", "3", "9", "99", "上一步", "重新开始", "继续", "完成", "没有", "确认", "取消", "换一个", "转人工",
    "怎么退款", "怎么开发票", "电话", "分类", "排查文件打不开", "是", "还是不行", "解决了", "火星移民", "",
    "😀", "更多",
])  # fmt: skip
TAPS = st.sampled_from([
    "ticket:problem", "ticket:advice", "ticket:gone", "guide:cannot-open", "guide:cannot-open/update/3", "guide:x/y/1",
    "guide:cannot-open/version/0", "guide:cannot-open/version/", "flow:back", "flow:skip", "flow:send", "flow:use",
    "flow:other", "flow:done", "flow:edit/system", "flow:edit/x", "flow:pick/system/2", "flow:pick/system/９",
    "flow:pick/x/1", "flow:begin/ticket:advice", "flow:begin/human", "flow:begin/", "flow:/",
    "flow:cancel", "flow:resume",
    "answer:refund", "human",
])  # fmt: skip
INPUTS = st.one_of(
    st.builds(m.Text, SAID),
    st.builds(m.Text, st.just("点"), TAPS),
    st.builds(m.Text, st.text(max_size=30)),
    st.builds(m.MenuClick, TAPS),
    st.sampled_from([m.Image("M"), m.Video("M"), m.Voice("M"), m.Voice("M", recognition="昨天"), m.Sticker()]),
    st.sampled_from([m.AgentJoined("kf"), m.AgentLeft("kf"), m.Follow(), m.Unfollow(), m.LocationReport()]),
)
TALKS = st.lists(st.tuples(st.sampled_from([0, 60, 1801, 90_000]), INPUTS), min_size=1, max_size=25)


def walked(talk, account_type) -> Chat:
    chat = Chat(a_flow_script(account_type=account_type))
    for pause, content in talk:
        chat.waits(pause)
        chat.sends(content)
    return chat


@given(TALKS, st.sampled_from([AccountType.VERIFIED_SERVICE, AccountType.UNVERIFIED]))
@settings(max_examples=300, deadline=None)
def test_cancelling_always_gets_out(talk, account_type):
    chat = walked(talk, account_type)

    if chat.session.mode is Mode.QUEUED:
        chat.says("取消")
    chat.says("取消")
    assert chat.session.flow is None
    assert ticking(chat) == {}


@given(TALKS, st.sampled_from([AccountType.VERIFIED_SERVICE, AccountType.UNVERIFIED]))
@settings(max_examples=300, deadline=None)
def test_no_talk_gets_stuck(talk, account_type):
    chat = walked(talk, account_type)

    for turn in chat.turns:
        if isinstance(turn.reply, TextPart):
            assert turn.reply.text
            assert len(turn.reply.text.encode()) <= TEXT_LIMIT_BYTES
    flow = chat.session.flow
    if flow and not flow.paused and chat.session.mode is Mode.BOT:
        assert chat.says("继续").rule in ("form", "guide", "more")


def test_the_way_back_leads_past_steps_that_operators_have_taken_out():
    chat = a_chat()
    chat.session = replace(chat.session, flow=FlowState("guide", "cannot-open", "update", chat.now, WAY))
    steps = {id: step for id, step in CANNOT_OPEN.steps.items() if id != "restart"}
    chat.script = a_flow_script(guides={"cannot-open": replace(CANNOT_OPEN, steps=steps)})

    assert "您的版本是最新的吗" in text_of(chat.says("上一步"))
