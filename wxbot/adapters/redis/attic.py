"""What is over, by its age, and how it leaves Redis."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.scripts import load_script
from wxbot.domain.handoff import Handoff
from wxbot.domain.ticket import State, Ticket
from wxbot.service.attic import Log, Standing
from wxbot.service.keeper import Saved
from wxbot.service.records import load
from wxbot.service.retention import TIDYING_S

T = TypeVar("T")
PAGE = 200
TRIMMED = 10_000
"""Entries of a stream removed at once; whole nodes, so a matter of a millisecond."""


class RedisAttic:
    """`Attic`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = keys = Keys(appid)
        self._drop_if = load_script(link.client, "drop_if")
        self._logs: dict[Log, str] = {
            "questions": keys.questions,
            "ratings": keys.ratings,
            "deliveries": keys.deliveries,
        }

    def hold(self, who: str) -> bool:
        key = self._keys.tidying
        with self._breaker:
            if self._client.set(key, who, nx=True, ex=TIDYING_S):
                return True
            return self._client.get(key) == who.encode() and bool(self._client.expire(key, TIDYING_S))

    def release(self, who: str) -> None:
        with self._breaker:
            self._drop_if([self._keys.tidying], [who])

    def closed_tickets(self, until: int) -> Iterator[Ticket]:
        for page in self._pages(self._keys.tickets("worded"), until):
            heads = self._read(Ticket, [self._keys.ticket(number) for number in page])
            yield from (head for head in heads if head and head.state is State.CLOSED and head.since <= until)

    def standings(self, saved: Sequence[Saved]) -> Sequence[Standing]:
        tickets = self._read(Ticket, [self._keys.ticket(each.ticket) for each in saved])
        handoffs = self._read(Handoff, [self._keys.handoff(each.handoff) for each in saved])
        return [
            _standing(each, ticket if each.ticket else handoff)
            for each, ticket, handoff in zip(saved, tickets, handoffs, strict=True)
        ]

    def drop_handoffs(self, until: int) -> Iterator[int]:
        for page in self._pages(self._keys.handoffs, until):
            cards = self._read(Handoff, [self._keys.handoff(id) for id in page])
            over = [id for id, card in zip(page, cards, strict=True) if _is_over(card, until)]
            if over:
                with self._breaker, self._client.pipeline(transaction=True) as pipeline:
                    pipeline.delete(*map(self._keys.handoff, over))
                    pipeline.zrem(self._keys.handoffs, *over)
                    yield int(pipeline.execute()[0])

    def trim(self, log: Log, until: int) -> Iterator[int]:
        key, oldest = self._logs[log], until * 1000
        while removed := self._trimmed(key, oldest, approximate=True, limit=TRIMMED):
            yield removed
        yield self._trimmed(key, oldest, approximate=False)

    def _trimmed(self, key: str, oldest: int, **how: Any) -> int:
        with self._breaker:
            return int(self._client.xtrim(key, minid=oldest, **how))

    def _pages(self, key: str, until: int) -> Iterator[list[str]]:
        """Members of a sorted set up to that score, lowest first, as they are now."""
        with self._breaker:
            members = [member.decode() for member in self._client.zrange(key, "-inf", until, byscore=True)]
        return (members[start : start + PAGE] for start in range(0, len(members), PAGE))

    def _read(self, kind: type[T], keys: Sequence[str]) -> list[T | None]:
        with self._breaker:
            return [load(kind, data) for data in (self._client.mget(keys) if keys else [])]


def _standing(saved: Saved, owner: Ticket | Handoff | None) -> Standing:
    if owner is None or owner.user != saved.user:
        return "gone"
    is_over = owner.state is State.CLOSED if isinstance(owner, Ticket) else not owner.is_open
    return "over" if is_over else "open"


def _is_over(handoff: Handoff | None, until: int) -> bool:
    """Where there is no card any more, only its place in the list is left to go."""
    return handoff is None or not handoff.is_open and handoff.closed <= until
