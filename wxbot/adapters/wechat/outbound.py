"""Replies → the XML that WeChat shows (protocol 3.2), whatever characters operators and users put into them."""

import re

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
    shown = _shown(reply)
    if not shown:
        return ""
    kind, elements = shown
    return (
        f"<xml>{_words('ToUserName', inbound.user)}{_words('FromUserName', inbound.account)}"
        f"<CreateTime>{at}</CreateTime>{_words('MsgType', kind)}{elements}</xml>"
    )


def _shown(reply: Reply) -> tuple[str, str] | None:
    """Type of the message and the elements of that type; None where there is nothing to show."""
    match reply:
        case TextPart(text):
            # The dialogue has cut the text already; whatever slips through is cut rather than refused by WeChat.
            pieces = split_text(legal(text))
            return ("text", _words("Content", pieces[0])) if pieces else None
        case Transfer(account):
            return "transfer_customer_service", _agent(account)
        case ImagePart(media_id):
            return "image", f"<Image>{_words('MediaId', media_id)}</Image>"
        case VoicePart(media_id):
            return "voice", f"<Voice>{_words('MediaId', media_id)}</Voice>"
        case VideoPart(media_id, title, description):
            words = f"{_words('MediaId', media_id)}{_words('Title', title)}{_words('Description', description)}"
            return "video", f"<Video>{words}</Video>"
        case ArticlePart():
            return "news", f"<ArticleCount>1</ArticleCount><Articles><item>{_card(reply)}</item></Articles>"
        case Silence():
            return None


def _agent(account: str) -> str:
    """The one agent who is to have it, where that is a name that WeChat would take."""
    known = _KF_ACCOUNT.fullmatch(account)
    return f"<TransInfo>{_words('KfAccount', account)}</TransInfo>" if known else ""


def _card(card: ArticlePart) -> str:
    return (
        f"{_words('Title', card.title)}{_words('Description', card.description)}"
        f"{_words('PicUrl', card.picture)}{_words('Url', card.url)}"
    )


def _words(name: str, text: str) -> str:
    return f"<{name}><![CDATA[{cdata(text)}]]></{name}>"
