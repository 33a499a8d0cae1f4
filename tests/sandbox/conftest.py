"""A platform over real HTTP, and a clock that tests move."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from wxbot.sandbox.platform import Platform

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

        def send(path: str, body: object = None, *, token: str | None = None, **query: str) -> dict[str, Any]:
            params = {"access_token": good_token(platform) if token is None else token, **query}
            if body is None:
                return dict(session.get(f"{platform.url}/{path}", params=params).json())
            return dict(session.post(f"{platform.url}/{path}", params=params, data=raw(body)).json())

        yield send


def raw(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


def good_token(platform: Platform) -> str:
    request = {"grant_type": "client_credential", "appid": platform.tokens.appid, "secret": platform.tokens.secret}
    return str(platform.tokens.give_stable(request)["access_token"])
