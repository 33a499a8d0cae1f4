"""
The followers' page inside WeChat: their tickets, a form for a new one, what staff said, and what they add.

An application of its own in the web process, with its own cookie, errors and policy. Who is here is known from WeChat
alone. Works without script, asks no other host for anything, and shows nobody anything but their own.
"""

from threading import BoundedSemaphore

from flask import Flask, Response, abort, g, request
from flask_wtf import CSRFProtect

from wxbot.bootstrap import PageParts
from wxbot.entrypoints.page.errors import handle_errors
from wxbot.entrypoints.page.pictures import BODY_LIMIT_BYTES
from wxbot.entrypoints.page.shown import show_words
from wxbot.entrypoints.page.views import views
from wxbot.entrypoints.page.visit import SAFE_METHODS, SESSION_S, Visits
from wxbot.entrypoints.server import THREADS
from wxbot.settings import PAGE_PATH

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""What the browser may load: this host's own files, and previews (`blob:`) of what is chosen on the phone itself."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STATIC_S = 3600
AT_ONCE = THREADS // 2
"""Slow requests in one process: half of its threads, however slow pictures come in. The others are WeChat's."""
PICTURE_PATIENCE_S = 0.5
"""For room: a ticket shows many pictures at once, and none takes long unless the media store does."""


def create_page(parts: PageParts) -> Flask:
    """The application, all of it below PAGE_PATH."""
    app = Flask(__name__, static_url_path=f"{PAGE_PATH}/static")
    app.config.update(
        SECRET_KEY=parts.secret_key,
        SESSION_COOKIE_NAME="wxbot_my",
        SESSION_COOKIE_PATH=PAGE_PATH,
        SESSION_COOKIE_SECURE=parts.address.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        # Strict would lose the cookie on the way back from WeChat's host.
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_S,
        MAX_CONTENT_LENGTH=BODY_LIMIT_BYTES,
        # As long as the session, or a form that was open for long would be refused to who is still here.
        WTF_CSRF_TIME_LIMIT=None,
        # It would ask for the referrer that our own policy forbids.
        WTF_CSRF_SSL_STRICT=False,
    )
    visits = Visits(parts)
    # In this order: who is not known takes no room, and what they send is not read.
    app.before_request(visits.known)
    _keep_room(app)
    CSRFProtect(app)
    app.register_blueprint(views(parts, visits), url_prefix=PAGE_PATH)
    handle_errors(app)
    show_words(app)
    app.after_request(_guarded)
    return app


def _keep_room(app: Flask) -> None:
    """Count what waits for others than Redis: a slow line, WeChat, the media store."""
    room = BoundedSemaphore(AT_ONCE)

    @app.before_request
    def enter() -> None:
        is_picture = request.endpoint == "my.picture"
        if not is_picture and request.endpoint != "my.enter" and request.method in SAFE_METHODS:
            return
        g.inside = room.acquire(timeout=PICTURE_PATIENCE_S if is_picture else 0)
        if not g.inside:
            abort(503)

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if g.pop("inside", False):
            room.release()


def _guarded(response: Response) -> Response:
    response.headers.update(HEADERS)
    is_file = response.direct_passthrough
    response.headers["Cache-Control"] = f"public, max-age={STATIC_S}" if is_file else "no-store"
    return response
