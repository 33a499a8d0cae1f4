"""What of a text can be tapped (protocol 3.3)."""

import re
from urllib.parse import parse_qs, urlsplit

from wxbot.sandbox.refusal import Json

_LINK = re.compile(r"<a\s([^>]*)>(.*?)</a\s*>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TAP = "weixin://bizmsgmenu"


def parts(text: str) -> list[Json]:
    """The text in order: plain pieces `{"text"}`, and links with `tap`, `url` or `miniprogram` beside it."""
    found: list[Json] = []
    end = 0
    for match in _LINK.finditer(text):
        if match.start() > end:
            found.append({"text": text[end : match.start()]})
        found.append(_link(match[1], match[2]))
        end = match.end()
    if end < len(text):
        found.append({"text": text[end:]})
    return found


def _link(attributes: str, label: str) -> Json:
    given = {name.lower(): double or single for name, double, single in _ATTRIBUTE.findall(attributes)}
    href = given.get("href", "")
    if href.startswith(_TAP):
        return {"text": label, **_tap(href)}
    link: Json = {"text": label}
    if href:
        link["url"] = href
    if appid := given.get("data-miniprogram-appid"):
        link["miniprogram"] = {"appid": appid, "path": given.get("data-miniprogram-path", "")}
    return link


def _tap(href: str) -> Json:
    """Both parameters have to be there, or the client takes it for plain text."""
    query = parse_qs(urlsplit(href).query)
    content, tap_id = (query.get(name, [""])[0] for name in ("msgmenucontent", "msgmenuid"))
    return {"tap": {"content": content, "id": tap_id}} if content and tap_id else {}
