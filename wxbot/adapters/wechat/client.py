"""wechatpy's client on our transport and tokens, without the faults of its own (protocol 6.4)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from wechatpy import WeChatClient

from wxbot.adapters.wechat.errors import REJECTED_TOKEN, incomplete
from wxbot.adapters.wechat.token import Tokens
from wxbot.adapters.wechat.transport import File, Json, Transport, call_name, raw_json
from wxbot.errors import WeChatError

T = TypeVar("T")


class Client(WeChatClient):  # type: ignore[misc]
    """
    Every method of wechatpy that answers JSON, with time-outs, our host, one retry, and WeChatError for a failed call.

    Files are read before the first try: wechatpy sends an empty one on the second (protocol 6.4-9).
    """

    def __init__(self, appid: str, secret: str, transport: Transport, tokens: Tokens) -> None:
        super().__init__(appid, secret, auto_retry=False)
        self._transport, self._tokens = transport, tokens

    @property
    def access_token(self) -> str:
        # wechatpy reads every property before __init__ runs; the missing attribute ends that quietly (6.4-14).
        return self._tokens.current()

    def fetch_access_token(self) -> dict[str, str]:
        return {"access_token": self._tokens.current()}

    def _request(self, method: str, url_or_endpoint: str, **kwargs: Any) -> Any:
        process = kwargs.pop("result_processor", None)
        url = _full(url_or_endpoint, kwargs.pop("api_base_url", ""))
        answer = self._exchange(method, url, _prepared(kwargs))
        try:
            return process(answer) if process else answer
        except KeyError as error:
            raise incomplete(call_name(url), error) from None

    def download(self, endpoint: str, **params: str) -> File | Json:
        """A file, or JSON in its place; for what wechatpy would not read as either (protocol 6.2)."""
        return self._with_token(lambda token: self._transport.download(endpoint, token=token, **params))

    def _exchange(self, method: str, url: str, options: dict[str, Any]) -> dict[str, Any]:
        return self._with_token(lambda token: self._transport.exchange(method, url, token=token, **options))

    def _with_token(self, call: Callable[[str], T]) -> T:
        """Once more with a new one when it is rejected."""
        token = self._tokens.current()
        try:
            return call(token)
        except WeChatError as error:
            if error.code not in REJECTED_TOKEN:
                raise
        self._tokens.drop(token)
        return call(self._tokens.current())


def _full(endpoint: str, base: str) -> str:
    return endpoint if endpoint.startswith(("http://", "https://")) else base + endpoint


def _prepared(options: dict[str, Any]) -> dict[str, Any]:
    """Options that can be sent twice: query as a dict, body and files as bytes."""
    params = options.get("params") or {}
    if isinstance(params, str):
        params = dict(parse_qsl(params))
    prepared = {**options, "params": params}
    if isinstance(options.get("data"), Mapping):
        prepared["data"] = raw_json(options["data"])
    if options.get("files"):
        prepared["files"] = {name: _loaded(file) for name, file in options["files"].items()}
    return prepared


def _loaded(file: Any) -> Any:
    """A file as requests takes it, (name, content, …) or just content, with the content as bytes."""
    if isinstance(file, tuple):
        name, content, *rest = file
        return (name, content.read() if hasattr(content, "read") else content, *rest)
    return (Path(getattr(file, "name", "media")).name, file.read()) if hasattr(file, "read") else file
