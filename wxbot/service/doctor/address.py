"""The address that WeChat pushes to: right in form, reachable, ours, and guarded (protocol 1.1, 1.2, 1.7, 3.1)."""

import json
import secrets
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit, urlunsplit

from wxbot.service.doctor.content import MENDED, Source
from wxbot.service.doctor.cures import BASICS
from wxbot.service.doctor.finding import Finding, doubt, fault, fine
from wxbot.service.doctor.ports import Doorstep, Knocked, NoAnswer, Trouble
from wxbot.service.ports import Clock

PATH = "/wechat"
SLOW_S, TOO_SLOW_S = 1.0, 4.0
"""WeChat waits five seconds for a message."""
CERTIFICATE_DAYS = 14
"""Days before its end at which a certificate should have been renewed by itself."""

_PORTS = {"http": 80, "https": 443}
_TROUBLES: Mapping[Trouble, tuple[str, str]] = {
    "name": ("查不到域名的地址", "检查域名有没有写错、DNS 有没有解析到服务器"),
    "refused": ("连接被拒绝", "检查 nginx 在不在运行，防火墙和安全组有没有放行 80、443 端口"),
    "timeout": ("连不上，或者等不到回答", "检查防火墙、安全组和 nginx 的转发，再看 wxbot serve 在不在运行"),
    "certificate": ("HTTPS 证书不被信任", "换成正规机构签发的证书，域名要一致、没有过期，并带上中间证书"),
    "broken": ("连接中途断开", "看 nginx 和 wxbot serve 的日志"),
}


def look_at_address(url: str, doorstep: Doorstep, clock: Clock, *, rehearsal: bool) -> Iterator[Finding]:
    """url: as in the back office, '' when nobody told it. rehearsal: a local one, that need not be public."""
    if not url:
        yield doubt("没有检查消息接口的网址", "加上 --url https://你的域名/wechat 再检查一次")
        return
    formal = list(_form(url, rehearsal))
    yield from formal
    if any(finding.mark == "fault" for finding in formal):
        return
    try:
        yield from _answers(url, doorstep)
        yield from _refuses(url, doorstep)
        yield from _certificate(url, doorstep, clock())
    except NoAnswer as error:
        yield fault(*_TROUBLES[error.trouble])


def look_at_processes(url: str, doorstep: Doorstep, source: Source, *, rehearsal: bool) -> Iterator[Finding]:
    """What the web process behind the address says of itself on `/readyz`, if it can be asked from here."""
    try:
        knocked = doorstep.look(_beside(url, "/readyz"))
        state = json.loads(knocked.body) if knocked.status in (200, 503) else None
    except (NoAnswer, ValueError):
        state = None
    if not isinstance(state, dict) or "ready" not in state:
        yield fine("从外面看不到 /readyz，应当如此")
        return
    if not rehearsal and not _is_internal(urlsplit(url).hostname or ""):
        yield doubt("/readyz 和 /metrics 对外开放着", "在 nginx 里只放行 /wechat 和 MP_verify_*.txt")
    yield from _state(state, MENDED[source])


def _state(state: Mapping[str, object], mend: str) -> Iterator[Finding]:
    content = state.get("content")
    if not state.get("redis"):
        yield fault("网页进程连不上 Redis，正在凭内存回答", "检查 Redis 在不在运行、REDIS_URL 对不对")
    if state.get("content_problems"):
        yield fault("网页进程还在用上一份内容：新的内容有错误", mend)
    elif isinstance(content, dict) and content.get("source") == "kept":
        yield fault("网页进程在用留存的上一份内容", mend)
    elif state.get("redis"):
        yield fine("网页进程一切就绪，内容是最新的")


def _form(url: str, rehearsal: bool) -> Iterator[Finding]:
    parts, port = _split(url)
    if not parts or parts.scheme not in _PORTS or not parts.hostname:
        yield fault("网址不完整", "写成 https://你的域名/wechat")
        return
    if parts.path != PATH:
        yield fault(f"网址的路径是 {parts.path or '/'}", f"写成 {parts.scheme}://{parts.netloc}{PATH}", BASICS)
    if rehearsal:
        return
    if port not in (None, _PORTS[parts.scheme]):
        yield fault("微信只认 80 和 443 端口", "用 nginx 在 443 端口转发，网址里不写端口", BASICS)
    if _is_internal(parts.hostname):
        yield fault("这是内网的地址，微信访问不到", "换成公网能访问的域名", BASICS)
    if parts.scheme == "http":
        yield doubt("网址没有用 HTTPS", "装上证书，后台的网址改成 https://", BASICS)


def _split(url: str) -> tuple[SplitResult | None, int | None]:
    """Its parts, None where it is beyond reading; its port, -1 where that is no number."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None, None
    try:
        return parts, parts.port
    except ValueError:
        return parts, -1


def _is_internal(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".local", ".internal", ".localhost"))


def _answers(url: str, doorstep: Doorstep) -> Iterator[Finding]:
    echo = secrets.token_hex(8)
    knocked = doorstep.knock(url, echo)
    if 300 <= knocked.status < 400:
        yield fault(f"网址跳转到了 {_shown(knocked.location)}", "填跳转以后的网址，微信不跟着跳转", BASICS)
    elif knocked.status == 403:
        yield fault("验证被拒绝（HTTP 403）", "检查运行中的 WECHAT_TOKEN 和这里的一致，服务器的时间也要准", BASICS)
    elif knocked.status != 200:
        yield fault(f"返回 HTTP {knocked.status}", _by_status(knocked.status))
    elif knocked.body != echo.encode():
        yield fault(_mangled(knocked, echo), "让 nginx 把 /wechat 原样转发给 wxbot serve，不要改写、不要加验证页")
    elif knocked.seconds >= SLOW_S:
        text, cure = f"验证通过，但用了 {knocked.seconds:.1f} 秒", "微信只等 5 秒：检查网络、机器负载，把服务器放在国内"
        yield fault(text, cure) if knocked.seconds >= TOO_SLOW_S else doubt(text, cure)
    else:
        yield fine(f"网址能访问，验证通过（{knocked.seconds * 1000:.0f} 毫秒）")


def _by_status(status: int) -> str:
    if status == 404:
        return "检查 nginx 的转发路径：/wechat 要转给 wxbot serve 的 /wechat"
    if status in (502, 503, 504):
        return "启动 wxbot serve，检查 nginx 转发的端口"
    return "看 nginx 和 wxbot serve 的日志"


def _mangled(knocked: Knocked, echo: str) -> str:
    if echo.encode() in knocked.body:
        return "验证的回答多了别的字符（空格、引号、换行或 BOM）"
    return "回答的不是 wxbot：可能是登录页、穿透工具的提示页或别的网站"


def _refuses(url: str, doorstep: Doorstep) -> Iterator[Finding]:
    """A wrong signature must not get its echo."""
    echo = secrets.token_hex(8)
    if echo.encode() in doorstep.knock(url, echo, forged=True).body:
        yield fault("签名不对的请求也通过了验证", "确认 /wechat 后面是 wxbot，而不是原样返回 echostr 的别的程序")


def _certificate(url: str, doorstep: Doorstep, now: float) -> Iterator[Finding]:
    if urlsplit(url).scheme != "https":
        return
    days = int((doorstep.certificate_ends(url) - now) // 86400)
    if days < CERTIFICATE_DAYS:
        yield doubt(f"HTTPS 证书还有 {days} 天过期", "续期并重新加载 nginx，最好设成自动续期")


def _beside(url: str, path: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def _shown(location: str) -> str:
    """Without its query, which holds the signature."""
    return location.partition("?")[0] or "别处"
