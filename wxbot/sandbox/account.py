"""The one account of a platform, as its back office holds it."""

from dataclasses import dataclass, field
from typing import Literal

from wxbot.sandbox.refusal import Json
from wxbot.sandbox.wire import Mode, Wire

APPID = "wx0123456789abcdef"

Type = Literal["service", "subscription"]
"""服务号 or 订阅号; only the former may send template messages and log users in on pages (6.3, 7)."""


@dataclass(slots=True)
class Account:
    """
    id: original id. alias: WeChat id, the end of kf accounts. verified: 认证; without it most of the API answers 48001.

    ai_reply: WeChat's own AI reply is switched on and trained (3.2).

    bot: URL that messages are pushed to, '' for none. bots: URLs of the processes behind it, which get them in turn, as
    from a load balancer; none for the URL itself. retry_s: at least so long after the start of a try comes the next.
    """

    appid: str = APPID
    secret: str = field(default="sandbox-secret-0123456789abcdef", repr=False)
    token: str = field(default="", repr=False)
    aes_key: str = field(default="", repr=False)
    mode: Mode = "safe"
    bot: str = ""
    id: str = "gh_7c1e20f3a9b4"
    alias: str = "shop"
    name: str = "公众号"
    type: Type = "service"
    verified: bool = True
    ai_reply: bool = False
    bots: tuple[str, ...] = ()
    retry_s: float = 0

    @property
    def wire(self) -> Wire:
        return Wire(self.appid, self.token, self.aes_key, self.mode)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where deliveries go, in turn."""
        return self.bots or ((self.bot,) if self.bot else ())

    def view(self) -> Json:
        return {
            "appid": self.appid, "id": self.id, "alias": self.alias, "name": self.name, "verified": self.verified,
            "type": self.type, "ai_reply": self.ai_reply,
            "mode": self.mode, "bot": self.bot, "bots": list(self.bots), "retry_s": self.retry_s,
        }  # fmt: skip
