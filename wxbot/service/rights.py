"""What a follower may ask for: a copy of everything that is kept about them, and that it be forgotten."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.reply import Silence
from wxbot.domain.session import Session
from wxbot.domain.ticket import State, Ticket, TicketChange, TicketEntry
from wxbot.domain.turn import Turn
from wxbot.service.changes import Changes
from wxbot.service.keeper import MediaRecords, MediaShelf, Saved
from wxbot.service.ports import TicketDesk
from wxbot.service.privacy import tag
from wxbot.service.records import dump
from wxbot.service.ticket_lists import Wanted

log = logging.getLogger(__name__)


class Traces(Protocol):
    """What lies about a user beside session, tickets and media. All raise StoreUnavailable."""

    def session(self, user: str) -> Session | None: ...

    def found(self, user: str) -> Mapping[str, Sequence[Any]]:
        """JSON values that name the user, by where they lie: handoffs, questions, jobs …"""

    def rewrite(self, number: str, change: Callable[[TicketEntry], TicketEntry]) -> None:
        """Change every entry of a ticket's history in one step; nothing that is written meanwhile is lost."""

    def sweep(self, user: str) -> Mapping[str, int]:
        """Remove all of them, and every key of the user's but the version of their session; how many, by place."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """data: JSON values by what they are. paths: of the media files."""

    data: Mapping[str, Any]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rights:
    desk: TicketDesk
    changes: Changes
    traces: Traces
    shelf: MediaShelf
    records: MediaRecords

    def export(self, user: str) -> Portfolio:
        """Everything there is about a user, {} of each where there is nothing. Raises StoreUnavailable."""
        session, tickets = self.traces.session(user), list(self._tickets(user))
        histories = {ticket.number: self.desk.entries(ticket.number) for ticket in tickets}
        saved = list(self._saved(user))
        data = {
            "session": _plain(session) if session else None,
            "tickets": [
                {**_plain(ticket), "entries": list(map(_plain, histories[ticket.number]))} for ticket in tickets
            ],
            "media": list(map(_plain, saved)),
            **self.traces.found(user),
        }
        return Portfolio(data, _paths(saved, (entry for entries in histories.values() for entry in entries)))

    def erase(self, user: str) -> Mapping[str, int]:
        """
        Forget a user, while everything goes on; a second time removes what the first did not reach.

        Their tickets are closed and keep number, type and times, for statistics, and not a word. The version of the
        session stays for an hour, so that no process goes on from an older one.

        Returns:
            How many of each were removed.

        Raises:
            StoreUnavailable, MediaUnavailable: begin again.
        """
        numbers = [ticket.number for ticket in self._tickets(user)]
        histories = {number: self.desk.entries(number) for number in numbers}
        known = self.traces.session(user) is not None
        self.changes.apply(user, f"erase:{next(self.changes.new_ids)}", self._erased)
        removed = Counter(session=int(known), tickets=len(numbers))
        removed["media"] = self._drop_media(user, (entry for entries in histories.values() for entry in entries))
        for number in numbers:
            self.traces.rewrite(number, without_words)
        removed.update(self.traces.sweep(user))
        # The turn that forgets leaves a reply behind, which was not there before.
        removed["keys"] = max(removed["keys"] - 1, 0)
        log.info("privacy erased user=%s %s", tag(user), " ".join(f"{name}={n}" for name, n in removed.items() if n))
        return removed

    def _tickets(self, user: str) -> Iterator[Ticket]:
        return self.desk.tickets(Wanted(scope="all", user=user), 0)

    def _saved(self, user: str) -> Iterator[Saved]:
        return (saved for saved in self.records.every() if saved.user == user)

    def _erased(self, talk: Talk) -> Turn:
        """One turn, so that nobody who began before it can write what it forgets. Asked anew, it reads anew."""
        changes = tuple(TicketChange(anonymous(ticket), ticket) for ticket in self._tickets(talk.inbound.user))
        return Turn("erased", None, Silence(), tickets=changes, closes_windows=True)

    def _drop_media(self, user: str, entries: Iterator[TicketEntry]) -> int:
        saved = list(self._saved(user))
        removed = sum(self.shelf.delete(path) for path in _paths(saved, entries))
        self.records.forget([each.media.media_id for each in saved])
        return removed


def _plain(value: object) -> Any:
    return json.loads(dump(value))


def _paths(saved: Sequence[Saved], entries: Iterator[TicketEntry]) -> tuple[str, ...]:
    """Of what was saved, and of what the follower uploaded to a ticket."""
    of_entries = (medium.path for entry in entries for medium in entry.media)
    return tuple(dict.fromkeys(path for path in (*(each.media.path for each in saved), *of_entries) if path))


def anonymous(ticket: Ticket) -> Ticket:
    """What may stay for statistics: number, type, state and times."""
    return replace(ticket, user="", title="", contact="", words="", state=State.CLOSED)


def without_words(entry: TicketEntry) -> TicketEntry:
    """That something happened, when, and by whose hand."""
    return replace(entry, text="", values=(), media=())
