"""The platform's one clock, which can be set, and what falls due by it."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

LONGEST_WAIT_S = 3600.0


class Clock:
    """Runs as `real` does, shifted by `offset` seconds; called, it tells unix seconds."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self.offset = 0.0

    def __call__(self) -> float:
        return self._real() + self.offset

    def set(self, to: float) -> None:
        self.offset = to - self._real()

    def advance(self, seconds: float) -> None:
        self.offset += seconds

    def reset(self) -> None:
        self.offset = 0.0


@dataclass(order=True, slots=True)
class _Due:
    at: float
    number: int
    action: Callable[[], None] = field(compare=False)


class Alarms:
    """
    Actions that fall due by the platform's clock: a window closes, a session lapses.

    Whoever acts on the world runs what is due first, so a clock that was set has no gap; a thread that sleeps until
    the next one keeps the page up to date meanwhile. Not thread-safe by itself: used under the world's lock.
    """

    def __init__(self, clock: Clock, acting: Callable[[], AbstractContextManager[Any]]) -> None:
        """acting: enters the world, which runs what is due."""
        self._clock, self._acting = clock, acting
        self._due: list[_Due] = []
        self._numbers = itertools.count()
        self._changed = threading.Event()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, _Due(when, next(self._numbers), action))
        self._changed.set()

    def run_due(self) -> None:
        while self._due and self._due[0].at <= self._clock():
            heapq.heappop(self._due).action()

    def recheck(self) -> None:
        """The clock was set: what was far away may be near."""
        self._changed.set()

    def clear(self) -> None:
        self._due.clear()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._watch, name="alarms", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped = True
        self._changed.set()
        if self._thread:
            self._thread.join()

    def _watch(self) -> None:
        while not self._stopped:
            self._changed.clear()
            with self._acting():
                wait_s = self._due[0].at - self._clock() if self._due else LONGEST_WAIT_S
            # A clock that a test holds still never gets there: look again now and then, not all the time.
            self._changed.wait(min(max(wait_s, 0.05), LONGEST_WAIT_S))
