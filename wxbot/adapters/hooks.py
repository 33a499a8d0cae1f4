"""The operator's own way to send short messages: a signed POST that their server turns into one."""

import hashlib
import hmac
import json
import time

import requests

from wxbot.errors import SpareWayFailed
from wxbot.service.ports import Clock

TIMEOUT_S = (3.0, 5.0)
"""Seconds to connect and seconds without a byte."""


class SmsHook:
    """
    `TextMessenger`. Posts `{"id": …, "phone": …, "text": …}`, of which any answer of 2xx means taken.

    The header `X-Wxbot-Signature` is the hex HMAC-SHA256, under the secret, of `<X-Wxbot-Timestamp>.<body>`. Who has
    taken an id takes it no second time: after a lost answer it is posted again.
    """

    def __init__(self, url: str, secret: str, clock: Clock = time.time) -> None:
        self._url, self._secret, self._clock = url, secret.encode(), clock

    def send(self, phone: str, text: str, *, id: str) -> None:
        """Raises SpareWayFailed."""
        body = json.dumps({"id": id, "phone": phone, "text": text}, ensure_ascii=False).encode()
        try:
            answer = requests.post(
                self._url, data=body, headers=self._headers(body), timeout=TIMEOUT_S, allow_redirects=False
            )
        except requests.ConnectTimeout as error:
            raise SpareWayFailed(f"连不上短信接口（{type(error).__name__}）") from None
        except requests.RequestException as error:
            raise SpareWayFailed(f"短信接口没有回答（{type(error).__name__}）", delivered="maybe") from None
        if answer.status_code // 100 != 2:
            broken = answer.status_code >= 500
            raise SpareWayFailed(f"短信接口返回 HTTP {answer.status_code}", delivered="maybe" if broken else "no")

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock()))
        signature = hmac.new(self._secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "X-Wxbot-Timestamp": timestamp,
            "X-Wxbot-Signature": signature,
        }
