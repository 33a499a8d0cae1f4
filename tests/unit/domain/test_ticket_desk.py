"""What staff and the clock do with tickets."""

from functools import partial

import pytest

from tests.factories import DAY, HOUR, MINUTE, NOW, USER
from tests.unit.domain.test_dialogue_tickets import NUMBER, SHOP, a_ticket
from wxbot.domain.dialogue import ticket_desk as desk
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.facts import Facts
from wxbot.domain.flow import FlowState
from wxbot.domain.job import CancelTimer, FlagTicket, Send
from wxbot.domain.message import Inbound, Prompted
from wxbot.domain.promises import next_alarm
from wxbot.domain.session import Session
from wxbot.domain.ticket import Event, State


def a_talk(*tickets, now=NOW, **changes):
    inbound = Inbound("change:1", USER, "", now, Prompted())
    ids = map("id{}".format, range(99))
    return Talk(SHOP, Session(USER, tickets=tickets, **changes), inbound, Facts(now=now, ids=ids))


def told(turn):
    """What the owner is sent."""
    (task,) = [job.task for job in turn.jobs]
    assert isinstance(task, Send)
    assert (task.importance, task.promised) == ("ticket", True)
    return task.parts[0].text


def test_a_reply_is_told_kept_and_counts_as_the_promised_one():
    turn = desk.reply(a_talk(a_ticket(due=NOW + HOUR)), NUMBER, "请重装驱动", "小王")

    assert f"工单 {NUMBER} 有新回复：\n请重装驱动" in told(turn)
    (change,), (entry,) = turn.tickets, turn.entries
    assert (change.after.state, change.after.answered, change.after.words) == (State.OPEN, NOW, "请重装驱动")
    assert (entry.by, entry.name, entry.text) == ("staff", "小王", "请重装驱动")
    assert turn.timers == (CancelTimer(f"ticket:{NUMBER}"),)


def test_who_is_asked_for_more_is_listened_to():
    turn = desk.ask(a_talk(a_ticket()), NUMBER, "什么型号？", "小王")

    assert "请补充：\n什么型号？" in told(turn)
    assert turn.session.attention.strict
    assert turn.tickets[0].after.state is State.WAITING


def test_only_the_first_assignment_is_told():
    first = desk.assign(a_talk(a_ticket()), NUMBER, "小王", "组长")
    second = desk.assign(a_talk(first.tickets[0].after), NUMBER, "小李", "组长")

    assert "已有专人处理" in told(first)
    assert second.jobs == ()
    assert second.tickets[0].after.assignee == "小李"


def test_solving_asks_the_owner_whether_it_is_so():
    turn = desk.resolve(a_talk(a_ticket()), NUMBER, "已修复", "小王")

    assert "处理好了：\n已修复" in told(turn)
    assert [option.label for option in turn.session.options] == ["已解决", "还没解决"]
    (timer,) = turn.timers
    assert timer.due == NOW + SHOP.tickets.close_after_s


@pytest.mark.parametrize(("asked", "shown"), [(NOW, "· "), (NOW - HOUR, "【1】")])
def test_news_take_no_numbers_from_a_form_that_still_asks(asked, shown):
    going = FlowState("form", "problem", "phone", asked)

    turn = desk.resolve(a_talk(a_ticket(), flow=going), NUMBER, "", "小王")

    assert f"{shown}<a href" in told(turn)
    assert bool(turn.session.options) == (shown == "【1】")


def test_a_ticket_is_linked_to_one_cause_once():
    turn = desk.link(a_talk(a_ticket()), NUMBER, "断网", "小王")

    assert "也有其他用户遇到" in told(turn)
    assert desk.link(a_talk(turn.tickets[0].after), NUMBER, "断网", "小王") is None


@pytest.mark.parametrize(
    ("state", "deed"),
    [
        (State.RESOLVED, desk.ask),
        (State.CLOSED, desk.reply),
        (State.CLOSED, desk.close),
        (State.CLOSED, desk.assign),
        (State.OPEN, desk.reopen),
    ],
)
def test_what_cannot_happen_changes_nothing(state, deed):
    assert deed(a_talk(a_ticket(state=state)), NUMBER, "x", "小王") is None


@pytest.mark.parametrize("deed", [desk.reply, desk.ask, desk.assign, desk.link, desk.resolve, desk.close, desk.reopen])
def test_a_ticket_that_is_not_there_changes_nothing(deed):
    assert deed(a_talk(), NUMBER, "x", "小王") is None
    assert desk.strike(a_talk(), NUMBER) is None


def test_staff_are_reminded_before_and_after_a_promise_falls_due():
    ticket, due = a_ticket(due=NOW + 2 * HOUR), NOW + 2 * HOUR
    moments, flags = [], []
    for _ in range(3):
        moments.append(next_alarm(SHOP.tickets, SHOP.hours, ticket) - due)
        turn = desk.strike(a_talk(ticket, now=due + moments[-1]), NUMBER)
        ticket = turn.tickets[0].after

        flags.append(turn.jobs[0].task)

    assert moments == [-30 * MINUTE, 0, 4 * HOUR]
    assert all(isinstance(flag, FlagTicket) for flag in flags)


def test_reminders_wait_for_the_morning():
    ticket = a_ticket(due=NOW, reminded=NOW + 6 * HOUR)

    assert next_alarm(SHOP.tickets, SHOP.hours, ticket) == NOW + 23 * HOUR


def test_an_early_clock_only_sets_itself_anew():
    turn = desk.strike(a_talk(a_ticket(due=NOW + 9 * HOUR)), NUMBER)

    assert (turn.tickets, turn.jobs, len(turn.timers)) == ((), (), 1)


def test_who_owes_an_answer_is_reminded_once():
    waiting = a_ticket(state=State.WAITING, since=NOW - DAY, words="什么型号？")

    turn = desk.strike(a_talk(waiting), NUMBER)

    assert "还在等您补充：\n什么型号？" in told(turn)
    assert next_alarm(SHOP.tickets, SHOP.hours, turn.tickets[0].after) == 0


def test_what_is_solved_closes_by_itself():
    solved = a_ticket(state=State.RESOLVED, since=NOW - SHOP.tickets.close_after_s)

    turn = desk.strike(a_talk(solved), NUMBER)

    assert (turn.tickets[0].after.state, turn.entries[0].event) == (State.CLOSED, Event.CLOSED)
    assert "已关闭" in told(turn)


def test_the_clock_of_a_finished_ticket_stands_still():
    strike = partial(desk.strike, number=NUMBER)

    assert strike(a_talk(a_ticket(state=State.CLOSED, due=NOW))) is None
    assert strike(a_talk(a_ticket(answered=NOW, due=NOW))) is None
