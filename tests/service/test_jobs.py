"""One job and how it ends, on real Valkey; what messages go through is told in test_gate."""

import logging
from dataclasses import replace

import pytest

from tests.factories import USER, a_script
from tests.outgoing import BUSY, Outgoing
from wxbot.adapters.redis.connect import connect
from wxbot.adapters.redis.lanes import RedisLanes
from wxbot.domain.job import Job, LearnTags, Timer
from wxbot.domain.script import Tier
from wxbot.errors import StoreUnavailable
from wxbot.service.jobs import run
from wxbot.service.ports import Claimed
from wxbot.service.retries import MAX_TRIES, delay_s


@pytest.fixture
def bot(redis_url: str, appid: str) -> Outgoing:
    bot = Outgoing(connect(redis_url), appid)
    bot.says("你好")
    return bot


def claim(bot: Outgoing, worker: str = "w1") -> Claimed:
    return bot.queue.claim(worker, limit=1, block_s=0)[0]


def test_a_fault_of_ours_in_the_middle_of_a_send_leaves_it_in_doubt(bot):
    bot.wechat.trouble.append(ZeroDivisionError("of ours"))
    bot.tell("进展")

    assert bot.work() == ["retried"]
    bot.wait(5)
    assert bot.work() == ["done"]

    assert [held.maybe for held in bot.held] == [True]


def test_a_job_that_kills_its_workers_is_buried_unseen(bot):
    bot.tell("进展")
    for number in range(MAX_TRIES):
        claim(bot, f"killed-{number}")

    assert bot.work() == ["buried"]

    assert bot.sent == []
    assert bot.store.dead_jobs(limit=1)[0].why == "its workers died"


def test_who_lost_a_job_to_another_worker_stops(bot):
    bot.tell("一", "二")
    slow, quick = claim(bot, "slow"), claim(bot, "quick")

    assert run(slow, bot.tools) == "lost"
    assert run(quick, bot.tools) == "done"

    assert bot.sent == ["一", "二"]


def test_a_store_that_is_away_for_a_moment_makes_nothing_be_sent_twice(bot):
    failures = [StoreUnavailable("restarting")] * 3

    class Restarting(RedisLanes):
        def finish(self, *args, **named):
            if failures:
                raise failures.pop()
            super().finish(*args, **named)

    bot.tell("一")
    tools = bot.tools
    restarting = Restarting(bot.link, bot.appid)

    assert run(claim(bot), replace(tools, gate=replace(tools.gate, ledger=restarting))) == "done"

    assert bot.sent == ["一"]
    assert failures == []


def test_retries_wait_longer_each_time_but_not_for_ever():
    assert [delay_s(tries, 0.0) for tries in (1, 2, 3, 8, 40)] == [5, 10, 20, 600, 600]
    assert delay_s(1, 1.0) == 4


def test_the_log_names_the_job_and_never_the_user(bot, caplog):
    caplog.set_level(logging.INFO)
    bot.wechat.trouble.append(BUSY)
    bot.tell("进展", id="job-1")

    bot.work()

    assert "job job-1 send" in caplog.text
    assert "retried tries=1" in caplog.text
    assert USER not in caplog.text


TIERS = (Tier("企业版", "101"), Tier("会员", "102"))


@pytest.mark.parametrize(("tags", "tier"), [(["102", "101"], "企业版"), (["102"], "会员"), (["2"], "")])
def test_tags_make_the_first_tier_that_fits(redis_url, appid, tags, tier):
    bot = Outgoing(connect(redis_url), appid, a_script(tiers=TIERS))
    bot.wechat.tags = tags
    bot.queue.set_timer(Timer("tags", 0, Job("job-2", LearnTags(USER))))

    assert bot.work() == ["done"]

    session = bot.store.begin(USER, "next").session
    assert (session.tier if session else "") == tier
