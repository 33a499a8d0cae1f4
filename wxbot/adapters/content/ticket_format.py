"""The shape of `tickets:` in menus.yaml."""

from typing import Annotated

from pydantic import Field, WithJsonSchema

from wxbot.adapters.content.fields import Duration, Name, Text, Word, read_count, read_seconds, reader
from wxbot.adapters.content.section import Section
from wxbot.domain.promises import DAY_S, Promise


def _promise(text: str) -> Promise:
    seconds = read_seconds(text)
    return Promise(days=seconds // DAY_S) if text.endswith("天") else Promise(seconds=seconds)


PromiseField = Annotated[
    Promise,
    reader(_promise),
    WithJsonSchema(
        {
            "type": "string",
            "description": "最晚多久回复；小时和分钟按服务时间算，天是有服务的天",
            "examples": ["2小时", "30分钟", "3天"],
        }
    ),
]


class UrgencyWhen(Section):
    form: Name | None = Field(None, description="哪张表单提交的，写它的 id", examples=["account"])
    words: list[Word] = Field([], description="内容里有其中一个词", examples=[["被盗", "盗刷"]])
    tier: str = Field("", description="用户的级别", examples=["企业版"])


class UrgencySection(Section):
    when: UrgencyWhen = Field(UrgencyWhen(), description="什么样的工单，几个条件要同时满足；不写就是其余所有的")
    name: Text = Field(alias="is", description="是哪一级，写 promise 里的名字", examples=["紧急"])


class TicketsSection(Section):
    promise: dict[Text, PromiseField] = Field(
        {}, description="每一级最晚多久给第一次回复", examples=[{"紧急": "2小时", "一般": "8小时"}]
    )
    urgency: list[UrgencySection] = Field([], description="怎么分级，从上往下用第一条符合的")
    nudges: Annotated[int, reader(read_count), WithJsonSchema({"type": "integer", "examples": [3]})] = Field(
        3, description="一张工单一天最多催办几次"
    )
    close_after: Duration = Field(7 * DAY_S, description="标为已解决后，多久自动关闭", examples=["7天"])
    remind_before: Duration = Field(30 * 60, description="到期前多久提醒同事", examples=["30分钟"])
    overdue_every: Duration = Field(4 * 3600, description="超时以后，每隔多久再提醒同事", examples=["4小时"])
    waiting_after: Duration = Field(DAY_S, description="等用户补充时，多久提醒用户一次", examples=["1天"])
