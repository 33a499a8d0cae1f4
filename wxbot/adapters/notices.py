"""
Group robots of WeCom, DingTalk and Feishu, and e-mail: where staff are told things.

Everything goes out as plain text, so that nothing a follower wrote can become markup, a picture or a call to all. Two
robots read tags even in plain text; DingTalk calls only whom the field `at` names, which is never sent.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from wxbot.domain.reply import split_text
from wxbot.errors import NoticeError, SpareWayFailed
from wxbot.service.ports import Clock, Mailer

TIMEOUT_S = (3.0, 5.0)
"""Seconds to connect and seconds without a byte."""
WECOM_BYTES = 2048
"""UTF-8 bytes of a text; the others allow some twenty thousand."""
TOO_OFTEN = {45009, 130101, 11232, 9499}
"""A robot may speak some twenty times a minute; later it may again."""

Json = dict[str, Any]
Post = Callable[[str, str, str], None]
"""Of a title, a text, and an id that is the same for a second try; raises NoticeError."""


@dataclass(frozen=True, slots=True)
class Channels:
    """`Notifier`. posts: by the name of the channel, as in `notices:` of menus.yaml."""

    posts: Mapping[str, Post]

    @property
    def channels(self) -> Sequence[str]:
        return tuple(self.posts)

    def post(self, channel: str, title: str, text: str, *, id: str) -> None:
        self.posts[channel](title, text, id)


@dataclass(frozen=True, slots=True)
class WeCom:
    """A group robot of WeCom 企业微信; its address is its password."""

    url: str

    def __call__(self, title: str, text: str, id: str) -> None:
        words = split_text(_without_tags(f"{title}\n{text}"), WECOM_BYTES)[0]
        _checked("企业微信", _sent("企业微信", self.url, {"msgtype": "text", "text": {"content": words}}), "errcode")


@dataclass(frozen=True, slots=True)
class DingTalk:
    """A group robot of DingTalk 钉钉; with a secret each call is signed with the time in milliseconds."""

    url: str
    secret: str = ""
    clock: Clock = time.time

    def __call__(self, title: str, text: str, id: str) -> None:
        body = {"msgtype": "text", "text": {"content": f"{title}\n{text}"}}
        _checked("钉钉", _sent("钉钉", self.url, body, self._signature()), "errcode")

    def _signature(self) -> Mapping[str, str]:
        if not self.secret:
            return {}
        at = str(int(self.clock() * 1000))
        digest = hmac.digest(self.secret.encode(), f"{at}\n{self.secret}".encode(), hashlib.sha256)
        return {"timestamp": at, "sign": base64.b64encode(digest).decode()}


@dataclass(frozen=True, slots=True)
class Feishu:
    """A group robot of Feishu 飞书; here time (seconds) and secret are the key, and nothing is the message."""

    url: str
    secret: str = ""
    clock: Clock = time.time

    def __call__(self, title: str, text: str, id: str) -> None:
        content = {"text": _without_tags(f"{title}\n{text}")}
        body = {**self._signature(), "msg_type": "text", "content": content}
        answer = _sent("飞书", self.url, body)
        _checked("飞书", answer, "code" if "code" in answer else "StatusCode")

    def _signature(self) -> Mapping[str, str]:
        if not self.secret:
            return {}
        at = str(int(self.clock()))
        digest = hmac.digest(f"{at}\n{self.secret}".encode(), b"", hashlib.sha256)
        return {"timestamp": at, "sign": base64.b64encode(digest).decode()}


@dataclass(frozen=True, slots=True)
class Mail:
    mailer: Mailer
    to: Sequence[str]

    def __call__(self, title: str, text: str, id: str) -> None:
        try:
            self.mailer.send(", ".join(self.to), title, text, id=id)
        except SpareWayFailed as error:
            raise NoticeError(str(error), retryable=True) from None


def _without_tags(text: str) -> str:
    """Feishu calls everybody for `<at user_id="all">`, WeCom a member for `<@userid>`."""
    return text.replace("<", "＜")


def _sent(robot: str, url: str, body: Json, query: Mapping[str, str] | None = None) -> Json:
    """What the robot answered. Its address never shows in an error."""
    try:
        response = requests.post(url, json=body, params=query, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as error:
        raise NoticeError(f"连不上{robot}的机器人（{type(error).__name__}）", retryable=True) from None
    if response.status_code != 200:
        later = response.status_code >= 500 or response.status_code == 429
        raise NoticeError(f"{robot}的机器人返回 HTTP {response.status_code}", retryable=later)
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NoticeError(f"{robot}的机器人回答的不是 JSON", retryable=True)
    return answer


def _checked(robot: str, answer: Json, field: str) -> None:
    code = answer.get(field)
    if code not in (0, None):
        raise NoticeError(f"{robot}的机器人拒绝了，错误码 {code}", retryable=code in TOO_OFTEN)
