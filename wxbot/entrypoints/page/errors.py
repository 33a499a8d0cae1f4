"""Whatever goes wrong becomes a page that says what to do now."""

import logging

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from wxbot.entrypoints.page.words import t
from wxbot.errors import MediaUnavailable, StoreUnavailable, WeChatError
from wxbot.service.tickets import TicketRefused

KNOWN = (400, 401, 403, 404, 413, 429, 503)
"""Codes that have words of their own."""

log = logging.getLogger(__name__)


def handle_errors(app: Flask) -> None:
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(CSRFError, lambda error: _page(400))
    app.register_error_handler(TicketRefused, _on_refused)
    for unavailable in (StoreUnavailable, MediaUnavailable, WeChatError):
        app.register_error_handler(unavailable, _on_unavailable)


def _on_http(error: HTTPException) -> ResponseReturnValue:
    if error.code and error.code < 400:
        return error.get_response()
    return _page(error.code or 500)


def _on_refused(error: TicketRefused) -> ResponseReturnValue:
    """Another's ticket is not there; what one's own does not allow is said on it."""
    if error.state is None:
        return _page(404)
    flash(t("refused"), "sorry")
    return redirect(url_for("my.ticket", number=error.number), 303)


def _on_unavailable(error: Exception) -> ResponseReturnValue:
    log.warning("the page cannot be served: %s", error)
    return _page(503)


def _page(code: int) -> ResponseReturnValue:
    name = str(code) if code in KNOWN else "500"
    if code == 503 and request.method == "POST":
        name = "503.form"
    headers = {"Retry-After": "30"} if code in (429, 503) else {}
    return render_template("notice.html", title=t(f"error.{name}"), text=t(f"error.{name}.text")), code, headers
