"""What operators promise about tickets: how urgent each is, when it is answered, and what happens when it is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wxbot.domain.hours import Hours, add_service_days, add_service_time, is_open, next_opening
from wxbot.domain.ticket import State, Ticket

DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Promise:
    """The longest wait for a first reply: so many seconds of service time, or so many days of service."""

    seconds: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class UrgencyRule:
    """
    Which tickets are how urgent. form: id, '' for any. words: normalised, any of which the text must hold; none for
    any text. tier: of the follower, '' for any.
    """

    urgency: str
    form: str = ""
    words: tuple[str, ...] = ()
    tier: str = ""

    def holds(self, form: str, text: str, tier: str) -> bool:
        """text: normalised."""
        return (
            self.form in ("", form)
            and self.tier in ("", tier)
            and (not self.words or any(word in text for word in self.words))
        )


@dataclass(frozen=True, slots=True)
class TicketRules:
    """
    promises: by urgency, and the rules that tell it. nudges: times a day that a follower may urge us on one ticket.
    close_after_s: from resolved to closed. remind_before_s: how long before a promise falls due staff hear of it.
    overdue_every_s: between two reminders of a broken promise. waiting_after_s: after which a follower who was asked
    for more is reminded, once.
    """

    promises: Mapping[str, Promise] = field(default_factory=dict)
    urgency: tuple[UrgencyRule, ...] = ()
    nudges: int = 3
    close_after_s: int = 7 * DAY_S
    remind_before_s: int = 30 * 60
    overdue_every_s: int = 4 * 3600
    waiting_after_s: int = DAY_S

    def urgency_of(self, form: str, text: str, tier: str) -> str:
        """The first rule that holds; '' where none does. text: all that was given, normalised."""
        return next((rule.urgency for rule in self.urgency if rule.holds(form, text, tier)), "")

    def promise_of(self, urgency: str) -> Promise | None:
        return self.promises.get(urgency)


def due_of(promise: Promise | None, hours: Hours, start: int) -> int:
    """
    The moment (unix seconds) until which a promise made at `start` is to be kept.

    0 where nothing was promised, or service pauses for so long that no honest promise can be made.
    """
    if promise is None:
        return 0
    if promise.days:
        return add_service_days(hours, start, promise.days) or 0
    return add_service_time(hours, start, promise.seconds) or 0


def next_alarm(rules: TicketRules, hours: Hours, ticket: Ticket) -> int:
    """When the clock has to look at a ticket next, unix seconds; 0 for never. Staff are reminded in service hours."""
    if ticket.state is State.RESOLVED:
        return ticket.since + rules.close_after_s
    if ticket.state is State.WAITING:
        return 0 if ticket.reminded >= ticket.since else ticket.since + rules.waiting_after_s
    if not ticket.is_promised:
        return 0
    early = ticket.due - rules.remind_before_s
    if ticket.reminded < early:
        return max(early, ticket.opened + 1)
    return ticket.due if ticket.reminded < ticket.due else _at_work(hours, ticket.reminded + rules.overdue_every_s)


def _at_work(hours: Hours, at: int) -> int:
    """That moment, or, when nobody is there, the next at which somebody is."""
    opening = None if is_open(hours, at) else next_opening(hours, at)
    return int(opening.timestamp()) if opening else at
