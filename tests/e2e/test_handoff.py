"""From the bot to the agents and back, with a worker that sends what the bot has promised."""

import json
import time
from collections.abc import Callable

import pytest
import redis

from tests.e2e.messages import a_user
from tests.e2e.processes import Deployment, await_true
from wxbot.adapters.redis.keys import Keys
from wxbot.sandbox.delivery import Delivery

AGENT = "kf2001@shop"


@pytest.fixture(scope="module")
def bot(deploy: Callable[..., Deployment]) -> Deployment:
    bot = deploy()
    bot.start("worker")
    return bot


@pytest.fixture(scope="module")
def delivery(bot: Deployment) -> Delivery:
    return bot.delivery(bot.serve())


@pytest.fixture
def user(bot: Deployment) -> str:
    """Somebody who may be written to."""
    user = a_user()
    bot.platform.user_wrote(user)
    return user


def received(bot: Deployment, user: str) -> list[str]:
    return [message.body["text"]["content"] for message in bot.platform.inbox(user)]


def handoff_of(bot: Deployment, user: str) -> dict:
    handoffs = [json.loads(line) for line in bot.run("handoffs", "--json").stdout.splitlines()]
    return next(handoff for handoff in handoffs if handoff["user"] == user)


def timers_of(bot: Deployment, user: str) -> dict[str, float]:
    """Names and due times of the timers that are set for this user."""
    with bot.redis() as settings, redis.Redis.from_url(settings.redis_url) as client:
        timers = client.zrange(Keys(settings.appid).timers, 0, -1, withscores=True)
    return {name.decode(): due for name, due in timers if user in name.decode()}


def bring_forward(bot: Deployment, timer: str) -> None:
    with bot.redis() as settings, redis.Redis.from_url(settings.redis_url) as client:
        client.zadd(Keys(settings.appid).timers, {timer: time.time()})


def test_a_long_answer_arrives_as_reply_and_messages_in_order(bot, delivery, user):
    reply = delivery.text(user, "新手怎么入门")

    await_true(lambda: len(received(bot, user)) == 2, 10)
    assert reply.text == "第一步，注册账号。"
    assert received(bot, user) == ["第二步，选好商品。", "第三步，下单付款。"]


def test_a_transfer_is_announced_flagged_and_reminded_of_in_time(bot, delivery, user):
    delivery.text(user, "怎么退款")

    assert delivery.text(user, "转人工").kind == "transfer"

    await_true(lambda: len(received(bot, user)) == 1, 10)
    ((timer, due),) = timers_of(bot, user).items()
    assert "正在为您转接" in received(bot, user)[0]
    assert 170 < due - time.time() < 181
    bring_forward(bot, timer)
    await_true(lambda: len(received(bot, user)) == 2, 10)
    assert "仍在排队" in received(bot, user)[1]
    assert handoff_of(bot, user)["history"][0]["text"] == "怎么退款"


def test_who_leaves_the_queue_is_not_reminded(bot, delivery, user):
    delivery.text(user, "转人工")

    left = delivery.text(user, "取消")

    assert "已退出排队" in left.text
    assert timers_of(bot, user) == {}
    assert handoff_of(bot, user)["state"] == "left"


def test_an_agent_takes_over_and_gives_back(bot, delivery, user):
    delivery.text(user, "人工客服")
    waiting = delivery.text(user, "我的快递丢了")

    joined = delivery.agent_joined(user, AGENT)
    served, timers = handoff_of(bot, user), timers_of(bot, user)
    left = delivery.agent_left(user, AGENT)

    assert [waiting.kind, joined.kind, left.kind] == ["transfer", "silence", "silence"]
    assert (served["state"], served["agent"], timers) == ("served", AGENT, {})
    assert handoff_of(bot, user)["state"] == "closed"
    assert delivery.text(user, "怎么退款").text == "在订单页点「申请退款」。"


def test_events_are_never_transferred_and_a_tap_offers_a_link_that_is(bot, delivery, user):
    offered = delivery.click(user, "human")

    transferred = delivery.text(user, "转人工", tap_id="human")

    assert offered.kind == "text"
    assert "msgmenuid=human" in offered.text
    assert transferred.kind == "transfer"
    assert handoff_of(bot, user)["reason"] == "menu"


def test_jobs_survive_a_worker_that_is_away(deploy):
    bot = deploy()
    delivery, user = bot.delivery(bot.serve()), a_user()
    bot.platform.user_wrote(user)

    delivery.text(user, "新手怎么入门")
    bot.start("worker")

    await_true(lambda: received(bot, user) == ["第二步，选好商品。", "第三步，下单付款。"], 15)


def test_an_account_that_may_not_send_gives_the_rest_when_asked(deploy):
    bot = deploy(menus="version: 1\naccount: {name: 小店, type: 未认证}\n", answers=LONG)
    delivery, user = bot.delivery(bot.serve()), a_user()

    first, rest = delivery.text(user, "说来话长"), []
    while "继续" in (first.text if not rest else rest[-1].text):
        rest.append(delivery.text(user, "继续"))

    assert [reply.text[:2] for reply in (first, *rest)] == ["甲甲", "乙乙", "丙丙"]
    assert bot.platform.calls == []


LONG = "category: 长\nanswers: [{{id: long, question: 说来话长, answer: [{}, {}, {}]}}]\n".format(
    *(sign * 600 for sign in "甲乙丙")
)
