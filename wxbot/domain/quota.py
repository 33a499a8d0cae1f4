"""How often and how long the account may write to a follower by itself (protocol 4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from wxbot.domain import message as m

Trigger = Literal["message", "menu", "follow", "scan"]
"""What a follower does that lets us write to them."""

MENU_MESSAGE = "menu."
"""How the ids of the entries of our menu messages begin: tapping one counts as a menu tap (protocol 2.2, 4.4)."""


@dataclass(frozen=True, slots=True)
class Allowance:
    messages: int
    seconds: int


ALLOWANCES: Mapping[Trigger, Allowance] = MappingProxyType(
    {
        "message": Allowance(5, 48 * 3600),
        "menu": Allowance(3, 60),
        "follow": Allowance(3, 60),
        "scan": Allowance(3, 60),
    }
)


@dataclass(frozen=True, slots=True)
class Window:
    """What one deed of a follower opened. at: unix seconds. sent: messages that were charged to it."""

    trigger: Trigger
    at: int
    sent: int = 0

    @property
    def closes(self) -> int:
        """Unix seconds."""
        return self.at + ALLOWANCES[self.trigger].seconds

    @property
    def left(self) -> int:
        return max(0, ALLOWANCES[self.trigger].messages - self.sent)


Charge = Literal["charged", "used up", "closed"]


def opened_by(inbound: m.Inbound) -> Window | None:
    """
    The window that this opens, None for what opens none.

    A tap on a link in a text counts as a message: of links nothing is known, and should WeChat see it otherwise, its
    refusal sets us right.
    """
    match inbound.content:
        case m.Text(tap_id=tap_id) if tap_id.startswith(MENU_MESSAGE):
            return Window("menu", inbound.at)
        case m.MenuClick() | m.ScanCode():
            return Window("menu", inbound.at)
        case m.Follow():
            return Window("follow", inbound.at)
        case m.Scan():
            return Window("scan", inbound.at)
    return Window("message", inbound.at) if inbound.is_message else None


def charge(windows: tuple[Window, ...], now: float, *, reserve: int = 0) -> tuple[Charge, tuple[Window, ...]]:
    """
    Count one message, to the window that closes first.

    How windows combine is not documented; each keeps its own count here (protocol 4.4).

    Args:
        now: unix seconds. reserve: messages that must be left after this one.
    """
    open_ones = [window for window in windows if window.closes > now]
    if not open_ones:
        return "closed", windows
    with_room = [window for window in open_ones if window.left]
    if sum(window.left for window in with_room) <= reserve:
        return "used up", windows
    paying = min(with_room, key=lambda window: window.closes)
    return "charged", tuple(replace(w, sent=w.sent + 1) if w is paying else w for w in windows)


def paid_by(before: tuple[Window, ...], after: tuple[Window, ...]) -> Window | None:
    """The window that was charged between the two, as it was."""
    return next((window for window in before if window not in after), None)


def give_back(windows: tuple[Window, ...], paid: Window) -> tuple[Window, ...]:
    """Undo a charge. paid: the window as it was before; one that was opened anew since then keeps its count."""
    return tuple(
        replace(w, sent=w.sent - 1) if (w.trigger, w.at) == (paid.trigger, paid.at) and w.sent else w for w in windows
    )


def used_up(windows: tuple[Window, ...], known: tuple[Window, ...]) -> tuple[Window, ...]:
    """WeChat knows better (45047): nothing is left of those that were known when the message went out."""
    newer = newer_than(known, windows)
    return tuple(w if w in newer else replace(w, sent=ALLOWANCES[w.trigger].messages) for w in windows)


def newer_than(known: tuple[Window, ...], windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Those opened since: a refusal on its way says nothing about them."""
    old = {(window.trigger, window.at) for window in known}
    return tuple(window for window in windows if (window.trigger, window.at) not in old)
