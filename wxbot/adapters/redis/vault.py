"""The access token that all processes share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis.exceptions import LockError, LockNotOwnedError

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.scripts import load_script
from wxbot.errors import StoreUnavailable

LOCK_S = 15.0
"""Longer than fetching a token takes with its time-outs (protocol 6.1)."""
LOCK_WAIT_S = 10.0
LOCK_POLL_S = 0.05


class RedisVault:
    """`TokenVault`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)
        self._drop_if = load_script(link.client, "drop_if")

    def get(self) -> str | None:
        with self._breaker:
            token = self._client.get(self._keys.token)
        return token.decode() if token else None

    def put(self, token: str, ttl_s: int) -> None:
        with self._breaker:
            self._client.set(self._keys.token, token, ex=max(1, ttl_s))

    def drop_if(self, token: str) -> None:
        with self._breaker:
            self._drop_if([self._keys.token], [token])

    @contextmanager
    def lock(self) -> Iterator[None]:
        lock = self._client.lock(self._keys.token_lock, timeout=LOCK_S, sleep=LOCK_POLL_S, blocking_timeout=LOCK_WAIT_S)
        with self._breaker:
            held = lock.acquire()
        if not held:
            raise StoreUnavailable(f"the token was locked for {LOCK_WAIT_S:.0f} s")
        try:
            yield
        finally:
            self._release(lock)

    def _release(self, lock: Any) -> None:
        try:
            with self._breaker:
                lock.release()
        except (LockError, LockNotOwnedError, StoreUnavailable):
            pass  # It fell open by itself, or will.
