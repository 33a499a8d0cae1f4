"""One account on a WeChat of our own, served on this machine."""

import time
from collections.abc import Callable
from typing import Self

from flask import Flask

from wxbot.sandbox.account import APPID, Account
from wxbot.sandbox.api import api
from wxbot.sandbox.clock import Clock
from wxbot.sandbox.company import company
from wxbot.sandbox.followers import Received, Trigger
from wxbot.sandbox.page import page
from wxbot.sandbox.postman import PATIENCE_S
from wxbot.sandbox.server import LocalServer
from wxbot.sandbox.sidedoor import side_door
from wxbot.sandbox.wechat_pages import wechat_pages
from wxbot.sandbox.world import World


class Platform:
    """
    A world behind a port: API host, pages and side door.

    account: where it names a bot, messages are pushed to it; without one, tests push by hand, with a `Delivery`.
    clock: unix seconds; tokens expire and windows close by it. verified: False refuses menus and messages with 48001.
    """

    def __init__(
        self,
        appid: str = APPID,
        *,
        account: Account | None = None,
        clock: Callable[[], float] = time.time,
        verified: bool = True,
        port: int = 0,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.world = world = World(
            account or Account(appid, verified=verified), clock=Clock(clock), patience_s=patience_s
        )
        self.tokens, self.quotas, self.faults, self.calls = world.tokens, world.quotas, world.faults, world.calls
        self.followers, self.menus, self.messages = world.followers, world.menus, world.messages
        self.agents, self.desk = world.agents, world.desk
        self._server = LocalServer(_app(world), port=port)
        world.host = self._server.url

    @property
    def url(self) -> str:
        """What `WECHAT_API_BASE` has to be."""
        return self._server.url

    @property
    def verified(self) -> bool:
        return self.world.account.verified

    @verified.setter
    def verified(self, verified: bool) -> None:
        self.world.account.verified = verified

    def start(self) -> Self:
        self._server.start()
        self.world.alarms.start()
        return self

    def stop(self) -> None:
        self.world.bus.close()
        self.world.alarms.stop()
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # For tests that push by hand

    def user_wrote(self, openid: str) -> None:
        self.user_did(openid, "message")

    def user_tapped(self, openid: str) -> None:
        """A tap on a menu entry of type click, scancode_push or scancode_waitmsg; others open no window (4.4)."""
        self.user_did(openid, "menu")

    def user_followed(self, openid: str) -> None:
        self.user_did(openid, "follow")

    def user_did(self, openid: str, trigger: Trigger) -> None:
        with self.world.acting():
            self.followers.did(openid, trigger)

    def user_unfollowed(self, openid: str) -> None:
        with self.world.acting():
            self.followers.left(openid)

    def inbox(self, openid: str, since: int = 0) -> list[Received]:
        """Messages that this follower received by API, after number `since`."""
        with self.world.acting():
            follower = self.followers.known.get(openid)
            return follower.inbox[since:] if follower else []


def _app(world: World) -> Flask:
    app = Flask(__name__)
    for routes in (api(world), wechat_pages(world), side_door(world), company(), page()):
        app.register_blueprint(routes)
    return app
