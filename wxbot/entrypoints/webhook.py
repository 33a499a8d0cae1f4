"""
POST /wechat, where the five seconds count: a bare WSGI application, since a framework's request, route and response
cost more than all that a turn does with them.

`Webhook` is the outer rim: whatever happens, WeChat gets a good answer.
"""

import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from wxbot.adapters.wechat.codec import SUCCESS, Envelope
from wxbot.bootstrap import Bot
from wxbot.domain.message import Inbound
from wxbot.domain.reply import Reply, TextPart
from wxbot.entrypoints.metrics import Metrics
from wxbot.errors import Refused, Unreadable
from wxbot.service.privacy import tag
from wxbot.service.turn import Handled

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

BODY_LIMIT_BYTES = 64 * 1024
"""More than WeChat ever sends, less than what makes an XML parser sweat (protocol 8.3)."""

log = logging.getLogger(__name__)


class Webhook:
    """Answers deliveries of messages (protocol 8.4)."""

    def __init__(self, bot: Bot, metrics: Metrics) -> None:
        self._bot, self._metrics = bot, metrics

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        status, answer = self.receive(environ)
        kind = "application/xml" if answer.startswith(b"<xml>") else "text/plain"
        headers = [("Content-Type", f"{kind}; charset=utf-8"), ("Content-Length", str(len(answer)))]
        start_response(f"{status.value} {status.phrase}", headers)
        return [answer]

    def receive(self, environ: "WSGIEnvironment") -> tuple[HTTPStatus, bytes]:
        """One delivery of one message."""
        started, now = time.perf_counter(), time.time()
        body = environ["wsgi.input"].read(BODY_LIMIT_BYTES + 1)
        if len(body) > BODY_LIMIT_BYTES:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"too large"
        try:
            inbound, envelope = self._bot.codec.decode(_query(environ["QUERY_STRING"]), body, now)
        except Refused as error:
            refused(self._metrics, error)
            return HTTPStatus.FORBIDDEN, b"forbidden"
        except Unreadable as error:
            self._metrics.unreadable.inc()
            log.warning("unreadable", extra={"reason": str(error)})
            return HTTPStatus.OK, SUCCESS
        return HTTPStatus.OK, self._answer(inbound, envelope, now, started)

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


def refused(metrics: Metrics, error: Refused) -> None:
    """Note that a request did not come from WeChat; its content stays out of the log."""
    metrics.refused.inc()
    log.warning("refused", extra={"reason": str(error)})


def _query(text: str) -> dict[str, str]:
    """Where a name comes twice, the first counts."""
    return dict(reversed(parse_qsl(text, keep_blank_values=True)))
