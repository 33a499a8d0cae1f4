"""What has been kept for long enough, and how it goes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Literal, Protocol, TypeVar

from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.reply import Silence
from wxbot.domain.retention import Limits
from wxbot.domain.session import Session
from wxbot.domain.ticket import Ticket, TicketChange, TicketEntry
from wxbot.domain.turn import Turn
from wxbot.service.changes import Changes
from wxbot.service.keeper import Keeper, Saved
from wxbot.service.ports import TicketDesk
from wxbot.service.retention import DELIVERIES_S, UNCLAIMED_S
from wxbot.service.rights import Traces, anonymous, without_words

T = TypeVar("T")
Log = Literal["questions", "ratings", "deliveries"]
Standing = Literal["open", "over", "gone"]
"""How that stands which a medium belongs to; gone, too, when it belongs to nothing, or not to the same user's."""
BATCH = 50
"""Removed at once: a matter of a second, so that the queue hears from who does it."""


class Attic(Protocol):
    """Where what is over lies, by its age. Moments are unix seconds. All raise StoreUnavailable."""

    def hold(self, who: str) -> bool:
        """Whether nobody else is tidying; then nobody else may for ten minutes, or until `release`."""

    def release(self, who: str) -> None: ...

    def closed_tickets(self, until: int) -> Iterator[Ticket]:
        """Those that were closed by then and still have their words, longest closed first."""

    def standings(self, saved: Sequence[Saved]) -> Sequence[Standing]: ...

    def drop_handoffs(self, until: int) -> Iterator[int]:
        """Remove those that were over by then; how many, batch by batch."""

    def trim(self, log: Log, until: int) -> Iterator[int]:
        """Remove what was written before; how many, batch by batch."""


@dataclass(frozen=True, slots=True)
class Tidier:
    """Everything it does may be broken off anywhere, and done again."""

    desk: TicketDesk
    changes: Changes
    traces: Traces
    keeper: Keeper
    attic: Attic

    def tidy(self, limits: Limits, now: int) -> Iterator[Mapping[str, int]]:
        """
        Remove what is past its limit.

        Yields:
            After each batch, how many of each were removed.

        Raises:
            StoreUnavailable, MediaUnavailable: begin again.
        """
        for tickets in _batches(self.attic.closed_tickets(now - limits.tickets)):
            yield Counter({"tickets": sum(map(self.empty, tickets))})
        for count in self.attic.drop_handoffs(now - limits.handoffs):
            yield {"handoffs": count}
        for saved in _batches(self.keeper.records.every()):
            yield {"media": self._drop_media(saved, now, limits.media)}
        kept: dict[Log, int] = {
            "questions": limits.questions,
            "ratings": limits.questions,
            "deliveries": DELIVERIES_S,
        }
        for log, limit in kept.items():
            for count in self.attic.trim(log, now - limit):
                yield {str(log): count}

    def empty(self, ticket: Ticket) -> bool:
        """
        Take the words and media out of a closed ticket; False when it changed meanwhile.

        Its head goes last, so that what was broken off is found again.
        """
        self._drop_files(self.desk.entries(ticket.number))
        self.traces.rewrite(ticket.number, partial(_emptied_entry, ticket.since))
        change = partial(_emptied, ticket)
        return self.changes.apply(ticket.user, f"empty:{ticket.number}:{ticket.since}", change) is not None

    def _drop_files(self, entries: Sequence[TicketEntry]) -> None:
        media = {medium.media_id: medium for entry in entries for medium in entry.media}
        saved = self.keeper.records.saved(list(media))
        for each in saved.values():
            self.keeper.drop(each)
        for medium in media.values():
            if medium.path and medium.media_id not in saved:
                self.keeper.shelf.delete(medium.path)

    def _drop_media(self, saved: Sequence[Saved], now: int, limit_s: int) -> int:
        """What belonged to what is gone goes at once; what belongs to something that is over, by its age."""
        removed = 0
        for each, standing in zip(saved, self.attic.standings(saved), strict=True):
            if standing == "gone" and not _may_be_claimed(each, now):
                removed += self.keeper.drop(each)
            elif standing == "over" and each.media.path and each.at <= now - limit_s:
                removed += self.keeper.put_away(each)
        return removed


def _may_be_claimed(saved: Saved, now: int) -> bool:
    """Whether it still waits for its ticket: for the commit that opens it, or in a draft."""
    return not saved.ticket and not saved.handoff and saved.at > now - UNCLAIMED_S


def _emptied(ticket: Ticket, talk: Talk) -> Turn | None:
    """The session forgets it, too, or could write it back. Asked anew, it reads anew."""
    if talk.facts.ticket(ticket.number) != ticket:
        return None
    others = tuple(each for each in talk.session.tickets if each.number != ticket.number)
    left = replace(talk.session, tickets=others)
    session = None if left == Session(ticket.user) else left
    return Turn("emptied", session, Silence(), tickets=(TicketChange(anonymous(ticket), ticket),))


def _emptied_entry(until: int, entry: TicketEntry) -> TicketEntry:
    """What came after the closing opened the ticket again, and stays."""
    return without_words(entry) if entry.at <= until else entry


def _batches(values: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(values)
    while batch := list(islice(rest, size)):
        yield batch
