"""Replies → the XML that WeChat shows (protocol 3.2), whatever characters operators and users put into them."""

import re
from typing import Any

from wechatpy.replies import ArticlesReply, ImageReply, TextReply, TransferCustomerServiceReply, VideoReply, VoiceReply

from wxbot.adapters.wechat.markup import cdata, legal
from wxbot.domain.message import Inbound
from wxbot.domain.reply import (
    ArticlePart,
    ImagePart,
    Reply,
    Silence,
    TextPart,
    Transfer,
    VideoPart,
    VoicePart,
    split_text,
)

_KF_ACCOUNT = re.compile(r"[A-Za-z0-9_]+@[A-Za-z0-9_-]+")


def render(reply: Reply, inbound: Inbound, at: int) -> str:
    """The reply's XML, '' for silence. at: unix seconds, the CreateTime."""
    envelope = {"source": inbound.account, "target": inbound.user, "time": at}
    match reply:
        case TextPart(text):
            # The dialogue has cut the text already; whatever slips through is cut rather than refused by WeChat.
            pieces = split_text(legal(text))
            return _xml(TextReply(content=cdata(pieces[0]), **envelope)) if pieces else ""
        case Transfer(account):
            return _xml(_TransferReply(account=account, **envelope))
        case ImagePart(media_id):
            return _xml(ImageReply(image=cdata(media_id), **envelope))
        case VoicePart(media_id):
            return _xml(VoiceReply(voice=cdata(media_id), **envelope))
        case VideoPart(media_id, title, description):
            video = {"media_id": cdata(media_id), "title": cdata(title), "description": cdata(description)}
            return _xml(VideoReply(video=video, **envelope))
        case ArticlePart(title, url, description, picture):
            card = {"title": title, "url": url, "description": description, "image": picture}
            return _xml(ArticlesReply(articles=[{k: cdata(v) for k, v in card.items()}], **envelope))
        case Silence():
            return ""


class _TransferReply(TransferCustomerServiceReply):  # type: ignore[misc]
    """wechatpy cannot name the agent (protocol 3.2)."""

    def render(self) -> str:
        xml: str = super().render()
        if not _KF_ACCOUNT.fullmatch(self.account):
            return xml
        named = f"<TransInfo><KfAccount><![CDATA[{self.account}]]></KfAccount></TransInfo></xml>"
        return xml.replace("</xml>", named)


def _xml(reply: Any) -> str:
    xml: str = reply.render()
    return xml
