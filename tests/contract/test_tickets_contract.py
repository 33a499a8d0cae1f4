"""What every store promises about tickets."""

from dataclasses import replace
from typing import Any

import pytest

from tests.contract.test_store_contract import NOW, USER, Store, a_turn, commit
from wxbot.domain.session import Session
from wxbot.domain.ticket import Event, Given, Media, State, Ticket, TicketChange, TicketEntry
from wxbot.domain.turn import Turn
from wxbot.service.ticket_lists import Wanted


def a_ticket(number: str, **changes: Any) -> Ticket:
    fields = {"user": USER, "form": "problem", "type": "技术问题", "title": "打不开", "opened": NOW, "due": NOW + 3600}
    return Ticket(number, **{**fields, **changes})


def opening(*tickets: Ticket) -> Turn:
    return a_turn(tickets=tuple(TicketChange(ticket) for ticket in tickets))


def numbers(store: Store, wanted: Wanted = Wanted(), now: int = NOW) -> list[str]:  # noqa: B008
    return [ticket.number for ticket in store.tickets.tickets(wanted, now)]


@pytest.fixture
def shelf(store: Store) -> Store:
    """Five tickets, one of each fate."""
    commit(
        store,
        opening(
            a_ticket("late", due=NOW - 60, urgency="紧急", opened=NOW - 500),
            a_ticket("soon", due=NOW + 60, urgency="一般", opened=NOW - 400),
            a_ticket("answered", state=State.OPEN, answered=NOW, assignee="小王", opened=NOW - 300),
            a_ticket("resolved", state=State.RESOLVED, type="建议", cause="断网", opened=NOW - 200, user="other"),
            a_ticket("closed", state=State.CLOSED, assignee="小王", opened=NOW - 100),
        ),
    )
    return store


def test_a_ticket_comes_back_as_it_was_committed(store: Store) -> None:
    ticket = a_ticket("1", contact="13800000000", nudges=(NOW,), words="<b>", reminded=NOW)
    entry = TicketEntry(
        "1", NOW, "user", Event.OPENED, "", values=(Given("d", "描述", "=1+1\x00"),), media=(Media("image", "m"),)
    )

    commit(store, a_turn(Session(USER, tickets=(ticket,)), tickets=(TicketChange(ticket),), entries=(entry,)))

    assert store.tickets.ticket("1") == ticket
    assert store.tickets.entries("1") == [entry]
    session = store.turns.begin(USER, "2").session
    assert session is not None
    assert session.tickets == (ticket,)


def test_a_number_that_is_taken_refuses_the_whole_turn(store: Store) -> None:
    commit(store, opening(a_ticket("1", title="第一张")))

    again = replace(opening(a_ticket("2"), a_ticket("1")), entries=(TicketEntry("1", NOW, "user", Event.OPENED),))
    assert not commit(store, again, message_id="2", version=1)

    assert numbers(store) == ["1"]
    assert store.tickets.entries("1") == []
    assert commit(store, opening(a_ticket("2")), message_id="2", version=1)


def test_a_ticket_is_found_by_its_owner_and_by_nobody_else(store: Store) -> None:
    commit(store, opening(a_ticket("1")))

    assert store.turns.ticket_of(USER, "1") == a_ticket("1")
    assert store.turns.ticket_of("another", "1") is None
    assert store.turns.ticket_of(USER, "2") is None


def test_entries_add_up_in_order(store: Store) -> None:
    for number in range(3):
        entry = TicketEntry("1", NOW + number, "staff", Event.REPLIED, f"第{number}次", name="小王")
        commit(store, a_turn(entries=(entry,)), message_id=str(number), version=number)

    assert [entry.text for entry in store.tickets.entries("1")] == ["第0次", "第1次", "第2次"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ["late", "soon", "answered"]),
        (Wanted(overdue=True), ["late"]),
        (Wanted(scope="all"), ["closed", "resolved", "answered", "soon", "late"]),
        (Wanted(state=State.NEW), ["late", "soon"]),
        (Wanted(state=State.RESOLVED), ["resolved"]),
        (Wanted(assignee="小王"), ["answered"]),
        (Wanted(scope="all", assignee="小王"), ["closed", "answered"]),
        (Wanted(urgency="紧急", type="技术问题"), ["late"]),
        (Wanted(overdue=True, urgency="一般"), []),
        (Wanted(scope="all", cause="断网"), ["resolved"]),
        (Wanted(scope="all", user=USER), ["closed", "answered", "soon", "late"]),
        (Wanted(type="没有这种"), []),
    ],
)
def test_staff_find_what_they_want_most_pressing_first(shelf: Store, wanted: Wanted, found: list[str]) -> None:
    assert numbers(shelf, wanted) == found


def test_a_change_moves_a_ticket_from_list_to_list(shelf: Store) -> None:
    before = shelf.tickets.ticket("late")
    assert before is not None
    after = replace(before.after(Event.REPLIED, NOW), answered=NOW, assignee="小李")

    commit(shelf, a_turn(tickets=(TicketChange(after, before),)), message_id="2", version=1)

    assert numbers(shelf, Wanted(overdue=True)) == []
    assert numbers(shelf, Wanted(state=State.NEW)) == ["soon"]
    assert numbers(shelf, Wanted(assignee="小李")) == ["late"]
    assert numbers(shelf) == ["soon", "late", "answered"]


def test_lists_made_anew_are_the_same(shelf: Store) -> None:
    lists = [Wanted(), Wanted(scope="all"), Wanted(overdue=True), Wanted(scope="all", assignee="小王")]
    before = [numbers(shelf, wanted) for wanted in lists]

    assert shelf.tickets.reindex() == 5

    assert [numbers(shelf, wanted) for wanted in lists] == before


def test_long_lists_are_read_to_their_end(store: Store) -> None:
    commit(store, opening(*(a_ticket(f"{number:04}", due=NOW + number) for number in range(2500))))

    assert numbers(store) == [f"{number:04}" for number in range(2500)]
    assert len(numbers(store, Wanted(overdue=True, type="技术问题"), NOW + 2200)) == 2201
    assert len(numbers(store, Wanted(scope="all", type="技术问题"))) == 2500
