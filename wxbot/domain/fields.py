"""Checking what is given to a field of a form: the value in its kept form, or why it will not do."""

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from wxbot.domain.flow import Field
from wxbot.domain.moments import read_moment

Fault = Literal[
    "wrong_too_short", "wrong_too_long", "wrong_choice", "wrong_phone", "wrong_email", "wrong_version",
    "wrong_datetime", "wrong_future", "wrong_pictures",
]  # fmt: skip
"""What is wrong with an answer, by the name of the sentence that says what is wanted."""

LIKENESS = 0.75
"""Share of signs in common from which a text counts as a slip of the pen for a label."""

_NEGATIONS = re.compile("[不没未无非别否]")
_PHONE = re.compile(r"(?<![\d+])(?:\+|00)?[\d(][\d\s().\-]{4,22}\d(?:\s*(?:转|ext\.?|#)\s*\d{1,6})?")
_EXTENSION = re.compile(r"\s*(?:转|ext\.?|#)\s*(\d{1,6})$")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"0[1-9]\d{1,2}[2-9]\d{6,7}")
_FREEPHONE = re.compile(r"[48]00\d{7}")
_ABROAD = re.compile(r"(?:\+|00)([1-9]\d{6,14})")
_EMAIL = re.compile(
    r"(?<![\w.+\-%@])[A-Za-z0-9_+%&'*/=?^`{|}~-]{1,32}(?:\.[A-Za-z0-9_+%&'*/=?^`{|}~-]{1,32}){0,3}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,24}(?![A-Za-z0-9@-]|\.[A-Za-z0-9])"
)
_VERSION = re.compile(
    r"(?:版本号?|version|ver\.?|v)?[\s:是为]*"
    r"(\d{1,5}(?:\.\d{1,6}){0,4}(?:[ .\-]?(?:alpha|beta|rc|preview|pre|dev|sp)[ .\-]?\d{0,4})?"
    r"(?:\s*\(?\s*(?:build|内部版本)\s*\.?\s*[\w.]{1,20}\s*\)?|\s*\(\s*[\w.]{1,20}\s*\))?)"
    r"\s*(?:版本?|\(?(?:32|64)\s*(?:位|-?bit)\)?)?[。.]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refused:
    fault: Fault


def check(field: Field, words: str, now: int, zone: str) -> str | Refused:
    """
    What these words give to a field, in the form that is kept; pictures are never given by words.

    now, zone: what 昨天下午3点 refers to.
    """
    text = unicodedata.normalize("NFKC", words).strip()
    match field.kind:
        case "text":
            return _text(field, words.strip())
        case "choice":
            number = nearest(field.choices, words)
            return field.choices[number] if number is not None else Refused("wrong_choice")
        case "phone":
            return _phone(text) or Refused("wrong_phone")
        case "email":
            found = _EMAIL.findall(text)
            return found[0] if len(found) == 1 else Refused("wrong_email")
        case "version":
            version = _VERSION.fullmatch(text)
            return version[1].strip() if version else Refused("wrong_version")
        case "datetime":
            return _moment(field, text, now, zone)
    return Refused("wrong_pictures")


def nearest(labels: Sequence[str], words: str) -> int | None:
    """
    Which of the labels these words mean, from 0: one of them, one inside a longer text, or nearly one.

    A text that denies what the label says, or the other way round, never means it: 没解决 is not 解决了.
    """
    said, plain = _plain(words), [_plain(label) for label in labels]
    if said in plain:
        return plain.index(said)
    if len(said) < 2:
        return None
    alike = [at for at, label in enumerate(plain) if bool(_NEGATIONS.search(said)) == bool(_NEGATIONS.search(label))]
    inside = [at for at in alike if len(plain[at]) > 1 and (plain[at] in said or said in plain[at])]
    if inside:
        return inside[0] if len(inside) == 1 else None
    scores = sorted(((difflib.SequenceMatcher(None, said, plain[at]).ratio(), at) for at in alike), reverse=True)
    clear = scores and scores[0][0] >= LIKENESS and (len(scores) == 1 or scores[1][0] < scores[0][0])
    return scores[0][1] if clear else None


def _plain(text: str) -> str:
    return re.sub(r"[^\w+#.]|_", "", unicodedata.normalize("NFKC", text)).casefold()


def _text(field: Field, text: str) -> str | Refused:
    if len(text) < field.min:
        return Refused("wrong_too_short")
    return Refused("wrong_too_long") if len(text) > field.max else text


def _phone(text: str) -> str:
    """The one number in the text: 13812345678, 010-12345678转1 → 01012345678-1, +85291234567; '' when there is none."""
    found = _PHONE.findall(text)
    if len(found) != 1:
        return ""
    extension = _EXTENSION.search(found[0])
    number = re.sub(r"[^\d+]", "", _EXTENSION.sub("", found[0]))
    if mobile := _MOBILE.fullmatch(number):
        return mobile[1]
    if _LANDLINE.fullmatch(number) or _FREEPHONE.fullmatch(number):
        return f"{number}-{extension[1]}" if extension else number
    abroad = _ABROAD.fullmatch(number)
    return f"+{abroad[1]}" if abroad else ""


def _moment(field: Field, text: str, now: int, zone: str) -> str | Refused:
    moment = read_moment(text, now, zone, past=field.past)
    if moment is None:
        return Refused("wrong_datetime")
    return Refused("wrong_future") if field.past and moment.start.timestamp() > now else moment.text


def masked(field: Field, value: str) -> str:
    """A value from before, shown so that only its owner knows it again: 138****5678, w***@example.com."""
    if field.kind == "phone":
        return f"{value[:-8]}****{value[-4:]}" if len(value) > 8 else f"{value[:2]}****"
    if field.kind == "email":
        name, _, host = value.partition("@")
        return f"{name[:1]}***@{host}"
    return value
