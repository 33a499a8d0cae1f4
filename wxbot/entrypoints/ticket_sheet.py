"""Tickets in lines, cells and JSON, as staff read them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from wxbot.domain.ticket import Event, State, Ticket, TicketEntry
from wxbot.entrypoints.columns import on_one_line
from wxbot.entrypoints.media_lines import media_line
from wxbot.service.privacy import tag
from wxbot.service.tickets import Record

STATES: Mapping[State, str] = {
    State.NEW: "待受理",
    State.OPEN: "处理中",
    State.WAITING: "等用户补充",
    State.RESOLVED: "已解决",
    State.CLOSED: "已关闭",
}
_EVENTS: Mapping[Event, str] = {
    Event.OPENED: "提交",
    Event.APPENDED: "追加",
    Event.ANSWERED: "补充",
    Event.NUDGED: "催办",
    Event.REPLIED: "回复",
    Event.ASKED: "追问",
    Event.ASSIGNED: "分配",
    Event.LINKED: "关联",
    Event.REMINDED: "提醒",
    Event.RESOLVED: "解决",
    Event.CONFIRMED: "确认解决",
    Event.CLOSED: "关闭",
    Event.REOPENED: "重开",
}
_WHO = {"user": "用户", "staff": "客服", "bot": "机器人"}
_TITLES = (
    "工单号", "状态", "级别", "类型", "标题", "提交时间", "最晚回复", "首次回复", "更新时间",
    "负责人", "原因", "联系方式", "用户", "填写内容", "经过",
)  # fmt: skip
_CELL_CHARACTERS = 30_000


def row(ticket: Ticket, now: int) -> tuple[str, ...]:
    """One line of a list. now: unix seconds."""
    due = _moment(ticket.due) if ticket.is_promised else ""
    late = "超时" if ticket.is_overdue(now) else ""
    who = ticket.assignee or "-"
    texts = (STATES[ticket.state], ticket.urgency or "-", ticket.type, due or "-", late, who, ticket.title)
    return (ticket.number, *map(on_one_line, texts))


def details(record: Record, now: int) -> Iterator[str]:
    """Everything about one ticket."""
    ticket = record.ticket
    late = "（超时）" if ticket.is_overdue(now) else ""
    yield f"{ticket.number}  {STATES[ticket.state]}  {on_one_line(ticket.title)}"
    facts = {
        "级别": ticket.urgency,
        "类型": ticket.type,
        "提交": _moment(ticket.opened),
        "最晚回复": _moment(ticket.due) + late,
        "首次回复": _moment(ticket.answered),
        "负责人": ticket.assignee,
        "原因": ticket.cause,
        "联系方式": ticket.contact,
        "用户": tag(ticket.user),
    }
    yield "  ".join(f"{name}：{on_one_line(text)}" for name, text in facts.items() if text)
    for entry in record.entries:
        yield _heading(entry)
        for line in _said(entry):
            yield f"    {on_one_line(line)}"


def cells(records: Iterable[Record]) -> list[list[str]]:
    """A sheet: a line of titles, and one line a ticket."""
    return [list(_TITLES), *(_line(record) for record in records)]


def as_json(ticket: Ticket, entries: Sequence[TicketEntry] | None = None) -> dict[str, object]:
    """With its history, where that is given."""
    return asdict(ticket) | ({} if entries is None else {"entries": [asdict(entry) for entry in entries]})


def _line(record: Record) -> list[str]:
    ticket = record.ticket
    given = [f"{value.label}：{value.text}" for entry in record.entries for value in entry.values]
    history = [f"{_heading(entry)} {'；'.join(_said(entry))}" for entry in record.entries]
    times = (ticket.opened, ticket.due, ticket.answered, ticket.updated)
    texts = (
        ticket.number, STATES[ticket.state], ticket.urgency, ticket.type, ticket.title, *map(_moment, times),
        ticket.assignee, ticket.cause, ticket.contact, tag(ticket.user), "\n".join(given), "\n".join(history),
    )  # fmt: skip
    return [_holdable(text) for text in texts]


def _said(entry: TicketEntry) -> Iterator[str]:
    yield from (f"{value.label}：{value.text}" for value in entry.values)
    if entry.text:
        yield from entry.text.splitlines()
    yield from map(media_line, entry.media)


def _heading(entry: TicketEntry) -> str:
    """When, who, what."""
    author = on_one_line(f"{_WHO[entry.by]}{f'（{entry.name}）' if entry.name else ''}")
    return f"{_moment(entry.at)} {author} {_EVENTS[entry.event]}"


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _holdable(text: str) -> str:
    """Without the signs that a workbook refuses, and as long as a cell may be."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")[:_CELL_CHARACTERS]
