import pytest

from tests.factories import DAY, NOW, USER
from wxbot.domain.promises import TicketRules, UrgencyRule
from wxbot.domain.ticket import KEPT_TICKETS, LIFE, Event, Mention, State, Ticket, find_number, kept, new_number


def a_ticket(number="261123-00001", **changes):
    return Ticket(**{"number": number, "user": USER, "form": "problem", "type": "技术问题", "title": "打不开",
                     "opened": NOW, **changes})  # fmt: skip


def test_a_number_is_the_day_where_the_account_is_and_five_digits():
    number = new_number("id1", NOW - 11 * 3600, "Asia/Shanghai")

    assert number.startswith("261122-")
    assert find_number(number) == Mention(number, "", "")


@pytest.mark.parametrize(
    "text", ["261122-48213", "26112248213", "261122 48213", "２６１１２２－４８２１３", "261122—48213"]
)
def test_a_number_is_found_however_it_is_typed(text):
    assert find_number(f"催办 {text}") == Mention("261122-48213", "催办", "")


@pytest.mark.parametrize(
    "text", ["13812345678", "13010112345", "261322-48213", "1261122-48213", "261122-482131", "退款"]
)
def test_phones_and_other_numbers_are_no_tickets(text):
    assert find_number(text) is None


def test_words_around_a_number_stay():
    assert find_number("追加 261122-48213 打印机是新的") == Mention("261122-48213", "追加", "打印机是新的")


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([Event.ASSIGNED], State.OPEN),
        ([Event.ASKED, Event.ANSWERED, Event.REPLIED], State.OPEN),
        ([Event.RESOLVED, Event.CLOSED], State.CLOSED),
        ([Event.RESOLVED, Event.APPENDED], State.OPEN),
        ([Event.CONFIRMED, Event.REOPENED, Event.RESOLVED], State.RESOLVED),
        ([Event.NUDGED, Event.REMINDED, Event.APPENDED], State.NEW),
    ],
)
def test_a_ticket_goes_through_its_life(events, state):
    ticket = a_ticket()
    for event in events:
        ticket = ticket.after(event, NOW + 1)

    assert (ticket.state, ticket.updated) == (state, NOW + 1)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (State.NEW, Event.ANSWERED),
        (State.NEW, Event.REOPENED),
        (State.RESOLVED, Event.ASKED),
        (State.RESOLVED, Event.NUDGED),
        *((State.CLOSED, event) for event in Event if event is not Event.REOPENED),
    ],
)
def test_what_is_not_in_the_table_cannot_happen(state, event):
    ticket = a_ticket(state=state)

    assert not ticket.can(event)
    with pytest.raises(KeyError):
        ticket.after(event, NOW)


def test_every_state_can_be_reached_and_left():
    assert set(LIFE.values()) | {State.NEW} == set(State)
    assert {before for before, _ in LIFE} == set(State)


def test_a_promise_is_owed_until_the_first_reply():
    ticket = a_ticket(due=NOW + 60)

    assert [ticket.is_overdue(NOW), ticket.is_overdue(NOW + 60)] == [False, True]
    assert not a_ticket(due=NOW, answered=NOW).is_overdue(NOW)
    assert not a_ticket(due=NOW, state=State.RESOLVED).is_overdue(NOW)


def test_a_session_keeps_live_tickets_longest_and_shows_the_newest_first():
    old = a_ticket("1", opened=NOW - DAY)
    heads = (old,)
    for number in range(2, 14):
        heads = kept(heads, a_ticket(str(number), opened=NOW + number, state=State.CLOSED))

    assert len(heads) == KEPT_TICKETS
    assert [heads[0].number, heads[-1]] == ["13", old]


def test_a_changed_head_takes_the_place_of_the_old_one():
    heads = kept(kept((), a_ticket()), a_ticket().after(Event.ASSIGNED, NOW))

    assert [head.state for head in heads] == [State.OPEN]


def test_the_first_rule_that_holds_tells_the_urgency():
    rules = TicketRules(
        urgency=(
            UrgencyRule("紧急", form="account", words=("被盗", "盗刷")),
            UrgencyRule("优先", tier="企业版"),
            UrgencyRule("一般"),
        )
    )

    assert rules.urgency_of("account", "我的账号被盗了", "") == "紧急"
    assert rules.urgency_of("problem", "我的账号被盗了", "") == "一般"
    assert rules.urgency_of("problem", "打不开", "企业版") == "优先"
    assert TicketRules().urgency_of("problem", "打不开", "") == ""
