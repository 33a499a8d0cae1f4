"""A store for tests that keeps the same promises as Redis does, within one process and until it ends."""

import itertools
import math
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from wxbot.adapters.memory_tickets import MemoryTickets
from wxbot.domain.handoff import Handoff
from wxbot.domain.job import Job, Timer
from wxbot.domain.outbound import Delivery
from wxbot.domain.rating import Rating
from wxbot.domain.session import Session
from wxbot.domain.staffing import Presence
from wxbot.domain.ticket import Ticket
from wxbot.domain.turn import Question, Turn
from wxbot.errors import StoreUnavailable
from wxbot.service import retention
from wxbot.service.ports import Begun, Claimed, Clock, DeadJob, StoredReply
from wxbot.service.records import Queued, counted, day_of, dump, load, tally

T = TypeVar("T")
LOCK_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """JSON, as Redis would hold it, so that what cannot be stored there cannot be stored here either."""

    data: bytes
    until: float = math.inf


@dataclass(frozen=True, slots=True)
class _Entry:
    """A queued job. holder, since: who took it and when, '' and 0 while nobody has. times: how often it was taken."""

    queued: Queued
    holder: str = ""
    since: float = 0.0
    times: int = 0


@dataclass(slots=True)
class MemoryStore:
    """
    Every port that the Redis store fills, but for `Lanes` and `Ledger`.

    clock: decides what has expired, what is due and who is too slow. idle_s: after which a job is taken over.
    desk: where the tickets lie.
    """

    clock: Clock = time.time
    timezone: str = "Asia/Shanghai"
    idle_s: float = 60.0
    desk: MemoryTickets = field(default_factory=MemoryTickets)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _token_lock: threading.Lock = field(default_factory=threading.Lock)
    _values: dict[tuple[str, ...], _Kept] = field(default_factory=dict)
    _versions: dict[str, tuple[int, float]] = field(default_factory=dict)
    _opened: dict[str, int] = field(default_factory=dict)
    _questions: list[bytes] = field(default_factory=list)
    _ratings: list[bytes] = field(default_factory=list)
    _deliveries: list[bytes] = field(default_factory=list)
    _stats: dict[str, Counter[str]] = field(default_factory=dict)
    _jobs: dict[str, _Entry] = field(default_factory=dict)
    _timers: dict[str, tuple[float, Queued]] = field(default_factory=dict)
    _dead: list[DeadJob] = field(default_factory=list)
    _beats: dict[str, float] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def begin(self, user: str, message_id: str) -> Begun:
        with self._changed:
            reply = self._get(StoredReply, "reply", user, message_id)
            return Begun(self._version(user), self._get(Session, "session", user), reply)

    def commit(
        self, user: str, message_id: str, version: int, turn: Turn, now: int, *, keep_s: int = retention.REPLY_S
    ) -> bool:
        with self._changed:
            if self._version(user) != version or self._get(StoredReply, "reply", user, message_id) is not None:
                return False
            if not self.desk.has_room_for(turn):
                return False
            self._keep_session(user, version + 1, turn.session)
            self._put(keep_s, StoredReply(turn.reply, now), "reply", user, message_id)
            self._keep_promises(turn)
            self.desk.write(turn)
            self._questions += [dump(question) for question in turn.questions]
            self._ratings += [dump(rating) for rating in turn.ratings]
            self._deliveries += [dump(delivery) for delivery in turn.deliveries]
            self._stats.setdefault(day_of(now, ZoneInfo(self.timezone)), Counter())[counted(turn)] += 1
            self._changed.notify_all()
            return True

    def ticket_of(self, user: str, number: str) -> Ticket | None:
        ticket = self.desk.ticket(number)
        return ticket if ticket and ticket.user == user else None

    def _version(self, user: str) -> int:
        version, until = self._versions.get(user, (0, 0.0))
        return version if self.clock() < until else 0

    def _keep_session(self, user: str, version: int, session: Session | None) -> None:
        if session is None:
            self._values.pop(("session", user), None)
            self._versions[user] = version, self.clock() + retention.ERASED_S
        else:
            self._put(retention.SESSION_S, session, "session", user)
            self._versions[user] = version, self.clock() + retention.SESSION_S

    def _keep_promises(self, turn: Turn) -> None:
        for job in turn.jobs:
            self._enqueue(Queued(job))
        for timer in turn.timers:
            if isinstance(timer, Timer):
                self._timers[f"timer:{timer.key}"] = timer.due, _stored(Queued(timer.job))
            else:
                self._timers.pop(f"timer:{timer.key}", None)
        for handoff in turn.handoffs:
            over = not handoff.is_open
            self._put(retention.CLOSED_HANDOFF_S if over else math.inf, handoff, "handoff", handoff.id)
            self._opened[handoff.id] = handoff.opened

    def handoffs(self, *, limit: int) -> Sequence[Handoff]:
        with self._changed:
            newest = sorted(self._opened, key=lambda id: (self._opened[id], id), reverse=True)
            found = (self._get(Handoff, "handoff", id) for id in newest)
            return list(itertools.islice(filter(None, found), limit))

    def handoff(self, id: str) -> Handoff | None:
        with self._changed:
            return self._get(Handoff, "handoff", id)

    def questions(self, since: float) -> Iterator[Question]:
        oldest = max(since, self.clock() - retention.QUESTIONS_S)
        loaded = (load(Question, data) for data in list(self._questions))
        return (question for question in loaded if question and question.at >= oldest)

    def ratings(self, since: float) -> Iterator[Rating]:
        loaded = (load(Rating, data) for data in list(self._ratings))
        return (rating for rating in loaded if rating and rating.asked >= since)

    def deliveries(self, since: float) -> Iterator[Delivery]:
        loaded = (load(Delivery, data) for data in list(self._deliveries))
        return (found for found in loaded if found and found.at >= since and found.result != "sent")

    def delivered(self) -> Mapping[str, int]:
        loaded = (load(Delivery, data) for data in list(self._deliveries))
        return Counter(f"{found.way or 'none'}:{found.result}" for found in loaded if found)

    def stats(self, day: str) -> Mapping[str, int]:
        return tally(self._stats.get(day, {}))

    def dead_jobs(self, *, limit: int) -> Sequence[DeadJob]:
        return self._dead[::-1][:limit]

    def claim(self, worker: str, *, limit: int, block_s: float) -> list[Claimed]:
        with self._changed:
            taken = self._take(worker, limit)
            if not taken and block_s > 0:
                self._changed.wait(block_s)
                taken = self._take(worker, limit)
            return taken

    def _take(self, worker: str, limit: int) -> list[Claimed]:
        now = self.clock()
        due = sorted((due, name) for name, (due, _) in self._timers.items() if due <= now)
        for _, name in due:
            self._enqueue(self._timers.pop(name)[1])
        free = [id for id, entry in self._jobs.items() if not entry.holder or now - entry.since >= self.idle_s]
        return [self._hand_out(id, worker, now) for id in free[:limit]]

    def _hand_out(self, id: str, worker: str, now: float) -> Claimed:
        entry = self._jobs[id]
        self._jobs[id] = replace(entry, holder=worker, since=now, times=entry.times + 1)
        return Claimed(f"{id}/{worker}", entry.queued.job, entry.queued.tries + entry.times + 1)

    def _enqueue(self, queued: Queued) -> None:
        self._jobs[str(next(self._numbers))] = _Entry(_stored(queued))

    def renew(self, claimed: Claimed) -> bool:
        with self._changed:
            id, held = self._held(claimed)
            if held:
                self._jobs[id] = replace(self._jobs[id], since=self.clock())
            return held

    def done(self, claimed: Claimed) -> None:
        with self._changed:
            self._jobs.pop(self._held(claimed)[0], None)

    def retry(self, claimed: Claimed, due: float, why: str) -> None:
        with self._changed:
            id, held = self._held(claimed)
            if held:
                del self._jobs[id]
                self._timers[f"retry:{claimed.job.id}"] = due, Queued(claimed.job, claimed.tries, why)

    def bury(self, claimed: Claimed, why: str) -> None:
        with self._changed:
            id, held = self._held(claimed)
            if held:
                del self._jobs[id]
                self._dead.append(DeadJob(claimed.job, why, claimed.tries, self.clock()))

    def _held(self, claimed: Claimed) -> tuple[str, bool]:
        """Id of the entry, and whether it is still held by who claimed it."""
        id, _, worker = claimed.receipt.partition("/")
        return id, id in self._jobs and self._jobs[id].holder == worker

    def set_timer(self, timer: Timer, *, replacing: bool = True) -> None:
        with self._changed:
            if replacing or f"timer:{timer.key}" not in self._timers:
                self._timers[f"timer:{timer.key}"] = timer.due, _stored(Queued(timer.job))

    def cancel_timer(self, key: str) -> None:
        with self._changed:
            self._timers.pop(f"timer:{key}", None)

    def beat(self, worker: str) -> None:
        self._beats[worker] = self.clock()

    def workers(self) -> Mapping[str, float]:
        oldest = self.clock() - retention.WORKER_S
        return {worker: beaten for worker, beaten in dict(self._beats).items() if beaten >= oldest}

    def put_presence(self, presence: Presence, ttl_s: int) -> None:
        with self._changed:
            self._put(ttl_s, presence, "presence")

    def get_presence(self) -> Presence | None:
        with self._changed:
            return self._get(Presence, "presence")

    def take_look(self, every_s: float) -> bool:
        with self._changed:
            taken = self._get(int, "presence-look") is not None
            if not taken:
                self._put(every_s, 1, "presence-look")
            return not taken

    def get(self) -> str | None:
        with self._changed:
            return self._get(str, "token")

    def put(self, token: str, ttl_s: int) -> None:
        with self._changed:
            self._put(max(1, ttl_s), token, "token")

    def drop_if(self, token: str) -> None:
        with self._changed:
            if self._get(str, "token") == token:
                del self._values["token",]

    @contextmanager
    def lock(self) -> Iterator[None]:
        if not self._token_lock.acquire(timeout=LOCK_WAIT_S):
            raise StoreUnavailable(f"the token was locked for {LOCK_WAIT_S:.0f} s")
        try:
            yield
        finally:
            self._token_lock.release()

    def jobs(self) -> list[Job]:
        """Jobs that nobody has taken yet, oldest first; for tests to look at."""
        with self._changed:
            return [entry.queued.job for entry in self._jobs.values() if not entry.holder]

    def _get(self, kind: type[T], *key: str) -> T | None:
        kept = self._values.get(key)
        return load(kind, kept.data) if kept and self.clock() < kept.until else None

    def _put(self, ttl_s: float, value: object, *key: str) -> None:
        self._values[key] = _Kept(dump(value), self.clock() + ttl_s)


def _stored(queued: Queued) -> Queued:
    """As it comes back from a store."""
    stored = load(Queued, dump(queued))
    if stored is None:
        raise TypeError(f"a {type(queued.job.task).__name__} cannot be stored")
    return stored
