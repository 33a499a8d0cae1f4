"""Replies and messages of the account → what the follower sees (protocol 3.2, 4.4)."""

from collections.abc import Callable

from wxbot.sandbox.answer import Article, Reply
from wxbot.sandbox.chat import Content
from wxbot.sandbox.markup import parts
from wxbot.sandbox.refusal import Json


def text(words: str) -> Content:
    return Content("text", {"text": words, "parts": parts(words)})


def medium(kind: str, media_id: str, **more: str) -> Content:
    return Content(kind, {"media_id": media_id, "url": media_path(media_id), **more})


def media_path(media_id: str) -> str:
    """Where the platform serves it, below its host."""
    return f"/sandbox/media/{media_id}" if media_id else ""


def of_reply(reply: Reply) -> Content | None:
    """None for what shows nothing: silence and transfers."""
    match reply.kind:
        case "silence" | "transfer" | "ai":
            return None
        case "text":
            return text(reply.text)
        case "news":
            return Content("news", {"articles": [_article(article) for article in reply.articles]})
        case "music":
            tune = {"title": reply.title, "description": reply.description, "url": reply.url, "hq_url": reply.hq_url}
            return Content("music", tune)
        case "video":
            return medium("video", reply.media_id, title=reply.title, description=reply.description)
        case "image":
            return medium("image", reply.media_id)
        case "voice":
            return medium("voice", reply.media_id, recognition="")


def of_custom(body: Json) -> Content:
    """A customer-service message that was checked before."""
    kind = str(body["msgtype"])
    content = _CUSTOM[kind](body[kind])
    if (body.get("aimsgcontext") or {}).get("is_ai_msg"):
        return Content(content.kind, {**content.fields, "ai": True})
    return content


def _menu(content: Json) -> Content:
    entries = [{"id": str(entry["id"]), "content": str(entry["content"])} for entry in content["list"]]
    head, tail = (parts(str(content.get(name) or "")) for name in ("head_content", "tail_content"))
    return Content("msgmenu", {"head": head, "tail": tail, "entries": entries})


def _mini_program(content: Json) -> Content:
    picture = media_path(str(content.get("thumb_media_id") or ""))
    fields = {"title": content["title"], "appid": content["appid"], "path": content["pagepath"], "picture": picture}
    return Content("miniprogram", fields)


def _news(content: Json) -> Content:
    articles = [
        {
            "title": article.get("title", ""),
            "description": article.get("description", ""),
            "url": article.get("url", ""),
            "picture": article.get("picurl", ""),
        }
        for article in content["articles"]
    ]
    return Content("news", {"articles": articles})


def _published(content: Json) -> Content:
    """An article that the account published: only its id is known here."""
    number = str(content.get("article_id") or content.get("media_id"))
    return Content("news", {"articles": [{"title": number, "description": "", "url": "", "picture": ""}]})


def _video(content: Json) -> Content:
    title, description = (str(content.get(name) or "") for name in ("title", "description"))
    return medium("video", content["media_id"], title=title, description=description)


def _music(content: Json) -> Content:
    wanted = {"title": "title", "description": "description", "url": "musicurl", "hq_url": "hqmusicurl"}
    return Content("music", {name: str(content.get(given) or "") for name, given in wanted.items()})


_CUSTOM: dict[str, Callable[[Json], Content]] = {
    "text": lambda content: text(str(content["content"])),
    "image": lambda content: medium("image", content["media_id"]),
    "voice": lambda content: medium("voice", content["media_id"], recognition=""),
    "video": _video,
    "music": _music,
    "news": _news,
    "mpnews": _published,
    "mpnewsarticle": _published,
    "msgmenu": _menu,
    "wxcard": lambda content: Content("card", {"card_id": content["card_id"]}),
    "miniprogrampage": _mini_program,
}


def _article(article: Article) -> Json:
    return {
        "title": article.title,
        "description": article.description,
        "url": article.url,
        "picture": article.picture,
    }
