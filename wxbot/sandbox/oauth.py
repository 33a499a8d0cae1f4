"""Who looks at a page of the account: WeChat's OAuth for pages."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from wxbot.sandbox.followers import Followers
from wxbot.sandbox.refusal import OK, Json, Refusal

CODE_S, ACCESS_S, REFRESH_S = 300, 7200, 30 * 86400

Scope = Literal["snsapi_base", "snsapi_userinfo"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What one user allowed. ends: unix seconds."""

    openid: str
    scope: Scope
    ends: float


@dataclass(slots=True)
class OAuth:
    """authenticate: raises Refusal unless a request carries the account's appid and secret. codes work once."""

    clock: Callable[[], float]
    followers: Followers
    authenticate: Callable[[Json], None]
    codes: dict[str, Grant] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    access: dict[str, Grant] = field(default_factory=dict)
    refreshing: dict[str, Grant] = field(default_factory=dict)

    def allow(self, openid: str, scope: Scope) -> str:
        """The user agrees: a code for the page, good for five minutes."""
        return self._issue(self.codes, openid, scope, CODE_S)

    def exchange(self, request: Json) -> Json:
        """`sns/oauth2/access_token`."""
        self.authenticate(request)
        _expect_grant(request, "authorization_code")
        code = str(request.get("code") or "")
        if not code:
            raise Refusal(41008, "missing code")
        if code in self.used:
            raise Refusal(40163, "code been used")
        grant = self._living(self.codes, code, 40029, "invalid code")
        self.used.add(code)
        refresh = self._issue(self.refreshing, grant.openid, grant.scope, REFRESH_S)
        return self._told(grant, refresh)

    def refresh(self, request: Json) -> Json:
        """`sns/oauth2/refresh_token`."""
        if not request.get("appid"):
            raise Refusal(41002, "appid missing")
        _expect_grant(request, "refresh_token")
        token = str(request.get("refresh_token") or "")
        if not token:
            raise Refusal(41003, "missing refresh_token")
        return self._told(self._living(self.refreshing, token, 40030, "invalid refresh_token"), token)

    def check(self, request: Json) -> Json:
        """`sns/auth`."""
        self._grant(request)
        return OK

    def user_info(self, request: Json) -> Json:
        """`sns/userinfo`: only with the scope that the user agreed to."""
        grant = self._grant(request)
        if grant.scope != "snsapi_userinfo":
            raise Refusal(48001, "api unauthorized")
        name = self.followers.get(grant.openid).name or "微信用户"
        empty = dict.fromkeys(("province", "city", "country", "headimgurl"), "")
        return {"openid": grant.openid, "nickname": name, "sex": 0, **empty, "privilege": []}

    def _told(self, grant: Grant, refresh: str) -> Json:
        access = self._issue(self.access, grant.openid, grant.scope, ACCESS_S)
        return {
            "access_token": access, "expires_in": ACCESS_S, "refresh_token": refresh, "openid": grant.openid,
            "scope": grant.scope,
        }  # fmt: skip

    def _grant(self, request: Json) -> Grant:
        grant = self._living(self.access, str(request.get("access_token") or ""), 40001, "invalid credential")
        if request.get("openid") != grant.openid:
            raise Refusal(40003, "invalid openid")
        return grant

    def _issue(self, into: dict[str, Grant], openid: str, scope: Scope, seconds: float) -> str:
        value = secrets.token_urlsafe(24)
        into[value] = Grant(openid, scope, self.clock() + seconds)
        return value

    def _living(self, among: dict[str, Grant], value: str, code: int, reason: str) -> Grant:
        grant = among.get(value)
        if not grant or grant.ends <= self.clock():
            raise Refusal(code, reason)
        return grant


def _expect_grant(request: Json, kind: str) -> None:
    if request.get("grant_type") != kind:
        raise Refusal(40002, "invalid grant_type")
