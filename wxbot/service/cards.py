"""Cards: what staff read about a conversation. The one place where they are worded."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from wxbot.domain.handoff import Handoff, Reason, State
from wxbot.domain.history import Line
from wxbot.domain.job import Notify
from wxbot.domain.personal import masked
from wxbot.domain.ticket import Event, Ticket, TicketEntry

REASONS = {
    Reason.ASKED: "用户要求",
    Reason.MENU: "菜单",
    Reason.TOPIC: "选了话题",
    Reason.KEYWORD: "关键词",
    Reason.MISSES: "多次没答上",
    Reason.ANGER: "用户生气",
    Reason.LOW_RATING: "评价低",
    Reason.AGENT: "客服主动接入",
}
STATES = {
    State.WAITING: "排队中",
    State.SERVED: "客服接待中",
    State.CLOSED: "已结束",
    State.LEFT: "用户离开",
    State.MISSED: "没有等到客服",
}
WHO = {"user": "用户", "bot": "机器人", "agent": "客服"}

TICKET_NEWS = {
    Event.OPENED: "新工单",
    Event.APPENDED: "工单有补充",
    Event.ANSWERED: "用户回答了追问",
    Event.NUDGED: "用户催办",
    Event.REOPENED: "工单重新打开",
}
"""What followers do that staff have to act upon."""

CARD_LINES, CARD_CHARACTERS = 8, 80
"""Lines of the talk on a card, and signs of each: a card is for a glance."""


def handoff_card(handoff: Handoff) -> Notify:
    """What an agent should know before picking it up; names nobody and shows no number whole."""
    return Notify("handoff", f"有用户需要人工：{REASONS[handoff.reason]}", tuple(_handoff_lines(handoff)), handoff.user)


def ticket_card(ticket: Ticket, entry: TicketEntry, zone: str) -> Notify:
    """What staff should know of a ticket; names nobody and shows no number of the follower's whole."""
    overdue = entry.event is Event.REMINDED
    what = ("工单超时" if entry.at >= ticket.due else "工单快到期") if overdue else TICKET_NEWS[entry.event]
    lines = tuple(_ticket_lines(ticket, entry, ZoneInfo(zone)))
    return Notify("overdue" if overdue else "ticket", f"{what}：{ticket.number}", lines, ticket.user)


def _ticket_lines(ticket: Ticket, entry: TicketEntry, zone: ZoneInfo) -> Iterator[str]:
    due = datetime.fromtimestamp(ticket.due, zone).strftime("%m-%d %H:%M") if ticket.is_promised else ""
    pictures = f"另有 {len(entry.media)} 个图片、语音或视频" if entry.media else ""
    facts = {
        "级别": ticket.urgency,
        "类型": ticket.type,
        "标题": masked(ticket.title),
        "内容": _cut(masked(" ".join(entry.text.split()))) + pictures,
        "最晚回复": due,
        "负责人": ticket.assignee,
    }
    yield from (f"{name}：{value}" for name, value in facts.items() if value)


def _cut(words: str) -> str:
    return words if len(words) <= CARD_CHARACTERS else f"{words[:CARD_CHARACTERS]}…"


def _handoff_lines(handoff: Handoff) -> Iterator[str]:
    facts = {
        "话题": handoff.topic,
        "级别": handoff.tier,
        "未完工单": "、".join(handoff.tickets),
        "已给过的答案": "、".join(handoff.tried),
    }
    yield from (f"{name}：{value}" for name, value in facts.items() if value)
    if handoff.history:
        yield "最近的对话："
    yield from (line_of_talk(line) for line in handoff.history[-CARD_LINES:])


def line_of_talk(line: Line, characters: int = CARD_CHARACTERS) -> str:
    """One line, numbers and addresses masked, cut to so many signs."""
    words = masked(" ".join(line.text.split()))
    return f"{WHO[line.who]}：{words if len(words) <= characters else words[:characters] + '…'}"
