"""What the use cases need from the outside."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from wxbot.domain.binding import Binding
from wxbot.domain.handoff import Handoff
from wxbot.domain.job import Job, Timer
from wxbot.domain.outbound import Delivery, Template
from wxbot.domain.quota import Window
from wxbot.domain.rating import Rating
from wxbot.domain.reply import Reply, Sendable
from wxbot.domain.script import Script
from wxbot.domain.session import Session
from wxbot.domain.staffing import OnlineAgent, Presence
from wxbot.domain.ticket import Ticket, TicketEntry
from wxbot.domain.turn import Question, Turn
from wxbot.errors import Problem
from wxbot.service import retention
from wxbot.service.ticket_lists import Wanted

Clock = Callable[[], float]
"""Unix seconds."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    What a content folder holds.

    vocabulary: words for the segmenter. synonyms: groups; the first word is what the others fold to.
    warnings: what works but deserves a look.
    """

    script: Script
    vocabulary: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[Problem, ...] = ()


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
    """State of the conversations. Each call is one round trip; all raise StoreUnavailable."""

    def begin(self, user: str, message_id: str) -> Begun:
        """Session of the user, and the reply of this message if it was answered before."""

    def commit(
        self, user: str, message_id: str, version: int, turn: Turn, now: int, *, keep_s: int = retention.REPLY_S
    ) -> bool:
        """
        Write all of `turn` in one atomic step, if nobody has committed for this user since `version`.

        keep_s: seconds for which the message counts as answered.

        Returns:
            False when somebody was faster, or the number of a new ticket is taken: nothing was written, begin again.
        """

    def ticket_of(self, user: str, number: str) -> Ticket | None:
        """A ticket of this user; None for another's, too."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    A job taken from the queue.

    receipt: names it, and who took it, to the queue. tries: how often it was taken, from 1.
    """

    receipt: str
    job: Job
    tries: int


class JobQueue(Protocol):
    """
    Jobs at least once each, oldest first; a job whose worker died is handed out again. All raise StoreUnavailable.

    Who lost a job to another worker, by being too slow, can no longer `retry` or `bury` it: both then do nothing.
    """

    def claim(self, worker: str, *, limit: int, block_s: float) -> list[Claimed]:
        """Jobs to do now, [] after `block_s` seconds without any. Due timers become jobs here."""

    def renew(self, claimed: Claimed) -> bool:
        """Tell the queue that this job is still being worked on; False when it was given to another worker."""

    def done(self, claimed: Claimed) -> None: ...

    def retry(self, claimed: Claimed, due: float, why: str) -> None:
        """Give it out again at `due` (unix seconds), counting its tries on."""

    def bury(self, claimed: Claimed, why: str) -> None:
        """Move it to the dead letters, where an engineer finds it with the reason."""

    def set_timer(self, timer: Timer, *, replacing: bool = True) -> None:
        """replacing: else a timer of that key that is set already stays as it is."""

    def cancel_timer(self, key: str) -> None: ...


Entered = Literal["driving", "riding", "lost"]


class Lanes(Protocol):
    """The messages that wait to go to each user: one at a time, whoever sends them. All raise StoreUnavailable."""

    def enter(self, claimed: Claimed) -> Entered:
        """
        Put this message into its user's lane.

        Returns:
            `driving`: all that waits there is the caller's to send, until `close`. `riding`: somebody else sends it;
            the job is off the queue. `lost`: the queue gave it to another worker.
        """

    def waiting(self, user: str) -> Sequence[Job]:
        """In the order in which they came. What cannot be read goes to the dead letters and is out of the way."""

    def leave(self, job: Job, *, buried: str = "", tries: int = 0) -> None:
        """Take it out of the lane; with a reason, into the dead letters."""

    def close(self, claimed: Claimed) -> bool:
        """Take the driver's job off the queue, unless something waits in the lane: then nothing, and False."""


@dataclass(frozen=True, slots=True)
class Step:
    """
    How far a message has come.

    done: parts that are settled, however. begun: one more than `done` from before a part is sent until it is settled:
    found so by a second run, nobody knows whether it arrived. way: by which it was begun. tries: that failed.
    """

    done: int = 0
    begun: int = 0
    way: str = ""
    tries: int = 0


class Ledger(Protocol):
    """What messages may cost, how far each has come, and what became of it. All raise StoreUnavailable."""

    def windows(self, user: str) -> tuple[Window, ...]: ...

    def replace(self, user: str, before: Sequence[Window], after: Sequence[Window]) -> bool:
        """Change the windows, if they are still as before."""

    def step(self, job_id: str) -> Step: ...

    def begin(self, job: Job, step: Step, before: Sequence[Window] = (), after: Sequence[Window] = ()) -> bool:
        """Note the step and what it costs at once, if the windows are still as before."""

    def finish(self, job_id: str, step: Step, delivery: Delivery | None = None) -> None:
        """Note the step and what became of the message at once."""

    def await_report(self, message_id: str, job: Job) -> None:
        """WeChat will say what became of this template message (protocol 2.3)."""

    def reported(self, message_id: str) -> Job | None:
        """The message that it was sent for."""


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that nobody will try again. job: None when it cannot be read. at: unix seconds of the burial."""

    job: Job | None
    why: str
    tries: int
    at: float


class Desk(Protocol):
    """What staff and engineers look at. All raise StoreUnavailable."""

    def handoffs(self, *, limit: int) -> Sequence[Handoff]:
        """Newest first."""

    def handoff(self, id: str) -> Handoff | None: ...

    def questions(self, since: float) -> Iterator[Question]:
        """Every question logged since then (unix seconds), oldest first, as far back as they are kept."""

    def stats(self, day: str) -> Mapping[str, int]:
        """
        Counts of one day of ours, written 2026-11-22. {} when nothing.

        They are `turns`, `rule:<rule>`, `outcome:<outcome>` and `rating:<subject>:<mark>`.
        """

    def ratings(self, since: float) -> Iterator[Rating]:
        """Every state of every rating since then (unix seconds), oldest first, as far back as they are kept."""

    def deliveries(self, since: float) -> Iterator[Delivery]:
        """What did not simply arrive since then (unix seconds), oldest first; it is kept for 30 days."""

    def delivered(self) -> Mapping[str, int]:
        """Counts of all messages since the beginning, by `way:result`."""

    def dead_jobs(self, *, limit: int) -> Sequence[DeadJob]:
        """Newest first."""


class TicketDesk(Protocol):
    """Tickets as staff look at them. All raise StoreUnavailable."""

    def ticket(self, number: str) -> Ticket | None: ...

    def entries(self, number: str) -> Sequence[TicketEntry]:
        """The history of a ticket, oldest first; its media with where they were saved."""

    def tickets(self, wanted: Wanted, now: int) -> Iterator[Ticket]:
        """
        Read as far as it is asked for. Live ones: by due time while a first reply is owed, then by age; others:
        newest first. now: unix seconds.
        """

    def reindex(self) -> int:
        """Make the lists anew from the heads, while everything goes on; how many tickets there are."""


class Roster(Protocol):
    """Which workers are alive, for readiness and `doctor`. Both raise StoreUnavailable."""

    def beat(self, worker: str) -> None: ...

    def workers(self) -> Mapping[str, float]:
        """Unix seconds of the last beat of each worker that was heard of in the last minute."""


class TokenVault(Protocol):
    """The account's access token, one for all processes (protocol 6.1). All raise StoreUnavailable."""

    def get(self) -> str | None: ...

    def put(self, token: str, ttl_s: int) -> None: ...

    def drop_if(self, token: str) -> None:
        """Forget the token if it is still this one, so that a fresh one put by another process stays."""

    def lock(self) -> AbstractContextManager[None]:
        """Held by the one who fetches a new token: waits up to 10 s, falls open after 15 s."""


class Limits(Protocol):
    """How often things may happen, counted by all processes together."""

    def take(self, what: str, limit: int, window_s: int) -> bool:
        """
        Count one more; False when that is more than `limit` within `window_s` seconds of the first.

        Raises:
            StoreUnavailable.
        """


class PageLogin(Protocol):
    """Who looks at a page inside WeChat."""

    def address(self, back: str, state: str) -> str:
        """Where the browser is sent to come back to `back` with a `code` and this `state`."""

    def visitor(self, code: str) -> str | None:
        """The openid behind a code; None for a code that was used, or is too old. Raises WeChatError."""


class Messenger(Protocol):
    """What can be sent through WeChat. All raise WeChatError."""

    def send(self, user: str, part: Sendable) -> None:
        """One customer-service message (protocol 4.4)."""

    def send_template(self, user: str, template: Template, *, id: str) -> str:
        """
        One template message (protocol 6.3), its fields filled in.

        Args:
            id: WeChat sends no second message with the same one.

        Returns:
            The id by which WeChat will report on it, '' when it was sent before.
        """

    def typing(self, user: str) -> None:
        """The hint that somebody is typing, for up to 15 s (protocol 4.4)."""


class Mailer(Protocol):
    """Sends an e-mail; raises SpareWayFailed. id: the same for a second try."""

    def send(self, to: str, subject: str, text: str, *, id: str) -> None: ...


class TextMessenger(Protocol):
    """Sends a short message (SMS); raises SpareWayFailed. id: of which the operator's hook sends only one."""

    def send(self, phone: str, text: str, *, id: str) -> None: ...


class AccountBook(Protocol):
    """The operator's own system, which knows whose account is whose. Raises HookFailed."""

    def bind(self, user: str, form: str, values: dict[str, str], *, id: str) -> Binding:
        """values: by field id. id: the same for a second try."""


class Followers(Protocol):
    """What WeChat knows of a follower (protocol 7). Raises WeChatError."""

    def tags_of(self, user: str) -> Sequence[str]:
        """Numbers of the tags the user carries."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the desk's records. at: unix seconds. by_agent: else by the user."""

    user: str
    at: int
    by_agent: bool
    text: str


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits for an agent. users: longest wait first, at most the first 100. count: of all."""

    users: tuple[str, ...]
    count: int


class AgentsDesk(Protocol):
    """WeChat's own desk, where the agents sit (protocol 4.2). All raise WeChatError."""

    def online_agents(self) -> Sequence[OnlineAgent]: ...

    def agent_names(self) -> Mapping[str, str]:
        """Of all agents, by account."""

    def queue(self) -> Queue: ...

    def agent_of(self, user: str) -> str:
        """Account of the agent who serves this user, '' for nobody."""

    def open_session(self, user: str, account: str) -> None:
        """Give the user to this agent now; fine where they have each other already."""

    def records(self, start: int, end: int) -> Iterator[Record]:
        """What was said from start to end (unix seconds, at most 24 h), of all users, oldest first."""


class PresenceBoard(Protocol):
    """What the worker last saw at the desk, for all processes. All raise StoreUnavailable."""

    def put_presence(self, presence: Presence, ttl_s: int) -> None: ...

    def get_presence(self) -> Presence | None:
        """None when the last one is older than it may be."""

    def take_look(self, every_s: float) -> bool:
        """Whether it is this process's turn to look: once for all of them in so many seconds."""


class Notifier(Protocol):
    """Tells staff something."""

    @property
    def channels(self) -> Sequence[str]:
        """Names of those that are configured."""

    def post(self, channel: str, title: str, text: str, *, id: str) -> None:
        """Raises NoticeError. id: the same for a second try."""
