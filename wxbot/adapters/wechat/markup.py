"""XML as both directions need it: what may stand in it, and how WeChat's is read."""

import re
from collections.abc import Mapping
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

Elements = Mapping[str, Any]

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START = re.compile(r"\ufeff?(<\?xml[^<>]*\?>)?\s*<xml[\s>]")

_BLANK = "[ \t\n]*+"
_CDATA = r"<!\[CDATA\[([^\]\r]*+(?:\](?!\]>)[^\]\r]*+)*)\]\]>"
_WORDS = r"([^<&\]\r]*+)"
_ELEMENT = re.compile(rf"{_BLANK}<([A-Za-z_][A-Za-z0-9_]*+)>(?:{_CDATA}|{_WORDS})</\1>")
_END = re.compile(rf"{_BLANK}</xml>{_BLANK}")


def legal(text: str) -> str:
    """The text without what XML 1.0 forbids: control characters, lone surrogates, U+FFFE, U+FFFF."""
    return _ILLEGAL.sub("", text)


def cdata(text: str) -> str:
    """Text that stays inside its CDATA section and is legal in XML 1.0; wechatpy does neither (protocol 3.4)."""
    return legal(text).replace("]]>", "]]]]><![CDATA[>")


def elements(xml: bytes | str) -> Elements:
    """
    The elements in `<xml>`, as xmltodict gives them: words without the blanks around them, None for nothing.

    Illegal characters are dropped: people paste them into messages, and a parser would refuse the whole (protocol 2.1).

    Raises:
        ValueError: not UTF-8, not XML, or `<xml>` does not come first or holds no elements. A document type is never
            sent; where there is one, somebody is trying out our parser (protocol 8.3).
    """
    # Decoded here, because a parser that gets bytes follows their declaration to whatever encoding it names.
    text = legal(xml.decode() if isinstance(xml, bytes) else xml)
    found = _flat(text)
    return _parsed(text) if found is None else found


def _flat(text: str) -> Elements | None:
    """What a parser would find in elements without attributes, children and references; None where there is more."""
    found: dict[str, str | None] = {}
    at, number = len("<xml>"), 0
    if not text.startswith("<xml>"):
        return None
    while element := _ELEMENT.match(text, at):
        name, marked, plain = element.groups()
        found[name] = (plain if marked is None else marked).strip() or None
        at, number = element.end(), number + 1
    return found if _END.fullmatch(text, at) and number == len(found) > 0 else None


def _parsed(text: str) -> Elements:
    if not _START.match(text):
        raise ValueError("does not begin with <xml>")
    try:
        found = xmltodict.parse(text)["xml"]
    except ExpatError as error:
        raise ValueError("is not XML") from error
    if not isinstance(found, Mapping):
        raise ValueError("has no elements")
    return found
