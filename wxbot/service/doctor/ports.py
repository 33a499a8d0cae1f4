"""What the checks need from the outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from wxbot.errors import WxbotError
from wxbot.service.menus import MenuApi


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls of one API today."""

    limit: int
    left: int


@dataclass(frozen=True, slots=True)
class WayToUs:
    """What WeChat saw when it tried our server. addresses: of our host. lost: per cent of pings, by where from."""

    addresses: tuple[str, ...]
    lost: Mapping[str, int]


class Account(MenuApi, Protocol):
    """The account as its API shows it. All raise WeChatError."""

    def server_time(self) -> float:
        """Unix seconds by WeChat's clock; needs no token."""

    def callback_ips(self) -> Sequence[str]: ...

    def way_to_us(self) -> WayToUs:
        """`callback/check`, which takes some seconds (protocol 6.1)."""

    def templates(self) -> Mapping[str, str]:
        """Titles of the template messages by id (protocol 6.3)."""

    def quota(self, path: str) -> Quota:
        """Of a call such as `/cgi-bin/menu/create` (protocol 6.1)."""


@dataclass(frozen=True, slots=True)
class Knocked:
    """An answer of our own webhook. location: where a redirect leads, or ''."""

    status: int
    body: bytes
    seconds: float
    location: str = ""


Trouble = Literal["name", "refused", "timeout", "certificate", "broken"]


class NoAnswer(WxbotError):
    """Our own webhook could not be reached."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Doorstep(Protocol):
    """Our own webhook, from outside. All raise NoAnswer and follow no redirect."""

    def knock(self, url: str, echo: str, *, forged: bool = False) -> Knocked:
        """The URL check as WeChat makes it (protocol 1.2). forged: signed with another token."""

    def look(self, url: str) -> Knocked:
        """A plain GET."""

    def certificate_ends(self, url: str) -> float:
        """Unix seconds until which the certificate of an https URL is valid."""


@dataclass(frozen=True, slots=True)
class StoreState:
    """
    The server as it describes itself; None for what it does not tell.

    append_only, writes: whether the log of writes is on, and whether the last one reached it. used, limit: bytes of
    memory, limit 0 for none. now: unix seconds by its clock. answer_s: of one ping.
    """

    product: str
    version: tuple[int, ...]
    append_only: bool | None
    writes: bool
    policy: str | None
    used: int
    limit: int
    is_replica: bool
    now: float
    answer_s: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """jobs: in the queue, of which the oldest waits for oldest_s. late: timers that are overdue by a minute."""

    jobs: int
    oldest_s: float
    late: int
    dead: int


class StoreProbe(Protocol):
    """All raise StoreUnavailable."""

    def state(self) -> StoreState: ...

    def backlog(self, now: float) -> Backlog:
        """now: unix seconds by the workers' clock."""


@dataclass(frozen=True, slots=True)
class FolderState:
    """exists: it was there before. trouble: why nothing can be written, ''. open: others may write. free: bytes."""

    exists: bool
    trouble: str
    open: bool
    free: int


class Host(Protocol):
    """The machine we run on."""

    def folder(self, path: Path) -> FolderState:
        """Never raises. A folder that does not exist is judged by the nearest one above it that does."""
