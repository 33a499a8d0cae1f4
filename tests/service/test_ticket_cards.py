"""What staff read about tickets on their robots."""

import pytest

from tests.factories import HOUR, NOW, USER
from wxbot.domain.ticket import Event, Media, Ticket, TicketEntry
from wxbot.service.cards import ticket_card

TICKET = Ticket(
    "261123-00001", USER, "problem", "技术问题", "我的手机 13812345678 登录不了", NOW, "紧急", due=NOW + HOUR
)


def a_card(event: Event, text: str = "", at: int = NOW, **more: object):
    by = "bot" if event is Event.REMINDED else "user"
    return ticket_card(TICKET, TicketEntry(TICKET.number, at, by, event, text, **more), "Asia/Shanghai")


@pytest.mark.parametrize(
    ("event", "title"),
    [
        (Event.OPENED, "新工单"),
        (Event.ANSWERED, "用户回答了追问"),
        (Event.NUDGED, "用户催办"),
        (Event.REOPENED, "工单重新打开"),
    ],
)
def test_what_the_owner_did_is_the_title(event, title):
    card = a_card(event)

    assert (card.event, card.title) == ("ticket", f"{title}：261123-00001")


@pytest.mark.parametrize(("at", "title"), [(NOW + HOUR - 1, "工单快到期"), (NOW + HOUR, "工单超时")])
def test_promises_are_told_where_overdue_ones_are(at, title):
    card = a_card(Event.REMINDED, at=at)

    assert (card.event, card.title) == ("overdue", f"{title}：261123-00001")
    assert "最晚回复：11-23 11:00" in card.lines


def test_a_card_shows_no_number_whole_and_is_for_a_glance():
    card = a_card(Event.APPENDED, "卡号 6222020200112233445 " + "字" * 200, media=(Media("image", "m1"),))

    assert not [line for line in card.lines if "13812345678" in line or "6222020200112233445" in line]
    assert max(map(len, card.lines)) < 120
    assert any("另有 1 个图片" in line for line in card.lines)
