"""The followers: who follows, how long and how often the account may still write to each, and what they received."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from wxbot.sandbox.refusal import Json, Refusal

Trigger = Literal["message", "menu", "follow", "scan", "pay"]
TRIGGERS: tuple[str, ...] = get_args(Trigger)

ALLOWANCES: dict[str, tuple[float, float]] = {
    "message": (5, 48 * 3600),
    "menu": (3, 60),
    "follow": (3, 60),
    "scan": (3, 60),
    "pay": (float("inf"), 48 * 3600),
}
"""Messages and seconds that each trigger opens (protocol 4.4)."""

EXCHANGE_S, TYPING_S = 30, 15


@dataclass(frozen=True, slots=True)
class Received:
    """A message in the follower's chat. number: from 1, per follower. at: unix seconds. body: as the bot posted it."""

    number: int
    at: float
    body: Json


@dataclass(slots=True)
class Window:
    """What one trigger opened. at: unix seconds. sent: messages charged to it."""

    trigger: Trigger
    at: float
    sent: int = 0

    @property
    def closes(self) -> float:
        return self.at + ALLOWANCES[self.trigger][1]

    @property
    def left(self) -> float:
        return ALLOWANCES[self.trigger][0] - self.sent

    @property
    def has_room(self) -> bool:
        return self.left > 0


@dataclass(slots=True)
class Follower:
    """
    tags: ids, the latest last. client: 1 iOS, 2 Android, 3 other. since: when they followed. source: subscribe_scene
    of the protocol (6.3). scene: of the QR code they came by. last_exchange, typing_since: unix seconds, 0 = never.
    """

    openid: str
    following: bool = True
    name: str = ""
    tags: list[str] = field(default_factory=list)
    client: str = "3"
    since: float = 0
    source: str = "ADD_SCENE_SEARCH"
    scene: str = ""
    remark: str = ""
    windows: dict[Trigger, Window] = field(default_factory=dict)
    inbox: list[Received] = field(default_factory=list)
    last_exchange: float = 0
    typing_since: float = 0


@dataclass(slots=True)
class Followers:
    """
    Everybody who ever wrote to or followed the account.

    touched: those in whom anything has changed, for whoever tells the page; it empties the set.
    """

    clock: Callable[[], float]
    known: dict[str, Follower] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def __iter__(self) -> Iterator[Follower]:
        return iter(self.known.values())

    def get(self, openid: str) -> Follower:
        """Raises Refusal 40003 for somebody the account never met."""
        if openid not in self.known:
            raise Refusal(40003, "invalid openid")
        return self.known[openid]

    def join(self, openid: str, name: str = "", client: str = "3") -> Follower:
        """Somebody who does not follow yet."""
        follower = Follower(openid, following=False, name=name, client=client)
        self.known[openid] = follower
        self.touched.add(openid)
        return follower

    def did(self, openid: str, trigger: Trigger) -> Follower:
        """The follower did something that opens a window; a new one of the same kind starts its count again."""
        follower = self.known.setdefault(openid, Follower(openid, since=self.clock()))
        self._follows(follower)
        follower.windows[trigger] = Window(trigger, self.clock())
        if trigger == "message":
            follower.last_exchange = self.clock()
        self.touched.add(openid)
        return follower

    def left(self, openid: str) -> None:
        follower = self.known.setdefault(openid, Follower(openid))
        follower.following = False
        follower.windows.clear()
        self.touched.add(openid)

    def open_windows(self, follower: Follower) -> list[Window]:
        return [window for window in follower.windows.values() if window.closes > self.clock()]

    def charge(self, follower: Follower) -> None:
        """
        Count one customer-service message.

        How windows combine is not documented (protocol 4.4): here each keeps its own count, and the one that closes
        first pays.

        Raises:
            Refusal: 45015 no window is open, 45047 all that are open are used up.
        """
        windows = self.open_windows(follower)
        if not follower.following or not windows:
            raise Refusal(45015, "response out of time limit or subscription is canceled")
        with_room = [window for window in windows if window.has_room]
        if not with_room:
            raise Refusal(45047, "out of response count limit")
        min(with_room, key=lambda window: window.closes).sent += 1
        self.touched.add(follower.openid)

    def use_up(self, follower: Follower, left: int) -> None:
        """Charge the open windows until the account may send so many and no more; one without a count is closed."""
        follower.windows.pop("pay", None)
        windows = self.open_windows(follower)
        for window in windows:
            excess = int(sum(one.left for one in windows)) - left
            window.sent += max(0, min(int(window.left), excess))
        self.touched.add(follower.openid)

    def close_windows(self, follower: Follower) -> None:
        follower.windows.clear()
        self.touched.add(follower.openid)

    def deliver(self, follower: Follower, body: Json) -> None:
        """Put a message into the chat; it ends the typing hint."""
        now = self.clock()
        follower.inbox.append(Received(len(follower.inbox) + 1, now, body))
        self.exchanged(follower)

    def exchanged(self, follower: Follower) -> None:
        """A message went to or fro."""
        follower.last_exchange, follower.typing_since = self.clock(), 0
        self.touched.add(follower.openid)

    def is_typing_to(self, follower: Follower) -> bool:
        """Whether the follower sees the hint."""
        return bool(follower.typing_since) and self.clock() - follower.typing_since < TYPING_S

    def type(self, follower: Follower, *, on: bool) -> None:
        """Raises Refusal: 45080 nothing was exchanged in the last 30 s, 45081 already typing (protocol 4.4)."""
        now = self.clock()
        self.touched.add(follower.openid)
        if not on:
            follower.typing_since = 0
            return
        if not follower.last_exchange or now - follower.last_exchange > EXCHANGE_S:
            raise Refusal(45080, "there should be a message exchange in the last 30 seconds")
        if self.is_typing_to(follower):
            raise Refusal(45081, "already in typing state")
        follower.typing_since = now

    def _follows(self, follower: Follower) -> None:
        if not follower.following:
            follower.following, follower.since = True, self.clock()
