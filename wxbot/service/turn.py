"""One message: load, decide, commit; again when somebody was faster."""

import logging
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from wxbot.answering.normalise import normalise
from wxbot.domain.dialogue import decide
from wxbot.domain.facts import Facts
from wxbot.domain.message import Inbound, Text, Voice
from wxbot.domain.reply import Reply
from wxbot.domain.session import Session
from wxbot.domain.staffing import UNKNOWN, Presence
from wxbot.domain.turn import Turn
from wxbot.errors import StoreUnavailable
from wxbot.service.content import Live
from wxbot.service.ports import Begun, Clock, TurnStore

PATIENCE_S = 2.5
"""Half of what WeChat waits (protocol 3.1)."""

log = logging.getLogger(__name__)


def no_presence() -> Presence:
    """Where nobody looks at the desk."""
    return UNKNOWN


@dataclass(frozen=True, slots=True)
class Handled:
    """
    What to answer, and what the log says about it.

    at: unix seconds of the first answer. rule: that decided, or `repeat`. tries: commits attempted; 0 = none was.
    confidence: of the answer engine, None when it was not asked. degraded: the store was out of reach.
    """

    reply: Reply
    at: int
    rule: str
    tries: int
    confidence: float | None = None
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class Turns:
    """
    The webhook's one use case.

    live: the content of this moment. new_ids: fresh unique ids, without end, safe to share between threads.
    patience_s: after which a turn that keeps losing the race is answered from memory. by_message: it is as late as the
    message says, and not as the clock does. presence: who is at the agents' desk, as far as is known without asking.
    page: address at which followers find their tickets, '' where there is none.
    """

    store: TurnStore
    live: Callable[[], Live]
    clock: Clock
    new_ids: Iterator[str]
    patience_s: float = PATIENCE_S
    by_message: bool = False
    presence: Callable[[], Presence] = no_presence
    page: str = ""

    def handle(self, inbound: Inbound) -> Handled:
        """The reply to one delivery; every delivery of the same message gets the same. Raises nothing of the store."""
        live = self.live()
        try:
            return self._exactly_once(live, inbound)
        except StoreUnavailable as error:
            log.warning("answered from memory: %s", error)
            return self._from_memory(live, inbound)

    def _exactly_once(self, live: Live, inbound: Inbound) -> Handled:
        started = time.monotonic()
        tries = 0
        while time.monotonic() - started < self.patience_s:
            begun = self.store.begin(inbound.user, inbound.id)
            if begun.reply:
                return Handled(begun.reply.reply, begun.reply.at, "repeat", tries)
            now = self._now(inbound)
            turn = self._decide(live, inbound, begun, now)
            tries += 1
            if self.store.commit(inbound.user, inbound.id, begun.version, turn, now):
                return _handled(turn, now, tries)
            # Somebody else's message of the same user came between: their turn first, ours on top of it.
            time.sleep(random.uniform(0, 0.002) * min(tries, 10))
        raise StoreUnavailable(f"lost the race {tries} times")

    def _now(self, inbound: Inbound) -> int:
        return inbound.at if self.by_message else int(self.clock())

    def _decide(self, live: Live, inbound: Inbound, begun: Begun, now: int, *, degraded: bool = False) -> Turn:
        session = begun.session or Session(user=inbound.user)
        facts = Facts(
            now=now,
            ids=self.new_ids,
            text=normalise(words(inbound)),
            find=live.find,
            ticket=partial(self.store.ticket_of, inbound.user),
            presence=self.presence(),
            degraded=degraded,
            page=self.page,
        )
        return decide(live.script, session, inbound, facts)

    def _from_memory(self, live: Live, inbound: Inbound) -> Handled:
        """Redis is away: answer from the script alone, promise nothing, commit nothing."""
        now = self._now(inbound)
        return _handled(self._decide(live, inbound, Begun(0), now, degraded=True), now, 0, degraded=True)


def words(inbound: Inbound) -> str:
    """What the user said in words, typed or spoken; '' for everything else."""
    match inbound.content:
        case Text(content):
            return content
        case Voice(recognition=recognition):
            return recognition
    return ""


def _handled(turn: Turn, now: int, tries: int, *, degraded: bool = False) -> Handled:
    confidence = turn.questions[0].confidence if turn.questions else None
    return Handled(turn.reply, now, turn.rule, tries, confidence, degraded)
