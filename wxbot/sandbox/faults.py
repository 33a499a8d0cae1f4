"""Bad weather on demand: what goes wrong with which call or delivery, and how often."""

import itertools
import math
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Literal

from wxbot.sandbox.refusal import Json

Kind = Literal[
    "refuse", "slow", "drop", "html", "status", "offline", "duplicate", "repeat", "reorder", "overlap", "lose"
]  # fmt: skip

PUSH = "push"
"""The path of a delivery to the bot."""
OF_A_TRY: tuple[Kind, ...] = ("slow", "drop")
OF_A_MESSAGE: tuple[Kind, ...] = ("duplicate", "repeat", "reorder", "overlap", "lose")
OF_A_CALL: tuple[Kind, ...] = ("refuse", "slow", "drop", "html", "status", "offline")
EFFECTIVE: tuple[Kind, ...] = ("slow", "offline")
"""Calls that take effect though something goes wrong."""

SEEN_ADDRESS = "203.0.113.7"
"""Where a call comes from that the whitelist refuses."""
_WORDS = {
    40125: "invalid appsecret",
    40164: f"invalid ip {SEEN_ADDRESS} ipv6 ::ffff:{SEEN_ADDRESS}, not in whitelist",
    40243: "appsecret is frozen",
    48001: "api unauthorized",
    61004: f"access clientip is not registered requestIP: {SEEN_ADDRESS}",
    65400: "please enable new custom service",
}

FOREVER = math.inf
EVENT = "event"
"""The name of every event."""
FIELDS = ("path", "kind", "value", "times", "after", "lasts", "openid", "name", "agent")


@dataclass(slots=True)
class Fault:
    """
    One thing that goes wrong.

    path: of the call, below the host; '' for every call, PUSH for deliveries. value: errcode, seconds, copies or HTTP
    status, by kind. times: how often still. after: the call takes effect first, so that only its answer is lost.
    openid: whom it concerns, '' for anybody. name: of the message or event that is pushed, EVENT for every event, ''
    for anything. agent: who goes offline, '' for all. until: when it ends, unix seconds by the platform's clock.
    """

    path: str
    kind: Kind
    value: float = 0
    times: float = 1
    after: bool = False
    openid: str = ""
    name: str = ""
    agent: str = ""
    until: float = FOREVER
    id: int = 0

    def concerns(self, openid: str, names: Collection[str] = ()) -> bool:
        """names: of what is pushed."""
        return self.openid in ("", openid) and (not self.name or self.name in names)

    def view(self) -> Json:
        times = None if self.times == FOREVER else int(self.times)
        return {
            "id": self.id, "path": self.path, "kind": self.kind, "value": self.value, "times": times,
            "after": self.after, "openid": self.openid, "name": self.name, "agent": self.agent,
            "until": None if self.until == FOREVER else self.until,
        }  # fmt: skip


def read_fault(body: Json, now: float) -> Fault:
    """
    The fault that the side door was asked for.

    now: unix seconds by the platform's clock.

    Raises:
        ValueError: says what a fault has to be.
    """
    if set(body) - set(FIELDS):
        raise ValueError(f"fields: {', '.join(FIELDS)}")
    path, kind = str(body.get("path", "")), body.get("kind")
    known = OF_A_TRY + OF_A_MESSAGE if path == PUSH else OF_A_CALL
    if kind not in known:
        raise ValueError(f"kind: one of {', '.join(known)}")
    value, lasts = _number(body, "value", 0), _number(body, "lasts", FOREVER)
    times = _number(body, "times", 1 if lasts == FOREVER else FOREVER)
    after = kind in EFFECTIVE and path != PUSH or bool(body.get("after"))
    openid, name, agent = (str(body.get(field) or "") for field in ("openid", "name", "agent"))
    return Fault(path, kind, value, times, after, openid, name, agent, now + lasts)


def _number(body: Json, name: str, default: float) -> float:
    """null counts as for ever; raises ValueError."""
    given = body.get(name, default)
    if given is None:
        return FOREVER
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError("value, times, lasts: numbers")
    return given


def words_of(code: int) -> str:
    """What WeChat says beside an errcode."""
    return _WORDS.get(code, "refused on request")


@dataclass(slots=True)
class Faults:
    """
    The first fault that fits a call is the one that happens.

    clock: unix seconds, by which faults end.
    """

    clock: Callable[[], float]
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

    def take(self, path: str, openid: str = "") -> Fault | None:
        """The fault of this call, counted down. openid: whom the call is about."""
        return self._take(lambda fault: fault.path in ("", path) and fault.kind in OF_A_CALL and fault.concerns(openid))

    def take_push(self, kinds: tuple[Kind, ...], openid: str, names: Collection[str]) -> Fault | None:
        """The fault of this delivery, counted down. kinds: of OF_A_TRY or OF_A_MESSAGE. names: of what is pushed."""
        return self._take(lambda fault: fault.path == PUSH and fault.kind in kinds and fault.concerns(openid, names))

    def view(self) -> list[Json]:
        with self.lock:
            self._end_old()
            return [fault.view() for fault in self.waiting]

    def _take(self, fits: Callable[[Fault], bool]) -> Fault | None:
        with self.lock:
            self._end_old()
            fault = next(filter(fits, self.waiting), None)
            if fault:
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
            return fault

    def _end_old(self) -> None:
        self.waiting = [fault for fault in self.waiting if self.clock() < fault.until]
