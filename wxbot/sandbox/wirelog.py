"""Everything that went over the wire, both ways, as the page shows it."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from wxbot.sandbox.bus import Bus
from wxbot.sandbox.refusal import Json

KEPT = 1000
POLLS = ("cgi-bin/customservice/getonlinekflist", "customservice/kfsession/getwaitcase")
"""Calls that a bot makes every few seconds: of those that went well only the latest is kept."""
RAW_CHARACTERS = 20_000
SECRETS = ("access_token", "secret", "appsecret", "refresh_token", "code")


@dataclass(frozen=True, slots=True)
class Side:
    """A request or a response. head: method, URL and query, or status. raw: as sent; open: decrypted."""

    head: Json
    raw: str
    open: str = ""

    def view(self) -> Json:
        return {**self.head, "raw": self.raw, "open": self.open or self.raw}


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One request with its response, as `GET /sandbox/wire` documents it.

    at: unix seconds by the platform's clock. ms: how long it took. response: None while it is on its way.
    """

    number: int
    at: float
    direction: Literal["push", "api"]
    name: str
    request: Side
    openid: str = ""
    delivery: int | None = None
    attempt: int | None = None
    ms: int = 0
    verdict: str = ""
    reason: str = ""
    fault: str = ""
    response: Side | None = None
    began: float = field(default_factory=time.perf_counter, repr=False)

    def view(self) -> Json:
        return {
            "number": self.number, "at": self.at, "ms": self.ms, "direction": self.direction,
            "delivery": self.delivery, "try": self.attempt, "openid": self.openid, "name": self.name,
            "verdict": self.verdict, "reason": self.reason, "fault": self.fault,
            "request": self.request.view(), "response": self.response.view() if self.response else None,
        }  # fmt: skip


class WireLog:
    """Keeps the last 1000, of calls that poll the last one; thread-safe."""

    def __init__(self, clock: Callable[[], float], bus: Bus) -> None:
        self._clock, self._bus = clock, bus
        self._entries: dict[int, Entry] = {}
        self._polls: dict[str, int] = {}
        self._lock = threading.Lock()
        self._last = 0

    @property
    def last(self) -> int:
        return self._last

    def begin(
        self,
        direction: Literal["push", "api"],
        name: str,
        request: Side,
        *,
        openid: str = "",
        delivery: int | None = None,
        attempt: int | None = None,
    ) -> Entry:
        with self._lock:
            self._last += 1
            entry = Entry(self._last, self._clock(), direction, name, request, openid, delivery, attempt)
            self._entries[entry.number] = entry
            self._entries.pop(self._last - KEPT, None)
        self._bus.publish("wire", entry.view())
        return entry

    def end(self, entry: Entry, verdict: str, *, reason: str = "", fault: str = "", response: Side | None) -> None:
        ms = round((time.perf_counter() - entry.began) * 1000)
        ended = replace(entry, ms=ms, verdict=verdict, reason=reason, fault=fault, response=response)
        with self._lock:
            if entry.number in self._entries:
                self._entries[entry.number] = ended
            if entry.name in POLLS and verdict == "ok":
                self._entries.pop(self._polls.get(entry.name, 0), None)
                self._polls[entry.name] = entry.number
        self._bus.publish("wire", ended.view())

    def since(self, number: int) -> list[Entry]:
        with self._lock:
            return [entry for entry in self._entries.values() if entry.number > number]

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


def shown(body: bytes) -> str:
    """A body as text; one that is none, by its size."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"({len(body)} bytes)"
    return text if len(text) <= RAW_CHARACTERS else f"{text[:RAW_CHARACTERS]}… ({len(body)} bytes)"


def indented(body: bytes) -> str:
    """JSON with its secrets shortened, one field a line; anything else as it is."""
    try:
        fields = json.loads(body)
    except ValueError:
        return shown(body)
    return json.dumps(shortened(fields) if isinstance(fields, dict) else fields, ensure_ascii=False, indent=2)


def shortened(fields: Mapping[str, object]) -> Json:
    """The fields with only the beginning of each secret."""
    return {name: f"{str(value)[:6]}…" if name in SECRETS else value for name, value in fields.items()}
