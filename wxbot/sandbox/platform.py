"""The stand-in for `api.weixin.qq.com`: its rooms, and the routes to them (protocol 4.2, 4.4, 5.1, 6.1)."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from flask import Flask, Response, request

from wxbot.sandbox.agents import Agents
from wxbot.sandbox.faults import Fault, Faults
from wxbot.sandbox.followers import Followers, Received, Trigger
from wxbot.sandbox.menus import Menus
from wxbot.sandbox.messages import Messages
from wxbot.sandbox.quotas import Quotas
from wxbot.sandbox.refusal import Json, Refusal
from wxbot.sandbox.server import LocalServer, hang_up
from wxbot.sandbox.sidedoor import side_door
from wxbot.sandbox.tokens import Tokens

_UNICODE_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    One call of the API.

    handle: gets the JSON body or the query, gives the answer, or raises Refusal. token: whether the call needs one.
    verified: whether only verified accounts may make it.
    """

    method: str
    path: str
    handle: Callable[[Json], Json]
    token: bool = True
    verified: bool = False


class Platform:
    """
    One account on a WeChat of our own.

    clock: unix seconds; tokens expire and windows close by it. verified: False refuses menus and messages with 48001.
    calls: path of every call that came in, in order.
    """

    def __init__(
        self,
        appid: str = "wx0123456789abcdef",
        secret: str = "sandbox-secret-0123456789abcdef",  # noqa: S107 - opens nothing but this sandbox
        *,
        clock: Callable[[], float] = time.time,
        verified: bool = True,
        port: int = 0,
    ) -> None:
        self.verified = verified
        self.tokens = Tokens(appid, secret, clock)
        self.followers = Followers(clock)
        self.menus = Menus(self.followers)
        self.messages = Messages(self.followers)
        self.agents = Agents(clock)
        self.quotas = Quotas(clock)
        self.faults = Faults()
        self.calls: list[str] = []
        self._lock = threading.RLock()
        self._server = LocalServer(self._app(), port=port)

    @property
    def url(self) -> str:
        """What `WECHAT_API_BASE` has to be."""
        return self._server.url

    def start(self) -> Self:
        self._server.start()
        return self

    def stop(self) -> None:
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def user_wrote(self, openid: str) -> None:
        self.user_did(openid, "message")

    def user_tapped(self, openid: str) -> None:
        """A tap on a menu entry of type click, scancode_push or scancode_waitmsg; others open no window (4.4)."""
        self.user_did(openid, "menu")

    def user_followed(self, openid: str) -> None:
        self.user_did(openid, "follow")

    def user_scanned(self, openid: str) -> None:
        self.user_did(openid, "scan")

    def user_did(self, openid: str, trigger: Trigger) -> None:
        with self._lock:
            self.followers.did(openid, trigger)

    def user_unfollowed(self, openid: str) -> None:
        with self._lock:
            self.followers.left(openid)

    def inbox(self, openid: str, since: int = 0) -> list[Received]:
        """Messages that this follower received by API, after number `since`."""
        with self._lock:
            follower = self.followers.known.get(openid)
            return follower.inbox[since:] if follower else []

    def _endpoints(self) -> tuple[Endpoint, ...]:
        tokens, menus, messages, agents = self.tokens, self.menus, self.messages, self.agents
        return (
            Endpoint("GET", "cgi-bin/token", tokens.give_plain, token=False),
            Endpoint("POST", "cgi-bin/stable_token", tokens.give_stable, token=False),
            Endpoint("GET", "cgi-bin/getcallbackip", lambda _: {"ip_list": ["127.0.0.1"]}),
            Endpoint("POST", "cgi-bin/menu/create", menus.create, verified=True),
            Endpoint("GET", "cgi-bin/menu/get", menus.get, verified=True),
            Endpoint("GET", "cgi-bin/menu/delete", menus.delete, verified=True),
            Endpoint("POST", "cgi-bin/menu/addconditional", menus.add_conditional, verified=True),
            Endpoint("POST", "cgi-bin/menu/delconditional", menus.delete_conditional, verified=True),
            Endpoint("POST", "cgi-bin/menu/trymatch", menus.try_match, verified=True),
            Endpoint("GET", "cgi-bin/get_current_selfmenu_info", menus.current),
            Endpoint("POST", "cgi-bin/message/custom/send", messages.send, verified=True),
            Endpoint("POST", "cgi-bin/message/custom/typing", messages.typing, verified=True),
            Endpoint("GET", "cgi-bin/customservice/getkflist", agents.list_all, verified=True),
            Endpoint("GET", "cgi-bin/customservice/getonlinekflist", agents.list_online, verified=True),
            Endpoint("GET", "customservice/kfsession/getsession", agents.session, verified=True),
            Endpoint("GET", "customservice/kfsession/getwaitcase", agents.queue_list, verified=True),
        )

    def _app(self) -> Flask:
        app = Flask(__name__)
        for endpoint in self._endpoints():
            app.add_url_rule(f"/{endpoint.path}", endpoint.path, self._view(endpoint), methods=["GET", "POST"])
        app.register_blueprint(side_door(self.followers, self.faults, self._lock))
        return app

    def _view(self, endpoint: Endpoint) -> Callable[[], Response]:
        def view() -> Response:
            fault = self.faults.take(endpoint.path)
            takes_effect = fault is None or fault.after
            answer = self._answer(endpoint) if takes_effect else {}
            return _spoil(fault, answer) if fault else _json(answer)

        return view

    def _answer(self, endpoint: Endpoint) -> Json:
        with self._lock:
            self.calls.append(endpoint.path)
            try:
                self._admit(endpoint)
                return endpoint.handle(_request_json() if endpoint.method == "POST" else request.args.to_dict())
            except Refusal as refusal:
                return refusal.answer()

    def _admit(self, endpoint: Endpoint) -> None:
        if request.method != endpoint.method:
            raise Refusal(43001 if endpoint.method == "GET" else 43002, f"require {endpoint.method} method")
        if endpoint.token:
            self.tokens.check(request.args.get("access_token", ""))
        if endpoint.verified and not self.verified:
            raise Refusal(48001, "api unauthorized")
        self.quotas.charge(endpoint.path)


def _request_json() -> Json:
    body = request.get_data()
    if _UNICODE_ESCAPE.search(body):
        raise Refusal(40033, r"invalid charset. please check your request, if include \uxxxx will create fail!")
    try:
        parsed = json.loads(body)
    except ValueError:
        raise Refusal(47001, "data format error") from None
    if not isinstance(parsed, dict):
        raise Refusal(47001, "data format error")
    return parsed


def _spoil(fault: Fault, answer: Json) -> Response:
    """The answer as the fault leaves it."""
    match fault.kind:
        case "refuse":
            return _json(Refusal(int(fault.value), "refused on request").answer())
        case "slow":
            time.sleep(fault.value)
            return _json(answer)
        case "html":
            return Response("<html><body>502 Bad Gateway</body></html>", mimetype="text/html")
        case "status":
            return Response("", status=int(fault.value))
        case "drop":
            hang_up(request.environ["werkzeug.socket"])
            return Response("")


def _json(answer: Json) -> Response:
    return Response(json.dumps(answer, ensure_ascii=False), mimetype="application/json")
