"""One job, with the store for tests and a messenger that does as it is told."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.factories import a_script
from wxbot.adapters.memory import MemoryStore
from wxbot.domain.job import Job, LearnTags, Send, Timer
from wxbot.domain.reply import Part, TextPart
from wxbot.domain.script import Script, Tier
from wxbot.errors import StoreUnavailable, WeChatError
from wxbot.service.changes import Changes
from wxbot.service.jobs import MAX_TRIES, PAUSE_S, delay_s, run
from wxbot.service.ports import Claimed
from wxbot.service.tools import Tools

NOW = 1_790_000_000.0
USER = "oABCD1234openid"
BUSY = WeChatError("微信系统繁忙", code=-1, retryable=True)
WINDOW_CLOSED = WeChatError("用户超过 48 小时没有互动", code=45015)
NO_ANSWER = WeChatError("等回答超时", retryable=True, delivered="maybe")


@dataclass
class Messenger:
    """Raises `trouble` in this order, one a call; None and beyond its end it delivers."""

    trouble: list[Exception | None] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def send(self, user: str, part: Part) -> None:
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble:
            raise trouble
        assert isinstance(part, TextPart)
        self.delivered.append(part.text)

    def tags_of(self, user: str) -> list[str]:
        return self.tags


@dataclass
class Work:
    """A store with one job in it. naps: what was slept, in seconds."""

    messenger: Messenger
    store: MemoryStore
    naps: list[float] = field(default_factory=list)
    script: Script = field(default_factory=a_script)

    @property
    def tools(self) -> Tools:
        changes = Changes(self.store, lambda: self.script, self.store.clock, iter(()))
        return Tools(
            self.store,
            self.store,
            self.messenger,
            self.messenger,
            changes,
            self.store.clock,
            self.naps.append,
            lambda: 0.0,
        )

    def claim(self, worker: str = "w1") -> Claimed:
        return self.store.claim(worker, limit=1, block_s=0)[0]

    def run_next(self) -> str:
        return run(self.claim(), self.tools)

    def pass_time(self, seconds: float) -> None:
        later = self.store.clock() + seconds
        self.store.clock = lambda: later


def some_work(*trouble: Exception | None, texts: Sequence[str] = ("一", "二", "三")) -> Work:
    store = MemoryStore(lambda: NOW)
    store.set_timer(Timer("t", int(NOW), Job("job-1", Send(USER, tuple(map(TextPart, texts))))))
    return Work(Messenger(list(trouble)), store)


def test_parts_are_sent_in_order_with_a_pause_between() -> None:
    work = some_work()

    assert work.run_next() == "done"

    assert work.messenger.delivered == ["一", "二", "三"]
    assert work.naps == [PAUSE_S, PAUSE_S]


def test_a_second_run_goes_on_behind_what_was_sent() -> None:
    work = some_work(None, BUSY)

    assert work.run_next() == "retried"
    work.pass_time(5)
    assert work.run_next() == "done"

    assert work.messenger.delivered == ["一", "二", "三"]


def test_a_part_that_may_have_arrived_is_not_sent_again() -> None:
    work = some_work(None, NO_ANSWER)

    assert work.run_next() == "done"

    assert work.messenger.delivered == ["一", "三"]


def test_what_wechat_refuses_for_good_is_buried_at_once_with_its_reason() -> None:
    work = some_work(WINDOW_CLOSED)

    assert work.run_next() == "buried"

    letter = work.store.dead_jobs(limit=1)[0]
    assert (letter.why, letter.tries) == (str(WINDOW_CLOSED), 1)


@pytest.mark.parametrize("trouble", [BUSY, ZeroDivisionError("of ours")])
def test_a_job_that_keeps_failing_is_buried_after_its_last_try(trouble: Exception) -> None:
    work = some_work(*[trouble] * MAX_TRIES)

    outcomes = []
    for _ in range(MAX_TRIES):
        outcomes.append(work.run_next())
        work.pass_time(600)

    assert outcomes == ["retried"] * (MAX_TRIES - 1) + ["buried"]
    assert work.store.dead_jobs(limit=1)[0].tries == MAX_TRIES


def test_a_job_that_kills_its_workers_is_buried_unseen() -> None:
    work = some_work()
    for number in range(MAX_TRIES):
        work.claim(f"killed-{number}")
        work.pass_time(61)

    assert work.run_next() == "buried"

    assert work.messenger.delivered == []


def test_who_lost_a_job_to_another_worker_stops_in_the_middle() -> None:
    work = some_work()
    slow = work.claim("slow")
    work.pass_time(61)
    quick = work.claim("quick")

    assert run(slow, work.tools) == "lost"
    assert run(quick, work.tools) == "done"

    assert work.messenger.delivered == ["一", "二", "三"]


def test_a_store_that_is_away_for_a_moment_makes_nothing_be_sent_twice() -> None:
    work = some_work(texts=["一"])
    failures = [StoreUnavailable("restarting")] * 3

    class Restarting(MemoryStore):
        def step_done(self, job_id: str, steps: int) -> None:
            if failures:
                raise failures.pop()
            work.store.step_done(job_id, steps)

    tools = replace(work.tools, progress=Restarting())

    assert run(work.claim(), tools) == "done"
    assert work.store.steps_done("job-1") == 1


def test_retries_wait_longer_each_time_but_not_for_ever() -> None:
    assert [delay_s(tries, 0.0) for tries in (1, 2, 3, 8, 40)] == [5, 10, 20, 600, 600]
    assert delay_s(1, 1.0) == 4


def test_the_log_names_the_job_and_never_the_user(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    some_work(BUSY).run_next()

    assert "job job-1 send" in caplog.text
    assert "retried tries=1" in caplog.text
    assert USER not in caplog.text


TIERS = (Tier("企业版", "101"), Tier("会员", "102"))


@pytest.mark.parametrize(("tags", "tier"), [(["102", "101"], "企业版"), (["102"], "会员"), (["2"], "")])
def test_tags_make_the_first_tier_that_fits(tags: list[str], tier: str) -> None:
    work = some_work()
    work.script, work.messenger.tags = replace(a_script(), tiers=TIERS), tags
    work.run_next()
    work.store.set_timer(Timer("tags", int(NOW), Job("job-2", LearnTags(USER))))

    assert work.run_next() == "done"

    session = work.store.begin(USER, "next").session
    assert (session.tier if session else "") == tier
