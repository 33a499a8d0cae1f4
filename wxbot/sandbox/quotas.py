"""How often a call may be made in a day (protocol 5.2, 6.1)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from wxbot.sandbox.refusal import OK, Json, Refusal

DAILY: dict[str, int] = {
    "cgi-bin/token": 2000,
    "cgi-bin/stable_token": 500_000,
    "cgi-bin/menu/create": 1000,
    "cgi-bin/menu/get": 10_000,
    "cgi-bin/menu/delete": 1000,
    "cgi-bin/menu/addconditional": 2000,
    "cgi-bin/menu/delconditional": 2000,
    "cgi-bin/menu/trymatch": 20_000,
    "cgi-bin/message/custom/send": 500_000,
    "cgi-bin/message/template/send": 100_000,
    "cgi-bin/media/upload": 100_000,
    "cgi-bin/media/get": 200_000,
    "cgi-bin/qrcode/create": 100_000,
    "cgi-bin/user/get": 500,
    "cgi-bin/user/info": 5_000_000,
    "cgi-bin/user/info/updateremark": 10_000,
}
CLEARS_A_MONTH = 10
_BEIJING_S = 8 * 3600


@dataclass(slots=True)
class Quotas:
    """
    daily: calls a day by path, those not named are free; change it to reach a limit sooner. cleared: when.

    authenticate: raises Refusal unless the request carries the right `secret`.
    """

    clock: Callable[[], float]
    appid: str
    authenticate: Callable[[Json], None]
    daily: dict[str, int] = field(default_factory=lambda: dict(DAILY))
    used: Counter[tuple[int, str]] = field(default_factory=Counter)
    cleared: list[float] = field(default_factory=list)

    def charge(self, path: str) -> None:
        """Raises Refusal 45009 once the day's calls are used up; they start again at midnight in Beijing."""
        today = self._today()
        self.used[today, path] += 1
        if self.used[today, path] > self.daily.get(path, 10**9):
            raise Refusal(45009, "reach max api daily quota limit")

    def leave(self, path: str, left: int) -> None:
        """So many calls are left today; raises KeyError where a call has no limit."""
        self.used[self._today(), path] = self.daily[path] - left

    def clear(self, request: Json) -> Json:
        """`clear_quota`."""
        if request.get("appid") != self.appid:
            raise Refusal(40013, "invalid appid")
        return self._clear()

    def clear_by_secret(self, request: Json) -> Json:
        """`clear_quota/v2`: needs no token, so that it also helps when tokens are used up."""
        self.authenticate({**request, "secret": request.get("appsecret")})
        return self._clear()

    def told(self, request: Json) -> Json:
        """`openapi/quota/get`."""
        path = str(request.get("cgi_path", "")).strip("/")
        if path not in self.daily:
            raise Refusal(76021, "cgi_path not found, please check")
        limit, used = self.daily[path], self.used[self._today(), path]
        return {**OK, "quota": {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}}

    def _clear(self) -> Json:
        now = self.clock()
        self.cleared = [at for at in self.cleared if now - at < 30 * 86400]
        if len(self.cleared) >= CLEARS_A_MONTH:
            raise Refusal(48006, "forbid to clear quota because of reaching the limit")
        self.cleared.append(now)
        self.used.clear()
        return OK

    def _today(self) -> int:
        return int(self.clock() + _BEIJING_S) // 86400
