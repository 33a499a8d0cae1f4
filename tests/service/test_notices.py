"""How staff hear of a handoff: one card, every channel on its own."""

from dataclasses import replace

import pytest

from tests.desks import Board, PaperDesk, an_idle_keeper, an_idle_tidier
from tests.factories import NOW, USER, a_script
from wxbot.adapters.memory import MemoryStore
from wxbot.domain.handoff import Handoff, Reason
from wxbot.domain.history import Line
from wxbot.domain.job import Flag, Job, Notify, Timer
from wxbot.service.cards import handoff_card
from wxbot.service.changes import Changes
from wxbot.service.jobs import run
from wxbot.service.privacy import tag
from wxbot.service.tools import Tools

HANDOFF = Handoff(
    "h1",
    USER,
    Reason.ANGER,
    NOW,
    topic="退款",
    tier="企业版",
    history=(Line("user", "我的电话 13800138000，到底有没有人管", NOW), Line("bot", "抱歉", NOW)),
    tried=("refund",),
    tickets=("261122-48213",),
)


class Office:
    """A worker with jobs and channels."""

    def __init__(self, **script) -> None:
        self.now = float(NOW)
        self.store, self.board = MemoryStore(lambda: self.now), Board()
        changes = Changes(self.store, lambda: a_script(**script), lambda: self.now, iter(()))
        desk, keeper = PaperDesk(), an_idle_keeper()
        self.tools = Tools(
            self.store, None, None, changes, desk, self.board, keeper, an_idle_tidier(), lambda: self.now
        )  # type: ignore[arg-type]

    def does(self, task) -> list[str]:
        """The outcomes of this job and of what follows from it at once."""
        self.store.set_timer(Timer("t", int(self.now), Job("job-1", task)))
        return self.goes_on()

    def goes_on(self) -> list[str]:
        outcomes = []
        while claimed := self.store.claim("w1", limit=1, block_s=0):
            outcomes.append(run(claimed[0], self.tools))
        return outcomes


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_card_tells_what_an_agent_needs_and_names_nobody():
    card = handoff_card(HANDOFF)

    assert card.title == "有用户需要人工：用户生气"
    assert card.lines[:4] == ("话题：退款", "级别：企业版", "未完工单：261122-48213", "已给过的答案：refund")
    assert "13800138000" not in "".join(card.lines)
    assert USER not in repr(card.lines)


def test_what_is_not_known_takes_no_line():
    assert handoff_card(Handoff("h1", USER, Reason.ASKED, NOW)).lines == ()


def test_a_flag_reaches_every_channel_with_a_tag_for_the_user(office):
    office.does(Flag(HANDOFF))

    assert sorted(channel for channel, _, _ in office.board.posted) == ["email", "wecom"]
    assert office.board.posted[0][2].startswith(f"用户：{tag(USER)}\n话题：退款")


def test_operators_choose_where_an_event_is_told():
    office = Office(notices={"handoff": ("email", "feishu"), "ticket": ()})

    office.does(Flag(HANDOFF))
    office.does(Notify("ticket", "新工单", ("一行",)))
    office.does(Notify("overdue", "超时", ("一行",)))

    told = {(channel, title) for channel, title, _ in office.board.posted}
    assert told == {("email", "有用户需要人工：用户生气"), ("wecom", "超时"), ("email", "超时")}


def test_a_broken_channel_holds_up_no_other_and_is_tried_again(office):
    office.board.broken = {"wecom"}

    assert sorted(office.does(Notify("ticket", "新工单", ("一行",)))) == ["done", "done", "retried"]
    office.board.broken, office.now = set(), office.now + 60

    assert office.goes_on() == ["done"]
    assert [channel for channel, _, _ in office.board.posted] == ["email", "wecom"]


def test_a_card_made_twice_is_told_once_a_channel(office):
    office.store.set_timer(Timer("t", NOW, Job("job-1", Flag(HANDOFF))))
    (claimed,) = office.store.claim("w1", limit=1, block_s=0)

    run(claimed, office.tools)
    run(replace(claimed), office.tools)
    office.goes_on()

    assert sorted(channel for channel, _, _ in office.board.posted) == ["email", "wecom"]
