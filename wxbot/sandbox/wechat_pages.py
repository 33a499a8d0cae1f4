"""The pages that WeChat itself shows: a QR code, and who looks at a page of the account."""

from collections.abc import Iterable
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from wxbot.sandbox import qrcodes
from wxbot.sandbox.oauth import Scope
from wxbot.sandbox.world import World

CHOSEN = "rehearsal_user"
"""The cookie that remembers who looks at pages in this browser."""


def wechat_pages(world: World) -> Blueprint:
    routes = Blueprint("wechat_pages", __name__)

    @routes.get("/cgi-bin/showqrcode")
    def show_qr_code() -> Response:
        with world.acting():
            code = world.qrcodes.find(request.args.get("ticket", ""))
        if not code:
            return Response("", status=404)
        return Response(qrcodes.picture(code), mimetype="image/png")

    @routes.get("/connect/open")
    def open_page() -> AnyResponse:
        """A link that `user` opens on their phone: WeChat knows from then on who looks at pages in this browser."""
        user, url = request.args.get("user", ""), request.args.get("url", "")
        with world.acting():
            known = user in world.followers.known and _is_of_the_bot(url, world.account.addresses)
        if not known:
            return Response(_page("无法打开", "<p>这里只打开机器人自己的网页。</p>"), status=400, mimetype="text/html")
        response = redirect(url)
        response.set_cookie(CHOSEN, user, samesite="Lax", httponly=True)
        return response

    @routes.get("/connect/oauth2/authorize")
    def authorize() -> AnyResponse:
        """
        `snsapi_base` goes on at once for a user who was chosen before, `snsapi_userinfo` always asks.

        `rehearsal_user` in the query chooses without a page, for tests.
        """
        problem = _problem(world)
        if problem:
            return Response(_page("无法打开", f"<p>{problem}</p>"), status=400, mimetype="text/html")
        chosen = request.args.get(CHOSEN) or _remembered()
        with world.acting():
            if chosen not in world.followers.known:
                return Response(_question(world), mimetype="text/html")
            code = world.oauth.allow(chosen, _scope())
        response = redirect(_with_code(code))
        response.set_cookie(CHOSEN, chosen, samesite="Lax", httponly=True)
        return response

    return routes


def _is_of_the_bot(url: str, addresses: Iterable[str]) -> bool:
    """Whether it is on the host that messages are pushed to."""
    return urlsplit(url)[:2] in {urlsplit(address)[:2] for address in addresses}


def _problem(world: World) -> str:
    """What WeChat would complain about, '' for nothing."""
    if request.args.get("appid") != world.account.appid:
        return "AppID 参数错误"
    may_log_in = world.account.verified and world.account.type == "service"
    if not may_log_in or request.args.get("scope") not in ("snsapi_base", "snsapi_userinfo"):
        return "Scope 参数错误或没有 Scope 权限"
    if request.args.get("response_type") != "code":
        return "response_type 参数错误"
    if urlsplit(request.args.get("redirect_uri", "")).scheme not in ("http", "https"):
        return "redirect_uri 参数错误"
    return ""


def _scope() -> Scope:
    return "snsapi_userinfo" if request.args.get("scope") == "snsapi_userinfo" else "snsapi_base"


def _remembered() -> str:
    return request.cookies.get(CHOSEN, "") if _scope() == "snsapi_base" else ""


def _with_code(code: str) -> str:
    """redirect_uri with `code` and `state` behind its own query."""
    parts = urlsplit(request.args["redirect_uri"])
    query = [*parse_qsl(parts.query, keep_blank_values=True), ("code", code), ("state", request.args.get("state", ""))]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _question(world: World) -> str:
    """Which of the rehearsal's users is looking."""
    given = [(name, value) for name, value in request.args.items() if name != CHOSEN]
    links = [
        f'<li><a href="?{escape(urlencode([*given, (CHOSEN, follower.openid)]))}">'
        f"{escape(follower.name or follower.openid)}</a></li>"
        for follower in world.followers
    ]
    body = f"<ul>{''.join(links)}</ul>" if links else "<p>还没有用户，先在演练页面上添加一个。</p>"
    return _page(f"{escape(world.account.name)} 申请获取您的身份，请选择：您是哪位用户？", body)


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><body><h1>{title}</h1>{body}</body></html>"
    )
