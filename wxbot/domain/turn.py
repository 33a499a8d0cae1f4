"""What one message leads to: everything that the commit writes, and the reply."""

from dataclasses import dataclass
from typing import Literal

from wxbot.domain.handoff import Handoff
from wxbot.domain.job import CancelTimer, Job, Timer
from wxbot.domain.outbound import Delivery
from wxbot.domain.quota import Window
from wxbot.domain.rating import Rating
from wxbot.domain.reply import Reply
from wxbot.domain.session import Session
from wxbot.domain.ticket import TicketChange, TicketEntry

Outcome = Literal["answer", "suggest", "none"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question put to the answer engine, kept for the quality loop. at: unix seconds; confidence: 0..1."""

    user: str
    at: int
    text: str
    outcome: Outcome
    answer_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Turn:
    """
    rule: name of the rule that decided, for log and statistics.
    session: None forgets the user (they unfollowed).
    tickets: new and changed heads. entries: added to the histories of tickets, in this order.
    window: what the message opened for messages of ours. closes_windows: nothing may be sent any more.
    deliveries: what became of messages. ratings: new, or newer states of known ones.
    """

    rule: str
    session: Session | None
    reply: Reply
    jobs: tuple[Job, ...] = ()
    timers: tuple[Timer | CancelTimer, ...] = ()
    questions: tuple[Question, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    tickets: tuple[TicketChange, ...] = ()
    entries: tuple[TicketEntry, ...] = ()
    window: Window | None = None
    closes_windows: bool = False
    deliveries: tuple[Delivery, ...] = ()
    ratings: tuple[Rating, ...] = ()
