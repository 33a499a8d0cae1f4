"""Redis hangs or dies: followers go on being answered, and everything is back by itself when it is back."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

import pytest

from tests.e2e.processes import START_S, Deployment, Web, await_true, kill

CLIENTS = 8
LONGEST_S = 1.5
RED_WITHIN_S, GREEN_WITHIN_S = 1.0, 2.0


@pytest.fixture(scope="module")
def bot(deploy) -> Deployment:
    return deploy()


@pytest.fixture(scope="module")
def web(bot: Deployment) -> Web:
    web = bot.serve()
    bot.publish_menu()
    return web


@dataclass
class Crowd:
    """What the clients of one test have seen. waits: seconds per request."""

    replies: set[str] = field(default_factory=set)
    waits: list[float] = field(default_factory=list)


@contextmanager
def a_crowd(bot: Deployment) -> Iterator[Crowd]:
    """Eight followers who ask and tap without a pause, as long as this block runs."""
    crowd, stop = Crowd(), Event()

    def press() -> None:
        follower = bot.a_follower()
        while not stop.is_set():
            for act in (lambda: follower.says("怎么退款"), lambda: follower.presses("怎么退款")):
                started = time.monotonic()
                crowd.replies.add(act().text)
                crowd.waits.append(time.monotonic() - started)

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(press) for _ in range(CLIENTS)]
        try:
            yield crowd
        finally:
            stop.set()
        for client in clients:
            client.result()


@contextmanager
def hung(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def remembers(bot: Deployment) -> bool:
    """Whether a number refers to the list that was shown before it."""
    follower = bot.a_follower()
    follower.says("怎么开发票")
    return "申请退款" in follower.says("1").text


def test_a_hung_redis_keeps_nobody_from_an_answer(bot: Deployment, web: Web):
    asks_for_a_person = bot.a_follower()

    with a_crowd(bot) as crowd:
        with hung(bot.redis_pid):
            red_s = await_true(lambda: web.get("/readyz").status_code == 503, 5)
            time.sleep(2)
            assert web.get("/readyz").status_code == 503
            assert "维护" in asks_for_a_person.says("转人工").text
        green_s = await_true(lambda: web.is_ready and remembers(bot), 10)

    assert crowd.replies == {"在订单页点「申请退款」。"}
    assert max(crowd.waits) < LONGEST_S
    assert red_s < RED_WITHIN_S
    assert green_s < GREEN_WITHIN_S


def test_a_killed_redis_is_brought_back_with_everything_in_it(bot: Deployment, web: Web):
    follower = bot.a_follower()
    follower.says("怎么开发票")

    with a_crowd(bot) as crowd:
        before = bot.redis_pid
        kill(before)
        green_s = await_true(lambda: bot.redis_pid != before and web.is_ready and remembers(bot), 10)

    assert crowd.replies == {"在订单页点「申请退款」。"}
    assert max(crowd.waits) < LONGEST_S
    assert green_s < GREEN_WITHIN_S
    assert "申请退款" in follower.says("1").text


def test_a_process_starts_while_redis_hangs_and_serves_all_when_it_is_back(bot: Deployment, web: Web):
    with hung(bot.redis_pid):
        (victim,) = web.children
        kill(victim)
        await_true(web.answers, START_S)
        assert "申请退款" in bot.a_follower().says("怎么退款").text

    assert await_true(lambda: web.is_ready and remembers(bot), 10) < GREEN_WITHIN_S
