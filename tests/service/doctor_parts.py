"""An account at the stand-in for WeChat, as the doctor looks at it."""

from collections.abc import Callable, Iterable

from wxbot.adapters.wechat.api import WeChatApi
from wxbot.adapters.wechat.token import OwnVault
from wxbot.sandbox.platform import Platform
from wxbot.service.doctor.finding import Finding
from wxbot.service.doctor.rounds import Check, Report, examine


def api_of(platform: Platform, *, secret: str = "", appid: str = "") -> WeChatApi:
    tokens = platform.tokens
    return WeChatApi(appid or tokens.appid, secret or tokens.secret, OwnVault(), api_base=platform.url)


def found(look: Callable[[], Iterable[Finding]]) -> tuple[Finding, ...]:
    """What one check reports."""
    report: Report
    (report,) = examine([Check("一项", look)])
    return report.findings


def marks(findings: Iterable[Finding]) -> str:
    """One letter each: f fine, d doubt, x fault."""
    return "".join({"fine": "f", "doubt": "d", "fault": "x"}[finding.mark] for finding in findings)
