"""`notices:` in menus.yaml: which events staff hear of, and where."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from wxbot.adapters.content.section import Section

Channel = Literal["wecom", "dingtalk", "feishu", "email"]

_WHERE = "发到哪里：wecom 企业微信、dingtalk 钉钉、feishu 飞书、email 邮件；[] 表示不发"


class NoticesSection(Section):
    handoff: list[Channel] | None = Field(None, description=f"用户要人工时，{_WHERE}", examples=[["wecom", "email"]])
    ticket: list[Channel] | None = Field(None, description=f"有新工单时，{_WHERE}", examples=[["wecom"]])
    overdue: list[Channel] | None = Field(None, description=f"工单快到期或超时时，{_WHERE}", examples=[["email"]])


def notices_of(section: NoticesSection) -> Mapping[str, tuple[str, ...]]:
    """Channels by event; an event that is not written is told wherever there are settings."""
    written: dict[str, list[Channel]] = section.model_dump(exclude_none=True)
    return MappingProxyType({event: tuple(dict.fromkeys(channels)) for event, channels in written.items()})
