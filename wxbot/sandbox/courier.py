"""Pushes messages and events to the bot, each user's in order, as patiently as WeChat does (protocol 1.2, 1.7, 3.1)."""

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from wxbot.sandbox import contents
from wxbot.sandbox.account import Account
from wxbot.sandbox.answer import Reply
from wxbot.sandbox.contents import AnyFields
from wxbot.sandbox.faults import Fault, Faults, Kind
from wxbot.sandbox.postman import Postman, outcome_of
from wxbot.sandbox.wire import InvalidAnswer, Push, Wire

TRIES = 3
BURST, PAUSE_S = 3, 60.0
"""Messages in a row without a valid answer, and how long WeChat then leaves the bot alone (1.7)."""
HELD_S = 5.0
"""How long a message that is to come late waits for the one that comes before it."""

Outcome = Literal["pending", "reply", "silence", "transfer", "ai", "failed", "paused", "unpushed", "lost"]


@dataclass(slots=True, eq=False)
class Letter:
    """
    One message or event on its way.

    settled: called once, with the reply where there was one. tries: deliveries that were made.
    """

    number: int
    openid: str
    fields: AnyFields
    settled: Callable[["Letter"], None]
    outcome: Outcome = "pending"
    reply: Reply | None = None
    tries: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def settle(self, outcome: Outcome, reply: Reply | None = None) -> None:
        self.outcome, self.reply = outcome, reply
        try:
            self.settled(self)
        finally:
            self.done.set()


@dataclass(slots=True)
class Health:
    """How the pushes have gone lately. url_checked: the echo came back. paused_until: unix seconds, 0 = not paused."""

    clock: Callable[[], float]
    url_checked: bool = False
    paused_until: float = 0
    failures: int = 0

    @property
    def is_paused(self) -> bool:
        return self.clock() < self.paused_until

    def note(self, *, answered: bool) -> None:
        self.failures = 0 if answered else self.failures + 1
        if self.failures >= BURST:
            self.failures, self.paused_until = 0, self.clock() + PAUSE_S

    def forgive(self) -> None:
        self.paused_until, self.failures = 0, 0

    def reset(self) -> None:
        self.url_checked = False
        self.forgive()


class Courier:
    """
    Thread-safe. A user's thread lives as long as there is something to deliver to the bot for them.

    clock: unix seconds for CreateTime; signatures carry the machine's time, because bots refuse a stale one.
    pinned: openid → URL of the one process that gets all of this user's messages.
    """

    def __init__(
        self,
        account: Account,
        clock: Callable[[], float],
        faults: Faults,
        postman: Postman,
        pinned: Mapping[str, str],
    ) -> None:
        self.health = Health(clock)
        self._account, self._clock, self._faults, self._postman = account, clock, faults, postman
        self._pinned = pinned
        self._waiting: dict[str, deque[Letter]] = {}
        self._lock = threading.Condition()
        self._verifying = threading.Lock()
        self._numbers: Iterator[int] = itertools.count(1)
        self._turns: Iterator[int] = itertools.count()
        self._ids = contents.message_ids()

    def send(self, openid: str, content: AnyFields, settled: Callable[[Letter], None]) -> Letter:
        """Take a message or an event; it is delivered after those of the same user that were taken before."""
        fields = contents.enveloped(content, account=self._account.id, openid=openid, at=int(self._clock()))
        with self._lock:
            if not contents.is_event(fields):
                fields["MsgId"] = next(self._ids)
            letter = Letter(next(self._numbers), openid, fields, settled)
            is_idle = openid not in self._waiting
            self._waiting.setdefault(openid, deque()).append(letter)
            self._lock.notify_all()
        if is_idle:
            threading.Thread(target=self._work, args=(openid,), name=f"push-{letter.number}", daemon=True).start()
        return letter

    def verify(self) -> None:
        """Save the URL in the back office (1.2); raises InvalidAnswer."""
        for address in self._account.addresses:
            self._postman.verify(self._account.wire, address)
        self.health.url_checked = True

    # One user's thread

    def _work(self, openid: str) -> None:
        try:
            while letter := self._next(openid):
                if self._fault("reorder", letter) and (overtaking := self._await_next(openid)):
                    self._deliver(overtaking)
                if self._fault("overlap", letter):
                    threading.Thread(target=self._deliver, args=(letter,), daemon=True).start()
                else:
                    self._deliver(letter)
        except BaseException:
            # Whatever it was, the user's next message gets a new thread.
            with self._lock:
                self._waiting.pop(openid, None)
            raise

    def _next(self, openid: str) -> Letter | None:
        with self._lock:
            if self._waiting[openid]:
                return self._waiting[openid].popleft()
            del self._waiting[openid]
            return None

    def _await_next(self, openid: str) -> Letter | None:
        with self._lock:
            self._lock.wait_for(lambda: self._waiting[openid], HELD_S)
            return self._waiting[openid].popleft() if self._waiting[openid] else None

    def _deliver(self, letter: Letter) -> None:
        if not self._account.addresses or not self._is_verified():
            letter.settle("unpushed")
        elif self.health.is_paused:
            letter.settle("paused")
        elif self._fault("lose", letter):
            letter.settle("lost")
        else:
            reply = self._delivered(letter, self._account.wire)
            self.health.note(answered=reply is not None)
            letter.settle(outcome_of(reply), reply)

    def _fault(self, kind: Kind, letter: Letter) -> Fault | None:
        return self._faults.take_push((kind,), letter.openid, contents.names_of(letter.fields))

    def _is_verified(self) -> bool:
        with self._verifying:
            if not self.health.url_checked:
                with suppress(InvalidAnswer):
                    self.verify()
            return self.health.url_checked

    def _delivered(self, letter: Letter, wire: Wire) -> Reply | None:
        push = wire.push(letter.fields, int(time.time()))
        twice = self._fault("duplicate", letter)
        repeated = self._fault("repeat", letter)
        reply = self._at_once(letter, wire, push, twice) if twice else self._try(letter, wire, push)
        if repeated:
            later = threading.Timer(repeated.value, self._once, (letter, wire, push, letter.tries + 1))
            later.daemon = True
            later.start()
        return reply

    def _at_once(self, letter: Letter, wire: Wire, push: Push, fault: Fault) -> Reply | None:
        """The same delivery two times or more at the same moment; the first valid answer counts."""
        copies = max(2, int(fault.value))
        with ThreadPoolExecutor(copies, "duplicate") as pool:
            all_of_them = [pool.submit(self._try, letter, wire, push) for _ in range(copies)]
            replies = [future.result() for future in as_completed(all_of_them)]
        return next((reply for reply in replies if reply), None)

    def _try(self, letter: Letter, wire: Wire, push: Push) -> Reply | None:
        """Up to three deliveries of the same request; None when none brought a valid answer."""
        for attempt in range(1, TRIES + 1):
            began = time.monotonic()
            letter.tries = max(letter.tries, attempt)
            reply = self._once(letter, wire, push, attempt)
            if reply:
                return reply
            if attempt < TRIES:
                time.sleep(max(0, began + self._account.retry_s - time.monotonic()))
        return None

    def _once(self, letter: Letter, wire: Wire, push: Push, attempt: int) -> Reply | None:
        address = self._pinned.get(letter.openid) or self._next_address()
        return self._postman.deliver(push, wire, letter.fields, address, delivery=letter.number, attempt=attempt)

    def _next_address(self) -> str:
        addresses = self._account.addresses
        return addresses[next(self._turns) % len(addresses)]
