"""Bots that answer by the book or not at all, and what they answer."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Response, request

ACCOUNT, APPID, TOKEN, AES_KEY = "gh_7c1e20f3a9b4", "wx0123456789abcdef", "AAAAA", "A" * 43
NOW = 1_767_225_600


@dataclass
class Bot:
    """Answers with what the test lays out, the last one for ever. seen: (query, body) of each POST."""

    answers: list = field(default_factory=lambda: ["success"])
    seen: list = field(default_factory=list)
    url: str = ""
    echoes: bool = True

    def answer(self) -> Response:
        if request.method == "GET":
            return Response(request.args["echostr"] if self.echoes else "hello")
        self.seen.append((request.args.to_dict(), request.get_data()))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Response(answer(request.args) if callable(answer) else answer)


def replying(content: str) -> Callable[..., str]:
    """An answer of the bot: this text, to whoever asks."""
    words = f"<MsgType>text</MsgType><Content><![CDATA[{content}]]></Content>"
    return lambda query: reply_to(query["openid"], words)


def transferring(agent: str = "") -> Callable[..., str]:
    """An answer of the bot: over to the agents."""
    named = f"<TransInfo><KfAccount>{agent}</KfAccount></TransInfo>" if agent else ""
    return lambda query: reply_to(query["openid"], f"<MsgType>transfer_customer_service</MsgType>{named}")


def reply_to(to: str, *parts: str) -> str:
    head = f"<ToUserName>{to}</ToUserName><FromUserName>{ACCOUNT}</FromUserName><CreateTime>{NOW}</CreateTime>"
    return f"<xml>{head}{''.join(parts)}</xml>"


def slow(seconds: float) -> Callable[..., str]:
    def answer(query: object) -> str:
        time.sleep(seconds)
        return "success"

    return answer


def await_true(condition: Callable[[], object], within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s"
        threading.Event().wait(0.01)
