"""A newcomer's first minutes: `wxbot demo` and `wxbot chat` on the shipped content, with no account and no setting."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest
import requests

from tests.e2e.messages import a_user
from tests.e2e.processes import REPOSITORY, START_S, Newcomer, Running, await_true
from wxbot.entrypoints.rehearsal import Address, running

STOP_S = 10


@pytest.fixture(scope="module")
def newcomer(home, tmp_path_factory) -> Iterator[Newcomer]:
    newcomer = Newcomer(home, tmp_path_factory.mktemp("newcomer"), REPOSITORY)
    yield newcomer
    newcomer.stop()


def start_demo(newcomer: Newcomer) -> tuple[Running, Address]:
    demo = newcomer.start("demo", "--port", "0")
    await_true(lambda: running(newcomer.data) is not None and "wxbot 已启动" in demo.printed(), START_S)
    address = running(newcomer.data)
    assert address
    return demo, address


def does(address: Address, user: str, what: str, **fields: object) -> dict:
    """What the user does, and what the platform says came of it (docs/rehearsal.md)."""
    door = f"{address.platform}/sandbox/users"
    requests.post(door, json={"openid": user}, timeout=5)
    return requests.post(f"{door}/{user}/do", json={"what": what, "wait": 20, **fields}, timeout=30).json()


def messages_by_api(address: Address, user: str) -> list[str]:
    bubbles = requests.get(f"{address.platform}/sandbox/users/{user}/chat", timeout=5).json()["bubbles"]
    return [bubble["text"] for bubble in bubbles if bubble["via"] == "custom"]


def test_a_newcomers_talk_and_a_clean_end_and_a_second_start(newcomer: Newcomer):
    demo, address = start_demo(newcomer)
    user = a_user()

    assert "欢迎关注云笺办公" in does(address, user, "follow")["bubbles"][-1]["text"]
    assert "账号与登录" in does(address, user, "menu", path=[0, 0])["bubbles"][-1]["text"]
    assert "发票" in does(address, user, "text", content="怎么开发票")["bubbles"][-1]["text"]
    assert does(address, user, "text", content="转人工")["outcome"] == "transfer"

    await_true(lambda: len(messages_by_api(address, user)) == 1, 10)
    assert "回复「取消」可回到智能助手" in messages_by_api(address, user)[0]
    (handoff,) = [json.loads(line) for line in newcomer.run("handoffs", "--json").stdout.splitlines()]
    assert (handoff["user"], handoff["reason"]) == (user, "asked")
    assert "怎么开发票" in [line["text"] for line in handoff["history"]]

    started = time.monotonic()
    assert demo.stop(signal.SIGINT) == 0
    assert time.monotonic() - started < STOP_S
    assert newcomer.processes() == []

    demo, address = start_demo(newcomer)
    assert "欢迎回来" in does(address, user, "follow")["bubbles"][-1]["text"]
    assert demo.stop(signal.SIGTERM) == 0


def test_a_chat_in_the_terminal_starts_what_it_needs_and_leaves_nothing(newcomer: Newcomer):
    chat = newcomer.start("chat", stdin=subprocess.PIPE)

    chat.type("开发票", "1", "/菜单", "/点 1.1", "/点 a", "/点 1.4", "/表情", "/飞", "转人工")
    await_true(lambda: "客服消息│" in chat.printed(), START_S)
    chat.type("/退出")

    assert chat.end() == 0
    for expected in ("欢迎关注云笺办公", "发票", "1.1 常见问题", "打开网页", "表情", "没有“/飞”", "已转给人工客服"):
        assert expected in chat.printed()
    assert newcomer.processes() == []


@pytest.fixture(scope="module")
def beside_a_demo(home, tmp_path_factory) -> Iterator[Newcomer]:
    """Somebody in a second terminal, while a demo runs in the first."""
    newcomer = Newcomer(home, tmp_path_factory.mktemp("beside"), REPOSITORY)
    start_demo(newcomer)
    yield newcomer
    newcomer.stop()


def test_a_chat_joins_the_demo_that_runs_and_goes_on_where_it_was(beside_a_demo: Newcomer):
    ended_by_end_of_input = beside_a_demo.run("chat", "--user", "oTerminal", typed="/菜单\n/点 1.1")
    again = beside_a_demo.run("chat", "--user", "oTerminal", typed="1\n/退出")

    assert "先启动一个" not in ended_by_end_of_input.stdout
    assert "账号与登录" in ended_by_end_of_input.stdout
    assert "账号与登录的常见问题" in again.stdout


def test_a_menu_is_published_to_the_demo_that_runs(beside_a_demo: Newcomer):
    pushed = beside_a_demo.run("menu", "push", "--yes")

    assert (pushed.returncode, beside_a_demo.run("menu", "diff").returncode) == (0, 0)


def test_a_demo_that_cannot_start_says_why_and_ends(newcomer: Newcomer, tmp_path):
    (tmp_path / "menus.yaml").write_text("version: 2\n", encoding="utf-8")
    lost = Newcomer(newcomer.home, newcomer.folder, tmp_path)

    refused = lost.run("demo", "--port", "0")

    assert refused.returncode == 1
    assert "menus.yaml:1:10" in refused.stderr
