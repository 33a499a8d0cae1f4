"""Our own webhook as WeChat meets it: the URL check over the public network (protocol 1.2)."""

import secrets
import socket
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError, NameResolutionError, ReadTimeoutError

from wxbot.adapters.wechat.codec import sign
from wxbot.service.doctor.ports import Knocked, NoAnswer, Trouble
from wxbot.service.ports import Clock

TIMEOUT_S = (3.0, 5.0)
"""Seconds to connect and seconds without a byte, as patient as WeChat is."""
BODY_BYTES = 64 * 1024
OTHERS_TOKEN = "somebodyelse"  # noqa: S105


class HttpDoorstep:
    """`Doorstep`. token: that WeChat signs with."""

    def __init__(self, token: str, clock: Clock = time.time) -> None:
        self._token, self._clock = token, clock

    def knock(self, url: str, echo: str, *, forged: bool = False) -> Knocked:
        timestamp, nonce = str(int(self._clock())), secrets.token_hex(5)
        token = f"{self._token}{OTHERS_TOKEN}" if forged else self._token
        signature = sign(token, timestamp, nonce)
        return self._get(url, {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo})

    def look(self, url: str) -> Knocked:
        return self._get(url, {})

    def certificate_ends(self, url: str) -> float:
        parts = urlsplit(url)
        host = parts.hostname or ""
        try:
            with (
                socket.create_connection((host, parts.port or 443), TIMEOUT_S[0]) as line,
                ssl.create_default_context().wrap_socket(line, server_hostname=host) as secured,
            ):
                certificate = secured.getpeercert() or {}
        except OSError as error:
            raise NoAnswer(_trouble(error)) from None
        return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))

    def _get(self, url: str, query: Mapping[str, str]) -> Knocked:
        began = time.monotonic()
        try:
            with requests.get(url, query, timeout=TIMEOUT_S, allow_redirects=False, stream=True) as answer:
                body = answer.raw.read(BODY_BYTES, decode_content=True)
        # Requests leaves the errors of a body that is read in raw as they are.
        except (requests.RequestException, HTTPError, OSError) as error:
            raise NoAnswer(_trouble(error)) from None
        return Knocked(answer.status_code, body, time.monotonic() - began, answer.headers.get("Location", ""))


def _trouble(error: BaseException) -> Trouble:
    """Requests wraps urllib3's error, which wraps the socket's: the innermost says most."""
    kinds: tuple[tuple[Trouble, tuple[type[BaseException], ...]], ...] = (
        ("name", (NameResolutionError, socket.gaierror)),
        ("certificate", (requests.exceptions.SSLError, ssl.SSLError)),
        ("timeout", (requests.Timeout, ReadTimeoutError, TimeoutError)),
        ("refused", (ConnectionRefusedError,)),
    )
    layers = list(_layers(error))
    return next((kind for kind, types in kinds if any(isinstance(layer, types) for layer in layers)), "broken")


def _layers(error: BaseException) -> list[object]:
    found: list[object] = []
    layer: object = error
    while isinstance(layer, BaseException) and layer not in found:
        found.append(layer)
        layer = getattr(layer, "reason", None) or layer.__cause__ or layer.__context__ or next(iter(layer.args), None)
    return found
