"""Tickets in memory, as `adapters.redis.tickets` keeps them in Redis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wxbot.domain.ticket import Ticket, TicketEntry
from wxbot.domain.turn import Turn
from wxbot.service.records import dump, load
from wxbot.service.ticket_lists import Wanted, moves, places


@dataclass(slots=True)
class MemoryTickets:
    """`TicketDesk`; the store beside it writes."""

    _heads: dict[str, bytes] = field(default_factory=dict)
    _entries: dict[str, list[bytes]] = field(default_factory=dict)
    _lists: dict[str, dict[str, int]] = field(default_factory=dict)

    def has_room_for(self, turn: Turn) -> bool:
        """Whether the numbers of all new tickets are free."""
        return not any(change.before is None and change.after.number in self._heads for change in turn.tickets)

    def write(self, turn: Turn) -> None:
        for change in turn.tickets:
            number = change.after.number
            left, entered = moves(change)
            self._heads[number] = dump(change.after)
            for name in left:
                self._lists[name].pop(number, None)
            for name, score in entered.items():
                self._lists.setdefault(name, {})[number] = score
        for entry in turn.entries:
            self._entries.setdefault(entry.number, []).append(dump(entry))

    def ticket(self, number: str) -> Ticket | None:
        return load(Ticket, self._heads.get(number))

    def entries(self, number: str) -> Sequence[TicketEntry]:
        return [entry for data in self._entries.get(number, []) if (entry := load(TicketEntry, data))]

    def tickets(self, wanted: Wanted, now: int) -> Iterator[Ticket]:
        for shelf in wanted.shelves:
            scores = self._lists.get(shelf, {})
            for number in sorted(scores, key=lambda each: (scores[each], each), reverse=wanted.newest_first):
                marked = all(number in self._lists.get(mark, {}) for mark in wanted.marks)
                ticket = self.ticket(number)
                if ticket and marked and (scores[number] <= now or not wanted.overdue):
                    yield ticket

    def reindex(self) -> int:
        self._lists.clear()
        for ticket in filter(None, map(self.ticket, self._heads)):
            for name, score in places(ticket).items():
                self._lists.setdefault(name, {})[ticket.number] = score
        return len(self._heads)
