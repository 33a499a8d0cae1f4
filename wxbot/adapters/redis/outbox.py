"""How jobs, timers and dead letters lie in Redis; the commit and the queue both write them."""

from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.scripts import Command
from wxbot.domain.job import Job, Timer
from wxbot.service.ports import DeadJob
from wxbot.service.records import Queued, dump, load


def enqueue(keys: Keys, job: Job) -> list[Command]:
    return [("XADD", keys.jobs, "*", "job", dump(Queued(job)))]


def schedule(keys: Keys, timer: Timer) -> list[Command]:
    return _at(keys, f"timer:{timer.key}", timer.due, Queued(timer.job))


def schedule_new(keys: Keys, timer: Timer) -> list[Command]:
    """Unless there is a timer of that key."""
    name, queued = f"timer:{timer.key}", dump(Queued(timer.job))
    return [("ZADD", keys.timers, "NX", timer.due, name), ("HSETNX", keys.timer_jobs, name, queued)]


def cancel(keys: Keys, timer_key: str) -> list[Command]:
    name = f"timer:{timer_key}"
    return [("ZREM", keys.timers, name), ("HDEL", keys.timer_jobs, name)]


def again(keys: Keys, queued: Queued, due: float) -> list[Command]:
    return _at(keys, f"retry:{queued.job.id}", due, queued)


def bury(keys: Keys, queued: bytes, why: str, tries: int, at: float) -> list[Command]:
    return [("XADD", keys.dead, "*", "job", queued, "why", why, "tries", tries, "at", at)]


def dead_job(fields: dict[bytes, bytes]) -> DeadJob:
    queued = load(Queued, fields[b"job"])
    job = queued.job if queued else None
    return DeadJob(job, fields[b"why"].decode(), int(fields[b"tries"]), float(fields[b"at"]))


def _at(keys: Keys, name: str, due: float, queued: Queued) -> list[Command]:
    return [("ZADD", keys.timers, due, name), ("HSET", keys.timer_jobs, name, dump(queued))]
