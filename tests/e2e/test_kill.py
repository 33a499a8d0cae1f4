"""kill -9 of a web process: nothing that was answered is forgotten, and the next message is answered again."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tests.e2e.processes import START_S, Deployment, Web, await_true, kill
from wxbot.bootstrap import build_desk

BLOWS, BETWEEN_BLOWS_S = 4, (0.3, 1.2)
RETRY_S = 4


@pytest.fixture(scope="module")
def bot(deploy) -> Deployment:
    return deploy()


@pytest.fixture(scope="module")
def web(bot: Deployment) -> Web:
    """A new process is mostly there before WeChat's third try."""
    web = bot.serve()
    bot.door.post("account", retry_s=RETRY_S)
    return web


def kill_web_process(web: Web) -> float:
    """Seconds until another one serves in its place."""
    (victim,) = web.children
    kill(victim)
    await_true(lambda: victim not in web.children, START_S)
    return web.await_ready()


def test_a_talk_goes_on_through_a_kill_between_any_two_messages(bot: Deployment, web: Web):
    follower = bot.a_follower()

    def say(words: str) -> str:
        kill_web_process(web)
        done = follower.says(words)
        return done.text or done.outcome

    assert "【1】" in say("分类")
    assert "怎么退款" in say("1")
    assert "申请退款" in say("1")
    assert "没有听懂" in say("今晚吃什么")
    assert "按分类找找看" in say("明晚吃什么")
    assert "人工客服" in say("后天吃什么")
    assert say("1") == "transfer"
    assert say("我的订单号是 42") == "transfer"
    (handoff,) = handoffs(bot)
    assert (handoff["reason"], handoff["state"]) == ("misses", "waiting")
    assert [line["text"] for line in handoff["history"] if line["who"] == "user"][-2:] == ["明晚吃什么", "后天吃什么"]
    assert follower.at_the_desk == ["1", "我的订单号是 42"]
    assert "已退出排队" in say("取消")
    follower.leaves()
    kill_web_process(web)
    assert "欢迎回来" in follower.follows().text


def handoffs(bot: Deployment) -> list[dict]:
    return [json.loads(line) for line in bot.run("handoffs", "--json").stdout.splitlines()]


def test_blows_at_any_moment_lose_and_double_nothing(bot: Deployment, web: Web):
    follower, chance, stop = bot.a_follower(), random.Random(1), Event()

    def talk() -> list[tuple[str, str]]:
        said = []
        while not stop.is_set():
            words = f"第 {len(said)} 次问怎么退款"
            said.append((words, follower.says(words).outcome))
        return said

    with ThreadPoolExecutor(1) as pool:
        talking = pool.submit(talk)
        for _ in range(BLOWS):
            time.sleep(chance.uniform(*BETWEEN_BLOWS_S))
            kill_web_process(web)
        stop.set()

    with bot.redis() as settings:
        questions = build_desk(settings).questions(since=0)
    logged = [question.text for question in questions if question.user == follower.openid]
    said, answered = talking.result(), {words for words, outcome in talking.result() if outcome == "reply"}
    # Where all three tries meet a blow, the follower is told, and it may be there or not.
    assert logged == [words for words, _ in said if words in answered or words in logged]
    assert len(answered) > BLOWS


def test_a_deployment_killed_as_a_whole_goes_on_where_it_was(bot: Deployment, web: Web):
    follower = bot.a_follower()
    follower.says("怎么开发票")
    for pid in bot.processes():
        kill(pid)

    bot.serve(port=int(web.url.rpartition(":")[2]))

    assert "申请退款" in follower.says("1").text


def test_web_processes_end_with_their_supervisor(bot: Deployment):
    web = bot.begin_serving()
    web.await_ready()
    (orphan,) = web.children

    kill(web.pid)

    await_true(lambda: orphan not in bot.processes(), 10)
