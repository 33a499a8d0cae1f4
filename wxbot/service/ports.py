"""What the use cases need from the outside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from wxbot.domain.handoff import Handoff
from wxbot.domain.job import Job, Timer
from wxbot.domain.reply import Part, Reply
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn

Clock = Callable[[], float]
"""Unix seconds."""


@dataclass(frozen=True, slots=True)
class StoredReply:
    """at: unix seconds at which it was first given, so that every delivery gets the same bytes."""

    reply: Reply
    at: int


@dataclass(frozen=True, slots=True)
class Begun:
    """What the store knows when a message comes in. version: of the session, 0 when there is none."""

    version: int
    session: Session | None = None
    reply: StoredReply | None = None


class TurnStore(Protocol):
    """State of the conversations. Both calls are one round trip; both raise StoreUnavailable."""

    def begin(self, user: str, message_id: str) -> Begun:
        """Session of the user, and the reply of this message if it was answered before."""

    def commit(self, user: str, message_id: str, version: int, turn: Turn, now: int) -> bool:
        """
        Write all of `turn` in one atomic step, if nobody has committed for this user since `version`.

        Returns:
            False when somebody was faster: nothing was written, begin again.
        """


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job taken from the queue. receipt: names it to the queue. tries: how often it was taken, from 1."""

    receipt: str
    job: Job
    tries: int


class JobQueue(Protocol):
    """Jobs at least once each, oldest first; a job whose worker died is handed out again."""

    def claim(self, worker: str, *, limit: int, block_s: float) -> list[Claimed]:
        """Jobs to do now, [] after `block_s` seconds without any. Due timers become jobs here."""

    def done(self, claimed: Claimed) -> None: ...

    def retry(self, claimed: Claimed, due: float, why: str) -> None:
        """Give it out again at `due` (unix seconds), counting its tries on."""

    def bury(self, claimed: Claimed, why: str) -> None:
        """Move it to the dead letters, where an engineer finds it with the reason."""

    def set_timer(self, timer: Timer) -> None: ...

    def cancel_timer(self, key: str) -> None: ...


class Progress(Protocol):
    """How far a job of several steps has come, so that a second run goes on and does not repeat."""

    def steps_done(self, job_id: str) -> int: ...

    def step_done(self, job_id: str, steps: int) -> None: ...


class Desk(Protocol):
    """What staff look at."""

    def handoffs(self, *, limit: int) -> Sequence[Handoff]:
        """Newest first."""


class Messenger(Protocol):
    """Sends one customer-service message (protocol 4.4). Raises WeChatError."""

    def send(self, user: str, part: Part) -> None: ...
