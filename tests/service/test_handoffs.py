"""What the worker does about handoffs, on a desk of paper."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from uuid import uuid4

import pytest

from tests.desks import Board, PaperDesk, an_idle_keeper, an_idle_tidier
from tests.factories import NOW, USER, a_script, a_text, an_inbound
from wxbot.adapters.memory import MemoryStore
from wxbot.domain import message as m
from wxbot.domain.dialogue.agents import NAMED_S, REMIND_S, SERVED_CHECK_S, WAITING_CHECK_S
from wxbot.domain.dialogue.desk import RETRY_S
from wxbot.domain.handoff import Handoff, State
from wxbot.domain.history import Line
from wxbot.domain.job import Send
from wxbot.domain.reply import Transfer
from wxbot.domain.script import Script
from wxbot.domain.session import Mode, Session
from wxbot.domain.staffing import OnlineAgent, Presence, Staffing, Topic
from wxbot.errors import WeChatError
from wxbot.service.changes import Changes
from wxbot.service.content import Live, ready
from wxbot.service.jobs import run
from wxbot.service.ports import Loaded, Record
from wxbot.service.tools import Tools
from wxbot.service.turn import Turns

KF1, KF2 = "kf1@shop", "kf2@shop"
STAFFING = Staffing(topics={"退款": Topic(("退款没到账",), "售后")}, groups={"售后": (KF1,)})


@cache
def shop() -> Live:
    return ready(Loaded(a_script(staffing=STAFFING)))


@dataclass
class Outbox:
    """A gate that lets everything out at once, and nothing that has become moot. Knows nobody's tags."""

    store: MemoryStore
    sent: list[str] = field(default_factory=list)

    def drive(self, claimed, queue) -> None:
        task = claimed.job.task
        if task.stage in ("", self.store.begin(task.user, "look").session.mode):
            self.sent += [part.text for part in task.parts]

    def show_typing(self, user: str) -> None:
        pass

    def tags_of(self, user: str) -> list[str]:
        return []


@dataclass
class Office:
    """A bot, its worker and the desk, with a clock of their own. presence: what the web process knows of the desk."""

    now: float = NOW
    live: Live = field(default_factory=shop)
    desk: PaperDesk = field(default_factory=PaperDesk)
    presence: Presence = field(default_factory=Presence)
    numbers: Callable[[], int] = field(default_factory=lambda: count().__next__)

    def __post_init__(self) -> None:
        self.store = MemoryStore(lambda: self.now)
        self.outbox = Outbox(self.store)
        ids = iter(lambda: uuid4().hex, None)
        changes = Changes(self.store, self._script, lambda: self.now, ids)
        self.turns = Turns(self.store, lambda: self.live, lambda: self.now, ids, presence=lambda: self.presence)
        self.tools = Tools(
            self.store,
            self.outbox,
            self.outbox,
            changes,
            self.desk,
            Board(()),
            an_idle_keeper(),
            an_idle_tidier(),
            lambda: self.now,
            lambda s: None,
        )

    def _script(self) -> Script:
        return self.live.script

    def hears(self, words: str):
        return self.turns.handle(a_text(words, id=f"m{self.numbers()}")).reply

    def happens(self, event) -> None:
        self.turns.handle(an_inbound(event, id=f"m{self.numbers()}", at=int(self.now)))

    def works(self) -> list[str]:
        """Every job that is due; what was sent to the user."""
        self.outbox.sent.clear()
        while claimed := self.store.claim("w1", limit=1, block_s=0):
            run(claimed[0], self.tools)
        return self.outbox.sent

    def waits(self, seconds: float) -> list[str]:
        self.now += seconds
        return self.works()

    @property
    def session(self) -> Session:
        session = self.store.begin(USER, "look").session
        assert session
        return session

    @property
    def handoff(self) -> Handoff:
        return self.store.handoffs(limit=1)[0]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def waiting(office: Office) -> Office:
    """A follower waits for any agent, one is there."""
    office.desk.online[KF2] = 0
    office.hears("转人工")
    office.desk.waiting = [f"other-{number}" for number in range(3)] + [USER]
    office.works()
    return office


@pytest.fixture
def bound(office: Office) -> Office:
    """A follower waits for one agent alone, who was there a moment ago."""
    office.presence = Presence(True, (OnlineAgent(KF1),))
    assert office.hears("退款没到账") == Transfer(KF1)
    office.desk.waiting = [USER]
    office.works()
    return office


@pytest.fixture
def served(waiting: Office) -> Office:
    waiting.desk.waiting.clear()
    waiting.desk.serving[USER] = KF2
    waiting.happens(m.AgentJoined(KF2))
    return waiting


def test_who_waits_hears_once_how_many_are_before_them(waiting):
    assert waiting.waits(REMIND_S) == [
        "客服正忙，您仍在排队，请再稍等一会儿。回复「取消」可回到智能助手。您前面还有 3 位在等候。"
    ]
    assert waiting.waits(WAITING_CHECK_S) == []
    assert waiting.session.mode is Mode.QUEUED


def test_who_waits_long_hears_of_it_once_more_and_waits_on(waiting):
    said = [words for _ in range(12) for words in waiting.waits(WAITING_CHECK_S)]

    assert [words[:5] for words in said] == ["客服正忙，", "让您久等了"]
    assert waiting.hears("还在吗") == Transfer()


def test_an_agent_whose_coming_was_not_told_is_found(waiting):
    waiting.desk.waiting.clear()
    waiting.desk.serving[USER] = KF2

    assert waiting.waits(REMIND_S) == []

    assert (waiting.session.mode, waiting.handoff.state, waiting.handoff.agent) == (Mode.HUMAN, State.SERVED, KF2)


def test_a_wait_that_the_desk_knows_nothing_of_ends_with_a_word(waiting):
    waiting.desk.waiting.clear()

    (words,) = waiting.waits(REMIND_S)

    assert words.startswith("这次没有等到客服")
    assert (waiting.session.mode, waiting.handoff.state) == (Mode.BOT, State.MISSED)


def test_when_the_last_agent_goes_home_those_who_wait_are_told(waiting):
    waiting.desk.online.clear()

    (words,) = waiting.waits(REMIND_S)

    assert words.startswith("客服现在都不在线")
    assert [option.label for option in waiting.session.options] == ["联系方式"]
    assert waiting.handoff.state is State.MISSED


def test_behind_the_first_hundred_nobody_can_tell_and_the_wait_goes_on(waiting):
    waiting.desk.waiting = [f"other-{number}" for number in range(160)]

    assert waiting.waits(REMIND_S)[0].endswith("您前面还有 100 位在等候。")


def test_a_desk_that_cannot_be_asked_is_no_news_and_asked_again(waiting):
    waiting.desk.away = True
    assert waiting.waits(REMIND_S) == []
    assert waiting.session.mode is Mode.QUEUED

    waiting.desk.away = False

    assert len(waiting.waits(RETRY_S)) == 1


def test_who_is_bound_to_an_agent_that_has_gone_is_given_to_another(bound):
    bound.desk.online[KF2] = 0

    (words,) = bound.waits(NAMED_S)

    assert words.startswith("刚才为您安排的客服暂时离开了，正在为您换一位")
    assert bound.desk.serving == {USER: KF2}


def test_who_is_bound_while_all_others_are_busy_is_transferred_to_anybody(bound):
    bound.desk.online[KF2] = 5

    (words,) = bound.waits(NAMED_S)
    bound.presence = Presence(True, (OnlineAgent(KF1), OnlineAgent(KF2)))

    assert "请再说一句您的问题" in words
    assert bound.hears("退款没到账") == Transfer()


def test_who_is_bound_and_nobody_else_is_there_hears_that(bound):
    (words,) = bound.waits(NAMED_S)

    assert words.startswith("客服现在都不在线")
    assert bound.session.mode is Mode.BOT


def test_the_bound_agent_who_is_there_is_waited_for(bound):
    bound.desk.online[KF1] = 1

    assert bound.waits(NAMED_S) == []
    assert bound.handoff.named == KF1


def test_an_end_that_was_not_told_is_found(served):
    served.desk.serving.clear()

    served.waits(SERVED_CHECK_S)

    assert (served.session.mode, served.handoff.state) == (Mode.BOT, State.CLOSED)


def test_a_switch_that_was_not_told_is_found(served):
    served.desk.serving[USER] = KF1

    served.waits(SERVED_CHECK_S)

    assert (served.session.mode, served.handoff.agent) == (Mode.HUMAN, KF1)


def test_a_session_that_goes_on_is_left_alone(served):
    assert served.waits(SERVED_CHECK_S) == []
    assert served.session.mode is Mode.HUMAN


def test_what_was_said_is_kept_with_the_record(served):
    start = int(served.now)
    served.desk.said = [
        Record(USER, start + 2, True, "您好"),
        Record("somebody", start + 3, True, "别人的话"),
        Record(USER, start + 5, False, "我要退款"),
    ]
    served.now += 60
    served.happens(m.AgentLeft(KF2))

    served.waits(60)

    assert served.handoff.transcript == (Line("agent", "您好", start + 2), Line("user", "我要退款", start + 5))
    assert served.session.mode is Mode.BOT


def test_long_sessions_are_asked_for_day_by_day(served):
    start = int(served.now)
    served.now += 2 * 86400 + 60
    served.happens(m.AgentLeft(KF2))

    served.waits(60)

    assert [end - begin for begin, end in served.desk.asked] == [86400, 86400, 60]
    assert served.desk.asked[0][0] == start


@pytest.fixture
def tapped() -> Office:
    """A follower has tapped the menu where that opens a session, and two agents are free."""
    live = ready(Loaded(a_script(staffing=Staffing(open_on_tap=True))))
    office = Office(live=live, presence=Presence(True, (OnlineAgent(KF1), OnlineAgent(KF2))))
    office.desk.online = {KF1: 0, KF2: 0}
    office.happens(m.MenuClick("human"))
    return office


def test_a_tap_opens_the_session(tapped):
    tapped.works()

    assert tapped.desk.serving == {USER: KF1}


def test_an_agent_who_cannot_take_the_session_is_passed_over(tapped):
    tapped.desk.refusals[KF1] = WeChatError("客服不在线", code=65415)

    tapped.works()

    assert tapped.desk.serving == {USER: KF2}


@pytest.mark.parametrize("code", [65400, 65401, 65402, 65415])
def test_where_no_session_can_be_opened_the_user_taps_once_more(tapped, code):
    tapped.desk.refusals = dict.fromkeys((KF1, KF2), WeChatError("不行", code=code))

    (words,) = tapped.works()

    assert words.startswith("暂时没能接通人工客服")
    assert "msgmenuid=human" in words
    assert tapped.session.mode is Mode.BOT


def test_who_is_served_by_another_already_stays_there(tapped):
    tapped.desk.refusals = dict.fromkeys((KF1, KF2), WeChatError("别人接待", code=65414))
    tapped.desk.serving[USER] = KF2

    tapped.works()

    assert (tapped.session.mode, tapped.handoff.agent) == (Mode.HUMAN, KF2)


def test_a_busy_desk_is_asked_again_before_the_user_is_told(tapped):
    tapped.desk.refusals[KF1] = WeChatError("系统繁忙", code=-1, retryable=True)
    assert tapped.works() == []

    tapped.desk.refusals.clear()

    assert tapped.waits(10) == []
    assert tapped.desk.serving == {USER: KF1}


def test_nothing_is_told_while_a_busy_desk_is_still_asked(tapped):
    tapped.desk.refusals[KF1] = WeChatError("系统繁忙", code=-1, retryable=True)
    tapped.works()
    assert tapped.waits(25) == []

    tapped.desk.refusals.clear()

    assert tapped.waits(11) == []
    assert tapped.desk.serving == {USER: KF1}


@pytest.mark.parametrize("change_of_mind", [["取消"], ["取消", "转人工"]])
def test_no_session_is_opened_for_who_no_longer_waits_for_it(tapped, change_of_mind):
    for words in change_of_mind:
        tapped.hears(words)

    tapped.works()

    assert tapped.desk.serving == {}


def test_a_check_that_comes_too_late_changes_nothing(waiting):
    waiting.hears("取消")

    assert waiting.waits(REMIND_S) == []
    assert waiting.handoff.state is State.LEFT


def test_a_check_done_twice_says_it_once(waiting):
    waiting.now += REMIND_S
    (claimed,) = waiting.store.claim("w1", limit=1, block_s=0)

    run(claimed, waiting.tools)
    run(claimed, waiting.tools)

    assert [type(job.task) for job in waiting.store.jobs()] == [Send]
