"""One HTTP exchange with WeChat's API: addressed, timed, decoded, and every failure told as a `WeChatError`."""

import json
import logging
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from wxbot.adapters.wechat.errors import bad_status, refused, unreachable, unreadable
from wxbot.errors import FileTooBig
from wxbot.settings import OFFICIAL_API

Json = dict[str, Any]

TIMEOUT_S = (3.0, 4.0)
UPLOAD_TIMEOUT_S = (3.0, 30.0)
"""Seconds to connect and seconds without a byte."""

MEDIA_LIMIT_BYTES = 20 * 1024 * 1024
"""Twice what WeChat takes as one file (protocol 6.2)."""

_CREDENTIAL = re.compile(r"((?:access_token|secret)=)[^&\s\"']+")
_PICTURES = re.compile(r"(?:[a-z0-9-]+\.)+(?:qpic|qlogo)\.cn|(?:[a-z0-9-]+\.)*weixin\.qq\.com")
"""Hosts, without a port, at which WeChat shows pictures."""
_CONTROL_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u00[01][0-9a-f]|[bf])")


@dataclass(frozen=True, slots=True)
class File:
    """A picture, voice or video. content_type: as the server says, without parameters."""

    content: bytes
    content_type: str


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
        return self._read(call, self._send(call, method, url, **options), token)

    def download(self, url: str, *, token: str = "", **params: str) -> File | Json:
        """
        A file; or what WeChat answers in its place, such as a video's address (protocol 6.2).

        Raises:
            WeChatError: as for `exchange`, or the file is too big.
        """
        params |= {"access_token": token} if token else {}
        call = call_name(url)
        response = self._send(call, "GET", url, params=params, timeout=UPLOAD_TIMEOUT_S, stream=True)
        with response:
            if response.status_code != 200:
                raise bad_status(call, response.status_code)
            content = self._content(call, response)
        if content.startswith(b"{"):
            return self._answer(call, content, token)
        return File(content, response.headers.get("Content-Type", "").partition(";")[0].strip().lower())

    def is_wechats(self, url: str) -> bool:
        """Whether it leads to a host of WeChat's, or to the one that stands in for it."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        theirs = parts.scheme in ("http", "https") and _PICTURES.fullmatch(parts.netloc.lower())
        return bool(theirs) or url.startswith(f"{self._api_base}/")

    def server_time(self) -> float:
        """Unix seconds by the clock of the server, whatever it answers; raises WeChatError."""
        call = "getcallbackip"
        response = self._send(call, "GET", call, timeout=TIMEOUT_S)
        try:
            return parsedate_to_datetime(response.headers.get("Date", "")).timestamp()
        except ValueError:
            raise unreadable(call) from None

    def _send(self, call: str, method: str, url: str, **options: Any) -> requests.Response:
        try:
            # A redirect would carry the token to another host.
            return self._session.http.request(method, self._address(url), allow_redirects=False, **options)
        except requests.RequestException as error:
            raise unreachable(call, error) from None

    def _content(self, call: str, response: requests.Response) -> bytes:
        content = bytearray()
        try:
            for piece in response.iter_content(64 * 1024):
                content += piece
                if len(content) > MEDIA_LIMIT_BYTES:
                    raise FileTooBig(f"{call}：文件超过 {MEDIA_LIMIT_BYTES // 1024 // 1024} MB")
        except requests.RequestException as error:
            raise unreachable(call, error) from None
        return bytes(content)

    def _address(self, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            return f"{self._api_base}/cgi-bin/{url}"
        return self._api_base + url.removeprefix(OFFICIAL_API) if url.startswith(f"{OFFICIAL_API}/") else url

    def _read(self, call: str, response: requests.Response, token: str) -> Json:
        if response.status_code != 200:
            raise bad_status(call, response.status_code)
        return self._answer(call, response.content, token)

    def _answer(self, call: str, content: bytes, token: str) -> Json:
        try:
            answer = json.loads(content.decode("utf-8", "replace"), strict=False)
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
