"""Turns that no message makes: what staff, timers and jobs change in a conversation, committed like any other turn."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from wxbot.domain.dialogue.media import saving_reports
from wxbot.domain.dialogue.ratings import asked_to_rate
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.facts import Facts
from wxbot.domain.message import Inbound, Prompted
from wxbot.domain.script import Script
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn
from wxbot.errors import StoreUnavailable
from wxbot.service import retention
from wxbot.service.ports import Begun, Clock, TurnStore

PATIENCE_S = 5.0

Change = Callable[[Talk], Turn | None]
"""Pure, for it is asked again when somebody was faster; None leaves the conversation as it is."""


@dataclass(frozen=True, slots=True)
class Changes:
    """
    Conversations, open to others than the follower.

    script: the content of this moment. new_ids: fresh unique ids, without end, safe to share between threads.
    """

    store: TurnStore
    script: Callable[[], Script]
    clock: Clock
    new_ids: Iterator[str]
    patience_s: float = PATIENCE_S

    def apply(self, user: str, key: str, change: Change) -> Turn | None:
        """
        Change the conversation of one user, once for each key however often this is called.

        What is said in the turn goes out as customer-service messages, since nobody waits for a reply. The session's
        version rises with every change, so that no process goes on from an older one.

        Args:
            key: names the occasion, for instance the id of the job that asks for it.

        Returns:
            What was committed; None when there was nothing to change, or this key has done so before.

        Raises:
            StoreUnavailable: also when others were faster for all of `patience_s`.
        """
        started, tries, occasion = time.monotonic(), 0, f"change:{key}"
        while time.monotonic() - started < self.patience_s:
            begun = self.store.begin(user, occasion)
            now = int(self.clock())
            talk = self._talk(user, occasion, begun, now)
            turn = None if begun.reply else change(talk)
            if turn is None:
                return None
            tries += 1
            turn = saving_reports(talk, asked_to_rate(talk, turn))
            if self.store.commit(user, occasion, begun.version, turn, now, keep_s=retention.CHANGE_S):
                return turn
            time.sleep(random.uniform(0, 0.002) * min(tries, 10))
        raise StoreUnavailable(f"lost the race {tries} times")

    def look(self, user: str) -> Talk:
        """The conversation as it stands. Raises StoreUnavailable."""
        return self._talk(user, "", self.store.begin(user, ""), int(self.clock()))

    def _talk(self, user: str, occasion: str, begun: Begun, now: int) -> Talk:
        """The session as it is stored: to what was said before, this is neither an answer nor an interruption."""
        inbound = Inbound(occasion, user, "", now, Prompted())
        facts = Facts(now=now, ids=self.new_ids, ticket=partial(self.store.ticket_of, user))
        return Talk(self.script(), begun.session or Session(user), inbound, facts)
