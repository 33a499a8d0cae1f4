"""The content in force: loaded whole, swapped whole, and kept when an edit is broken."""

import logging
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Generic, TypeVar

from wxbot.answering.entry import Entry
from wxbot.answering.search import Engine, build
from wxbot.answering.vectors import Encoder
from wxbot.domain.facts import Found
from wxbot.domain.script import Script
from wxbot.errors import ContentError, Problem, StoreUnavailable
from wxbot.service.origins import Origin
from wxbot.service.ports import Loaded

log = logging.getLogger(__name__)

POLL_S = 1.0
REMEMBERED = 2_000
"""
Questions whose answer one version keeps at hand, those asked last: followers repeat a few hundred. Some 0.8 MB a
process, 4 MB if every one of them is as long as WeChat lets it be.
"""


@dataclass(frozen=True, slots=True)
class Live:
    """
    One version of the content, ready to answer: the script and the engine that was built from it.

    find: what the engine says to a text as typed, remembered for `REMEMBERED` texts. Thread-safe.
    """

    script: Script
    engine: Engine
    find: Callable[[str], Found] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Of the engine and not of self: a version in a cycle would outlive its reload until the next full collection.
        object.__setattr__(self, "find", lru_cache(REMEMBERED)(partial(_search, self.engine)))


def _search(engine: Engine, text: str) -> Found:
    verdict = engine.find(text)
    return Found(verdict.outcome, verdict.ids, verdict.confidence)


def ready(loaded: Loaded, encoder: Encoder | None = None) -> Live:
    """Build the answer engine for a loaded script; with an encoder it also compares meanings, and takes longer."""
    engine = build(entries_of(loaded.script), loaded.vocabulary, loaded.synonyms)
    return Live(loaded.script, engine.with_meaning(encoder) if encoder else engine)


def entries_of(script: Script) -> list[Entry]:
    """The answers as the engine takes them."""
    return [Entry(a.id, a.question, a.similar, a.keywords, a.exact, a.smalltalk) for a in script.answers.values()]


def no_encoder() -> None:
    """Where meanings are not to be compared."""


T = TypeVar("T")


class Followed(Generic[T]):
    """
    What one process makes of the content, replaced in one step when they change.

    `current` may be read from any thread at any time; whoever uses it reads it once and keeps to it.
    """

    def __init__(self, origin: Origin, make: Callable[[Loaded], T]) -> None:
        """
        Load at once, or else start from the last good version that was kept.

        Raises:
            ContentError, StoreUnavailable: there is none either.
        """
        self.origin, self._make = origin, make
        self._swap = threading.Lock()
        self._seen: Hashable = None
        self.problems: tuple[Problem, ...] = ()
        self.current = make(self._first())

    def _first(self) -> Loaded:
        try:
            seen = self.origin.fingerprint()
            loaded = self.origin.load()
        except StoreUnavailable as error:
            return self._last_good(error)
        except ContentError as error:
            loaded = self._last_good(error)
            self._refuse(seen, error)
            return loaded
        self._seen = seen
        self.origin.switched()
        log.info("content loaded: %d answers (%s)", len(loaded.script.answers), self.origin.running)
        return loaded

    def _last_good(self, error: ContentError | StoreUnavailable) -> Loaded:
        loaded = self.origin.last_good()
        if loaded is None:
            raise error
        log.error("STARTED FROM THE LAST GOOD VERSION (%s): %s", self.origin.running, _in_one_line(error))
        return loaded

    def refresh(self) -> bool:
        """Swap in what the origin says now, if it changed; a broken edit leaves everything as it is."""
        seen = self.origin.fingerprint()
        if seen == self._seen:
            return False
        try:
            loaded = self.origin.load()
            fresh = self._make(loaded)
        except ContentError as error:
            self._refuse(seen, error)
            log.error("content not reloaded, the last good version stays: %s", _in_one_line(error))
            return False
        if not self.origin.agreed():
            return False
        with self._swap:
            self.current = fresh
        # Only now: after any other error, such as a disk that is away, the next look tries again.
        self._seen = seen
        self.problems = ()
        self.origin.switched()
        log.info("content reloaded: %d answers (%s)", len(loaded.script.answers), self.origin.running)
        return True

    def _refuse(self, seen: Hashable, error: ContentError) -> None:
        """Not tried again until the origin says something else."""
        self._seen, self.problems = seen, error.problems
        self.origin.failed(error.problems)

    def watch(self, stop: threading.Event, every_s: float = POLL_S) -> threading.Thread:
        """Refresh in the background until `stop` is set."""
        thread = threading.Thread(target=self._watch, args=(stop, every_s), name="content", daemon=True)
        thread.start()
        return thread

    def _watch(self, stop: threading.Event, every_s: float) -> None:
        while not stop.wait(every_s):
            try:
                self.refresh()
            except Exception:  # noqa: BLE001 - the watcher must outlive any one bad moment of the disk
                log.exception("content could not be looked at")


def _in_one_line(error: ContentError | StoreUnavailable) -> str:
    return " | ".join(str(error).splitlines())


class LiveContent(Followed[Live]):
    """
    The content that answers.

    It answers by words from the start, and compares meanings as well once `deepen` is done with them.
    """

    def __init__(self, origin: Origin, find_encoder: Callable[[], Encoder | None] = no_encoder) -> None:
        """Load at once; raises as `Followed` does."""
        super().__init__(origin, ready)
        self._find_encoder = find_encoder
        self._deepened: Live | None = None

    def deepen(self, encoder: Encoder) -> bool:
        """
        Let the content in force compare meanings as well; once for each version.

        May take minutes, while everything goes on by words. A version that came meanwhile stays in force.
        """
        live = self.current
        if live is self._deepened:
            return False
        self._deepened = live
        deep = replace(live, engine=live.engine.with_meaning(encoder))
        with self._swap:
            if self.current is not live:
                return False
            self.current = self._deepened = deep
        return True

    def watch(self, stop: threading.Event, every_s: float = POLL_S) -> threading.Thread:
        """Refresh, and deepen, in the background until `stop` is set."""
        threading.Thread(target=self._deepen, args=(stop, every_s), name="meaning", daemon=True).start()
        return super().watch(stop, every_s)

    def _deepen(self, stop: threading.Event, every_s: float) -> None:
        encoder = self._find_encoder()
        while encoder is not None:
            try:
                self.deepen(encoder)
            except Exception:  # noqa: BLE001 - answers by words are worth more than none
                log.exception("meanings could not be compared, this version answers by words alone")
            if stop.wait(every_s):
                return
