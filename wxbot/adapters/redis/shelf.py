"""Published versions: archives by what is in them, one pointer to the live one, and what each process runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from redis.exceptions import WatchError

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.scripts import Command, keys_of, load_script, words_of
from wxbot.errors import ContentError, Problem
from wxbot.service import retention
from wxbot.service.records import dump, load
from wxbot.service.snapshot import Snapshot, unpacked
from wxbot.service.versions import EVENTS, Event, Runner, Standing, Version

ALIVE_S = 5.0
"""Processes report every second."""
LOADING_S = 120.0
"""One that loads a version says nothing else meanwhile."""
LASTING = -1
"""Redis's TTL of what does not expire."""


@dataclass(frozen=True, slots=True)
class _Live:
    version: Version
    since: float


class RedisShelf:
    """`Shelf`. link: patient enough for archives of some megabytes."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)
        self._switch = load_script(link.client, "switch")
        self._drop_if = load_script(link.client, "drop_if")

    def standing(self, runner: Runner | None = None) -> Standing:
        with self._breaker:
            pipeline = self._client.pipeline(transaction=False)
            pipeline.mget(self._keys.content_live, self._keys.content_upcoming)
            pipeline.time()
            if runner:
                pipeline.hset(self._keys.content_runners, runner.name, dump(runner))
                pipeline.expire(self._keys.content_runners, retention.RUNNERS_S)
            (live, upcoming), (seconds, micros), *_ = pipeline.execute()
        found = load(_Live, live)
        return Standing(
            live=found.version if found else None,
            since=found.since if found else 0,
            upcoming=load(Version, upcoming),
            now=seconds + micros / 1e6,
        )

    def fetch(self, version: Version) -> Snapshot:
        with self._breaker:
            data = self._client.get(self._keys.content_archive(version.digest))
        if data is None:
            raise ContentError([Problem(f"版本 {version.number}", 1, 1, "Redis 里没有它的内容", "请重新发布一次")])
        return unpacked(data, version.digest)

    def versions(self) -> Sequence[Version]:
        with self._breaker:
            return _versions(self._client.hvals(self._keys.content_versions))

    def events(self, limit: int) -> Sequence[Event]:
        with self._breaker:
            found = self._client.lrange(self._keys.content_events, 0, limit - 1)
        return [event for data in found if (event := load(Event, data))]

    def runners(self) -> Sequence[Runner]:
        with self._breaker:
            found = self._client.hvals(self._keys.content_runners)
        now = self.standing().now
        runners = [runner for data in found if (runner := load(Runner, data))]
        gone = [runner.name for runner in runners if now - runner.at > LOADING_S]
        if gone:
            with self._breaker:
                self._client.hdel(self._keys.content_runners, *gone)
        return sorted((runner for runner in runners if _is_alive(runner, now)), key=lambda runner: runner.name)

    def announce(self, version: Version, snapshot: Snapshot | None = None) -> Version | None:
        archive = self._keys.content_archive(version.digest)
        with self._breaker, self._client.pipeline() as pipeline:
            pipeline.watch(self._keys.content_upcoming, self._keys.content_versions)
            if pipeline.exists(self._keys.content_upcoming):
                return None
            if snapshot:
                numbers = [found.number for found in _versions(pipeline.hvals(self._keys.content_versions))]
                version = replace(version, number=max(numbers, default=0) + 1)
            lasts = pipeline.ttl(archive) == LASTING
            pipeline.multi()
            if snapshot:
                # Also over one that is there: it may be damaged. That of an older version stays as lasting as it is.
                pipeline.set(archive, snapshot.packed, ex=None if lasts else retention.ANNOUNCED_ARCHIVE_S)
            pipeline.set(self._keys.content_upcoming, dump(version), ex=retention.ANNOUNCED_S)
            try:
                pipeline.execute()
            except WatchError:
                return None
        return version

    def renew(self, version: Version) -> None:
        with self._breaker:
            self._client.expire(self._keys.content_upcoming, retention.ANNOUNCED_S)
            self._client.expire(self._keys.content_archive(version.digest), retention.ANNOUNCED_ARCHIVE_S, xx=True)

    def call_off(self, version: Version) -> None:
        with self._breaker:
            self._drop_if([self._keys.content_upcoming], [dump(version)])

    def switch(self, version: Version, event: Event, *, in_s: float, drop: Sequence[Version]) -> bool:
        live = _Live(version, self.standing().now + in_s)
        kept = {version.digest, *(found.digest for found in self.versions() if found not in drop)}
        commands: list[Command] = [
            ("PERSIST", self._keys.content_archive(version.digest)),
            ("HSET", self._keys.content_versions, version.number, dump(version)),
            ("SET", self._keys.content_live, dump(live)),
            ("LPUSH", self._keys.content_events, dump(event)),
            ("LTRIM", self._keys.content_events, 0, EVENTS - 1),
            ("DEL", self._keys.content_upcoming),
        ]
        for old in drop:
            commands.append(("HDEL", self._keys.content_versions, old.number))
            if old.digest not in kept:
                commands.append(("DEL", self._keys.content_archive(old.digest)))
        with self._breaker:
            return bool(
                self._switch([self._keys.content_upcoming, *keys_of(commands)], [dump(version), *words_of(commands)])
            )


def _versions(found: Sequence[bytes]) -> list[Version]:
    versions = (load(Version, data) for data in found)
    return sorted((version for version in versions if version), key=lambda version: -version.number)


def _is_alive(runner: Runner, now: float) -> bool:
    return now - runner.at <= (LOADING_S if runner.state == "loads" else ALIVE_S)
