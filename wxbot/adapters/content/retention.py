"""The `retention:` section of menus.yaml."""

from collections.abc import Iterator

from pydantic import Field

from wxbot.adapters.content.document import Document
from wxbot.adapters.content.fields import Duration
from wxbot.adapters.content.section import Section
from wxbot.domain.retention import BOUNDS, DAY_S, Limits
from wxbot.errors import Problem

_DEFAULT = Limits()


class RetentionSection(Section):
    tickets: Duration = Field(
        _DEFAULT.tickets, description="工单关闭多久以后清空内容，只留编号、类型和时间", examples=["365天"]
    )
    unfollowed: Duration = Field(
        _DEFAULT.unfollowed, description="取消关注的用户，工单关闭多久以后清空内容", examples=["30天"]
    )
    media: Duration = Field(
        _DEFAULT.media, description="图片语音视频保存多久；工单、转人工没结束的一直保存", examples=["180天"]
    )
    handoffs: Duration = Field(_DEFAULT.handoffs, description="转人工的记录在结束后保存多久", examples=["90天"])
    questions: Duration = Field(_DEFAULT.questions, description="用户问过的问题和评价保存多久", examples=["90天"])


def limits_of(section: RetentionSection) -> Limits:
    return Limits(**dict(section))


def problems_of(document: Document, section: RetentionSection) -> Iterator[Problem]:
    for name, (shortest, longest) in BOUNDS.items():
        if not shortest <= getattr(section, name) <= longest:
            hint = f"写 {shortest // DAY_S}天 到 {longest // DAY_S}天"
            yield document.problem(("retention", name), "保存的时间太短或太长", hint)
    if section.unfollowed > section.tickets:
        message = "取消关注的用户，工单反而保存得更久"
        hint = "unfollowed 请写得不比 tickets 长"
        yield document.problem(("retention", "unfollowed"), message, hint, severity="warning")
