"""What holds for every talk, whatever is sent in whatever order."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import Chat, a_script, an_answer, an_option
from wxbot.domain import message as m
from wxbot.domain.account import AccountType, Capability
from wxbot.domain.action import Action
from wxbot.domain.contacts import Contacts
from wxbot.domain.history import HISTORY_LINES
from wxbot.domain.job import CancelTimer, CheckHandoff, EmptyTickets, Send, Timer
from wxbot.domain.menu import Button, Menu
from wxbot.domain.reply import TEXT_LIMIT_BYTES, ImagePart, MiniProgramPart, TextPart, Transfer, split_text
from wxbot.domain.script import Greeting, Script, Welcome
from wxbot.domain.session import Mode, Session

LONG = "第一步：" + "字" * 1500
MENU = Menu((Button("公告", Action("say", LONG), key="NEWS"), Button("人工", Action("human", "退款"))))
ENTRIES = (
    an_answer("long", "长答案", LONG, ImagePart("M1"), LONG, related=("refund", "long", "gone")),
    an_answer("program", "小程序", MiniProgramPart("商城", "wx01", "pages/home", "T1"), related=("refund",)),
    *(an_answer(f"q{number}", f"第{number}问", category="很长的分类") for number in range(14)),
)
SCENES = Welcome(Greeting("欢迎", (an_option("人工", "human"),)), closed="打烊了", scenes={"s*": Greeting(LONG)})

WORDS = (
    *("怎么退款", "怎么开发票", "长答案", "小程序", "火星移民", "退款怎么", "你好", "转人工", "取消", "继续", "分类"),
    *("很长的分类", "订单", "1", "2", "３", "9", "0", "99", "", "😀", "\x00"),
)
TAP_IDS = ("", "0", "human", "human:退款", "answer:long", "answer:gone", "browse", "browse:很长的分类#2", "browse:x#99")
FORGED = ("say:x", "url:https://evil.example/", "ticket:x", "%E4", "answer:%", "phones")
KEYS = ("NEWS", "human:退款", "answer:refund", "SUMMER_SALE", *TAP_IDS, *FORGED)

some_text = st.text(max_size=40)
texts = st.builds(
    m.Text, st.one_of(st.sampled_from(WORDS), some_text), st.one_of(st.sampled_from((*TAP_IDS, *FORGED)), some_text)
)
messages = st.one_of(
    texts,
    st.sampled_from([m.Sticker(), m.Image("M"), m.Voice("M"), m.Voice("M", recognition="转人工。"), m.Video("M")]),
    st.sampled_from([m.Location("1", "2", "家"), m.Link("文章"), m.File("日志"), m.OtherMessage("hologram")]),
)
keys = st.one_of(st.sampled_from(KEYS), some_text)
events = st.one_of(
    st.builds(m.Follow, st.sampled_from(["", "s1", "x"])),
    st.builds(m.Scan, st.sampled_from(["", "s1", "x"])),
    st.builds(m.MenuClick, keys),
    st.builds(m.ScanCode, keys, some_text),
    st.builds(m.PicturesPicked, keys, st.integers(0, 9)),
    st.builds(m.LocationPicked, keys, some_text),
    st.sampled_from([m.Unfollow(), m.MenuVisit("https://a.example/"), m.LocationReport(), m.OtherEvent("x")]),
    st.sampled_from([m.AgentJoined("kf1@x"), m.AgentLeft("kf1@x"), m.AgentSwitched("kf1@x", "kf2@x")]),
    st.sampled_from([m.TemplateFinished("1", "success")]),
)
pauses = st.sampled_from([0, 60, 1799, 1801, 100_000])
talks = st.lists(st.tuples(pauses, st.one_of(messages, events)), min_size=1, max_size=12)
scripts = st.builds(
    a_script,
    *map(st.just, ENTRIES),
    account_type=st.sampled_from(AccountType),
    agents=st.booleans(),
    menu=st.just(MENU),
    welcome=st.just(SCENES),
    contacts=st.sampled_from([Contacts(), Contacts(no_phone=True), a_script().contacts]),
)
bare_scripts = scripts.map(lambda script: replace(script, answers={}, categories={}, menu=Menu()))


def held(script: Script, talk: list, *, degraded: bool = False) -> Chat:
    chat = Chat(script, Session("oFollower-1"), degraded=degraded)
    for pause, content in talk:
        chat.waits(pause)
        chat.sends(content)
    return chat


@given(st.one_of(scripts, bare_scripts), talks, st.booleans())
@settings(max_examples=300)
def test_every_talk_keeps_the_limits(script, talk, degraded):
    for turn in held(script, talk, degraded=degraded).turns:
        said = [turn.reply, *(part for job in turn.jobs if isinstance(job.task, Send) for part in job.task.parts)]
        assert all(len(part.text.encode()) <= TEXT_LIMIT_BYTES for part in said if isinstance(part, TextPart))
        assert all(split_text(part.text) for part in said if isinstance(part, TextPart))
        assert len(turn.session.history) <= HISTORY_LINES


@given(scripts, talks)
@settings(max_examples=300)
def test_only_messages_are_handed_over_and_only_where_agents_are(script, talk):
    for (_, content), turn in zip(talk, held(script, talk).turns, strict=True):
        if isinstance(turn.reply, Transfer):
            assert isinstance(content, m.UserMessage)
            assert script.agents
            assert script.can(Capability.AGENTS)


@given(scripts, talks)
def test_an_account_that_cannot_send_leaves_no_jobs_but_to_forget(script, talk):
    for turn in held(replace(script, account_type=AccountType.UNVERIFIED), talk).turns:
        assert turn.jobs == ()
        assert all(isinstance(timer.job.task, EmptyTickets) for timer in turn.timers if isinstance(timer, Timer))


@given(scripts, talks)
def test_without_the_store_nothing_is_promised(script, talk):
    for turn in held(script, talk, degraded=True).turns:
        assert (turn.jobs, turn.timers, turn.handoffs) == ((), (), ())
        assert not isinstance(turn.reply, Transfer)


@given(scripts, talks)
@settings(max_examples=300)
def test_whoever_waits_has_one_open_record_and_nobody_else_has(script, talk):
    chat = held(script, talk)

    if chat.session.mode is Mode.QUEUED:
        assert chat.session.handoff is not None
    if chat.session.mode is Mode.BOT:
        assert chat.session.handoff is None


@given(scripts, talks)
@settings(max_examples=300)
def test_every_record_is_closed_but_the_one_in_the_session(script, talk):
    chat = held(script, talk)

    latest = {handoff.id: handoff for turn in chat.turns for handoff in turn.handoffs}
    open_ones = [handoff for handoff in latest.values() if not handoff.closed]
    assert open_ones == ([chat.session.handoff] if chat.session.handoff else [])


@given(scripts, talks)
def test_the_desk_is_asked_only_about_open_records(script, talk):
    chat = held(script, talk)

    ticking: dict[str, Timer] = {}
    for timer in (timer for turn in chat.turns for timer in turn.timers):
        ticking.pop(timer.key, None)
        if not isinstance(timer, CancelTimer):
            ticking[timer.key] = timer
    asked = [timer.job.task.handoff for timer in ticking.values() if isinstance(timer.job.task, CheckHandoff)]
    assert asked == ([chat.session.handoff.id] if chat.session.handoff and script.can(Capability.AGENTS) else [])


@given(scripts, talks)
def test_whoever_writes_words_is_answered(script, talk):
    for (_, content), turn in zip(talk, held(script, talk).turns, strict=True):
        if isinstance(content, m.Text):
            assert turn.jobs or turn.reply.kind != "silence"


@given(scripts, talks)
def test_the_same_message_decided_again_gives_the_same_turn(script, talk):
    assert held(script, talk).turns == held(script, talk).turns
