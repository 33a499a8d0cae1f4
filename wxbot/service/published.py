"""The content of a process that follows the published version, together with all others."""

import time
from collections.abc import Hashable, Sequence

from wxbot.errors import Problem, StoreUnavailable
from wxbot.service.origins import FolderContent, LastGood, Running
from wxbot.service.ports import Loaded
from wxbot.service.snapshot import Snapshot
from wxbot.service.versions import Runner, Shelf, Standing, State, Version

LOOK_S = 0.1
"""Between two looks of a process that is ready and waits for the others."""


class PublishedContent:
    """
    `Origin`: the version that is live; until the first publication, the files.

    A version that is announced is loaded at once, and comes into force at the moment that its publisher sets when all
    processes are ready. What waits here is the thread that follows, never a message.
    """

    def __init__(self, shelf: Shelf, files: FolderContent, last: LastGood, name: str) -> None:
        """name: of this process, as people are shown it; '' for one that only looks and is not waited for."""
        self._shelf, self._files, self._last, self._name = shelf, files, last, name
        self._standing: Standing | None = None
        self._started = False
        self._target: Version | None = None
        self._snapshot: Snapshot | None = None
        self._state: State = "runs"
        self._why = ""
        self._offset_s = 0.0
        self.running = Running("published")

    def fingerprint(self) -> Hashable:
        """Raises StoreUnavailable only as long as the store was never reached."""
        standing = self._look()
        # A process that starts does not wait for others: it begins with what is live.
        wanted = (self._started and standing.upcoming) or standing.live
        if wanted != self._target:
            self._target, self._state, self._why = wanted, "runs", ""
            self._snapshot = None
        return (wanted.number, wanted.digest) if wanted else self._files.fingerprint()

    def load(self) -> Loaded:
        if not self._target:
            return self._files.load()
        self._tell("loads")
        self._snapshot = self._shelf.fetch(self._target)
        return self._last.open(self._snapshot)

    def agreed(self) -> bool:
        target = self._target
        if not target:
            return self._files.agreed()
        self._tell("ready")
        while (standing := self._look()).live != target:
            if standing.upcoming != target:
                return False
            time.sleep(LOOK_S)
        time.sleep(max(0.0, standing.since - self._now()))
        return True

    def switched(self) -> None:
        self._started = True
        if self._target and self._snapshot:
            self._last.kept.save(self._snapshot)
            self.running = Running("published", self._target.digest, self._target.number)
            self._snapshot = None
        else:
            self._files.switched()
            self.running = self._files.running
        self._tell("runs")

    def failed(self, problems: Sequence[Problem]) -> None:
        self._tell("failed", str(problems[0]) if problems else "")

    def last_good(self) -> Loaded | None:
        self._started = True
        found = self._last.load()
        if found:
            self.running = found[0]
        return found and found[1]

    def _tell(self, state: State, why: str = "") -> None:
        self._state, self._why = state, why
        self._look()

    def _look(self) -> Standing:
        """What the store says; what it said last while it is away."""
        started = time.time()
        try:
            standing = self._shelf.standing(self._report())
        except StoreUnavailable:
            if not self._standing:
                raise
            return self._standing
        self._offset_s = standing.now - (started + time.time()) / 2
        self._standing = standing
        return standing

    def _report(self) -> Runner | None:
        """Nothing until it has started: nobody waits for a process that begins with what is live anyway."""
        if not (self._name and self._started):
            return None
        running = self.running
        target = self._target.number if self._target else 0
        return Runner(
            self._name, running.source, running.digest, running.version, self._state, target, self._why, self._now()
        )

    def _now(self) -> float:
        """By the store's clock, so that processes on several machines mean the same moment."""
        return time.time() + self._offset_s
