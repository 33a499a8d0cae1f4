"""The two ways from a terminal to a bot: over the rehearsal platform, or straight to the webhook of a deployment."""

import itertools
from collections.abc import Callable, Sequence
from typing import Protocol

import requests

from wxbot.sandbox.answer import BROKEN
from wxbot.sandbox.bubbles import of_reply
from wxbot.sandbox.contents import UNSUPPORTED
from wxbot.sandbox.delivery import Delivery, NoValidAnswer, Reply
from wxbot.sandbox.refusal import Json

ANSWER_S = 30
"""Seconds that a bot may take, with all its tries."""


class Line(Protocol):
    """What one user does, and the bubbles that come of it, as docs/rehearsal.md describes them."""

    def do(self, what: str, **fields: object) -> str:
        """The outcome; the bubbles are among the news."""

    def menu(self) -> list[Json]:
        """The buttons of the bottom menu, as WeChat's API has them."""

    def press(self, path: Sequence[int]) -> str:
        """Tap a button, `[button]` or `[button, item]` from 0; the outcome."""

    def news(self) -> list[Json]:
        """Bubbles since the last call."""


class PlatformLine:
    """Over the side door of the platform, which keeps the chat."""

    def __init__(self, url: str, openid: str) -> None:
        self._user = f"{url}/sandbox/users/{openid}"
        self._seen = 0
        joined = requests.post(f"{url}/sandbox/users", json={"openid": openid, "name": "终端用户"}, timeout=5)
        if joined.status_code == requests.codes.conflict:  # who talks again sees what is new
            self._seen = int(requests.get(self._user, timeout=5).json()["chat"])

    def do(self, what: str, **fields: object) -> str:
        answer = requests.post(
            f"{self._user}/do", json={"what": what, "wait": ANSWER_S, **fields}, timeout=2 * ANSWER_S
        )
        told = answer.json()
        return str(told["outcome"]) if answer.ok else str(told["error"])

    def menu(self) -> list[Json]:
        return list(requests.get(self._user, timeout=5).json()["menu"])

    def press(self, path: Sequence[int]) -> str:
        return self.do("menu", path=list(path))

    def news(self) -> list[Json]:
        answer = requests.get(f"{self._user}/chat", params={"since": self._seen}, timeout=5)
        bubbles: list[Json] = answer.json()["bubbles"]
        self._seen += len(bubbles)
        return bubbles


class WebhookLine:
    """
    Straight to a bot that may be in production: what it sends by API is not seen here.

    buttons: of the menu that is declared, since the live one cannot be seen either.
    """

    def __init__(self, delivery: Delivery, openid: str, buttons: Sequence[Json]) -> None:
        self._delivery, self._openid, self._buttons = delivery, openid, list(buttons)
        self._news: list[Json] = []
        self._numbers = itertools.count(1)

    def do(self, what: str, **fields: object) -> str:
        return self._deliver(lambda: self._push(what, {name: str(value) for name, value in fields.items()}))

    def menu(self) -> list[Json]:
        return self._buttons

    def press(self, path: Sequence[int]) -> str:
        delivery, openid, button = self._delivery, self._openid, self._button(path)
        match button["type"]:
            case "view":
                self._add("system", {"kind": "note", "code": "opened", "text": f"打开网页 {button['url']}"})
                return self._deliver(lambda: delivery.view(openid, button["url"]))
            case "miniprogram":
                return self._deliver(lambda: delivery.view_miniprogram(openid, button["pagepath"]))
            case _:
                return self._deliver(lambda: delivery.click(openid, button.get("key", "")))

    def news(self) -> list[Json]:
        news, self._news = self._news, []
        return news

    def _button(self, path: Sequence[int]) -> Json:
        button: Json = {"sub_button": self._buttons}
        for at in path:
            button = button["sub_button"][at]
        return button

    def _push(self, what: str, fields: dict[str, str]) -> Reply:
        delivery, openid = self._delivery, self._openid
        match what:
            case "text":
                return delivery.text(openid, fields["content"])
            case "tap":
                return delivery.text(openid, fields["content"], fields["id"])
            case "follow":
                return delivery.follow(openid, fields.get("scene", ""))
            case "unfollow":
                return delivery.unfollow(openid)
            case "scan":
                return delivery.scan(openid, fields["scene"])
            case "image":
                return delivery.image(openid, "media-from-terminal")
            case "voice":
                return delivery.voice(openid, "media-from-terminal", fields.get("recognition", ""))
            case "location":
                return delivery.location(openid, fields["latitude"], fields["longitude"], fields.get("label", ""))
            case _:
                return delivery.text(openid, UNSUPPORTED)

    def _deliver(self, send: Callable[[], Reply]) -> str:
        try:
            reply = send()
        except NoValidAnswer as error:
            self._add("system", {"kind": "note", "code": "failed", "text": f"{BROKEN}（{error}）"})
            return "failed"
        content = of_reply(reply)
        if content:
            self._add("account", {"kind": content.kind, "via": "reply", **content.fields})
            return "reply"
        return reply.kind

    def _add(self, who: str, fields: Json) -> None:
        self._news.append({"number": next(self._numbers), "who": who, "via": "", "agent": "", **fields})
