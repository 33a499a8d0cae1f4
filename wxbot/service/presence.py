"""Who is at the agents' desk: the worker looks, and every web process keeps a copy, so that no turn has to ask."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from wxbot.domain.staffing import UNKNOWN, Presence
from wxbot.errors import StoreUnavailable, WeChatError
from wxbot.service.ports import AgentsDesk, PresenceBoard

LOOK_S = 5.0
"""Seconds between two looks at the desk."""
BELIEVED_S = 20
"""Seconds for which a look counts; after that nobody is known to be there, nor to be gone."""
NAMES_EVERY = 120
"""Looks after which the names of the agents are asked for again; they hardly ever change."""
COPY_S = 0.5
"""Seconds between two copies."""

log = logging.getLogger(__name__)


def look(desk: AgentsDesk, names: Mapping[str, str]) -> Presence:
    """The desk at this moment; raises WeChatError. names: of the agents, which are not asked for."""
    return Presence(True, tuple(desk.online_agents()), desk.queue().count, names)


@dataclass(slots=True)
class Lookout:
    """
    Keeps the board fresh, from one of the workers.

    wanted: whether people answer here at all, for else there is nothing to look at.
    """

    desk: AgentsDesk
    board: PresenceBoard
    wanted: Callable[[], bool]
    every_s: float = LOOK_S
    _names: Mapping[str, str] = field(default_factory=dict)
    _looks: int = 0
    _sees: bool = True

    def watch(self, stop: threading.Event) -> None:
        """Until `stop` is set."""
        while not stop.wait(self.every_s):
            self.look()

    def look(self) -> None:
        """Once, if it is this process's turn."""
        try:
            if self.wanted() and self.board.take_look(self.every_s * 0.9):
                self.board.put_presence(self._seen(), BELIEVED_S)
                self._sees = True
        except (WeChatError, StoreUnavailable) as error:
            if self._sees:
                log.warning("the agents' desk cannot be looked at: %s", error)
            self._sees = False
        except Exception:  # noqa: BLE001  one bad answer must not blind the bot for good
            log.exception("the agents' desk could not be understood")

    def _seen(self) -> Presence:
        presence = look(self.desk, self._names)
        if self._looks % NAMES_EVERY == 0:
            self._names = dict(self.desk.agent_names())
        self._looks += 1
        return replace(presence, names=self._names)


class PresenceCopy:
    """`current` is what the board said a moment ago; it may be read from any thread."""

    def __init__(self, board: PresenceBoard) -> None:
        self._board = board
        self.current = UNKNOWN

    def refresh(self) -> None:
        try:
            self.current = self._board.get_presence() or UNKNOWN
        except StoreUnavailable:
            self.current = UNKNOWN

    def watch(self, stop: threading.Event, every_s: float = COPY_S) -> threading.Thread:
        """Refresh in the background until `stop` is set."""
        thread = threading.Thread(target=self._watch, args=(stop, every_s), name="presence", daemon=True)
        thread.start()
        return thread

    def _watch(self, stop: threading.Event, every_s: float) -> None:
        self.refresh()
        while not stop.wait(every_s):
            self.refresh()
