"""`python -m wxbot.sandbox`: the platform as a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
import requests

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "wxbot.sandbox", *arguments]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()


def state_of(process: subprocess.Popen[bytes]) -> dict:
    url = json.loads(process.stdout.readline())["url"]
    return requests.get(f"{url}/sandbox/state", timeout=5).json()


def test_it_says_where_it_listens_and_takes_the_bots_environment(start):
    process = start(
        "--bot", "http://127.0.0.1:9/wechat", WECHAT_APPID="wxfoo123", WECHAT_TOKEN="abc", WECHAT_MODE="plain"
    )

    account = state_of(process)["account"]

    assert (account["appid"], account["mode"], account["bot"]) == ("wxfoo123", "plain", "http://127.0.0.1:9/wechat")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order(start, number):
    process = start()
    state_of(process)

    process.send_signal(number)

    assert (process.wait(5), process.stderr.read()) == (0, b"")


def test_attached_it_ends_with_its_parent(start):
    process = start("--attached")
    state_of(process)

    process.stdin.close()

    assert process.wait(5) == 0


WRONG = {
    "an unknown mode": ({"WECHAT_MODE": "secret"}, b"WECHAT_MODE"),
    "a bot without token": ({"SANDBOX_BOT": "http://b"}, b"WECHAT_TOKEN"),
    "a short key": ({"SANDBOX_BOT": "http://b", "WECHAT_TOKEN": "abc", "WECHAT_AES_KEY": "short"}, b"WECHAT_AES_KEY"),
}


@pytest.mark.parametrize(("environment", "named"), WRONG.values(), ids=WRONG)
def test_an_account_that_cannot_push_is_refused_at_the_start(start, environment, named):
    process = start(**environment)

    assert process.wait(10) == 2
    assert named in process.stderr.read()
