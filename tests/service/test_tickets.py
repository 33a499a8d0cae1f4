"""Staff work on tickets: the store for tests, real turns."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.factories import NOW, USER, a_script
from wxbot.adapters.memory import MemoryStore
from wxbot.domain.job import Send
from wxbot.domain.official import Register
from wxbot.domain.reply import Silence
from wxbot.domain.session import Session
from wxbot.domain.ticket import Event, State, Ticket, TicketChange
from wxbot.domain.turn import Turn
from wxbot.service.changes import Changes
from wxbot.service.ticket_lists import Wanted
from wxbot.service.tickets import StrangersNamed, TicketRefused, Tickets

NUMBERS = ("261123-00001", "261123-00002", "261123-00003")
USERS = (USER, USER, "oFollower-2")


@pytest.fixture
def store() -> MemoryStore:
    """Three tickets of two followers."""
    store = MemoryStore(lambda: NOW)
    for version, (number, user) in enumerate(zip(NUMBERS, USERS, strict=True)):
        ticket = Ticket(number, user, "problem", "技术问题", "打不开", NOW - 60)
        old = store.begin(user, number)
        session = old.session or Session(user)
        session = Session(user, tickets=(*session.tickets, ticket))
        turn = Turn("opened", session, Silence(), tickets=(TicketChange(ticket),))
        assert store.commit(user, f"m{version}", old.version, turn, NOW)
    return store


@pytest.fixture
def desk(store: MemoryStore) -> Tickets:
    script = a_script()
    changes = Changes(store, lambda: script, lambda: NOW, iter(lambda: uuid4().hex, None))
    return Tickets(store.desk, changes, lambda: NOW)


def sent(store: MemoryStore) -> list[tuple[str, str]]:
    return [(job.task.user, job.task.parts[0].text) for job in store.jobs() if isinstance(job.task, Send)]


def test_head_history_session_and_notice_are_one_step(store, desk):
    ticket = desk.reply(NUMBERS[0], "请重装", "小王")

    record = desk.record(NUMBERS[0])
    assert record.ticket == ticket
    assert [(entry.event, entry.name, entry.text) for entry in record.entries] == [(Event.REPLIED, "小王", "请重装")]
    assert ticket in store.begin(USER, "next").session.tickets
    assert [user for user, text in sent(store) if "请重装" in text] == [USER]


def test_a_deed_that_is_asked_for_twice_is_done_once(store, desk):
    for _ in range(2):
        assert desk.reply(NUMBERS[0], "请重装", "小王", occasion="form-1").state is State.OPEN

    assert len(sent(store)) == 1


def test_the_owners_of_all_tickets_with_one_cause_are_told_when_it_is_solved(store, desk):
    desk.link(NUMBERS[:1], "断网", "小王")
    desk.link((NUMBERS[0], NUMBERS[2]), "断网", "小王")

    solved = desk.resolve_cause("断网", "已恢复", "小王")

    assert {ticket.number for ticket in solved.done} == {NUMBERS[0], NUMBERS[2]}
    assert {user for user, text in sent(store) if "已恢复" in text} == {USER, "oFollower-2"}
    assert [ticket.number for ticket in desk.find(Wanted())] == [NUMBERS[1]]


def test_a_number_that_is_named_twice_is_linked_once(desk):
    linked = desk.link((NUMBERS[0], NUMBERS[0]), "断网", "小王")

    assert ([ticket.number for ticket in linked.done], linked.refused) == ([NUMBERS[0]], [])


def test_one_ticket_that_refuses_keeps_nobody_from_the_others(desk):
    desk.close(NUMBERS[1], "", "小王")

    linked = desk.link(NUMBERS, "断网", "小王")

    assert [ticket.number for ticket in linked.done] == [NUMBERS[0], NUMBERS[2]]
    assert [(refused.number, refused.state) for refused in linked.refused] == [(NUMBERS[1], State.CLOSED)]


def test_what_is_refused_is_refused_with_an_occasion_too(desk):
    with pytest.raises(TicketRefused):
        desk.reopen(NUMBERS[0], "x", "小王", occasion="form-1")


@pytest.mark.parametrize(("deed", "state"), [("reopen", State.NEW), ("reply", None), ("close", None)])
def test_what_cannot_be_done_is_refused_with_the_reason(desk, deed, state):
    number = NUMBERS[0] if state else "261123-99999"

    with pytest.raises(TicketRefused) as refused:
        getattr(desk, deed)(number, "x", "小王")

    assert (refused.value.number, refused.value.state) == (number, state)


def test_one_unknown_number_links_none(desk):
    with pytest.raises(TicketRefused):
        desk.link((NUMBERS[0], "261123-99999"), "断网", "小王")

    assert desk.record(NUMBERS[0]).ticket.cause == ""


def test_closing_takes_a_ticket_off_the_desk(desk):
    desk.close(NUMBERS[0], "重复", "小王")

    assert NUMBERS[0] not in [ticket.number for ticket in desk.find(Wanted())]
    assert desk.reopen(NUMBERS[0], "", "小王").state is State.OPEN


def test_assignments_can_be_looked_up(desk):
    desk.assign(NUMBERS[1], "小李", "组长")

    assert [ticket.number for ticket in desk.find(Wanted(assignee="小李"))] == [NUMBERS[1]]


def test_staff_cannot_send_what_is_not_registered_as_ours(store, desk):
    kept = replace(a_script(), official=Register(phones=frozenset({"4000000001"}), kept=True))
    strict = replace(desk, changes=replace(desk.changes, script=lambda: kept))

    with pytest.raises(StrangersNamed) as refused:
        strict.reply(NUMBERS[0], "请加微信号：abc_12345，或打 13800138000", "小王")

    assert refused.value.names == ("abc_12345", "13800138000")
    assert sent(store) == []
    assert strict.reply(NUMBERS[0], "请打 400-000-0001", "小王").state is State.OPEN
