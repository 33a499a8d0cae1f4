"""What a Redis server says of itself, and what waits in it."""

import re
import time
from typing import Any

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.service.doctor.ports import Backlog, StoreState

LATE_S = 60
"""Timers become jobs within a second of their time as long as a worker lives."""


class RedisProbe:
    """`StoreProbe`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)

    def state(self) -> StoreState:
        with self._breaker:
            self._client.ping()  # so that the second one finds a connection
            began = time.monotonic()
            self._client.ping()
            answer_s = time.monotonic() - began
            told = self._client.info()
            seconds, microseconds = self._client.time()
        return _read(told, seconds + microseconds / 1e6, answer_s)

    def backlog(self, now: float) -> Backlog:
        with self._breaker:
            pipeline = self._client.pipeline(transaction=False)
            pipeline.xlen(self._keys.jobs)
            pipeline.xrange(self._keys.jobs, count=1)
            pipeline.zcount(self._keys.timers, "-inf", now - LATE_S)
            pipeline.xlen(self._keys.dead)
            jobs, oldest, late, dead = pipeline.execute()
            server_s, _ = self._client.time()
        # The ids of a stream are the server's milliseconds, whatever clock the workers go by.
        waited = server_s - int(oldest[0][0].partition(b"-")[0]) / 1000 if oldest else 0.0
        return Backlog(int(jobs), max(0.0, waited), int(late), int(dead))


def _read(told: dict[str, Any], now: float, answer_s: float) -> StoreState:
    is_valkey = "valkey_version" in told
    shown = str(told.get("valkey_version" if is_valkey else "redis_version", ""))
    append_only = told.get("aof_enabled")
    return StoreState(
        product=f"{'Valkey' if is_valkey else 'Redis'} {shown}".rstrip(),
        # Valkey goes on counting from Redis 7.2, and says so here.
        version=tuple(map(int, re.findall(r"\d+", str(told.get("redis_version", ""))))),
        append_only=None if append_only is None else bool(append_only),
        writes=told.get("aof_last_write_status", "ok") == "ok",
        policy=told.get("maxmemory_policy"),
        used=int(told.get("used_memory", 0)),
        limit=int(told.get("maxmemory", 0)),
        is_replica=told.get("role") == "slave",
        now=now,
        answer_s=answer_s,
    )
