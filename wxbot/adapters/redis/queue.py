"""Jobs in a stream read by a consumer group, and timers in a sorted set."""

import math
import time
from collections.abc import Mapping
from typing import Any

from redis.exceptions import ResponseError

from wxbot.adapters.redis import outbox
from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.scripts import Command, keys_of, load_script, words_of
from wxbot.domain.job import Timer
from wxbot.service import retention
from wxbot.service.ports import Claimed, Clock
from wxbot.service.records import Queued, dump, load

GROUP = "workers"
IDLE_S = 60.0
"""A job that was not renewed for so long is taken over. One step of a job takes less than 30 s."""
TIMERS_AT_ONCE = 100
"""Timers turned into jobs by one claim, so that a backlog does not hold up the server."""
GONE_S = 3600.0
"""Consumers that were silent for so long are dead workers."""


class RedisQueue:
    """`JobQueue` and `Roster`."""

    def __init__(
        self,
        link: Link,
        appid: str,
        *,
        idle_s: float = IDLE_S,
        gone_s: float = GONE_S,
        clock: Clock = time.time,
    ) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)
        self._idle_ms, self._gone_ms = int(idle_s * 1000), int(gone_s * 1000)
        self._clock = clock
        self._claim, self._settle, self._renew, self._sweep = (
            load_script(link.client, name) for name in ("claim", "settle", "renew", "sweep")
        )

    def claim(self, worker: str, *, limit: int, block_s: float) -> list[Claimed]:
        with self._breaker:
            try:
                entries = self._take(worker, limit, block_s)
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
                self._start_group()
                entries = self._take(worker, limit, block_s)
        return [claimed for entry in entries if (claimed := self._read(worker, *entry))]

    def _take(self, worker: str, limit: int, block_s: float) -> list[tuple[bytes, bytes, int]]:
        """Entries as (id, queued job, times taken). Waits no longer than until the next timer is due."""
        now = self._clock()
        keys = [self._keys.jobs, self._keys.timers, self._keys.timer_jobs]
        taken, next_due = self._claim(keys, [GROUP, worker, now, limit, self._idle_ms, TIMERS_AT_ONCE])
        wait_ms = math.ceil(1000 * min(block_s, float(next_due or math.inf) - now))
        if taken or wait_ms <= 0:
            return [(id, queued, int(times)) for id, queued, times in taken]
        read = self._client.xreadgroup(GROUP, worker, {self._keys.jobs: ">"}, count=limit, block=wait_ms)
        return [(id, fields[b"job"], 1) for _, entries in read or () for id, fields in entries]

    def _read(self, worker: str, id: bytes, data: bytes, times: int) -> Claimed | None:
        receipt = f"{id.decode()}/{worker}"
        queued = load(Queued, data)
        if queued is None:
            self._leave_queue(receipt, outbox.bury(self._keys, data, "unreadable", times, self._clock()))
            return None
        return Claimed(receipt, queued.job, queued.tries + times)

    def _start_group(self) -> None:
        """A new server, or one that lost its data, has no group yet."""
        try:
            self._client.xgroup_create(self._keys.jobs, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def renew(self, claimed: Claimed) -> bool:
        id, _, worker = claimed.receipt.partition("/")
        with self._breaker:
            return bool(self._renew([self._keys.jobs], [GROUP, id, worker]))

    def done(self, claimed: Claimed) -> None:
        self._leave_queue(claimed.receipt.partition("/")[0], [])

    def retry(self, claimed: Claimed, due: float, why: str) -> None:
        self._leave_queue(claimed.receipt, outbox.again(self._keys, Queued(claimed.job, claimed.tries, why), due))

    def bury(self, claimed: Claimed, why: str) -> None:
        queued = dump(Queued(claimed.job, claimed.tries))
        self._leave_queue(claimed.receipt, outbox.bury(self._keys, queued, why, claimed.tries, self._clock()))

    def requeue(self, job_id: str) -> bool:
        """Give a dead letter out again; False where there is none of that id."""
        with self._breaker:
            letters = self._client.xrange(self._keys.dead)
        for id, fields in letters:
            job = outbox.dead_job(fields).job
            if job and job.id == job_id:
                self._apply([*outbox.enqueue(self._keys, job), ("XDEL", self._keys.dead, id)])
                return True
        return False

    def _leave_queue(self, receipt: str, commands: list[Command]) -> None:
        """Without a worker in the receipt, whoever holds the entry."""
        id, _, worker = receipt.partition("/")
        with self._breaker:
            self._settle([self._keys.jobs, *keys_of(commands)], [GROUP, id, worker, *words_of(commands)])

    def set_timer(self, timer: Timer, *, replacing: bool = True) -> None:
        self._apply((outbox.schedule if replacing else outbox.schedule_new)(self._keys, timer))

    def cancel_timer(self, key: str) -> None:
        self._apply(outbox.cancel(self._keys, key))

    def beat(self, worker: str) -> None:
        now = self._clock()
        self._apply(
            [
                ("ZADD", self._keys.workers, now, worker),
                ("ZREMRANGEBYSCORE", self._keys.workers, "-inf", now - retention.WORKER_S),
                ("EXPIRE", self._keys.workers, retention.WORKER_S),
            ]
        )
        with self._breaker:
            self._sweep([self._keys.jobs], [GROUP, self._gone_ms])

    def workers(self) -> Mapping[str, float]:
        with self._breaker:
            fresh = self._client.zrange(
                self._keys.workers, self._clock() - retention.WORKER_S, "+inf", byscore=True, withscores=True
            )
        return {name.decode(): beaten for name, beaten in fresh}

    def _apply(self, commands: list[Command]) -> None:
        """All of them or none."""
        with self._breaker:
            pipeline = self._client.pipeline(transaction=True)
            for command in commands:
                pipeline.execute_command(*command)
            pipeline.execute()
