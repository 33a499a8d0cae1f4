"""Who is here, and how much they may do."""

import secrets
import time
from hmac import compare_digest
from http import HTTPStatus
from urllib.parse import quote

from flask import abort, redirect, request, session, url_for
from werkzeug.wrappers import Response

from wxbot.bootstrap import PageParts

SESSION_S = 3600
"""Since the last look, after which WeChat is asked again who is here; it tells without a question to the follower."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
"""Of requests that change nothing, and have no body."""
OPEN = (None, "static", "my.enter")
"""Endpoints for everybody; None for what is not there."""
STATE_S = 600
"""For going to WeChat and back."""

LIMITS = {"look": (240, 60), "do": (30, 600), "open": (10, 3600)}
"""What one follower may do: how often, within how many seconds. do: every form that is sent; open: new tickets."""


class Visits:
    """The way in."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts

    def visitor(self) -> str:
        """The openid of whoever is here, '' where that is not known."""
        since = session.get("since", 0)
        return str(session["user"]) if 0 <= time.time() - since < SESSION_S and "user" in session else ""

    def known(self) -> Response | None:
        """
        Before anything else is done with a request: whoever is not known goes to WeChat and comes back.

        What they were sending cannot come along, so they are told that it was not sent.
        """
        if request.endpoint in OPEN:
            return None
        is_look = request.method in SAFE_METHODS
        if not self.visitor():
            return self.begin(quote(request.path)) if is_look else abort(HTTPStatus.UNAUTHORIZED)
        if is_look:
            session["since"] = int(time.time())
        self.allow("look" if is_look else "do")
        return None

    def begin(self, to: str) -> Response:
        """Off to WeChat, which knows who this is. to: path to come back to."""
        state = secrets.token_urlsafe(16)
        session.clear()
        session.update(state=state, to=to)
        return redirect(self._parts.login.address(f"{self._parts.address}/enter", state))

    def enter(self) -> Response:
        """
        Back from WeChat with a code; without one, a link that begins anew.

        The state must be the one that this browser was sent off with, and comes back once.
        """
        if "state" not in request.args:
            return self.begin(url_for("my.tickets"))
        state, to = session.pop("state", ""), session.pop("to", "")
        returned = request.args["state"]
        if not state or not compare_digest(state.encode(), returned.encode()):
            return self._astray()
        if not self._parts.limits.take(f"state:{state}", 1, STATE_S):
            return self._astray()
        user = self._parts.login.visitor(request.args.get("code", "")) if request.args.get("code") else None
        if not user:
            return self._astray()
        session.update(user=user, since=int(time.time()))
        session.permanent = True
        return redirect(to)

    def allow(self, what: str) -> None:
        """Count something that the visitor does; 429 where it is too much."""
        limit, window_s = LIMITS[what]
        if not self._parts.limits.take(f"{what}:{self.visitor()}", limit, window_s):
            abort(HTTPStatus.TOO_MANY_REQUESTS)

    def _astray(self) -> Response:
        """A way in that was used, or is another's. Who is here already has just gone back to it."""
        if not self.visitor():
            abort(HTTPStatus.FORBIDDEN)
        return redirect(url_for("my.tickets"))
