"""Customer-service messages and the typing hint (protocol 4.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wxbot.sandbox.agents import Agents
from wxbot.sandbox.followers import Follower, Followers
from wxbot.sandbox.media import Media
from wxbot.sandbox.refusal import OK, Json, Refusal

TEXT_BYTES = 2048
FIELDS: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "video": ("media_id",),
    "music": ("musicurl", "hqmusicurl", "thumb_media_id"),
    "news": ("articles",),
    "mpnews": ("media_id",),
    "mpnewsarticle": ("article_id",),
    "msgmenu": ("list",),
    "wxcard": ("card_id",),
    "miniprogrampage": ("title", "appid", "pagepath", "thumb_media_id"),
}
"""What each type cannot do without."""


@dataclass(slots=True)
class Messages:
    """
    media: what messages may refer to. show: puts a checked message on the phone, in the name of an agent or of ''.
    """

    followers: Followers
    media: Media
    agents: Agents
    show: Callable[[Follower, Json, str], None]

    def send(self, request: Json) -> Json:
        follower = self._to(request)
        kind = request.get("msgtype")
        if kind not in FIELDS:
            raise Refusal(40008, "invalid message type")
        content = request.get(kind)
        self._check(kind, content if isinstance(content, dict) else {})
        agent = self._speaker(request.get("customservice"))
        self.followers.charge(follower)
        self.followers.deliver(follower, request)
        self.show(follower, request, agent)
        return OK

    def typing(self, request: Json) -> Json:
        follower = self._to(request)
        command = request.get("command")
        if command not in ("Typing", "CancelTyping"):
            raise Refusal(45072, "invalid command")
        self.followers.type(follower, on=command == "Typing")
        return OK

    def _to(self, request: Json) -> Follower:
        return self.followers.get(str(request.get("touser", "")))

    def _speaker(self, named: Any) -> str:
        """The agent in whose name the message goes out, '' for none."""
        account = named.get("kf_account") if isinstance(named, dict) else None
        return self.agents.get(account).account if account else ""

    def _check(self, kind: str, content: Json) -> None:
        for name in FIELDS[kind]:
            value = content.get(name)
            if name.endswith("media_id") and not self.media.find(value):
                raise Refusal(40007, f"invalid media_id hint: {name}")
            if not value or (isinstance(value, str) and not value.strip()):
                raise Refusal(*_EMPTY.get(kind, (44004, "empty content")))
        if kind == "text" and len(str(content["content"]).encode()) > TEXT_BYTES:
            raise Refusal(45002, "content size out of limit")
        if kind == "news":
            _check_articles(content["articles"])
        if kind == "msgmenu":
            _check_entries(content["list"])


_EMPTY = {"news": (44003, "empty news data")}


def _check_articles(articles: Any) -> None:
    if not isinstance(articles, list) or not all(isinstance(article, dict) for article in articles):
        raise Refusal(47001, "data format error")
    if len(articles) > 1:
        raise Refusal(45008, "article size out of limit")
    if not articles[0].get("title"):
        raise Refusal(44003, "empty news data")


def _check_entries(entries: Any) -> None:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refusal(47001, "data format error")
    if not all(entry.get("id") and entry.get("content") for entry in entries):
        raise Refusal(44004, "empty content")
