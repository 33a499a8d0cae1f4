"""A follower's browser without a screen: cookies, redirects, and forms that are sent as they stand in the page."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests


@dataclass
class Sheet:
    """One form of a page. fields: what is in it already."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Sheets(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Sheet] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form":
            self.found.append(Sheet(named.get("action") or ""))
        if tag == "input" and named.get("type") == "hidden":
            self.found[-1].fields[named["name"] or ""] = named.get("value") or ""


@dataclass
class Browser:
    """url: of the page. openid: whom the platform takes it for."""

    url: str
    openid: str
    http: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.http.cookies.set("rehearsal_user", self.openid, domain="127.0.0.1")

    def opens(self, path: str = "", **options: Any) -> requests.Response:
        """path: below the page's own."""
        return self.http.get(f"{self.url}{path}", timeout=10, **options)

    def sheet(self, page: requests.Response, ending: str) -> Sheet:
        """The form of a page whose action ends so."""
        return next(sheet for sheet in _Sheets(page.text).found if sheet.action.endswith(ending))

    def sends(self, page: requests.Response, ending: str, files: Any = None, **fields: str) -> requests.Response:
        """Fill in that form and send it."""
        sheet = self.sheet(page, ending)
        return self.post(urljoin(page.url, sheet.action), {**sheet.fields, **fields}, files)

    def post(self, url: str, fields: dict[str, str], files: Any = None, **options: Any) -> requests.Response:
        return self.http.post(url, data=fields, files=files, timeout=20, **options)

    def reports(self, description: str, files: Any = None, **fields: str) -> requests.Response:
        """Fill in and send the form for a problem."""
        page = self.opens("/new/problem")
        return self.sends(page, "/new/problem", files, description=description, **{"system": "macOS", **fields})
