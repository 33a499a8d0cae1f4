"""Published versions of the content: where they are kept, which is live, and which process runs which."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from wxbot.service.snapshot import Snapshot

KEPT_VERSIONS = 20
"""
The live one, what was live until then and so many of the newest can be rolled back to; a publication drops the others.
"""
EVENTS = 1_000
"""So many switches are remembered."""
SIZE_LIMIT_BYTES = 64 * 1024 * 1024
"""Of all files of a version."""
PACKED_LIMIT_BYTES = 8 * 1024 * 1024
"""Of the archive in the store: twenty of them stay far below what a small Redis has."""

State = Literal["runs", "loads", "ready", "failed"]
What = Literal["publish", "rollback"]


@dataclass(frozen=True, slots=True)
class Version:
    """
    number: from 1, in the order of publication. digest: of its files. by: who published it. at: when, unix seconds.
    files, answers: how many. size: bytes of all files.
    """

    number: int
    digest: str
    at: int
    by: str
    note: str
    files: int
    answers: int
    size: int


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What processes shall run, as the store has it.

    live: from the moment `since` on, unix seconds by the store's clock; None when nothing was ever published.
    upcoming: to be made ready, so that all can switch at once. now: the store's clock.
    """

    live: Version | None
    since: float
    upcoming: Version | None
    now: float


@dataclass(frozen=True, slots=True)
class Runner:
    """
    What one process says of itself.

    source, digest, version: as in `origins.Running`. state: of `target`, the version it should run or make ready, 0 for
    none. why: it failed. at: unix seconds by the store's clock.
    """

    name: str
    source: str
    digest: str
    version: int
    state: State = "runs"
    target: int = 0
    why: str = ""
    at: float = 0

    def is_ready_for(self, number: int) -> bool:
        return self.target == number and (self.state == "ready" or self.version == number)


@dataclass(frozen=True, slots=True)
class Event:
    """A switch. before: the version that was live until then, 0 for none. at: unix seconds."""

    what: What
    version: int
    before: int
    by: str
    note: str
    at: int


class Shelf(Protocol):
    """The published versions of one account. All raise StoreUnavailable."""

    def standing(self, runner: Runner | None = None) -> Standing:
        """In one round trip also note what a process says of itself."""

    def fetch(self, version: Version) -> Snapshot:
        """Raises ContentError when it is gone or damaged."""

    def versions(self) -> Sequence[Version]:
        """Newest first."""

    def events(self, limit: int) -> Sequence[Event]:
        """Newest first."""

    def runners(self) -> Sequence[Runner]:
        """The processes that are alive, by name."""

    def announce(self, version: Version, snapshot: Snapshot | None = None) -> Version | None:
        """
        Let all processes make this version ready. It is forgotten within seconds unless `renew` is called.

        snapshot: its files where it is new; its number is given to it here.

        Returns:
            The version as announced; None when another one is announced already.
        """

    def renew(self, version: Version) -> None:
        """The announcement still holds."""

    def call_off(self, version: Version) -> None:
        """Nobody needs to be ready for it any more."""

    def switch(self, version: Version, event: Event, *, in_s: float, drop: Sequence[Version]) -> bool:
        """
        Make the announced version live in `in_s` seconds, note the event and drop old versions, all in one step.

        Returns:
            False when the announcement was forgotten: nothing was changed.
        """
