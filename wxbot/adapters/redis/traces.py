"""Whatever lies in Redis about one user, found and removed: the rare thorough way, through all of an account."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.queue import GROUP
from wxbot.domain.session import Session
from wxbot.domain.ticket import TicketEntry
from wxbot.service.privacy import tag
from wxbot.service.records import dump, load

PAGE = 500


class RedisTraces:
    """`Traces`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = keys = Keys(appid)
        self._streams = {
            "questions": keys.questions,
            "ratings": keys.ratings,
            "deliveries": keys.deliveries,
            "jobs": keys.jobs,
            "dead": keys.dead,
        }

    def session(self, user: str) -> Session | None:
        with self._breaker:
            _, _, kept = (self._client.get(self._keys.session(user)) or b"").partition(b" ")
        return load(Session, kept or None)

    def found(self, user: str) -> Mapping[str, Sequence[Any]]:
        with self._breaker:
            logged = {
                name: [json.loads(next(iter(fields.values()))) for _, fields in self._entries(key, user)]
                for name, key in self._streams.items()
            }
            timers = [json.loads(job) for _, job in self._timers(user)]
            return {"handoffs": [json.loads(card) for _, card in self._handoffs(user)], **logged, "timers": timers}

    def rewrite(self, number: str, change: Callable[[TicketEntry], TicketEntry]) -> None:
        key = self._keys.ticket_entries(number)

        def changed(pipeline: Any) -> None:
            entries = [entry for data in pipeline.lrange(key, 0, -1) if (entry := load(TicketEntry, data))]
            pipeline.multi()
            pipeline.delete(key)
            if entries:
                pipeline.rpush(key, *map(dump, map(change, entries)))

        with self._breaker:
            self._client.transaction(changed, key)

    def sweep(self, user: str) -> Mapping[str, int]:
        removed: Counter[str] = Counter()
        with self._breaker:
            for name, key in self._streams.items():
                removed[name] = self._drop_entries(key, [id for id, _ in self._entries(key, user)])
            removed["timers"] = self._drop_timers([name for name, _ in self._timers(user)])
            removed["handoffs"] = self._drop_handoffs([id for id, _ in self._handoffs(user)])
            removed["keys"] = self._drop_keys(user)
        return removed

    def _entries(self, key: str, user: str) -> Iterator[tuple[bytes, Mapping[bytes, bytes]]]:
        """Of a stream, those that name the user, or the mark by which staff hear of them."""
        marks, start = (user.encode(), tag(user).encode()), "-"
        while page := self._client.xrange(key, min=start, count=PAGE):
            yield from ((id, row) for id, row in page if any(mark in value for value in row.values() for mark in marks))
            start = f"({page[-1][0].decode()}"

    def _timers(self, user: str) -> Iterator[tuple[bytes, bytes]]:
        jobs = self._client.hscan_iter(self._keys.timer_jobs, count=PAGE)
        return ((name, job) for name, job in jobs if user.encode() in name or user.encode() in job)

    def _handoffs(self, user: str) -> Iterator[tuple[str, bytes]]:
        ids = [id.decode() for id in self._client.zrange(self._keys.handoffs, 0, -1)]
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            cards = self._client.mget(map(self._keys.handoff, page))
            yield from ((id, card) for id, card in zip(page, cards, strict=True) if card and user.encode() in card)

    def _drop_entries(self, key: str, ids: Sequence[bytes]) -> int:
        if not ids:
            return 0
        if key == self._keys.jobs and self._client.exists(key):
            self._client.xack(key, GROUP, *ids)
        return int(self._client.xdel(key, *ids))

    def _drop_timers(self, names: Sequence[bytes]) -> int:
        if not names:
            return 0
        with self._client.pipeline(transaction=True) as pipeline:
            pipeline.zrem(self._keys.timers, *names)
            pipeline.hdel(self._keys.timer_jobs, *names)
            return int(pipeline.execute()[1])

    def _drop_handoffs(self, ids: Sequence[str]) -> int:
        if not ids:
            return 0
        with self._client.pipeline(transaction=True) as pipeline:
            pipeline.zrem(self._keys.handoffs, *ids)
            pipeline.delete(*map(self._keys.handoff, ids))
            return int(pipeline.execute()[1])

    def _drop_keys(self, user: str) -> int:
        """Replies, windows, lanes …: the user is in the name, or, of template messages, in what they hold."""
        own = self._keys.session(user).encode()
        # The mark of one key's pattern keeps out those of other accounts; users hold no signs that patterns know.
        named = self._client.scan_iter(self._keys.session("*").replace(":session:*", f":*{user}*"), count=1000)
        keys = {key for key in named if key != own}
        for key in self._client.scan_iter(self._keys.template("*"), count=1000):
            if user.encode() in (self._client.get(key) or b""):
                keys.add(key)
        return int(self._client.delete(*keys)) if keys else 0
