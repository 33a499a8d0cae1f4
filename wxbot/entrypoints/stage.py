"""The platform as somebody in front of it uses it: its side door over HTTP, one user's phone, and bubbles in words."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import requests

from wxbot.domain.transcript import Outcome
from wxbot.sandbox.refusal import Json

ANSWER_S = 30
"""Seconds that the bot may take for a reply, with all its tries."""

OUTCOMES: dict[Outcome, str] = {
    "reply": "回复",
    "silence": "不回复",
    "transfer": "转人工",
    "agent": "客服接待",
    "failed": "出错",
}


class Impossible(Exception):
    """Something cannot be done now; says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class SideDoor:
    """The way in that docs/rehearsal.md describes. url: of the platform."""

    url: str

    def get(self, path: str, /, **query: str | int) -> Json:
        return self._told(requests.get(self._at(path), params=query, timeout=10))

    def post(self, path: str, /, **fields: object) -> Json:
        """Raises Impossible where the platform cannot do that."""
        return self._told(requests.post(self._at(path), json=fields, timeout=2 * ANSWER_S))

    def delete(self, path: str) -> None:
        self._told(requests.delete(self._at(path), timeout=10))

    def arrivals(self, openid: str, within_s: float) -> Iterator[None]:
        """Once at the start, then whenever something new is on this user's phone, until the time is over."""
        deadline = time.monotonic() + within_s
        try:
            # Opened before the first look at the chat, or what comes between the two would be missed.
            with requests.get(self._at("events"), stream=True, timeout=within_s) as stream:
                yield
                for line in stream.iter_lines(chunk_size=1):
                    if time.monotonic() > deadline:
                        return
                    if _is_of(openid, line):
                        yield
        except requests.RequestException:  # silence until the time was over
            return

    def _at(self, path: str) -> str:
        return f"{self.url}/sandbox/{path}"

    @staticmethod
    def _told(answer: requests.Response) -> Json:
        told: Json = answer.json()
        if not answer.ok:
            raise Impossible(f"平台不允许：{told['error']}")
        return told


def _is_of(openid: str, line: bytes) -> bool:
    """Whether a line of the stream tells of a new bubble on this user's phone."""
    data = json.loads(line[6:]) if line.startswith(b"data: ") else {}
    return "bubble" in data and data["openid"] == openid


@dataclass(slots=True)
class Phone:
    """
    One user's, and what has come since their last deed.

    seen: number of the last bubble before that deed. outcome: of it, None where it has none.
    """

    door: SideDoor
    openid: str
    seen: int = 0
    outcome: Outcome | None = None

    def do(self, what: str, **fields: object) -> None:
        """Raises Impossible."""
        outcome = self.door.post(f"users/{self.openid}/do", what=what, wait=ANSWER_S, **fields)["outcome"]
        self.outcome = next((known for known in OUTCOMES if known == outcome), None)

    def turn_over(self) -> None:
        """What comes from now on is new."""
        self.seen, self.outcome = int(self.user()["chat"]), None

    def user(self) -> Json:
        return self.door.get(f"users/{self.openid}")

    def bubbles(self, since: int = 0) -> list[Json]:
        return list(self.door.get(f"users/{self.openid}/chat", since=since)["bubbles"])

    def news(self) -> list[Json]:
        """What the user can read of the bot and of WeChat since the last deed."""
        return [bubble for bubble in self.bubbles(self.seen) if bubble["who"] == "account" or _is_failure(bubble)]

    def arrivals(self, within_s: float) -> Iterator[None]:
        return self.door.arrivals(self.openid, within_s)


def taps_of(bubble: Json) -> Iterator[tuple[str, str, str]]:
    """What can be tapped in it to say something: label, content, id."""
    for part in _parts(bubble):
        if "tap" in part:
            yield part["text"], part["tap"]["content"], part["tap"]["id"]
    for entry in bubble.get("entries", ()):
        yield entry["content"], entry["content"], entry["id"]


def labels_of(bubbles: Sequence[Json]) -> list[str]:
    """Of everything that can be tapped, pages too."""
    found = [part["text"] for bubble in bubbles for part in _parts(bubble) if part.keys() - {"text"}]
    return found + [entry["content"] for bubble in bubbles for entry in bubble.get("entries", ())]


def in_words(bubble: Json) -> str:
    """A bubble as plain text, what can be tapped in it without its address."""
    match bubble["kind"]:
        case "text":
            return "".join(part["text"] for part in bubble["parts"])
        case "msgmenu":
            return "".join(part["text"] for part in _parts(bubble)) + "".join(
                f"\n{entry['content']}" for entry in bubble["entries"]
            )
        case "news":
            return "\n".join(f"［{card['title']}］{card['description']}" for card in bubble["articles"])
        case "note":
            return str(bubble["text"])
        case kind:
            return f"［{_KINDS.get(kind, kind)}］{bubble.get('title', '')}"


def speaker(bubble: Json) -> str:
    """Who is heard; '' for what needs no line: what the user did is a line of the dialog already."""
    match bubble["who"], bubble["via"]:
        case "account", "reply":
            return "机器人"
        case "account", _:
            return "客服消息"
    return "微信" if _is_failure(bubble) else ""


_KINDS = {"image": "图片", "voice": "语音", "video": "视频", "miniprogram": "小程序", "template": "模板消息"}


def _parts(bubble: Json) -> list[Json]:
    return [*bubble.get("parts", ()), *bubble.get("head", ()), *bubble.get("tail", ())]


def _is_failure(bubble: Json) -> bool:
    return bubble["kind"] == "note" and bubble["code"] in ("failed", "paused", "unpushed")
