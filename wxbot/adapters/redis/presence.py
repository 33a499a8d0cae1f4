"""Who is at the agents' desk, as one process saw it and all know it."""

from typing import Any

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.domain.staffing import Presence
from wxbot.service.records import dump, load


class RedisPresence:
    """`PresenceBoard`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)

    def put_presence(self, presence: Presence, ttl_s: int) -> None:
        with self._breaker:
            self._client.set(self._keys.presence, dump(presence), ex=ttl_s)

    def get_presence(self) -> Presence | None:
        with self._breaker:
            return load(Presence, self._client.get(self._keys.presence))

    def take_look(self, every_s: float) -> bool:
        with self._breaker:
            return bool(self._client.set(self._keys.presence_look, 1, px=max(1, int(every_s * 1000)), nx=True))
