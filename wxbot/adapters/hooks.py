"""The operator's own servers: one turns a signed POST into a short message, one knows whose account is whose."""

import hashlib
import hmac
import json
import time
from typing import Any

import requests
from pydantic import BaseModel, ConfigDict, ValidationError

from wxbot.domain.binding import Binding
from wxbot.errors import HookFailed, SpareWayFailed
from wxbot.service.ports import Clock

TIMEOUT_S = (3.0, 5.0)
"""Seconds to connect and seconds without a byte."""


class Hook:
    """
    Posts JSON under a signature.

    The header `X-Wxbot-Signature` is the hex HMAC-SHA256, under the secret, of `<X-Wxbot-Timestamp>.<body>`. Every
    body holds an `id`: who has taken one takes it no second time, for after a lost answer it is posted again.
    """

    def __init__(self, url: str, secret: str, clock: Clock = time.time) -> None:
        self._url, self._secret, self._clock = url, secret.encode(), clock

    def post(self, content: dict[str, Any]) -> bytes:
        """What the server answers with 2xx. Raises HookFailed."""
        body = json.dumps(content, ensure_ascii=False).encode()
        try:
            answer = requests.post(
                self._url, data=body, headers=self._headers(body), timeout=TIMEOUT_S, allow_redirects=False
            )
        except requests.ConnectTimeout as error:
            raise HookFailed(f"连不上（{type(error).__name__}）") from None
        except requests.RequestException as error:
            raise HookFailed(f"没有回答（{type(error).__name__}）", delivered="maybe") from None
        if answer.status_code // 100 != 2:
            broken = answer.status_code >= 500
            raise HookFailed(f"返回 HTTP {answer.status_code}", delivered="maybe" if broken else "no")
        return answer.content

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock()))
        signature = hmac.new(self._secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "X-Wxbot-Timestamp": timestamp,
            "X-Wxbot-Signature": signature,
        }


class SmsHook:
    """`TextMessenger`. Posts `{"id": …, "phone": …, "text": …}`, of which any answer of 2xx means taken."""

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def send(self, phone: str, text: str, *, id: str) -> None:
        """Raises SpareWayFailed."""
        try:
            self._hook.post({"id": id, "phone": phone, "text": text})
        except HookFailed as error:
            raise SpareWayFailed(f"短信接口{error}", delivered=error.delivered) from None


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    bound: bool
    tier: str = ""
    region: str = ""
    reason: str = ""


class BindingHook:
    """
    `AccountBook`. Posts `{"id": …, "openid": …, "form": …, "values": {field: text}}`.

    The answer is `{"bound": true, "tier": …, "region": …}`, or `{"bound": false, "reason": …}` with a sentence for the
    follower; tier, region and reason may be left out.
    """

    def __init__(self, hook: Hook) -> None:
        self._hook = hook

    def bind(self, user: str, form: str, values: dict[str, str], *, id: str) -> Binding:
        """Raises HookFailed."""
        body = self._hook.post({"id": id, "openid": user, "form": form, "values": values})
        try:
            answer = _Answer.model_validate_json(body)
        except ValidationError as error:
            raise HookFailed(f"回答看不懂（{error.errors()[0]['type']}）") from None
        return Binding(answer.bound, answer.tier, answer.region, answer.reason)
