"""Bad weather on demand: what goes wrong with which call, and how often."""

import math
import threading
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["refuse", "slow", "drop", "html", "status"]

FOREVER = math.inf


@dataclass(slots=True)
class Fault:
    """
    One thing that goes wrong.

    path: of the call, below the host; '' for every call. value: errcode, seconds or HTTP status, by kind.
    times: how often still. after: the call takes effect first, so that only its answer is lost.
    """

    path: str
    kind: Kind
    value: float = 0
    times: float = 1
    after: bool = False


@dataclass(slots=True)
class Faults:
    """The first fault that fits a call is the one that happens."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refuse(self, path: str, code: int, *, times: float = 1) -> None:
        """Answer with an errcode: -1 busy, 40001 token rejected, 40164 unlisted address, 45009 quota…"""
        self.add(Fault(path, "refuse", code, times))

    def slow(self, path: str, seconds: float, *, times: float = 1) -> None:
        """Do the call, and answer late."""
        self.add(Fault(path, "slow", seconds, times, after=True))

    def drop(self, path: str, *, times: float = 1, after: bool = False) -> None:
        """Cut the connection instead of answering."""
        self.add(Fault(path, "drop", times=times, after=after))

    def html(self, path: str, *, times: float = 1) -> None:
        """Answer 200 with a page, as a gateway in between would."""
        self.add(Fault(path, "html", times=times))

    def status(self, path: str, status: int, *, times: float = 1) -> None:
        self.add(Fault(path, "status", status, times))

    def add(self, fault: Fault) -> None:
        with self.lock:
            self.waiting.append(fault)

    def clear(self) -> None:
        with self.lock:
            self.waiting.clear()

    def take(self, path: str) -> Fault | None:
        """The fault of this call, counted down."""
        with self.lock:
            fault = next((fault for fault in self.waiting if fault.path in ("", path)), None)
            if fault:
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
            return fault
