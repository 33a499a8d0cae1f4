"""Where the content of a process comes from, and the last good version to fall back on."""

import logging
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from wxbot.errors import ContentError, Problem
from wxbot.service.ports import Loaded
from wxbot.service.snapshot import Snapshot, short

SETTLE_S = 0.2
"""How long files have to be left alone: several that are saved or copied in one go come into force together."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Running:
    """
    Which content a process answers from.

    source: kept = the last good one, since neither files nor published version could be used. digest: of the files,
    '' for a moment while they are being written. version: its number where it was published, else 0.
    """

    source: Literal["files", "published", "kept"]
    digest: str = ""
    version: int = 0

    def __str__(self) -> str:
        return f"{self.source} {self.version or ''}".rstrip() + f" {short(self.digest)}".rstrip()


class Origin(Protocol):
    """
    What one process follows. Asked by one thread: `fingerprint`, and where that has changed `load`, then `agreed`,
    then `switched`; or `failed` in place of what did not work out.
    """

    @property
    def running(self) -> Running: ...

    def fingerprint(self) -> Hashable:
        """Something that changes when `load` would give something else."""

    def load(self) -> Loaded:
        """Raises ContentError, or StoreUnavailable."""

    def agreed(self) -> bool:
        """Wait until what was loaded last may come into force; False when it no longer shall."""

    def switched(self) -> None:
        """What was loaded last is in force."""

    def failed(self, problems: Sequence[Problem]) -> None:
        """What should be in force cannot be loaded."""

    def last_good(self) -> Loaded | None:
        """To start from when nothing else works."""


class Folder(Protocol):
    """The operators' files."""

    def fingerprint(self) -> Hashable:
        """Something that changes when the files do. Never raises."""

    def load(self) -> Loaded:
        """Raises ContentError."""

    def snapshot(self) -> Snapshot:
        """Raises ContentError."""


class Kept(Protocol):
    """The last good version, kept on this machine."""

    def save(self, snapshot: Snapshot) -> None:
        """Never raises: what cannot be kept is told to the log."""

    def read(self) -> Snapshot | None: ...


@dataclass(frozen=True, slots=True)
class LastGood:
    """open: makes content of a snapshot; raises ContentError."""

    kept: Kept
    open: Callable[[Snapshot], Loaded]

    def load(self) -> tuple[Running, Loaded] | None:
        """None where there is none, or none that this program can still read."""
        try:
            snapshot = self.kept.read()
            return (Running("kept", snapshot.digest), self.open(snapshot)) if snapshot else None
        except ContentError as error:
            log.error("the last good version cannot be used either: %s", error)
            return None


class FolderContent:
    """`Origin`: the files as they are, once nobody is writing them."""

    def __init__(self, folder: Folder, last: LastGood, *, settle_s: float = SETTLE_S) -> None:
        self._folder, self._last, self._settle_s = folder, last, settle_s
        self._seen: Hashable = None
        self.running = Running("files")

    def fingerprint(self) -> Hashable:
        return self._folder.fingerprint()

    def load(self) -> Loaded:
        self._seen = self._folder.fingerprint()
        return self._folder.load()

    def agreed(self) -> bool:
        time.sleep(self._settle_s)
        return self._is_unchanged()

    def switched(self) -> None:
        snapshot = self._snapshot()
        if snapshot:
            self._last.kept.save(snapshot)
        self.running = Running("files", snapshot.digest if snapshot else "")

    def _snapshot(self) -> Snapshot | None:
        """Of just what was loaded; None where that has changed since."""
        try:
            snapshot = self._folder.snapshot()
        except ContentError:
            return None
        return snapshot if self._is_unchanged() else None

    def _is_unchanged(self) -> bool:
        return self._folder.fingerprint() == self._seen

    def failed(self, problems: Sequence[Problem]) -> None:
        """Nobody else waits for these files."""

    def last_good(self) -> Loaded | None:
        found = self._last.load()
        if found:
            self.running = found[0]
        return found and found[1]
