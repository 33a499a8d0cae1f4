"""The API client against the stand-in for WeChat, with a vault in memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from wxbot.adapters.wechat.api import WeChatApi
from wxbot.sandbox.platform import Platform

FOLLOWER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"


@dataclass
class Vault:
    """A `TokenVault` of this process. ttls: seconds of each token that was put."""

    token: str | None = None
    ttls: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> str | None:
        return self.token

    def put(self, token: str, ttl_s: int) -> None:
        self.token = token
        self.ttls.append(ttl_s)

    def drop_if(self, token: str) -> None:
        if self.token == token:
            self.token = None

    @contextmanager
    def lock(self) -> Iterator[None]:
        with self._lock:
            yield


@pytest.fixture
def platform() -> Iterator[Platform]:
    with Platform() as platform:
        platform.user_wrote(FOLLOWER)
        yield platform


@pytest.fixture
def vault() -> Vault:
    return Vault()


@pytest.fixture
def api(platform: Platform, vault: Vault) -> WeChatApi:
    return WeChatApi(platform.tokens.appid, platform.tokens.secret, vault, api_base=platform.url)
