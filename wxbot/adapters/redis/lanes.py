"""
Who writes to a user, one at a time, and what becomes of it: a list and a mark for each user, a hash for each job.

Another version of ours may have written the entries of a list, so they are known by the id of their job and not by
their bytes.
"""

import time
from collections.abc import Sequence
from typing import Any

from wxbot.adapters.redis import deliveries, outbox
from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.queue import GROUP
from wxbot.adapters.redis.scripts import Command, keys_of, load_script, words_of
from wxbot.domain.job import Job
from wxbot.domain.outbound import Delivery
from wxbot.domain.quota import Window
from wxbot.service import retention
from wxbot.service.ports import Claimed, Clock, Entered, Step
from wxbot.service.records import Queued, dump, load


class RedisLanes:
    """`Lanes` and `Ledger`."""

    def __init__(self, link: Link, appid: str, *, clock: Clock = time.time) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)
        self._clock = clock
        self._enter, self._close, self._swap = (load_script(link.client, name) for name in ("enter", "close", "swap"))

    def enter(self, claimed: Claimed) -> Entered:
        job, (id, _, worker) = claimed.job, claimed.receipt.partition("/")
        args = [GROUP, id, worker, dump(job), job.id, retention.DRIVER_S]
        with self._breaker:
            entered: Entered = self._enter(self._lane(job.task.user), args).decode()
        return entered

    def waiting(self, user: str) -> Sequence[Job]:
        entries = self._entries(user)
        for data in [data for data, job in entries if job is None]:
            letter = outbox.bury(self._keys, data, "unreadable", 0, self._clock())
            self._apply([("LREM", self._keys.lane(user), 0, data), *letter])
        return [job for _, job in entries if job]

    def leave(self, job: Job, *, buried: str = "", tries: int = 0) -> None:
        user = job.task.user
        letter = outbox.bury(self._keys, dump(Queued(job, tries)), buried, tries, self._clock()) if buried else []
        own = [data for data, entry in self._entries(user) if entry and entry.id == job.id]
        self._apply([*(("LREM", self._keys.lane(user), 0, data) for data in own), *letter])

    def close(self, claimed: Claimed) -> bool:
        id = claimed.receipt.partition("/")[0]
        with self._breaker:
            return bool(self._close(self._lane(claimed.job.task.user), [GROUP, id]))

    def windows(self, user: str) -> tuple[Window, ...]:
        with self._breaker:
            values = self._client.mget([self._keys.window(user, trigger) for trigger in deliveries.TRIGGERS])
        pairs = zip(deliveries.TRIGGERS, values, strict=True)
        return tuple(deliveries.read_window(trigger, value) for trigger, value in pairs if value)

    def replace(self, user: str, before: Sequence[Window], after: Sequence[Window]) -> bool:
        return self._guarded(user, before, self._changed(user, before, after))

    def step(self, job_id: str) -> Step:
        with self._breaker:
            done, begun, way, tries = self._client.hmget(
                self._keys.progress(job_id), "done", "begun", "way", "tries"
            )  # fmt: skip
        return Step(int(done or 0), int(begun or 0), (way or b"").decode(), int(tries or 0))

    def begin(self, job: Job, step: Step, before: Sequence[Window] = (), after: Sequence[Window] = ()) -> bool:
        user = job.task.user
        return self._guarded(user, before, [*self._changed(user, before, after), *self._stepped(job.id, step)])

    def finish(self, job_id: str, step: Step, delivery: Delivery | None = None) -> None:
        noted = deliveries.note(self._keys, delivery) if delivery else ()
        self._apply([*self._stepped(job_id, step), *noted])

    def await_report(self, message_id: str, job: Job) -> None:
        self._apply([("SET", self._keys.template(message_id), dump(job), "EX", retention.TEMPLATE_S)])

    def reported(self, message_id: str) -> Job | None:
        with self._breaker:
            return load(Job, self._client.get(self._keys.template(message_id)))

    def _entries(self, user: str) -> list[tuple[bytes, Job | None]]:
        """As they lie there, with None for those that cannot be read."""
        with self._breaker:
            return [(data, load(Job, data)) for data in self._client.lrange(self._keys.lane(user), 0, -1)]

    def _lane(self, user: str) -> list[str]:
        return [self._keys.jobs, self._keys.lane(user), self._keys.driver(user)]

    def _changed(self, user: str, before: Sequence[Window], after: Sequence[Window]) -> list[Command]:
        kept = [
            ("SET", self._keys.window(user, window.trigger), deliveries.written(window), "KEEPTTL")
            for window in after
            if window not in before
        ]
        gone = {window.trigger for window in before} - {window.trigger for window in after}
        return [*kept, *(("DEL", self._keys.window(user, trigger)) for trigger in gone)]

    def _stepped(self, job_id: str, step: Step) -> list[Command]:
        key = self._keys.progress(job_id)
        fields = ("done", step.done, "begun", step.begun, "way", step.way, "tries", step.tries)
        return [("HSET", key, *fields), ("EXPIRE", key, retention.PROGRESS_S)]

    def _guarded(self, user: str, before: Sequence[Window], commands: list[Command]) -> bool:
        guards = [self._keys.window(user, window.trigger) for window in before]
        values = [len(before), *map(deliveries.written, before)]
        with self._breaker:
            return bool(self._swap([*guards, *keys_of(commands)], [*values, *words_of(commands)]))

    def _apply(self, commands: list[Command]) -> None:
        self._guarded("", (), commands)
