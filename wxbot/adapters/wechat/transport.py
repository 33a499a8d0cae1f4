"""One HTTP exchange with WeChat's API: addressed, timed, decoded, and every failure told as a `WeChatError`."""

import json
import logging
import re
import threading
from collections.abc import Iterable
from typing import Any

import requests

from wxbot.adapters.wechat.errors import bad_status, refused, unreachable, unreadable
from wxbot.settings import OFFICIAL_API

Json = dict[str, Any]

TIMEOUT_S = (3.0, 4.0)
UPLOAD_TIMEOUT_S = (3.0, 30.0)
"""Seconds to connect and seconds without a byte."""

_CREDENTIAL = re.compile(r"((?:access_token|secret)=)[^&\s\"']+")
_CONTROL_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u00[01][0-9a-f]|[bf])")


class _Session(threading.local):
    """requests does not promise that threads may share a session (protocol 6.4-13)."""

    def __init__(self) -> None:
        self.http = requests.Session()


class _HideCredentials(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _CREDENTIAL.sub(r"\1***", record.getMessage()), ()
        return True


_HIDE_CREDENTIALS = _HideCredentials()


class Transport:
    """
    Speaks to `api_base` instead of the official host; safe for many threads.

    secrets: what must never show in an error, beside the token of the call.
    """

    def __init__(self, api_base: str, secrets: Iterable[str] = ()) -> None:
        self._api_base = api_base.rstrip("/")
        self._secrets = tuple(secrets)
        self._session = _Session()
        # At DEBUG urllib3 writes each request line, token included, to the log.
        logging.getLogger("urllib3.connectionpool").addFilter(_HIDE_CREDENTIALS)

    def exchange(self, method: str, url: str, *, token: str = "", **options: Any) -> Json:
        """
        Send one request and read WeChat's answer.

        Args:
            url: absolute, or a path below `/cgi-bin/`. options: as for `requests`.

        Raises:
            WeChatError: refused, unreachable, timed out, or answered by something that is not WeChat.
        """
        options.setdefault("timeout", UPLOAD_TIMEOUT_S if options.get("files") else TIMEOUT_S)
        if token:
            options["params"] = {**options.get("params", {}), "access_token": token}
        call = call_name(url)
        try:
            # A redirect would carry the token to another host.
            response = self._session.http.request(method, self._address(url), allow_redirects=False, **options)
        except requests.RequestException as error:
            raise unreachable(call, error) from None
        return self._read(call, response, token)

    def _address(self, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            return f"{self._api_base}/cgi-bin/{url}"
        return self._api_base + url.removeprefix(OFFICIAL_API) if url.startswith(f"{OFFICIAL_API}/") else url

    def _read(self, call: str, response: requests.Response, token: str) -> Json:
        if response.status_code != 200:
            raise bad_status(call, response.status_code)
        try:
            answer = json.loads(response.content.decode("utf-8", "replace"), strict=False)
            code = int(answer.get("errcode") or 0)
        except (ValueError, AttributeError, TypeError):
            raise unreadable(call) from None
        if code:
            raise refused(call, code, str(answer.get("errmsg", "")), secrets=(*self._secrets, token))
        return answer  # type: ignore[no-any-return]


def call_name(url: str) -> str:
    """What errors call it: the path without host and query."""
    return re.sub(r"^https?://[^/]+/", "", url).removeprefix("cgi-bin/").partition("?")[0]


def raw_json(body: object) -> bytes:
    r"""
    UTF-8 without `\uXXXX`, which WeChat refuses with 40033 (protocol 4.4).

    Control characters, which JSON can only write that way, are left out; so are lone surrogates.
    """
    text = json.dumps(body, ensure_ascii=False)
    return _CONTROL_ESCAPE.sub(r"\1", text).encode("utf-8", "ignore")
