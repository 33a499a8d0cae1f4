"""Template messages (protocol 6.3)."""

import itertools
import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wxbot.sandbox.chat import Content
from wxbot.sandbox.followers import Follower, Followers
from wxbot.sandbox.refusal import OK, Json, Refusal

TEMPLATES = 25
_FIELD = re.compile(r"\{\{(\w+)\.DATA\}\}")


@dataclass(frozen=True, slots=True)
class Template:
    """content: a line for each field, `订单号：{{keyword1.DATA}}`."""

    template_id: str
    title: str
    content: str

    def view(self) -> Json:
        return {"template_id": self.template_id, "title": self.title, "content": self.content}

    def lines(self, data: Json) -> list[str]:
        """
        The content with its fields filled in.

        Raises:
            Refusal: 47003, a field has no value. `first` and `remark` are not shown any more and may be missing.
        """

        def value(match: re.Match[str]) -> str:
            given = data.get(match[1])
            words = given.get("value") if isinstance(given, dict) else None
            if words is None:
                raise Refusal(47003, f"argument invalid! data.{match[1]}.value is empty")
            return str(words)

        kept = [line for line in self.content.splitlines() if line and not _is_dropped(line)]
        return [_FIELD.sub(value, line) for line in kept]


@dataclass(slots=True)
class Templates:
    """show: puts it on the phone and reports TEMPLATESENDJOBFINISH."""

    followers: Followers
    show: Callable[[Follower, Content, int], None]
    known: dict[str, Template] = field(default_factory=dict)
    sent: set[tuple[str, str]] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(time.time_ns() // 1000))

    def add(self, title: str, content: str, template_id: str = "") -> Template:
        """
        In the back office.

        Raises:
            Refusal: 45026, the account has 25.
        """
        if len(self.known) >= TEMPLATES:
            raise Refusal(45026, "template size out of limit")
        template = Template(template_id or secrets.token_urlsafe(32), title, content)
        self.known[template.template_id] = template
        return template

    def list_all(self, request: Json) -> Json:
        """`template/get_all_private_template`."""
        more = {"primary_industry": "IT科技", "deputy_industry": "互联网|电子商务", "example": ""}
        return {"template_list": [{**template.view(), **more} for template in self.known.values()]}

    def delete(self, request: Json) -> Json:
        """`template/del_private_template`."""
        del self.known[self._known(request).template_id]
        return OK

    def send(self, request: Json) -> Json:
        """`message/template/send`."""
        follower = self.followers.get(str(request.get("touser", "")))
        template = self._known(request)
        if not follower.following:
            raise Refusal(43004, "require subscribe")
        data = request.get("data")
        lines = template.lines(data if isinstance(data, dict) else {})
        self._once(follower, request.get("client_msg_id"))
        number = next(self._numbers)
        self.show(follower, _content(template, lines, request), number)
        return {**OK, "msgid": number}

    def _known(self, request: Json) -> Template:
        template = self.known.get(str(request.get("template_id", "")))
        if not template:
            raise Refusal(40037, "invalid template_id")
        return template

    def _once(self, follower: Follower, client_id: object) -> None:
        if not client_id:
            return
        if (follower.openid, str(client_id)) in self.sent:
            raise Refusal(45065, "clientmsgid exist")
        self.sent.add((follower.openid, str(client_id)))


def _is_dropped(line: str) -> bool:
    return line.strip() in ("{{first.DATA}}", "{{remark.DATA}}")


def _content(template: Template, lines: list[str], request: Json) -> Content:
    program = request.get("miniprogram")
    target = {"appid": program.get("appid", ""), "path": program.get("pagepath", "")} if program else None
    fields = {"title": template.title, "lines": lines, "url": request.get("url") or "", "miniprogram": target}
    return Content("template", fields)
