"""One reply of the back office, as the parts of an answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

Json = dict[str, Any]
Part = str | Mapping[str, Any]
"""As the answer files write it."""

Kind = Literal["image", "voice", "video"]

NAMES = {"text": "文字", "img": "图片", "voice": "语音", "video": "视频", "news": "图文"}
_KINDS: Mapping[str, Kind] = {"img": "image", "voice": "voice", "video": "video"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")


@dataclass(frozen=True, slots=True)
class Medium:
    """A picture, voice or video. source: its temporary media id, or its address."""

    kind: Kind
    source: str


@dataclass(frozen=True, slots=True)
class Carried:
    """
    What has become of a medium.

    media_id: permanent, '' where there is none; why: then the reason and the cure. file: where it is kept, or ''.
    """

    media_id: str = ""
    why: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """kind: `text`, `img`, `voice`, `video`, `news`, or one that came later. content: a text or a medium."""

    kind: str
    content: str = ""
    articles: tuple[Json, ...] = ()

    @property
    def name(self) -> str:
        return NAMES.get(self.kind, self.kind or "不明")

    @property
    def medium(self) -> Medium | None:
        return Medium(_KINDS[self.kind], self.content) if self.kind in _KINDS and self.content else None

    @property
    def summary(self) -> str:
        if self.kind == "text":
            return shortened(self.content)
        titles = "、".join(str(article.get("title", "")) for article in self.articles)
        return f"[{self.name}{f'：{titles}' if titles else ''}]"


def reply_of(data: Any, content: str = "content") -> Reply | None:
    """
    A reply of a rule, or with `value` for `content` a button that was made in the back office.

    None where nothing is set.
    """
    if not isinstance(data, dict):
        return None
    articles = (data.get("news_info") or {}).get("list") or []
    reply = Reply(str(data.get("type") or ""), clean(data.get(content)), tuple(articles))
    return reply if reply.content or reply.articles else None


def parts_of(reply: Reply, carried: Mapping[Medium, Carried], lost: list[str]) -> Iterator[Part]:
    """Its parts; one sentence in `lost` for what cannot be one."""
    if reply.kind == "text":
        yield reply.content
    elif reply.medium:
        found = carried.get(reply.medium, Carried(why="没有取到文件"))
        if found.media_id:
            yield {reply.medium.kind: found.media_id}
        else:
            lost.append(f"{reply.name}没有写入：{found.why}")
    elif reply.articles:
        yield from _articles(reply, lost)
    else:
        lost.append(f"不认识的回复类型 {reply.kind}，没有写入：请在后台看看原来的内容，再手工写进答案")


def _articles(reply: Reply, lost: list[str]) -> Iterator[Part]:
    for article in reply.articles:
        title, url = clean(article.get("title")), str(article.get("content_url") or article.get("source_url") or "")
        if not title or not is_link(url):
            lost.append(f"图文“{title}”没有可用的网址，没有写入：发表这篇文章后，用它的链接写一个 article")
            continue
        card = {"title": title, "url": url, "description": clean(article.get("digest"))}
        picture = str(article.get("cover_url") or "")
        if is_link(picture):
            card["picture"] = picture
        yield {"article": {name: value for name, value in card.items() if value}}


def is_link(url: str) -> bool:
    """Whether the files take it as an address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", url)


def clean(text: object) -> str:
    """With line ends as the files have them, and without what they cannot hold."""
    plain = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in _CONTROL.sub("", plain).split("\n")).strip()


def shortened(text: str, most: int = 30) -> str:
    """On one line."""
    line = " ".join(text.split())
    return f"{line[:most]}…" if len(line) > most else line
