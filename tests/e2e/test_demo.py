"""A newcomer's first minutes: `wxbot demo` and `wxbot chat` on the shipped content, with no account and no setting."""

import json
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.doors import Door
from tests.e2e.followers import Follower
from tests.e2e.processes import REPOSITORY, START_S, Newcomer, Running, await_true
from wxbot.entrypoints.rehearsal import Address, running
from wxbot.entrypoints.stage import SideDoor
from wxbot.entrypoints.vitals import Vitals

A_MORNING_AT_WORK = "2026-11-23T10:00:00+08:00"
"""A Monday within the service hours of the shipped content."""

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


def chat_command(banner: str) -> list[str]:
    """How the banner says to talk in another terminal."""
    found = re.search(r"运行 (.+? chat) ", banner)
    assert found, banner
    return shlex.split(found[1])


def a_stranger(address: Address, openid: str = "") -> Follower:
    """Somebody with a phone who does not follow yet."""
    door = Door(address.platform)
    return Follower(door, door.joined(**{"openid": openid} if openid else {}))


def test_a_newcomers_talk_and_a_clean_end_and_a_second_start(newcomer: Newcomer):
    demo, address = start_demo(newcomer)
    follower = a_stranger(address)

    assert (
        subprocess.run([*chat_command(demo.printed()), "--help"], env=newcomer.environment, check=False).returncode == 0
    )
    assert "欢迎关注云笺办公" in follower.follows().text
    assert "账号与登录" in follower.presses("自助服务", "常见问题").text
    assert "发票" in follower.says("怎么开发票").text
    follower.door.post("clock", set=A_MORNING_AT_WORK)
    follower.door.agent("kf2001@shop", "online")
    Vitals(address.bot).await_seen(SideDoor(address.platform))
    assert follower.says("转人工").outcome == "transfer"

    await_true(lambda: len(follower.messages) == 1, 10)
    assert "回复「取消」可回到智能助手" in follower.messages[0]
    (handoff,) = [json.loads(line) for line in newcomer.run("handoffs", "--json").stdout.splitlines()]
    assert (handoff["user"], handoff["reason"]) == (follower.openid, "asked")
    assert "怎么开发票" in [line["text"] for line in handoff["history"]]

    started = time.monotonic()
    assert demo.stop(signal.SIGINT) == 0
    assert time.monotonic() - started < STOP_S
    assert newcomer.processes() == []

    demo, address = start_demo(newcomer)
    assert "欢迎回来" in a_stranger(address, follower.openid).follows().text
    assert demo.stop(signal.SIGTERM) == 0


def test_a_chat_in_the_terminal_starts_what_it_needs_and_leaves_nothing(newcomer: Newcomer):
    chat = newcomer.start("chat", stdin=subprocess.PIPE)

    chat.type("开发票", "1", "/菜单", "/点 1.1", "/点 a", "/点 1.4", "/表情", "/飞", "完整的自助排查指南")
    await_true(lambda: "客服消息│" in chat.printed(), START_S)
    chat.type("/退出")

    assert chat.end() == 0
    for expected in ("欢迎关注云笺办公", "发票", "1.1 常见问题", "打开网页", "表情", "没有“/飞”", "第六步"):
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
