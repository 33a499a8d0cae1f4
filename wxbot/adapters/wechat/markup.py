"""XML as both directions need it: what may stand in it, and how WeChat's begins."""

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_START = re.compile(r"\ufeff?(<\?xml[^<>]*\?>)?\s*<xml[\s>]")


def legal(text: str) -> str:
    """The text without what XML 1.0 forbids: control characters, lone surrogates, U+FFFE, U+FFFF."""
    return _ILLEGAL.sub("", text)


def cdata(text: str) -> str:
    """Text that stays inside its CDATA section and is legal in XML 1.0; wechatpy does neither (protocol 3.4)."""
    return legal(text).replace("]]>", "]]]]><![CDATA[>")


def document(xml: bytes | str) -> str:
    """
    What WeChat sent, safe to hand to a parser.

    Illegal characters are dropped: people paste them into messages, and a parser would refuse the whole (protocol 2.1).

    Raises:
        ValueError: not UTF-8, or `<xml>` does not come first. A document type is never sent; where there is one,
            somebody is trying out our parser (protocol 8.3).
    """
    # Decoded here, because a parser that gets bytes follows their declaration to whatever encoding it names.
    text = legal(xml.decode() if isinstance(xml, bytes) else xml)
    if not _START.match(text):
        raise ValueError("does not begin with <xml>")
    return text
