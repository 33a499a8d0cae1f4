"""What followers send, as fields that `Delivery.deliver` takes; delivering the same fields again is a retry."""

from itertools import count
from typing import Any
from uuid import uuid4

_ids = count(24_900_000_000_000_000)


def a_user() -> str:
    return f"o{uuid4().hex[:27]}"


def a_text(user: str, words: str) -> dict[str, Any]:
    return {**an_envelope(user), "MsgType": "text", "Content": words, "MsgId": next(_ids)}


def a_tap(user: str, key: str) -> dict[str, Any]:
    return {**an_envelope(user), "MsgType": "event", "Event": "CLICK", "EventKey": key}


def an_envelope(user: str) -> dict[str, Any]:
    return {"ToUserName": "gh_7c1e20f3a9b4", "FromUserName": user, "CreateTime": 1_795_399_200 + next(_ids) % 10**6}
