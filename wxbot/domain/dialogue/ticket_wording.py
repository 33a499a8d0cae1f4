"""Tickets in words: to their owner, and as options."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.wording import moment
from wxbot.domain.flow import Form, Value
from wxbot.domain.script import TicketDeed
from wxbot.domain.ticket import TITLE_CHARACTERS, Event, Given, Report, State, Ticket

LINE_TITLE_CHARACTERS = 12
"""Of a title where several tickets are listed."""

_HARMLESS = str.maketrans({"<": "＜", ">": "＞", '"': "”"})

STATES: Mapping[State, str] = {
    State.NEW: "ticket_state_new",
    State.OPEN: "ticket_state_open",
    State.WAITING: "ticket_state_waiting",
    State.RESOLVED: "ticket_state_resolved",
    State.CLOSED: "ticket_state_closed",
}
LABELS: Mapping[str, str] = {
    "show": "ticket_show_label",
    "nudge": "ticket_nudge_label",
    "solved": "ticket_solved_label",
    "reopen": "ticket_reopen_label",
    "merge": "ticket_merge_label",
    "another": "ticket_another_label",
}
"""What can be tapped below a ticket."""

_DEEDS: tuple[tuple[TicketDeed, Event], ...] = (
    ("nudge", Event.NUDGED),
    ("solved", Event.CONFIRMED),
    ("reopen", Event.REOPENED),
)


def harmless(text: str) -> str:
    """What somebody typed, without the signs that would make links and markup of it."""
    return "".join(sign if sign.isprintable() else " " for sign in text.translate(_HARMLESS))


def report_of(form: Form, values: Mapping[str, Value]) -> Report:
    """values: by field id; what was skipped is left out or ''."""
    given = [
        Given(field.id, field.name or field.ask, value)
        for field in form.fields
        if isinstance(value := values.get(field.id), str) and value
    ]
    title = next((each.text for each in given if _kind(form, each) == "text"), "，".join(each.text for each in given))
    contact = next((each.text for each in given if _kind(form, each) in ("phone", "email")), "")
    return Report(
        form=form.id,
        type=form.type or form.name,
        title=(title.strip() or form.name).splitlines()[0][:TITLE_CHARACTERS],
        contact=contact,
        values=tuple(given),
        media=tuple(medium for value in values.values() if not isinstance(value, str) for medium in value),
    )


def _kind(form: Form, given: Given) -> str:
    field = form.field(given.field)
    return field.kind if field else ""


def described(talk: Talk, ticket: Ticket) -> str:
    """What its owner wants to know of a ticket."""
    opened = moment(_local(talk, ticket.opened), talk.now)
    lines = [
        talk.say(
            "ticket_shown",
            number=ticket.number,
            title=harmless(ticket.title),
            state=state_of(talk, ticket),
            opened=opened,
        )
    ]
    if ticket.is_overdue(talk.now):
        lines.append(talk.say("ticket_late"))
    elif ticket.is_promised:
        lines.append(talk.say("ticket_owed", due=moment(_local(talk, ticket.due), talk.now)))
    if ticket.words:
        lines.append(talk.say("ticket_said", words=ticket.words))
    return "\n".join(lines)


def state_of(talk: Talk, ticket: Ticket) -> str:
    return talk.say(STATES[ticket.state])


def promise_in_words(talk: Talk, due: int) -> str:
    """`在今天 17:30前`, or `尽快` where nothing is promised."""
    return talk.say("ticket_by", due=moment(_local(talk, due), talk.now)) if due else talk.say("ticket_soon")


def option_of(talk: Talk, ticket: Ticket, deed: TicketDeed = "show") -> Option:
    """One ticket in a list; picking it does that to it."""
    title = harmless(ticket.title)[:LINE_TITLE_CHARACTERS]
    label = talk.say("ticket_line", number=ticket.number, state=state_of(talk, ticket), title=title)
    return Option(label.strip(), _action_on(ticket, deed))


def deeds_on(talk: Talk, ticket: Ticket) -> tuple[Option, ...]:
    """What its owner can do with a ticket besides adding to it."""
    fitting = [deed for deed, event in _DEEDS if ticket.can(event) and (deed != "solved" or not _is_fresh(ticket))]
    return tuple(tap_on(talk, ticket, deed) for deed in fitting)


def tap_on(talk: Talk, ticket: Ticket, deed: str = "show") -> Option:
    """deed: one of LABELS."""
    return Option(talk.say(LABELS[deed]), _action_on(ticket, deed))


def _action_on(ticket: Ticket, deed: str) -> Action:
    return Action("my-tickets", ticket.number if deed == "show" else f"{ticket.number}/{deed}")


def _is_fresh(ticket: Ticket) -> bool:
    """Nobody has answered yet, so it is hardly solved; who says so in words is believed all the same."""
    return ticket.state is State.NEW


def _local(talk: Talk, at: int) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(talk.script.hours.zone))
