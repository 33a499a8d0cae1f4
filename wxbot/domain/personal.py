"""What followers type that nobody else should read: numbers that name them, addresses, secrets."""

import re

HIDDEN = "＊＊＊"
"""Stands where something was. Of full width: a line of YAML may not begin with the other."""

_PERSONAL = re.compile(
    r"(?<!\d)\+?\d(?:[\s\-–—]?\d){5,19}(?:[xX](?![A-Za-z]))?"  # phones, cards, identity cards, orders, codes
    r"|[A-Za-z0-9_.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
    r"|(?<=密码)(?:就?是|为|[:：])\s*[!-~]{3,}"
    r"|(?<=验证码)(?:就?是|为|[:：])?\s*[!-~]{4,}",
)


def masked(text: str) -> str:
    """The text with phone, card, identity and other long numbers, mail addresses and told secrets hidden."""
    return _PERSONAL.sub(HIDDEN, text)
