"""Tickets: how a commit writes them, and how staff find them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from redis.exceptions import WatchError

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.media import RedisMedia
from wxbot.adapters.redis.scripts import Command
from wxbot.domain.ticket import Ticket, TicketEntry
from wxbot.domain.turn import Turn
from wxbot.service.keeper import Saved, became
from wxbot.service.records import dump, load
from wxbot.service.ticket_lists import Wanted, moves, places

PAGE = 200
"""Heads read at once."""
SHORT = 10_000
"""Members of a list up to which the server may be asked what it has in common with others; a matter of milliseconds."""

_Heads = Mapping[str, Ticket | None]
"""By number; None where there is no head."""


def new_heads(keys: Keys, turn: Turn) -> list[str]:
    """Keys of the tickets that this turn opens; none of them may exist yet."""
    return [keys.ticket(change.after.number) for change in turn.tickets if change.before is None]


def commands(keys: Keys, turn: Turn) -> Iterator[Command]:
    """What a turn writes of tickets, and which of them now own the files that were saved before it."""
    owners = {change.after.number: change.after.user for change in turn.tickets}
    for change in turn.tickets:
        number = change.after.number
        left, entered = moves(change)
        yield "SET", keys.ticket(number), dump(change.after)
        for name in left:
            yield "ZREM", keys.tickets(name), number
        for name, score in entered.items():
            yield "ZADD", keys.tickets(name), score, number
    for entry in turn.entries:
        yield "RPUSH", keys.ticket_entries(entry.number), dump(entry)
        for medium in (medium for medium in entry.media if medium.path):
            saved = Saved(owners[entry.number], medium, entry.at, ticket=entry.number)
            yield "HSET", keys.media, medium.media_id, dump(saved)


class RedisTickets:
    """`TicketDesk`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)
        self._media = RedisMedia(link, appid)

    def ticket(self, number: str) -> Ticket | None:
        return next(self._heads([number]), None)

    def entries(self, number: str) -> Sequence[TicketEntry]:
        with self._breaker:
            entries = self._client.lrange(self._keys.ticket_entries(number), 0, -1)
        return self._with_media([entry for data in entries if (entry := load(TicketEntry, data))])

    def _with_media(self, entries: Sequence[TicketEntry]) -> Sequence[TicketEntry]:
        """The entries, their media as they are now."""
        saved = self._media.saved([medium.media_id for entry in entries for medium in entry.media])
        return [replace(entry, media=tuple(map(partial(became, saved), entry.media))) for entry in entries]

    def tickets(self, wanted: Wanted, now: int) -> Iterator[Ticket]:
        until = now if wanted.overdue else None
        for shelf in wanted.shelves:
            numbers = self._numbers(shelf, wanted.marks, until=until, newest_first=wanted.newest_first)
            for page in _pages(numbers, PAGE):
                yield from self._heads(page)

    def reindex(self) -> int:
        with self._breaker:
            for name in list(self._client.scan_iter(self._keys.tickets("*"), count=1000)):
                for page in _pages(self._members(name.decode()), PAGE):
                    self._sort_out(name.decode(), page)
            count = 0
            for page in _pages(self._every_number(), PAGE):
                count += self._file(page)
        return count

    def _heads(self, numbers: Sequence[str]) -> Iterator[Ticket]:
        with self._breaker:
            heads = self._client.mget([self._keys.ticket(number) for number in numbers])
        return (ticket for head in heads if (ticket := load(Ticket, head)))

    def _numbers(self, shelf: str, marks: Sequence[str], *, until: int | None, newest_first: bool) -> Iterator[str]:
        """Members of the shelf, in its order, that are in all the other lists too."""
        with self._breaker:
            pipeline = self._client.pipeline(transaction=False)
            for mark in marks:
                pipeline.zcard(self._keys.tickets(mark))
            sizes = pipeline.execute()
        if sizes and min(sizes) <= SHORT:
            common = self._common(shelf, marks, until=until)
            yield from reversed(common) if newest_first else common
            return
        start = 0
        while page := self._shelf(shelf, start, until=until, newest_first=newest_first):
            inside = self._scores(marks, page) if marks else []
            yield from (number for at, number in enumerate(page) if all(scores[at] is not None for scores in inside))
            start += len(page)

    def _common(self, shelf: str, marks: Sequence[str], *, until: int | None) -> list[str]:
        """What lists have in common of which one is short, in the order of the shelf."""
        weights = {self._keys.tickets(shelf): 1} | {self._keys.tickets(mark): 0 for mark in marks}
        with self._breaker:
            found = self._client.zinter(weights, withscores=True)
        return [number.decode() for number, score in found if until is None or score <= until]

    def _shelf(self, name: str, start: int, *, until: int | None, newest_first: bool) -> list[str]:
        key = self._keys.tickets(name)
        with self._breaker:
            if until is not None:
                found = self._client.zrange(key, "-inf", until, byscore=True, offset=start, num=PAGE * 5)
            else:
                found = self._client.zrange(key, start, start + PAGE * 5 - 1, desc=newest_first)
        return [number.decode() for number in found]

    def _scores(self, names: Sequence[str], numbers: Sequence[str]) -> list[list[float | None]]:
        """For each list, the score of each number there, None where it is not in it."""
        with self._breaker:
            pipeline = self._client.pipeline(transaction=False)
            for name in names:
                pipeline.zmscore(self._keys.tickets(name), numbers)
            return list(pipeline.execute())

    def _every_number(self) -> Iterator[str]:
        prefix = self._keys.ticket("")
        return (key.decode()[len(prefix) :] for key in self._client.scan_iter(f"{prefix}*", count=1000))

    def _members(self, key: str) -> Iterator[str]:
        return (number.decode() for number, _ in self._client.zscan_iter(key, count=1000))

    def _sort_out(self, key: str, numbers: Sequence[str]) -> None:
        """Take those off one list that do not belong there."""

        def strangers(heads: _Heads) -> list[Command]:
            name = key.removeprefix(self._keys.tickets(""))
            out = [number for number, head in heads.items() if head is None or name not in places(head)]
            return [("ZREM", key, *out)] if out else []

        self._watching(numbers, strangers)

    def _file(self, numbers: Sequence[str]) -> int:
        """Put tickets on every list that they belong to; how many there were."""

        def entries(heads: _Heads) -> list[Command]:
            return [
                ("ZADD", self._keys.tickets(name), score, head.number)
                for head in heads.values()
                if head
                for name, score in places(head).items()
            ]

        return self._watching(numbers, entries)

    def _watching(self, numbers: Sequence[str], decide: Callable[[_Heads], list[Command]]) -> int:
        """Apply what is decided on these heads, again and again until none of them changed meanwhile."""
        keys = [self._keys.ticket(number) for number in numbers]
        with self._client.pipeline(transaction=True) as pipeline:
            while True:
                try:
                    pipeline.watch(*keys)
                    heads = [load(Ticket, head) for head in pipeline.mget(keys)]
                    pipeline.multi()
                    for command in decide(dict(zip(numbers, heads, strict=True))):
                        pipeline.execute_command(*command)
                    pipeline.execute()
                    return sum(head is not None for head in heads)
                except WatchError:
                    continue


def _pages(numbers: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(numbers)
    while page := list(islice(rest, size)):
        yield page
