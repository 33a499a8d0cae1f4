"""Cards: what staff read about a conversation. The one place where they are worded."""

from collections.abc import Iterator

from wxbot.domain.handoff import Handoff, Reason, State
from wxbot.domain.history import Line
from wxbot.domain.job import Notify
from wxbot.domain.personal import masked

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

CARD_LINES, CARD_CHARACTERS = 8, 80
"""Lines of the talk on a card, and signs of each: a card is for a glance."""


def handoff_card(handoff: Handoff) -> Notify:
    """What an agent should know before picking it up; names nobody and shows no number whole."""
    return Notify("handoff", f"有用户需要人工：{REASONS[handoff.reason]}", tuple(_handoff_lines(handoff)), handoff.user)


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
