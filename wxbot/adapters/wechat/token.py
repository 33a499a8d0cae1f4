"""The access token: fetched once for all processes, dropped when WeChat rejects it (protocol 6.1)."""

import threading
from contextlib import AbstractContextManager
from typing import Any

from wxbot.adapters.wechat.errors import incomplete
from wxbot.adapters.wechat.transport import Transport, raw_json
from wxbot.service.ports import TokenVault

MARGIN_S = 300
"""A token is given up this long before it expires; WeChat hands out the next one from then on."""
SHORTEST_S = 60


class OwnVault:
    """`TokenVault` of this process alone: to ask WeChat itself, not what somebody was told an hour ago."""

    def __init__(self) -> None:
        self._token: str | None = None
        self._lock = threading.Lock()

    def get(self) -> str | None:
        return self._token

    def put(self, token: str, ttl_s: int) -> None:
        """Never expires: the process is gone by then."""
        self._token = token

    def drop_if(self, token: str) -> None:
        if self._token == token:
            self._token = None

    def lock(self) -> AbstractContextManager[Any]:
        return self._lock


class Tokens:
    """Holds nothing itself: the vault is the only truth, so that processes never fight over tokens."""

    def __init__(self, transport: Transport, vault: TokenVault, appid: str, secret: str) -> None:
        self._transport, self._vault = transport, vault
        self._appid, self._secret = appid, secret

    def current(self) -> str:
        """The token to use now. Raises WeChatError when WeChat gives none, StoreUnavailable without the vault."""
        return self._vault.get() or self._renew()

    def drop(self, token: str) -> None:
        """Forget a rejected token, unless another process has replaced it already."""
        self._vault.drop_if(token)

    def _renew(self) -> str:
        with self._vault.lock():
            return self._vault.get() or self._fetch()

    def _fetch(self) -> str:
        request = {"grant_type": "client_credential", "appid": self._appid, "secret": self._secret}
        answer = self._transport.exchange("POST", "stable_token", data=raw_json(request))
        try:
            token, lifetime_s = str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, ValueError, TypeError):
            raise incomplete("stable_token", "access_token 或 expires_in") from None
        self._vault.put(token, max(SHORTEST_S, lifetime_s - MARGIN_S))
        return token
