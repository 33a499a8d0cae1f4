"""How often things may happen."""

from typing import Any

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys


class RedisLimits:
    """`Limits`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)

    def take(self, what: str, limit: int, window_s: int) -> bool:
        key = self._keys.limit(what)
        with self._breaker, self._client.pipeline(transaction=True) as pipeline:
            pipeline.set(key, 0, ex=window_s, nx=True)
            pipeline.incr(key)
            _, count = pipeline.execute()
        return int(count) <= limit
