"""kill -9 of a web process: nothing that was answered is forgotten, and the next message is answered again."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from tests.e2e.messages import a_text
from tests.e2e.processes import START_S, Deployment, Web, await_true, kill
from wxbot.bootstrap import build_desk
from wxbot.sandbox.delivery import Delivery, NoValidAnswer, Reply

USER = "oKilled-1"
BLOWS, BETWEEN_BLOWS_S = 4, (0.3, 1.2)


@pytest.fixture(scope="module")
def bot(deploy) -> Deployment:
    return deploy()


@pytest.fixture(scope="module")
def web(bot: Deployment) -> Web:
    return bot.serve()


@pytest.fixture
def delivery(bot: Deployment, web: Web) -> Delivery:
    return bot.delivery(web)


def kill_web_process(web: Web) -> float:
    """Seconds until another one serves in its place."""
    (victim,) = web.children
    kill(victim)
    await_true(lambda: victim not in web.children, START_S)
    return web.await_ready()


def test_a_talk_goes_on_through_a_kill_between_any_two_messages(bot: Deployment, web: Web, delivery: Delivery):
    def say(words: str) -> Reply:
        kill_web_process(web)
        return delivery.text(USER, words)

    delivery.follow(USER)

    assert "【1】" in say("分类").text
    assert "怎么退款" in say("1").text
    assert "申请退款" in say("1").text
    assert "没有听懂" in say("今晚吃什么").text
    assert "按分类找找看" in say("明晚吃什么").text
    assert "人工客服" in say("后天吃什么").text
    assert say("1").kind == "transfer"
    assert say("我的订单号是 42").kind == "transfer"
    (handoff,) = handoffs(bot)
    assert (handoff["reason"], handoff["state"]) == ("misses", "waiting")
    assert [line["text"] for line in handoff["history"] if line["who"] == "user"][-2:] == ["明晚吃什么", "后天吃什么"]
    assert "已退出排队" in say("取消").text
    kill_web_process(web)
    assert "欢迎回来" in delivery.follow(USER).text


def handoffs(bot: Deployment) -> list[dict]:
    return [json.loads(line) for line in bot.run("handoffs", "--json").stdout.splitlines()]


def test_blows_at_any_moment_lose_and_double_nothing(bot: Deployment, web: Web, delivery: Delivery):
    user, chance, stop = "oKilled-2", random.Random(1), Event()

    def talk() -> list[str]:
        texts = []
        while not stop.is_set():
            texts.append(f"第 {len(texts)} 次问怎么退款")
            deliver_until_answered(delivery, a_text(user, texts[-1]))
        return texts

    with ThreadPoolExecutor(1) as pool:
        talking = pool.submit(talk)
        for _ in range(BLOWS):
            time.sleep(chance.uniform(*BETWEEN_BLOWS_S))
            kill_web_process(web)
        stop.set()

    with bot.redis() as settings:
        logged = [question.text for question in build_desk(settings).questions(since=0) if question.user == user]
    assert logged == talking.result()


def deliver_until_answered(delivery: Delivery, message: dict[str, Any]) -> Reply:
    """As WeChat's three tries, if the process were back within seconds each time."""
    while True:
        try:
            return delivery.deliver(message)
        except NoValidAnswer:
            time.sleep(0.02)


def test_a_deployment_killed_as_a_whole_goes_on_where_it_was(bot: Deployment, web: Web, delivery: Delivery):
    delivery.text("oKilled-3", "怎么开发票")
    for pid in bot.processes():
        kill(pid)

    again = bot.serve(port=int(web.url.rpartition(":")[2]))

    assert "申请退款" in bot.delivery(again).text("oKilled-3", "1").text


def test_web_processes_end_with_their_supervisor(bot: Deployment):
    web = bot.serve()
    (orphan,) = web.children

    kill(web.pid)

    await_true(lambda: orphan not in bot.processes(), 10)
