"""The shape of a dialog: Chinese keys, for it is read as a conversation. One class a mapping, as in `format`."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticKnownError

from wxbot.adapters.content.fields import Name, Text, read_date, read_days, read_seconds, reader, unfit
from wxbot.adapters.content.section import Section
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.domain.transcript import Start, What

PLAIN: dict[str, What] = {
    "关注": "follow",
    "取关": "unfollow",
    "客服上线": "agent_online",
    "客服下线": "agent_offline",
    "客服接入": "agent_accept",
    "客服转接": "agent_transfer",
    "客服结束": "agent_close",
}
"""Steps that are one word."""

Kind = Literal["表情", "图片", "语音", "视频", "位置", "链接", "文件"]
FaultName = Literal[
    "重复投递", "迟到的重复", "投递丢失", "回答丢失", "事件重复", "结束事件丢失", "客服离开",
    "接口繁忙", "接口变慢", "接口断线", "接口中断", "令牌失效", "额度用完", "窗口关闭",
]  # fmt: skip
OutcomeName = Literal["回复", "不回复", "转人工", "客服接待", "出错"]

MOST_WAITING = 1000
"""Followers that one step may let wait."""


def _plain(text: str) -> What:
    if text in PLAIN:
        return PLAIN[text]
    key = next((key for key in StepSection.written_keys() if text.startswith(key)), "")
    if key:
        rest = text.removeprefix(key).lstrip(":： ")
        raise unfit(f"「{text[:40]}」不是一个步骤", f"写成“{key}: {rest or '……'}”，冒号是半角的，后面空一格")
    raise unfit(
        f"「{text[:40]}」不是一个步骤",
        did_you_mean(text, PLAIN) or f"只有一个词的步骤有：{'、'.join(PLAIN)}；其余写成“说: ……”",
    )


def _tag(text: str) -> str:
    if not re.fullmatch(r"\d{1,9}", text):
        raise unfit(f"「{text[:40]}」不是标签的编号", "写公众平台里标签的编号，例如 101")
    return text


def _people(text: str) -> int:
    found = re.fullmatch(r"(\d{1,4})\s*人", text)
    if not found or not 1 <= int(found[1]) <= MOST_WAITING:
        raise unfit(f"「{text[:40]}」不是人数", f"写成 60人，最多 {MOST_WAITING} 人")
    return int(found[1])


def _start(text: str) -> Start:
    day, _, clock = text.partition(" ")
    found = re.fullmatch(r"\s*(\d{1,2})[:：](\d{2})", clock)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise unfit(f"「{text[:40]}」不是日子和时间", "写成 周三 10:00，或 2027-01-01 10:00")
    minute = int(found[1]) * 60 + int(found[2])
    if day[:1].isdigit():
        return Start(read_date(day), minute)
    days = read_days(day)
    if len(days) != 1:
        raise unfit(f"「{day[:40]}」不止一天", "只写一天，例如 周三 10:00")
    return Start(days[0], minute)


def _several(value: object) -> str:
    return "<list>" if isinstance(value, list) else "<plain>"


Words = Annotated[
    Annotated[Text, Tag("<plain>")] | Annotated[list[Text], Field(min_length=1), Tag("<list>")],
    Discriminator(_several),
]


class _Written(Section):
    """What may be left out, but not be left empty."""

    @field_validator("*", mode="before")
    @classmethod
    def _is_there(cls, value: object) -> object:
        if value is None:
            raise PydanticKnownError("string_type")
        return value


class ExpectSection(_Written):
    answer: Name | None = Field(
        None, alias="答案", description="回复的是这条答案，写它的 id", examples=["reset-password"]
    )
    reply: Words | None = Field(None, alias="回复", description="机器人的回复里有这些字", examples=["欢迎关注"])
    options: list[Text] = Field(
        [], alias="选项", description="可以点的蓝字里有这些", examples=[["常见问题", "人工客服"]]
    )
    message: Words | None = Field(
        None, alias="消息", description="机器人另外发来的客服消息里有这些字；会等它到", examples=["正在为您转接"]
    )
    absent: Words | None = Field(None, alias="没有", description="回复和消息里都没有这些字", examples=["休息时间"])
    outcome: OutcomeName | None = Field(
        None, alias="结果", description="回复、不回复、转人工、客服接待（直接到客服那里）、出错（用户看到服务故障）"
    )

    @model_validator(mode="after")
    def _expects_something(self) -> "ExpectSection":
        if not self.model_fields_set:
            raise unfit("没有写应得什么", "写上 答案、回复、选项、消息、没有、结果 里的一项或几项")
        return self


class StepSection(_Written):
    scan: Text | None = Field(None, alias="扫码", description="扫带参数的二维码，写场景值", examples=["store_12"])
    say: Text | None = Field(None, alias="说", description="用户发的文字", examples=["忘记密码怎么办"])
    speak: Text | None = Field(None, alias="语音", description="用户发的语音，微信识别成这些字")
    send: Kind | None = Field(None, alias="发", description="用户发的不是文字")
    tap: Text | None = Field(
        None, alias="点", description="点聊天里的蓝字，写上面的字", examples=["收不到验证码怎么办"]
    )
    menu: Text | None = Field(None, alias="菜单", description="点底部菜单", examples=["自助服务 / 常见问题"])
    old_key: Text | None = Field(
        None, alias="旧菜单", description="点手机里没更新的旧菜单，写按键值", examples=["MENU_FAQ"]
    )
    agent_say: Text | None = Field(None, alias="客服说", description="接待着用户的客服发的文字")
    tag: Annotated[str, reader(_tag), WithJsonSchema({"type": "string"})] | None = Field(
        None,
        alias="标签",
        description="在后台给用户打上标签，写标签的编号，和 menus.yaml 里的 tag 一样",
        examples=["101"],
    )
    queue: Annotated[
        int | None,
        reader(_people),
        WithJsonSchema({"type": "string", "description": "又来了这么多人排队等客服", "examples": ["60人"]}),
    ] = Field(None, alias="排队")
    wait: Annotated[
        int | None,
        reader(read_seconds),
        WithJsonSchema({"type": "string", "description": "过了多久", "examples": ["31分钟"]}),
    ] = Field(None, alias="过")
    fault: FaultName | None = Field(None, alias="故障", description="接下来出一次什么故障")
    expect: ExpectSection | None = Field(None, alias="应得", description="前面这一步之后应该得到什么")

    @classmethod
    def written_keys(cls) -> list[str]:
        return [str(info.alias) for info in cls.model_fields.values()]

    @model_validator(mode="after")
    def _is_one_step(self) -> "StepSection":
        if len(self.model_fields_set) != 1:
            several = bool(self.model_fields_set)
            raise unfit("一步里写了几件事" if several else "这一步是空的", "每一步只写一件事，各用一个“- ”开头")
        return self


PlainStep = Annotated[What, reader(_plain), WithJsonSchema({"enum": list(PLAIN)})]


def _step_shape(value: object) -> str:
    return "<plain>" if isinstance(value, str) else "<step>"


class DialogFile(Section):
    skeleton: ClassVar[dict[str, str]] = {"对话": "……"}

    title: Text = Field(alias="对话", description="这段对话演的是什么", examples=["忘记密码，点了相关问题，再转人工"])
    start: Annotated[
        Start | None,
        reader(_start),
        WithJsonSchema(
            {
                "type": "string",
                "description": "开始的时间；不写就是现在",
                "examples": ["周三 10:00", "2027-01-01 10:00"],
            }
        ),
    ] = Field(None, alias="时间")
    steps: list[
        Annotated[
            Annotated[PlainStep, Tag("<plain>")] | Annotated[StepSection, Tag("<step>")],
            Discriminator(_step_shape),
        ]
    ] = Field([], alias="步骤", description="从上往下一步步做；每一步是一个词，或一组“键: 值”")
