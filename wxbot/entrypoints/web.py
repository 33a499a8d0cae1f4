"""What WeChat and the load balancer call. `receive` is the outer rim: whatever happens, WeChat gets a good answer."""

import logging
import re
import time
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, send_from_directory

from wxbot.adapters.wechat.codec import SUCCESS, Envelope
from wxbot.bootstrap import Bot
from wxbot.domain.message import Inbound
from wxbot.domain.reply import Reply, TextPart
from wxbot.entrypoints.metrics import Metrics
from wxbot.errors import Refused, Unreadable
from wxbot.service.privacy import tag
from wxbot.service.turn import Handled

BODY_LIMIT_BYTES = 64 * 1024
"""More than WeChat ever sends, less than what makes an XML parser sweat (protocol 8.3)."""

_VERIFICATION_FILE = re.compile(r"MP_verify_[A-Za-z0-9]{1,64}\.txt")

_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>微信消息接口</title><p>这里是微信公众号的消息接口，运行正常。请在微信里打开公众号对话。</p>
<p lang="en">This address receives messages from WeChat. It is up; there is nothing to see in a browser.</p></html>"""

log = logging.getLogger(__name__)


def create_app(bot: Bot) -> Flask:
    """The WSGI application of one process."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT_BYTES
    webhook = _Webhook(bot, Metrics())
    app.add_url_rule("/wechat", "verify", webhook.verify, methods=["GET"])
    app.add_url_rule("/wechat", "receive", webhook.receive, methods=["POST"])
    app.add_url_rule("/healthz", "healthz", lambda: _plain("ok"))
    app.add_url_rule("/readyz", "readyz", webhook.readyz)
    app.add_url_rule("/metrics", "metrics", webhook.show_metrics)
    app.add_url_rule("/<name>", "verification_file", lambda name: _verification_file(bot.folder, name))
    return app


class _Webhook:
    def __init__(self, bot: Bot, metrics: Metrics) -> None:
        self._bot, self._metrics = bot, metrics

    def verify(self) -> Response:
        """The URL check when an operator saves the address, or a person who looks (protocol 1.2)."""
        if "signature" not in request.args:
            return Response(_PAGE, mimetype="text/html")
        try:
            self._bot.codec.verify(request.args, time.time())
        except Refused as error:
            return self._refuse(error)
        # Not covered by the signature, so it must never be taken for a page (protocol 1.2).
        return _plain(request.args.get("echostr", ""))

    def receive(self) -> Response:
        """One delivery of one message (protocol 8.4)."""
        started, now = time.perf_counter(), time.time()
        body = request.get_data()
        try:
            inbound, envelope = self._bot.codec.decode(request.args, body, now)
        except Refused as error:
            return self._refuse(error)
        except Unreadable as error:
            self._metrics.unreadable.inc()
            log.warning("unreadable", extra={"reason": str(error)})
            return _xml(SUCCESS)
        answer = self._answer(inbound, envelope, now, started)
        return _xml(answer)

    def _answer(self, inbound: Inbound, envelope: Envelope, now: float, started: float) -> bytes:
        try:
            handled = self._bot.turns.handle(inbound)
            answer = self._bot.codec.encode(handled.reply, inbound, envelope, at=handled.at, now=now)
            self._note(inbound, handled, time.perf_counter() - started)
        except Exception:  # noqa: BLE001 - the rim: WeChat must not see an error, the user gets a polite sentence
            self._metrics.failures.inc()
            log.exception("turn failed", extra={"message_id": inbound.id, "user": tag(inbound.user)})
            return self._apology(inbound, envelope, now)
        return answer

    def _apology(self, inbound: Inbound, envelope: Envelope, now: float) -> bytes:
        if not inbound.is_message:
            return SUCCESS
        words: Reply = TextPart(self._bot.turns.live().script.say("oops"))
        return self._bot.codec.encode(words, inbound, envelope, at=int(now), now=now)

    def _note(self, inbound: Inbound, handled: Handled, seconds: float) -> None:
        self._metrics.turns.labels(handled.rule).inc()
        self._metrics.seconds.observe(seconds)
        if handled.degraded:
            self._metrics.degraded.inc()
        fields: dict[str, Any] = {
            "message_id": inbound.id,
            "user": tag(inbound.user),
            "kind": type(inbound.content).__name__,
            "rule": handled.rule,
            "reply": handled.reply.kind,
            "tries": handled.tries,
            "ms": round(seconds * 1000, 2),
        }
        if handled.confidence is not None:
            fields["confidence"] = handled.confidence
        log.info("turn", extra=fields)

    def _refuse(self, error: Refused) -> Response:
        self._metrics.refused.inc()
        log.warning("refused", extra={"reason": str(error)})
        return Response("forbidden", 403, mimetype="text/plain")

    def readyz(self) -> tuple[dict[str, Any], int]:
        """200 when messages get their full service; 503 while they are answered from memory."""
        redis = self._bot.ping()
        state = {"ready": redis, "redis": redis, "content_problems": len(self._bot.content.problems)}
        return state, 200 if redis else 503

    def show_metrics(self) -> Response:
        return _plain(self._metrics.render())


def _verification_file(folder: Path, name: str) -> Response:
    """The proof of ownership that WeChat asks for, from the content folder (product A)."""
    if not _VERIFICATION_FILE.fullmatch(name):
        abort(404)
    return send_from_directory(folder.resolve(), name, mimetype="text/plain")


def _plain(body: str | bytes) -> Response:
    return Response(body, mimetype="text/plain", headers={"X-Content-Type-Options": "nosniff"})


def _xml(body: bytes) -> Response:
    return Response(body, mimetype="application/xml" if body is not SUCCESS else "text/plain")
