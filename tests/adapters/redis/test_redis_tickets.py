"""Lists of tickets that something has damaged."""

from typing import Any

import pytest

from wxbot.adapters.redis.connect import Link, connect
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.store import RedisStore
from wxbot.adapters.redis.tickets import RedisTickets
from wxbot.domain.reply import Silence
from wxbot.domain.session import Session
from wxbot.domain.ticket import Ticket, TicketChange
from wxbot.domain.turn import Turn
from wxbot.service.ticket_lists import Wanted

NOW = 1_790_000_000


@pytest.fixture
def link(redis_url: str, appid: str) -> Link:
    """To a server that holds three tickets."""
    link = connect(redis_url)
    tickets = (Ticket(str(number), "u", "problem", "问题", "打不开", NOW + number) for number in range(3))
    turn = Turn("opened", Session("u"), Silence(), tickets=tuple(map(TicketChange, tickets)))
    RedisStore(link, appid).commit("u", "m1", 0, turn, NOW)
    return link


def numbers(desk: RedisTickets, **wanted: Any) -> list[str]:
    return [ticket.number for ticket in desk.tickets(Wanted(**wanted), NOW)]


def test_lost_lists_come_back(link: Link, appid: str) -> None:
    desk = RedisTickets(link, appid)
    link.client.delete(*(Keys(appid).tickets(name) for name in ("underway", "all", "type:问题")))
    assert numbers(desk) == []

    assert desk.reindex() == 3

    assert numbers(desk, type="问题") == ["0", "1", "2"]
    assert numbers(desk, scope="all") == ["2", "1", "0"]


def test_numbers_leave_lists_where_they_do_not_belong(link: Link, appid: str) -> None:
    desk, key = RedisTickets(link, appid), Keys(appid).tickets
    link.client.zadd(key("underway"), {"ghost": NOW})
    link.client.zadd(key("state:closed"), {"1": NOW})

    desk.reindex()

    assert link.client.zrange(key("underway"), 0, -1) == [b"0", b"1", b"2"]
    assert not link.client.exists(key("state:closed"))
