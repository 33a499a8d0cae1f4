"""What has happened, for whoever watches: numbered events that are kept for a while and streamed."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from wxbot.sandbox.refusal import Json

KEPT = 2000
HEARTBEAT_S = 15.0


@dataclass(frozen=True, slots=True)
class Event:
    """number: from 1."""

    number: int
    name: str
    data: Json


class Bus:
    """Thread-safe; publishing never waits for those who watch."""

    def __init__(self) -> None:
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._changed = threading.Condition()
        self._last = 0
        self._closed = False

    @property
    def last(self) -> int:
        """Number of the latest event, 0 before the first."""
        return self._last

    def publish(self, name: str, data: Json) -> None:
        with self._changed:
            self._last += 1
            self._kept.append(Event(self._last, name, data))
            self._changed.notify_all()

    def after(self, number: int) -> list[Event]:
        """Events after this one; where some of them are gone already, a `reset` in their place."""
        with self._changed:
            return self._after(number)

    def stream(self, since: int) -> Iterator[Event | None]:
        """Events after `since` as they happen, None every 15 s of silence, until the bus is closed."""
        while not self._closed:
            with self._changed:
                if self._last == since:
                    self._changed.wait(HEARTBEAT_S)
                events = self._after(since)
            if not events:
                yield None
            for event in events:
                since = event.number
                yield event

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _after(self, number: int) -> list[Event]:
        events = [event for event in self._kept if event.number > number]
        if number > self._last or (events and events[0].number > number + 1):
            return [Event(self._last, "reset", {})]
        return events
