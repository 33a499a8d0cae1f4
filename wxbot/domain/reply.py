"""What the bot says: parts that WeChat can show, and how long text is cut into them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TEXT_LIMIT_BYTES = 2048
"""UTF-8 bytes of one text message (protocol 3.3)."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is shown to the user; WeChat gets the literal `success`."""

    kind: Literal["silence"] = "silence"


@dataclass(frozen=True, slots=True)
class TextPart:
    """May hold `<a href>` and tap links; `\\n` breaks the line (protocol 3.3)."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class ImagePart:
    media_id: str
    kind: Literal["image"] = "image"


@dataclass(frozen=True, slots=True)
class VoicePart:
    media_id: str
    kind: Literal["voice"] = "voice"


@dataclass(frozen=True, slots=True)
class VideoPart:
    media_id: str
    title: str = ""
    description: str = ""
    thumb_media_id: str = ""
    kind: Literal["video"] = "video"


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """One article card; WeChat shows no more than one in answer to a message (protocol 3.2)."""

    title: str
    url: str
    description: str = ""
    picture: str = ""
    kind: Literal["article"] = "article"


@dataclass(frozen=True, slots=True)
class MiniProgramPart:
    """A mini-program card. Passive replies cannot carry one, only customer-service messages (protocol 4.4)."""

    title: str
    appid: str
    path: str
    thumb_media_id: str
    kind: Literal["miniprogram"] = "miniprogram"


@dataclass(frozen=True, slots=True)
class MenuPart:
    """A menu message: entries are (id, label), each on a line that can be tapped. Never passive (protocol 4.4)."""

    head: str
    entries: tuple[tuple[str, str], ...]
    tail: str = ""
    kind: Literal["menu"] = "menu"


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hands this message to the human agents. account: one agent known to be online, '' for any (protocol 4.1)."""

    account: str = ""
    kind: Literal["transfer"] = "transfer"


PassivePart = TextPart | ImagePart | VoicePart | VideoPart | ArticlePart
Part = PassivePart | MiniProgramPart
Sendable = Part | MenuPart
"""What can go out as a customer-service message."""
Reply = Silence | Transfer | PassivePart

_LINK = re.compile(r"<a\s[^<>]*>(?:(?!<a\s).)*?</a>", re.IGNORECASE | re.DOTALL)
_LINE = re.compile(rf"(?:{_LINK.pattern}|[^\n])*\n?", _LINK.flags)
_CHARACTER = re.compile(
    r"[\U0001F1E6-\U0001F1FF]{2}|.(?:[\u0300-\u036F\u20E3\uFE0F\U0001F3FB-\U0001F3FF]|\u200D.){0,12}", re.DOTALL
)
"""What is one sign on the screen: flags, accents, and emoji joined of several."""


def split_text(text: str, limit: int = TEXT_LIMIT_BYTES) -> list[str]:
    """
    Cut text into pieces of at most `limit` UTF-8 bytes.

    Cuts at the end of a line where possible, never inside a character or an `<a …>…</a>` link; a single link longer
    than `limit` loses its markup and keeps its words. Blank text gives [].
    """
    if _fits(text, limit):
        return [text.strip("\n")] if text.strip() else []
    pieces: list[str] = []
    current, size = "", 0
    for atom in _atoms(text, limit):
        length = len(atom.encode())
        if size + length > limit:
            pieces.append(current)
            current, size = "", 0
        current, size = current + atom, size + length
    pieces.append(current)
    return [piece.strip("\n") for piece in pieces if piece.strip()]


def _atoms(text: str, limit: int) -> Iterator[str]:
    """Pieces that are not cut further: whole lines where they fit, else links and single characters."""
    for line in _LINE.findall(text):
        if _fits(line, limit):
            yield line
            continue
        at = 0
        for link in _LINK.finditer(line):
            yield from _characters(line[at : link.start()], limit)
            at = link.end()
            if _fits(link[0], limit):
                yield link[0]
            else:
                yield from _characters(re.sub(r"<[^>]*>", "", link[0]), limit)
        yield from _characters(line[at:], limit)


def _characters(text: str, limit: int) -> Iterator[str]:
    for character in _CHARACTER.findall(text):
        if _fits(character, limit):
            yield character
        else:
            yield from character


def _fits(text: str, limit: int) -> bool:
    return len(text.encode()) <= limit
