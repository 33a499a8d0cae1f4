"""A platform over real HTTP, a bot that answers by the book or not at all, and a clock that tests move."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask

from tests.doors import Door
from tests.sandbox.bots import ACCOUNT, AES_KEY, APPID, TOKEN, Bot
from wxbot.sandbox.account import Account
from wxbot.sandbox.platform import Platform
from wxbot.sandbox.server import LocalServer

Call = Callable[..., dict[str, Any]]


class Clock:
    """Stands still until it is moved. now: unix seconds."""

    def __init__(self) -> None:
        self.now = 1_767_225_600.0

    def __call__(self) -> float:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def bot() -> Iterator[Bot]:
    bot, app = Bot(), Flask("bot")
    app.add_url_rule("/wechat", "wechat", bot.answer, methods=["GET", "POST"])
    server = LocalServer(app)
    server.start()
    bot.url = f"{server.url}/wechat"
    yield bot
    server.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(clock: Clock) -> Iterator[Platform]:
    with Platform(clock=clock) as platform:
        yield platform


@pytest.fixture
def credentials(platform: Platform) -> dict[str, str]:
    return {"grant_type": "client_credential", "appid": platform.tokens.appid, "secret": platform.tokens.secret}


@pytest.fixture
def call(platform: Platform) -> Iterator[Call]:
    """`call(path, body, token=…)` posts `body`, or gets when there is none; by default with a good token."""
    with requests.Session() as session:

        def send(
            path: str, body: object = None, *, token: str | None = None, files: object = None, **query: str
        ) -> dict[str, Any]:
            params = {"access_token": good_token(platform) if token is None else token, **query}
            if files is not None:
                return dict(session.post(f"{platform.url}/{path}", params=params, files=files).json())
            if body is None:
                return dict(session.get(f"{platform.url}/{path}", params=params).json())
            return dict(session.post(f"{platform.url}/{path}", params=params, data=raw(body)).json())

        yield send


def raw(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


def good_token(platform: Platform) -> str:
    request = {"grant_type": "client_credential", "appid": platform.tokens.appid, "secret": platform.tokens.secret}
    return str(platform.tokens.give_stable(request)["access_token"])


@pytest.fixture
def live(bot: Bot, clock: Clock) -> Iterator[Platform]:
    """A platform that pushes to the bot, in plain mode, with less patience than WeChat has."""
    account = Account(APPID, token=TOKEN, aes_key=AES_KEY, mode="plain", bot=bot.url, id=ACCOUNT)
    with Platform(account=account, clock=clock, patience_s=0.3) as platform:
        yield platform


@pytest.fixture
def door(live: Platform) -> Door:
    return Door(live.url)
