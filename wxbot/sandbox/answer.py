"""What the follower sees of the bot's answer to a delivery (protocol 3.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from wxbot.sandbox.wire import InvalidAnswer

MediaKind = Literal["image", "voice", "video", "music"]
Kind = Literal["silence", "text", "news", "transfer", "ai"] | MediaKind

BROKEN = "该公众号提供的服务出现故障，请稍后再试"
"""What the follower reads when no valid answer came (protocol 3.1)."""

TEXT_BYTES = 2048
ARTICLES_TO_A_MESSAGE, ARTICLES_TO_AN_EVENT = 1, 8


@dataclass(frozen=True, slots=True)
class Article:
    title: str
    url: str = ""
    description: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """
    One passive reply. kind `silence`: nothing is shown; `transfer`: the message went to the agents; `ai`: to WeChat's
    own AI reply.

    account: the agent named in a transfer, '' for any. articles: no more than WeChat shows. url, hq_url: of music.
    tries: deliveries it took.
    """

    kind: Kind
    text: str = ""
    media_id: str = ""
    title: str = ""
    description: str = ""
    articles: tuple[Article, ...] = ()
    account: str = ""
    url: str = ""
    hq_url: str = ""
    tries: int = 1


SILENCE = Reply("silence")


def read_reply(fields: Mapping[str, Any], *, user: str, account: str, to_event: bool) -> Reply:
    """
    The reply in these fields.

    Args:
        user, account: openid and `gh_…` id of the message that is answered.

    Raises:
        InvalidAnswer: names the first thing that WeChat would not take.
    """
    if (fields.get("ToUserName"), fields.get("FromUserName")) != (user, account):
        raise InvalidAnswer("ToUserName and FromUserName are not those of the message, swapped")
    if not str(fields.get("CreateTime") or "").isdigit():
        raise InvalidAnswer("CreateTime is not a number")
    kind = str(fields.get("MsgType"))
    if kind == "transfer_customer_service":
        return Reply("transfer", account=_text(_child(fields, "TransInfo", optional=True), "KfAccount"))
    if kind == "transfer_biz_ai_ivr":
        if to_event:
            raise InvalidAnswer("an event cannot be handed to WeChat's AI reply, only messages")
        return Reply("ai")
    if kind == "text":
        return Reply("text", text=_content(fields))
    if kind == "news":
        return Reply("news", articles=_articles(fields, ARTICLES_TO_AN_EVENT if to_event else ARTICLES_TO_A_MESSAGE))
    if kind in get_args(MediaKind):
        return _media(kind, _child(fields, kind.capitalize()))  # type: ignore[arg-type]
    raise InvalidAnswer(f"unknown MsgType {kind}")


def _content(fields: Mapping[str, Any]) -> str:
    content = fields.get("Content")
    if not isinstance(content, str) or not content:
        raise InvalidAnswer("a text without Content")
    if len(content.encode()) > TEXT_BYTES:
        raise InvalidAnswer(f"Content is longer than {TEXT_BYTES} bytes")
    return content


def _media(kind: MediaKind, child: Mapping[str, Any]) -> Reply:
    media_id = _text(child, "ThumbMediaId" if kind == "music" else "MediaId")
    if not media_id:
        raise InvalidAnswer(f"{kind} without a media id")
    title, description = _text(child, "Title"), _text(child, "Description")
    if kind == "music":
        url, hq_url = _text(child, "MusicUrl"), _text(child, "HQMusicUrl")
        return Reply(kind, media_id=media_id, title=title, description=description, url=url, hq_url=hq_url)
    return Reply(kind, media_id=media_id, title=title, description=description)


def _articles(fields: Mapping[str, Any], shown: int) -> tuple[Article, ...]:
    items = _child(fields, "Articles").get("item")
    articles: list[Any] = items if isinstance(items, list) else [items]
    if not all(isinstance(article, dict) for article in articles):
        raise InvalidAnswer("news without articles")
    if str(fields.get("ArticleCount")) != str(len(articles)):
        raise InvalidAnswer("ArticleCount is not the number of articles")
    return tuple(_article(article) for article in articles[:shown])


def _article(item: Mapping[str, Any]) -> Article:
    return Article(_text(item, "Title"), _text(item, "Url"), _text(item, "Description"), _text(item, "PicUrl"))


def _child(fields: Mapping[str, Any], name: str, *, optional: bool = False) -> Mapping[str, Any]:
    child = fields.get(name)
    if isinstance(child, dict):
        return child
    if optional and child is None:
        return {}
    raise InvalidAnswer(f"<{name}> is missing or empty")


def _text(fields: Mapping[str, Any], name: str) -> str:
    return str(fields.get(name) or "")
