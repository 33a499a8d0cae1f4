"""
The page of the platform: a phone, the agents' desk and the wire.

Served as it is: no build step, nothing fetched from elsewhere. It knows the platform by the side door alone
(docs/rehearsal.md), and `words.json` holds every word of it in Chinese and English.
"""

import json
from pathlib import Path

from flask import Blueprint, Response, render_template

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""What the browser may load: this host's own files, and no script that stands in a page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

_HERE = Path(__file__).parent


def page() -> Blueprint:
    """The page on `/`, its files below `/page/`."""
    blueprint = Blueprint(
        "page", __name__, template_folder="templates", static_folder="static", static_url_path="/page"
    )
    words = json.loads((_HERE / "static/words.json").read_text(encoding="utf-8"))
    chinese = {key: both[0] for key, both in words.items()}

    def index() -> str:
        return render_template("page.html", words=chinese)

    def guarded(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    blueprint.add_url_rule("/", "index", index)
    blueprint.after_request(guarded)
    return blueprint
