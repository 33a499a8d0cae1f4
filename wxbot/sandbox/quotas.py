"""How often a call may be made in a day (protocol 5.2, 6.1)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from wxbot.sandbox.refusal import Refusal

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
}
_BEIJING_S = 8 * 3600


@dataclass(slots=True)
class Quotas:
    """daily: calls a day by path, those not named are free; change it to reach a limit sooner."""

    clock: Callable[[], float]
    daily: dict[str, int] = field(default_factory=lambda: dict(DAILY))
    used: Counter[tuple[int, str]] = field(default_factory=Counter)

    def charge(self, path: str) -> None:
        """Raises Refusal 45009 once the day's calls are used up; they start again at midnight in Beijing."""
        today = int(self.clock() + _BEIJING_S) // 86400
        self.used[today, path] += 1
        if self.used[today, path] > self.daily.get(path, 10**9):
            raise Refusal(45009, "reach max api daily quota limit")
