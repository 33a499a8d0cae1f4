"""The `outbound:` section of menus.yaml."""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from wxbot.adapters.content.document import Document, Loc
from wxbot.adapters.content.fields import Text, Url
from wxbot.adapters.content.section import Section
from wxbot.domain.account import CAPABILITIES, AccountType, Capability
from wxbot.domain.outbound import SpareWays, Template
from wxbot.errors import Problem

PLACEHOLDERS = ("text", "name", "time")

_PLACEHOLDER = re.compile(r"\{(\w*)\}")


class TemplateSection(Section):
    id: Text = Field(
        description="模板编号，在公众平台的「模板消息」里", examples=["ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY"]
    )
    fields: Annotated[dict[str, Text], Field(min_length=1)] = Field(
        description="模板里的每一项填什么，可以用 {text} 消息内容、{name} 公众号的名字、{time} 时间",
        examples=[{"thing1": "{text}", "time2": "{time}"}],
    )
    url: Url | None = Field(None, description="点模板消息打开的网址")


class OutboundSection(Section):
    template: TemplateSection | None = Field(None, description="不能发客服消息时改发的模板消息")
    email: bool = Field(False, description="不能发客服消息时，发到用户留下的邮箱")
    sms: bool = Field(False, description="不能发客服消息时，发短信到用户留下的手机号")


def spare_ways_of(section: OutboundSection) -> SpareWays:
    template = section.template
    return SpareWays(
        template=Template(template.id, MappingProxyType(dict(template.fields)), template.url or "")
        if template
        else None,
        email=section.email,
        sms=section.sms,
    )


def problems_of(document: Document, section: OutboundSection, kind: AccountType) -> Iterator[Problem]:
    if not section.template:
        return
    loc: Loc = ("outbound", "template")
    if Capability.TEMPLATE_MESSAGE not in CAPABILITIES[kind]:
        message = f"账号类型是{kind}，不能发模板消息"
        yield document.problem(loc, message, "请删掉 template", key=True, severity="warning")
    for name, text in section.template.fields.items():
        for used in _PLACEHOLDER.findall(text):
            if used not in PLACEHOLDERS:
                hint = "可以用 {text}、{name}、{time}"
                yield document.problem((*loc, "fields", name), f"模板消息里没有「{{{used}}}」可以填", hint)
