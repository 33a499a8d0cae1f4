"""The shape of `guides:` and `forms:` in menus.yaml. What needs more than one piece of them is checked in `flows`."""

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from wxbot.adapters.content.fields import Label, Name, Text, Word, read_action, reader, unfit
from wxbot.adapters.content.section import OPTIONS_LIMIT, Section
from wxbot.domain.action import Action
from wxbot.domain.flow import FieldKind

SOLVED: Literal["solved"] = "solved"
PICTURES_LIMIT = 9
"""As many as WeChat lets people pick at once."""
TEXT_LIMIT = 2000
DEFAULT_LIMITS: dict[FieldKind, tuple[int, int]] = {"text": (1, 1000), "pictures": (1, 5)}
"""Kinds that have a least and a most."""


def _end(text: str) -> Action | Literal["solved"]:
    return SOLVED if text == SOLVED else read_action(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= TEXT_LIMIT):
        raise unfit(f"「{text[:40]}」不是个数", f"写 1 到 {TEXT_LIMIT} 的整数")
    return int(text)


End = Annotated[
    Action | Literal["solved"],
    reader(_end),
    WithJsonSchema(
        {
            "type": "string",
            "description": "排查到此结束：solved 解决了；或者任何动作，例如 ticket:<表单>、answer:<id>、human",
            "examples": [SOLVED, "ticket:problem", "human"],
        }
    ),
]
Count = Annotated[int | None, reader(_count), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": TEXT_LIMIT})]


class ChoiceSection(Section):
    label: Label = Field(description="显示给用户的蓝字", examples=["解决了"])
    goto: Name | None = Field(None, description="接着做哪一步，写那一步的 id")
    end: End | None = None
    words: list[Word] = Field([], description="用户还会怎么说这个意思", examples=[["好了", "可以了"]])

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "ChoiceSection":
        if (self.goto is None) == (self.end is None):
            what = "没有写接着做什么" if self.goto is None else "既有 goto 又有 end"
            raise unfit(f"选项「{self.label}」{what}", "goto 写下一步的 id，end 写 solved 或一个动作，只写一个")
        return self


class GuideStepSection(Section):
    id: Name = Field(description="这一步的名字，同一个排查里不能重复", examples=["restart"])
    text: Text = Field(description="说给用户的话", examples=["请重启后再试。解决了吗？"])
    choices: list[ChoiceSection] = Field(min_length=1, max_length=OPTIONS_LIMIT, description="用户可以选的，最多 9 个")


class GuideSection(Section):
    name: Label = Field(description="这个排查叫什么", examples=["文件打不开"])
    words: list[Word] = Field([], description="用户发这些话时直接开始", examples=[["排查文件打不开"]])
    steps: list[GuideStepSection] = Field(min_length=1, description="每一步，从第一步开始")


class FieldSection(Section):
    id: Name = Field(description="这一项的名字，同一个表单里不能重复", examples=["contact"])
    ask: Text = Field(description="怎么问用户", examples=["请留一个手机号"])
    kind: FieldKind = Field(
        "text",
        description="text 文字、choice 选择、phone 电话、email 邮箱、version 版本号、datetime 时间、pictures 图片",
    )
    name: Label | None = Field(None, description="核对时显示的名称；不写就用 ask", examples=["手机号"])
    optional: bool = Field(False, description="写 true 时用户可以跳过")
    remember: bool = Field(False, description="写 true 时记住，下次不用再填；几个表单里写同样的 id 就通用")
    min: Count = Field(None, description="text 最少几个字，pictures 最少几张")
    max: Count = Field(None, description="text 最多几个字，pictures 最多几张")
    choices: Annotated[list[Label], Field(max_length=OPTIONS_LIMIT)] = Field(
        [], description="choice 的选项，2 到 9 个", examples=[["Windows", "macOS"]]
    )
    past: bool = Field(False, description="datetime 写 true 时，不能是将来的时间")

    @property
    def limits(self) -> tuple[int, int]:
        """The least and the most: characters or pictures."""
        least, most = DEFAULT_LIMITS.get(self.kind, (1, 1))
        return self.min or least, self.max or max(most, self.min or least)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "FieldSection":
        if problem := self._fault():
            raise problem
        return self

    def _fault(self) -> PydanticCustomError | None:
        if self.kind == "choice" and len(self.choices) < 2:
            return unfit(f"「{self.id}」是选择题，却没有写选项", "写上 choices: [甲, 乙]，2 到 9 个")
        if self.kind != "choice" and self.choices:
            return unfit(f"「{self.id}」的 kind 是 {self.kind}，用不到 choices", "改成 kind: choice，或删掉 choices")
        if self.kind not in DEFAULT_LIMITS and (self.min or self.max):
            return unfit(f"「{self.id}」的 kind 是 {self.kind}，用不到 min 和 max", "只有 text 和 pictures 能写个数")
        if self.min and self.max and self.min > self.max:
            return unfit(f"「{self.id}」的 min 比 max 大", "请把小的写在 min")
        if self.kind == "pictures" and self.limits[1] > PICTURES_LIMIT:
            return unfit(f"「{self.id}」要的图片太多", f"max 最多写 {PICTURES_LIMIT}")
        if self.past and self.kind != "datetime":
            return unfit(f"「{self.id}」的 kind 是 {self.kind}，用不到 past", "只有 datetime 能写 past")
        return None


class FormSection(Section):
    name: Label = Field(description="这个表单叫什么", examples=["反馈问题"])
    type: str = Field("", description="工单的类型；不写就用 name", examples=["技术问题"])
    intro: str = Field("", description="开始时说的话")
    words: list[Word] = Field([], description="用户发这些话时直接开始", examples=[["我要反馈"]])
    fields: list[FieldSection] = Field(min_length=1, description="要问的每一项，按顺序")
    ends: Literal["ticket", "binding"] = Field(
        "ticket", description="填完做什么：ticket 开工单；binding 交给你们的系统核对，绑定用户的账号"
    )
    confirm: bool = Field(True, description="提交前让用户核对一遍；写 false 就不核对")
    done: str = Field("", description="提交后的回执，可以用 {number} 编号、{promise} 答复时间；不写就用自带的")

    @model_validator(mode="after")
    def _fits_its_end(self) -> "FormSection":
        if self.ends == "binding" and (self.type or self.done):
            raise unfit(f"「{self.name}」填完是绑定账号，没有工单", "请删掉 type 和 done，或把 ends 改成 ticket")
        if self.ends == "binding" and all(field.kind == "pictures" for field in self.fields):
            raise unfit(f"「{self.name}」只要图片，没有可以核对的内容", "请加一项 kind: phone 或 kind: text")
        return self
