"""What became of the media that followers sent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wxbot.adapters.redis.connect import Link
from wxbot.adapters.redis.keys import Keys
from wxbot.domain.handoff import Handoff
from wxbot.domain.job import SaveMedia
from wxbot.domain.ticket import Ticket
from wxbot.service.keeper import Saved
from wxbot.service.records import dump, load


class RedisMedia:
    """`MediaRecords`."""

    def __init__(self, link: Link, appid: str) -> None:
        self._client: Any = link.client
        self._breaker = link.breaker
        self._keys = Keys(appid)

    def note(self, saved: Saved) -> None:
        with self._breaker:
            self._client.hset(self._keys.media, saved.media.media_id, dump(saved))

    def saved(self, media_ids: Sequence[str]) -> Mapping[str, Saved]:
        if not media_ids:
            return {}
        with self._breaker:
            records = self._client.hmget(self._keys.media, media_ids)
        found = (load(Saved, record) for record in records)
        return {saved.media.media_id: saved for saved in found if saved}

    def every(self) -> Iterator[Saved]:
        cursor = -1
        while cursor:
            with self._breaker:
                cursor, page = self._client.hscan(self._keys.media, max(cursor, 0), count=500)
            yield from (saved for record in page.values() if (saved := load(Saved, record)))

    def of_handoff(self, id: str) -> Sequence[Saved]:
        return sorted((saved for saved in self.every() if saved.handoff == id), key=lambda saved: saved.at)

    def forget(self, media_ids: Sequence[str]) -> None:
        if media_ids:
            with self._breaker:
                self._client.hdel(self._keys.media, *media_ids)

    def is_wanted(self, task: SaveMedia) -> bool:
        with self._breaker:
            if task.ticket:
                owner: Ticket | Handoff | None = load(Ticket, self._client.get(self._keys.ticket(task.ticket)))
            else:
                owner = load(Handoff, self._client.get(self._keys.handoff(task.handoff)))
        return owner is not None and owner.user == task.user
