"""Conversations: the state of each, the atomic commit of a turn, and what staff read of them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from wxbot.adapters.redis import deliveries, tickets
from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.outbox import cancel, dead_job, enqueue, schedule
from wxbot.adapters.redis.scripts import Command, Word, keys_of, words_of
from wxbot.domain.handoff import Handoff
from wxbot.domain.job import Timer
from wxbot.domain.outbound import Delivery
from wxbot.domain.rating import Rating
from wxbot.domain.session import Session
from wxbot.domain.ticket import Ticket
from wxbot.domain.turn import Question, Turn
from wxbot.service import retention
from wxbot.service.ports import Begun, DeadJob, StoredReply
from wxbot.service.records import counted, day_of, dump, load, tally

T = TypeVar("T")
PAGE = 500
"""Entries of a stream read at once."""
SKEW_S = 3600
"""The log is ordered by the server's clock, asked for by ours; more than they may differ."""


class RedisStore:
    """
    `TurnStore` and `Desk`.

    timezone: whose days the statistics count.
    """

    def __init__(self, link: Link, appid: str, timezone: str = "Asia/Shanghai") -> None:
        self._client: Any = link.client
        self._wire = link.wire
        self._breaker = link.breaker
        self._keys = Keys(appid)
        self._zone = ZoneInfo(timezone)
        self._commit = link.wire.load_script("commit")

    def begin(self, user: str, message_id: str) -> Begun:
        with self._breaker:
            reply, session = self._wire.call("MGET", self._keys.reply(user, message_id), self._keys.session(user))
        version, _, kept = (session or b"0").partition(b" ")
        return Begun(int(version), load(Session, kept or None), load(StoredReply, reply))

    def commit(
        self, user: str, message_id: str, version: int, turn: Turn, now: int, *, keep_s: int = retention.REPLY_S
    ) -> bool:
        keys, stats = self._keys, self._keys.stats(day_of(now, self._zone))
        kept, kept_s = (b"", retention.ERASED_S) if turn.session is None else (dump(turn.session), retention.SESSION_S)
        window_key, window, window_s = deliveries.opened(keys, user, turn.window)
        made, asked = tickets.new_heads(keys, turn), [dump(question) for question in turn.questions]
        others = [*self._promises(turn), *tickets.commands(keys, turn), *self._outbound(user, turn, now)]
        touched = [keys.session(user), keys.reply(user, message_id), stats, keys.questions, window_key]
        words: list[Word] = [
            *(version, b"%d %b" % (version + 1, kept), kept_s),
            *(dump(StoredReply(turn.reply, now)), keep_s),
            *(counted(turn), retention.STATS_S),
            *(window, window_s),
            *(len(made), (now - retention.QUESTIONS_S) * 1000, len(asked)),
            *asked,
            *words_of(others),
        ]
        with self._breaker:
            return bool(self._commit([*touched, *made, *keys_of(others)], words))

    def ticket_of(self, user: str, number: str) -> Ticket | None:
        with self._breaker:
            ticket = load(Ticket, self._wire.call("GET", self._keys.ticket(number)))
        return ticket if ticket and ticket.user == user else None

    def _promises(self, turn: Turn) -> Iterator[Command]:
        for job in turn.jobs:
            yield from enqueue(self._keys, job)
        for timer in turn.timers:
            yield from schedule(self._keys, timer) if isinstance(timer, Timer) else cancel(self._keys, timer.key)
        for handoff in turn.handoffs:
            over = not handoff.is_open
            yield "SET", self._keys.handoff(handoff.id), dump(handoff), *(_EXPIRE_HANDOFF if over else ())
            yield "ZADD", self._keys.handoffs, handoff.opened, handoff.id

    def _outbound(self, user: str, turn: Turn, now: int) -> Iterator[Command]:
        """Whether messages of ours may be sent no more, and what became of some."""
        if turn.closes_windows:
            yield from deliveries.close_windows(self._keys, user)
        for delivery in turn.deliveries:
            yield from deliveries.note(self._keys, delivery)
        for rating in turn.ratings:
            yield deliveries.note_rating(self._keys, rating, now)

    def handoffs(self, *, limit: int) -> Sequence[Handoff]:
        if limit < 1:
            return []
        with self._breaker:
            ids = [id.decode() for id in self._client.zrange(self._keys.handoffs, 0, limit - 1, desc=True)]
            records = self._client.mget(map(self._keys.handoff, ids)) if ids else []
            expired = [id for id, record in zip(ids, records, strict=True) if record is None]
            if expired:
                self._client.zrem(self._keys.handoffs, *expired)
        if expired:
            return self.handoffs(limit=limit)
        return [handoff for record in records if (handoff := load(Handoff, record))]

    def handoff(self, id: str) -> Handoff | None:
        with self._breaker:
            return load(Handoff, self._client.get(self._keys.handoff(id)))

    def questions(self, since: float) -> Iterator[Question]:
        found = self._logged(self._keys.questions, b"question", Question, since)
        return (question for question in found if question.at >= since)

    def ratings(self, since: float) -> Iterator[Rating]:
        found = self._logged(self._keys.ratings, b"rating", Rating, since)
        return (rating for rating in found if rating.asked >= since)

    def deliveries(self, since: float) -> Iterator[Delivery]:
        found = self._logged(self._keys.deliveries, b"delivery", Delivery, since)
        return (delivery for delivery in found if delivery.at >= since)

    def delivered(self) -> Mapping[str, int]:
        with self._breaker:
            return _counts(self._client.hgetall(self._keys.delivered))

    def _logged(self, key: str, name: bytes, kind: type[T], since: float) -> Iterator[T]:
        """What lies in a stream since then, give or take an hour."""
        start = str(int(max(0, since - SKEW_S) * 1000))
        while page := self._page(key, start):
            yield from filter(None, (load(kind, fields[name]) for _, fields in page))
            start = f"({page[-1][0].decode()}"

    def _page(self, key: str, start: str) -> list[tuple[bytes, dict[bytes, bytes]]]:
        with self._breaker:
            return list(self._client.xrange(key, min=start, count=PAGE))

    def stats(self, day: str) -> Mapping[str, int]:
        with self._breaker:
            return tally(_counts(self._client.hgetall(self._keys.stats(day))))

    def dead_jobs(self, *, limit: int) -> Sequence[DeadJob]:
        with self._breaker:
            letters = self._client.xrevrange(self._keys.dead, count=max(1, limit))
        return [dead_job(fields) for _, fields in letters]


def _counts(fields: Mapping[bytes, bytes]) -> Mapping[str, int]:
    return {name.decode(): int(count) for name, count in fields.items()}


_EXPIRE_HANDOFF = ("EX", retention.CLOSED_HANDOFF_S)
