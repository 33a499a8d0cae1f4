"""Bad weather on demand: what goes wrong with which call or delivery, and how often."""

import itertools
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from wxbot.sandbox.refusal import Json

Kind = Literal["refuse", "slow", "drop", "html", "status", "duplicate", "reorder"]

PUSH = "push"
"""The path of a delivery to the bot."""
OF_A_TRY: tuple[Kind, ...] = ("slow", "drop")
OF_A_MESSAGE: tuple[Kind, ...] = ("duplicate", "reorder")
OF_A_CALL: tuple[Kind, ...] = ("refuse", "slow", "drop", "html", "status")

FOREVER = math.inf


@dataclass(slots=True)
class Fault:
    """
    One thing that goes wrong.

    path: of the call, below the host; '' for every call, PUSH for deliveries. value: errcode, seconds or HTTP status,
    by kind. times: how often still. after: the call takes effect first, so that only its answer is lost.
    """

    path: str
    kind: Kind
    value: float = 0
    times: float = 1
    after: bool = False
    id: int = 0

    def view(self) -> Json:
        times = None if self.times == FOREVER else int(self.times)
        return {
            "id": self.id, "path": self.path, "kind": self.kind, "value": self.value, "times": times,
            "after": self.after,
        }  # fmt: skip


def read_fault(body: Json) -> Fault:
    """Raises ValueError, with what a fault has to be."""
    unknown = set(body) - {"path", "kind", "value", "times", "after"}
    if unknown:
        raise ValueError("fields: path, kind, value, times, after")
    path, kind = str(body.get("path", "")), body.get("kind")
    known = OF_A_TRY + OF_A_MESSAGE if path == PUSH else OF_A_CALL
    if kind not in known:
        raise ValueError(f"kind: one of {', '.join(known)}")
    value, times = body.get("value", 0), body.get("times", 1)
    if not isinstance(value, int | float) or not (times is None or isinstance(times, int | float)):
        raise ValueError("value and times: numbers")
    return Fault(path, kind, value, FOREVER if times is None else times, bool(body.get("after", kind == "slow")))


@dataclass(slots=True)
class Faults:
    """The first fault that fits a call is the one that happens."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def refuse(self, path: str, code: int, *, times: float = 1) -> None:
        """Answer with an errcode: -1 busy, 40001 token rejected, 40164 unlisted address, 45009 quota…"""
        self.add(Fault(path, "refuse", code, times))

    def slow(self, path: str, seconds: float, *, times: float = 1) -> None:
        """Do the call, and answer late; reach the bot late."""
        self.add(Fault(path, "slow", seconds, times, after=True))

    def drop(self, path: str, *, times: float = 1, after: bool = False) -> None:
        """Cut the connection instead of answering."""
        self.add(Fault(path, "drop", times=times, after=after))

    def html(self, path: str, *, times: float = 1) -> None:
        """Answer 200 with a page, as a gateway in between would."""
        self.add(Fault(path, "html", times=times))

    def status(self, path: str, status: int, *, times: float = 1) -> None:
        self.add(Fault(path, "status", status, times))

    def duplicate(self, *, times: float = 1) -> None:
        """Deliver a message twice at once."""
        self.add(Fault(PUSH, "duplicate", times=times))

    def reorder(self, *, times: float = 1) -> None:
        """Deliver a message after the user's next one."""
        self.add(Fault(PUSH, "reorder", times=times))

    def add(self, fault: Fault) -> None:
        with self.lock:
            fault.id = next(self._ids)
            self.waiting.append(fault)

    def end(self, number: int) -> None:
        with self.lock:
            self.waiting = [fault for fault in self.waiting if fault.id != number]

    def clear(self) -> None:
        with self.lock:
            self.waiting.clear()

    def take(self, path: str) -> Fault | None:
        """The fault of this call, counted down."""
        return self._take(("", path), OF_A_CALL)

    def take_push(self, kinds: tuple[Kind, ...]) -> Fault | None:
        """The fault of this delivery, counted down. kinds: OF_A_TRY or OF_A_MESSAGE."""
        return self._take((PUSH,), kinds)

    def view(self) -> list[Json]:
        with self.lock:
            return [fault.view() for fault in self.waiting]

    def _take(self, paths: tuple[str, ...], kinds: tuple[Kind, ...]) -> Fault | None:
        with self.lock:
            fault = next((fault for fault in self.waiting if fault.path in paths and fault.kind in kinds), None)
            if fault:
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
            return fault
