"""Work that a turn leaves to the worker, written by the same commit (transactional outbox)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from wxbot.domain.handoff import Handoff
from wxbot.domain.outbound import Importance, Way
from wxbot.domain.reply import Sendable
from wxbot.domain.ticket import Media, Ticket, TicketEntry


@dataclass(frozen=True, slots=True)
class Send:
    """
    Messages to one user, in this order; the outbound gate decides how they get there (protocol 4.4).

    promised: must arrive or be held until the user writes; else it may be missed.
    stage: of the conversation (a `Mode`), outside of which it is moot; '' for none.
    lead: said above the first text. since: unix seconds at which it was first held, 0 = never was.
    maybe: it may have arrived already, which the lead says.
    spent: ways that were tried and failed. theirs: what the user has told, which may be said to them again.
    """

    user: str
    parts: tuple[Sendable, ...]
    importance: Importance = "answer"
    promised: bool = True
    stage: str = ""
    lead: str = ""
    since: int = 0
    maybe: bool = False
    spent: tuple[Way, ...] = ()
    theirs: str = ""
    kind: Literal["send"] = "send"


@dataclass(frozen=True, slots=True)
class LearnTags:
    """Ask WeChat which tags the user carries, for their tier."""

    user: str
    kind: Literal["learn_tags"] = "learn_tags"


@dataclass(frozen=True, slots=True)
class SaveMedia:
    """
    Save what the user sent before WeChat forgets it (protocol 6.2).

    sent: unix seconds. ticket: number of the one that it belongs to; else handoff: id of that.
    """

    user: str
    media: Media
    sent: int
    ticket: str = ""
    handoff: str = ""
    kind: Literal["save_media"] = "save_media"


@dataclass(frozen=True, slots=True)
class TicketAlarm:
    """The clock has to look at this ticket: a promise falls due, an answer is missing, or a solved one may close."""

    user: str
    number: str
    kind: Literal["ticket_alarm"] = "ticket_alarm"


@dataclass(frozen=True, slots=True)
class DraftDue:
    """The follower has not said whether their last report repeats a ticket, so it becomes one of its own."""

    user: str
    kind: Literal["draft_due"] = "draft_due"


@dataclass(frozen=True, slots=True)
class Tidy:
    """Remove what was kept for long enough."""

    kind: Literal["tidy"] = "tidy"

    @property
    def user(self) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class EmptyTickets:
    """Take the words out of the closed tickets of somebody who unfollowed."""

    user: str
    kind: Literal["empty_tickets"] = "empty_tickets"


@dataclass(frozen=True, slots=True)
class Bind:
    """Ask the operator's system whether the user is a known customer. values: by field id of the form."""

    user: str
    form: str
    values: Mapping[str, str]
    kind: Literal["bind"] = "bind"


@dataclass(frozen=True, slots=True)
class TemplateFailed:
    """WeChat reports that a template message did not arrive (protocol 2.3): what it told goes another way."""

    user: str
    message_id: str
    status: str
    kind: Literal["template_failed"] = "template_failed"


@dataclass(frozen=True, slots=True)
class CheckHandoff:
    """Ask WeChat's desk what has become of a handoff (by its id), since events get lost (protocol 4.1)."""

    user: str
    handoff: str
    kind: Literal["check-handoff"] = "check-handoff"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Open a session with the first of these agents who can take it (`kfsession/create`, protocol 4.2)."""

    user: str
    handoff: str
    accounts: tuple[str, ...]
    kind: Literal["open-session"] = "open-session"


@dataclass(frozen=True, slots=True)
class FetchTranscript:
    """Add to a handoff that is over what the agent and the user have said (`getmsglist`, protocol 4.2)."""

    handoff: Handoff
    kind: Literal["fetch-transcript"] = "fetch-transcript"

    @property
    def user(self) -> str:
        return self.handoff.user


@dataclass(frozen=True, slots=True)
class Flag:
    """Show staff the card of a handoff, before an agent picks it up."""

    handoff: Handoff
    kind: Literal["flag"] = "flag"

    @property
    def user(self) -> str:
        return self.handoff.user


@dataclass(frozen=True, slots=True)
class FlagTicket:
    """Show staff what happened to a ticket, where it is theirs to act. entry: the last one."""

    ticket: Ticket
    entry: TicketEntry
    kind: Literal["flag_ticket"] = "flag_ticket"

    @property
    def user(self) -> str:
        return self.ticket.user


@dataclass(frozen=True, slots=True)
class Notify:
    """
    Tell staff something, wherever operators want events of this name told.

    lines: plain text that names nobody. user: whom it is about, '' for nobody; shown as a tag.
    """

    event: str
    title: str
    lines: tuple[str, ...]
    user: str = ""
    kind: Literal["notify"] = "notify"


@dataclass(frozen=True, slots=True)
class Post:
    """The same text for one channel, on its own, so that the failure of one delays no other."""

    channel: str
    title: str
    text: str
    kind: Literal["post"] = "post"

    @property
    def user(self) -> str:
        return ""


Task = (
    Send
    | LearnTags
    | Bind
    | SaveMedia
    | TemplateFailed
    | TicketAlarm
    | DraftDue
    | Tidy
    | EmptyTickets
    | CheckHandoff
    | OpenSession
    | FetchTranscript
    | Flag
    | FlagTicket
    | Notify
    | Post
)
"""Everything a job can ask for; one class a kind."""


@dataclass(frozen=True, slots=True)
class Job:
    """id: unique; handlers are idempotent by it."""

    id: str
    task: Task


def message_of(job: Job) -> Send:
    """What a job says that came to the outbound gate; no others get there."""
    assert isinstance(job.task, Send)
    return job.task


@dataclass(frozen=True, slots=True)
class Timer:
    """A job for later. Setting a key again replaces what it held. due: unix seconds."""

    key: str
    due: int
    job: Job


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Drops the timer of that key; no such timer is fine."""

    key: str


def unfollowed_key(user: str) -> str:
    """Of the timer that empties the tickets of who does not come back."""
    return f"unfollowed:{user}"
