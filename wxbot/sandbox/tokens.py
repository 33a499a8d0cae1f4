"""Access tokens: the plain one and the stable one, side by side (protocol 6.1)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from wxbot.sandbox.refusal import Json, Refusal

LIFETIME_S = 7200
OVERLAP_S = 300
"""A stable token is handed out until this long before its end; a replaced plain token works this long."""
FORCE_INTERVAL_S, FORCE_DAILY = 30, 20


@dataclass(frozen=True, slots=True)
class Token:
    """ends: unix seconds."""

    value: str
    ends: float


@dataclass(slots=True)
class Tokens:
    """
    The tokens of one account.

    issued: every token that was ever given, by value. forced: when `force_refresh` was used.
    """

    appid: str
    secret: str
    clock: Callable[[], float]
    issued: dict[str, Token] = field(default_factory=dict)
    stable: Token | None = None
    plain: Token | None = None
    forced: list[float] = field(default_factory=list)

    def give_plain(self, request: Json) -> Json:
        """`token`: always a new one; the previous one works five minutes more."""
        self._authenticate(request)
        if self.plain:
            self._shorten(self.plain, OVERLAP_S)
        self.plain = self._issue()
        return self._answer(self.plain)

    def give_stable(self, request: Json) -> Json:
        """`stable_token`: the same one until shortly before its end, unless a new one is forced."""
        self._authenticate(request)
        if request.get("force_refresh"):
            self._force()
        if not self.stable or self.stable.ends - self.clock() <= OVERLAP_S:
            self.stable = self._issue()
        return self._answer(self.stable)

    def check(self, value: str) -> None:
        """Raise Refusal unless this token opens the API."""
        if not value:
            raise Refusal(41001, "access_token missing")
        token = self.issued.get(value)
        if not token:
            raise Refusal(40001, "invalid credential, access_token is invalid or not latest")
        if token.ends <= self.clock():
            raise Refusal(42001, "access_token expired")

    def revoke(self) -> None:
        """Make every token invalid at once, as another owner of the secret would."""
        self.issued.clear()
        self.stable = self.plain = None

    def authenticate(self, request: Json) -> None:
        """Raise Refusal unless `appid` and `secret` are ours."""
        if not request.get("appid"):
            raise Refusal(41002, "appid missing")
        if request["appid"] != self.appid:
            raise Refusal(40013, "invalid appid")
        if not request.get("secret"):
            raise Refusal(41004, "appsecret missing")
        if request["secret"] != self.secret:
            raise Refusal(40125, "invalid appsecret")

    def _authenticate(self, request: Json) -> None:
        if request.get("grant_type") != "client_credential":
            raise Refusal(40002, "invalid grant_type")
        self.authenticate(request)

    def _force(self) -> None:
        now = self.clock()
        self.forced = [at for at in self.forced if now - at < 86400]
        if len(self.forced) >= FORCE_DAILY:
            raise Refusal(45009, "reach max force_refresh daily quota limit")
        if self.forced and now - self.forced[-1] < FORCE_INTERVAL_S:
            raise Refusal(45011, "api minute-quota reach limit, force_refresh too frequent")
        self.forced.append(now)
        if self.stable:
            self._shorten(self.stable, 0)
            self.stable = None

    def _issue(self) -> Token:
        token = Token(f"{secrets.randbelow(100)}_{secrets.token_urlsafe(96)}", self.clock() + LIFETIME_S)
        self.issued[token.value] = token
        return token

    def _shorten(self, token: Token, seconds: float) -> None:
        self.issued[token.value] = replace(token, ends=min(token.ends, self.clock() + seconds))

    def _answer(self, token: Token) -> Json:
        return {"access_token": token.value, "expires_in": int(token.ends - self.clock())}
