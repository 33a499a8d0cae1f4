"""Messages that do not simply arrive: in real processes, and as staff see them."""

import json
import re
from collections.abc import Callable

import pytest

from tests.e2e.followers import Follower
from tests.e2e.processes import REPOSITORY, Deployment, Web, await_true

SEND = "cgi-bin/message/custom/send"


@pytest.fixture(scope="module")
def bot(deploy: Callable[..., Deployment]) -> Deployment:
    bot = deploy()
    bot.start("worker")
    return bot


@pytest.fixture(scope="module", autouse=True)
def web(bot: Deployment) -> Web:
    return bot.serve()


@pytest.fixture
def follower(bot: Deployment) -> Follower:
    return bot.a_follower()


def troubles(bot: Deployment, follower: Follower) -> list[dict]:
    lines = [json.loads(line) for line in bot.run("outbound", "--json").stdout.splitlines()]
    return [line for line in lines if line["user"] == follower.openid]


def test_a_message_whose_answer_is_lost_arrives_once_and_is_repeated_only_with_a_note(bot, follower):
    bot.door.post("faults", path=SEND, kind="drop", after=True)

    follower.says("转人工")
    await_true(lambda: troubles(bot, follower) != [], 10)
    assert len(follower.messages) == 1
    assert troubles(bot, follower)[0]["why"] == "可能已收到，微信没有给出结果"

    follower.says("我的订单号是 42")
    await_true(lambda: len(follower.messages) == 2, 10)
    assert "可能已经收到过" in follower.messages[1]
    assert troubles(bot, follower) == []


def test_what_wechat_refuses_for_good_can_be_sent_again_by_hand(bot, follower):
    bot.door.post("faults", path=SEND, kind="refuse", value=45002)
    follower.says("新手怎么入门")
    await_true(lambda: troubles(bot, follower) != [], 10)
    (trouble,) = troubles(bot, follower)

    requeued = bot.run("outbound", "--requeue", trouble["id"])

    await_true(lambda: len(follower.messages) == 2, 10)
    assert "重新排队" in requeued.stdout
    assert follower.messages == ["第二步，选好商品。", "第三步，下单付款。"]


def test_the_metrics_count_messages_by_way_and_result(web, follower):
    follower.says("新手怎么入门")

    await_true(lambda: len(follower.messages) == 2, 10)

    assert 'wxbot_messages_total{result="sent",way="message"}' in web.get("/metrics").text


def test_the_metrics_tell_what_waits_for_the_workers_and_nothing_that_is_not_documented(web):
    documented = (REPOSITORY / "docs/architecture.md").read_text(encoding="utf-8")
    await_true(lambda: "\nwxbot_jobs 0.0\n" in web.get("/metrics").text, 10)

    told = set(re.findall(r"^# TYPE (wxbot_\w+)", web.get("/metrics").text, re.MULTILINE))

    assert {"wxbot_jobs_oldest_seconds", "wxbot_timers_late", "wxbot_dead_letters"} <= told
    assert [name for name in told if f"`{name}`" not in documented and not name.endswith("_created")] == []


def test_nothing_can_be_sent_again_that_did_not_fail(bot):
    assert bot.run("outbound", "--requeue", "unknown").returncode == 2
