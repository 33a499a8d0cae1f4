"""What WeChat, operators and the load balancer call: the webhook, and pages of Flask for everything else."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, request, send_from_directory

from wxbot.bootstrap import Bot
from wxbot.entrypoints.metrics import Metrics
from wxbot.entrypoints.page import create_page
from wxbot.entrypoints.webhook import Webhook, refused
from wxbot.errors import Refused, StoreUnavailable
from wxbot.settings import PAGE_PATH

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_VERIFICATION_FILE = re.compile(r"MP_verify_[A-Za-z0-9]{1,64}\.txt")

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>微信消息接口</title><p>这里是微信公众号的消息接口，运行正常。请在微信里打开公众号对话。</p>
<p lang="en">This address receives messages from WeChat. It is up; there is nothing to see in a browser.</p></html>"""


def create_app(bot: Bot) -> "WSGIApplication":
    """The WSGI application of one process."""
    metrics = Metrics()
    webhook, pages = Webhook(bot, metrics), create_pages(bot, metrics)
    page = create_page(bot.page) if bot.page else pages

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Any:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST" and path == "/wechat":
            return webhook(environ, start_response)
        return (page if path == PAGE_PATH or path.startswith(f"{PAGE_PATH}/") else pages)(environ, start_response)

    return app


def create_pages(bot: Bot, metrics: Metrics) -> Flask:
    """Everything but the messages."""
    app = Flask(__name__, static_folder=None)
    pages = _Pages(bot, metrics)
    app.add_url_rule("/wechat", "verify", pages.verify)
    app.add_url_rule("/healthz", "healthz", lambda: _plain("ok"))
    app.add_url_rule("/readyz", "readyz", pages.readyz)
    app.add_url_rule("/metrics", "metrics", pages.show_metrics)
    app.add_url_rule("/<name>", "verification_file", lambda name: _verification_file(bot.folder, name))
    return app


class _Pages:
    def __init__(self, bot: Bot, metrics: Metrics) -> None:
        self._bot, self._metrics = bot, metrics

    def verify(self) -> Response:
        """The URL check when an operator saves the address, or a person who looks (protocol 1.2)."""
        if "signature" not in request.args:
            return Response(_PAGE, mimetype="text/html")
        try:
            self._bot.codec.verify(request.args, time.time())
        except Refused as error:
            refused(self._metrics, error)
            return Response("forbidden", 403, mimetype="text/plain")
        # Not covered by the signature, so it must never be taken for a page (protocol 1.2).
        return _plain(request.args.get("echostr", ""))

    def readyz(self) -> tuple[dict[str, Any], int]:
        """200 when messages get their full service; 503 while they are answered from memory."""
        redis = self._bot.ping()
        content = self._bot.content
        state = {
            "ready": redis,
            "redis": redis,
            "content": asdict(content.origin.running),
            "content_problems": len(content.problems),
        }
        return state, 200 if redis else 503

    def show_metrics(self) -> Response:
        delivered: Mapping[str, int] = {}
        backlog = None
        with suppress(StoreUnavailable):
            delivered, backlog = self._bot.delivered(), self._bot.backlog()
        return _plain(self._metrics.render(delivered, backlog, self._bot.presence.current))


def _verification_file(folder: Path, name: str) -> Response:
    """The proof of ownership that WeChat asks for, from the content folder (product A)."""
    if not _VERIFICATION_FILE.fullmatch(name):
        abort(404)
    return send_from_directory(folder.resolve(), name, mimetype="text/plain")


def _plain(body: str | bytes) -> Response:
    return Response(body, mimetype="text/plain", headers={"X-Content-Type-Options": "nosniff"})
