"""What followers type that nobody else should read: numbers that name them, addresses, secrets."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal, NamedTuple

HIDDEN = "＊＊＊"
"""Stands where something was. Of full width: a line of YAML may not begin with the other."""

_TOLD_WORD = r"(?<=密码)(?:就?是|为|[:：])\s*(?=[!-~]*[A-Za-z0-9])[!-~]{3,}"
_TOLD_CODE = r"(?<=验证码)(?:就?是|为|[:：])?\s*[A-Za-z0-9]{4,8}(?![A-Za-z0-9])"
_PERSONAL = re.compile(
    r"(?<!\d)\+?\d(?:[\s\-–—]?\d){5,19}(?:[xX](?![A-Za-z]))?"  # phones, cards, identity cards, orders, codes
    r"|[A-Za-z0-9_.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"
    rf"|{_TOLD_WORD}|{_TOLD_CODE}",
)

SecretKind = Literal["password", "code", "identity", "card"]


class Secret(NamedTuple):
    """start, end: where in the text, as in a slice."""

    kind: SecretKind
    start: int
    end: int


def masked(text: str) -> str:
    """The text with phone, card, identity and other long numbers, mail addresses and told secrets hidden."""
    return _PERSONAL.sub(HIDDEN, text)


def secrets_in(text: str) -> tuple[Secret, ...]:
    """
    Passwords, verification codes, identity and bank card numbers: what a follower should never send here.

    Numbers count only when their check digit is right, so that an order number is not taken for a card.
    """
    found = [
        Secret(kind, match.start(), match.end())
        for kind, pattern, is_one in _SECRETS
        for match in pattern.finditer(text)
        if is_one(match[0])
    ]
    return tuple(_apart(sorted(found, key=lambda secret: secret.start)))


def without_secrets(text: str) -> str:
    """The text with its secrets hidden; phone numbers and addresses stay, for staff need them."""
    pieces, at = [], 0
    for secret in secrets_in(text):
        pieces += [text[at : secret.start], HIDDEN]
        at = secret.end
    return "".join([*pieces, text[at:]])


def _apart(secrets: list[Secret]) -> Iterator[Secret]:
    """Of two that overlap the first."""
    end = 0
    for secret in secrets:
        if secret.start >= end:
            yield secret
            end = secret.end


def _always(text: str) -> bool:
    return True


def _is_identity(number: str) -> bool:
    """GB 11643: 17 digits that hold a birthday, then a check digit, X for ten."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    check = sum(int(digit) * weight for digit, weight in zip(number, _IDENTITY_WEIGHTS, strict=False)) % 11
    return "10X98765432"[check] == number[17].upper()


def _is_card(number: str) -> bool:
    """ISO/IEC 7812: the last digit makes the Luhn sum a multiple of ten."""
    digits = [int(sign) for sign in reversed(number) if sign.isdigit()]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


_IDENTITY_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))

_SECRETS: tuple[tuple[SecretKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("password", re.compile(_TOLD_WORD), _always),
    ("code", re.compile(_TOLD_CODE), _always),
    ("identity", re.compile(r"(?<![A-Za-z0-9])\d{17}[\dXx](?![A-Za-z0-9])"), _is_identity),
    ("card", re.compile(r"(?<![A-Za-z0-9])[3-6]\d{3}(?:[ \-]?\d{4}){3}(?:[ \-]?\d{1,3})?(?![A-Za-z0-9])"), _is_card),
)
