"""From the bot to the agents and back, with a worker that sends what the bot has promised."""

import json
import time
from collections.abc import Callable

import pytest
import redis

from tests.e2e.followers import Follower
from tests.e2e.processes import Deployment, await_true
from wxbot.adapters.redis.keys import Keys
from wxbot.entrypoints.stage import SideDoor
from wxbot.entrypoints.vitals import Vitals

AGENT = "kf2001@shop"


@pytest.fixture(scope="module")
def bot(deploy: Callable[..., Deployment]) -> Deployment:
    bot = deploy()
    bot.start("worker")
    web = bot.serve()
    bot.publish_menu()
    bot.door.hires(AGENT)
    Vitals(web.url).await_seen(SideDoor(bot.door.url))
    return bot


@pytest.fixture
def follower(bot: Deployment) -> Follower:
    return bot.a_follower()


def handoff_of(bot: Deployment, follower: Follower) -> dict:
    handoffs = [json.loads(line) for line in bot.run("handoffs", "--json").stdout.splitlines()]
    return next(handoff for handoff in handoffs if handoff["user"] == follower.openid)


def timers_of(bot: Deployment, follower: Follower) -> dict[str, float]:
    """Names and due times of the timers that are set for this follower."""
    with bot.redis() as settings, redis.Redis.from_url(settings.redis_url) as client:
        timers = client.zrange(Keys(settings.appid).timers, 0, -1, withscores=True)
    return {name.decode(): due for name, due in timers if follower.openid in name.decode()}


def calls_of(bot: Deployment, follower: Follower) -> list[str]:
    """What the bot has asked WeChat about this follower."""
    entries = bot.door.get("wire")["entries"]
    return [entry["name"] for entry in entries if follower.openid in str(entry["request"])]


def bring_forward(bot: Deployment, timer: str) -> None:
    """The worker goes by the machine's clock, as in production."""
    with bot.redis() as settings, redis.Redis.from_url(settings.redis_url) as client:
        client.zadd(Keys(settings.appid).timers, {timer: time.time()})


def test_a_long_answer_arrives_as_reply_and_messages_in_order(follower):
    reply = follower.says("新手怎么入门")

    await_true(lambda: len(follower.messages) == 2, 10)
    assert reply.text == "第一步，注册账号。"
    assert follower.messages == ["第二步，选好商品。", "第三步，下单付款。"]


def test_a_transfer_is_announced_flagged_and_looked_after_in_time(bot, follower):
    follower.says("怎么退款")

    assert follower.says("转人工").outcome == "transfer"

    await_true(lambda: len(follower.messages) == 1, 10)
    ((timer, due),) = timers_of(bot, follower).items()
    assert "正在为您转接" in follower.messages[0]
    assert 170 < due - time.time() < 181
    bring_forward(bot, timer)
    await_true(lambda: "customservice/kfsession/getsession" in calls_of(bot, follower), 10)
    assert "怎么退款" in [line["text"] for line in handoff_of(bot, follower)["history"]]


def test_who_leaves_the_queue_is_not_reminded(bot, follower):
    follower.says("转人工")

    left = follower.says("取消")

    assert "已退出排队" in left.text
    assert timers_of(bot, follower) == {}
    assert handoff_of(bot, follower)["state"] == "left"


def test_an_agent_sees_what_was_said_takes_over_and_gives_back(bot, follower):
    outcomes = [follower.says(words).outcome for words in ("人工客服", "我的快递丢了")]

    bot.door.agent(AGENT, "accept", openid=follower.openid)
    bot.door.agent(AGENT, "send", openid=follower.openid, text="您好，我来查")
    await_true(lambda: handoff_of(bot, follower)["state"] == "served", 10)
    answered, served = follower.says("好的"), handoff_of(bot, follower)
    bot.door.agent(AGENT, "close", openid=follower.openid)

    await_true(lambda: handoff_of(bot, follower)["state"] == "closed", 10)
    assert [*outcomes, answered.outcome] == ["transfer", "transfer", "agent"]
    assert follower.at_the_desk == ["人工客服", "我的快递丢了", "好的"]
    assert (follower.read, served["agent"]) == (["您好，我来查"], AGENT)
    assert follower.says("怎么退款").text == "在订单页点「申请退款」。"


def test_events_are_never_transferred_and_a_tap_offers_a_link_that_is(bot, follower):
    offered = follower.presses("人工客服")

    transferred = follower.taps("转人工")

    assert (offered.outcome, transferred.outcome) == ("reply", "transfer")
    assert handoff_of(bot, follower)["reason"] == "menu"
    assert follower.at_the_desk == ["转人工"]


def test_jobs_survive_a_worker_that_is_away(deploy):
    bot = deploy()
    bot.serve()
    follower = bot.a_follower()

    follower.says("新手怎么入门")
    bot.start("worker")

    await_true(lambda: follower.messages == ["第二步，选好商品。", "第三步，下单付款。"], 15)


def test_an_account_that_may_not_send_gives_the_rest_when_asked(deploy):
    bot = deploy(menus="version: 1\naccount: {name: 小店, type: 未认证}\n", answers=LONG)
    bot.serve()
    bot.door.post("account", verified=False)
    follower = bot.a_follower()

    replies = [follower.says("说来话长").text]
    while "继续" in replies[-1]:
        replies.append(follower.says("继续").text)

    assert [reply[:2] for reply in replies] == ["甲甲", "乙乙", "丙丙"]
    assert "api" not in [entry["direction"] for entry in bot.door.get("wire")["entries"]]


LONG = "category: 长\nanswers: [{{id: long, question: 说来话长, answer: [{}, {}, {}]}}]\n".format(
    *(sign * 600 for sign in "甲乙丙")
)
