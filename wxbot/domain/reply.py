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
class Transfer:
    """Hands this message to the human agents. account: one agent known to be online, '' for any (protocol 4.1)."""

    account: str = ""
    kind: Literal["transfer"] = "transfer"


PassivePart = TextPart | ImagePart | VoicePart | VideoPart | ArticlePart
Part = PassivePart | MiniProgramPart
Reply = Silence | Transfer | PassivePart

_WHOLE_LINK = re.compile(r"<a\s[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)


def split_text(text: str, limit: int = TEXT_LIMIT_BYTES) -> list[str]:
    """
    Cut text into pieces of at most `limit` UTF-8 bytes.

    Cuts at the end of a line where possible, never inside a character or an `<a …>…</a>` link; a single link longer
    than `limit` loses its markup and keeps its words. Blank text gives [].
    """
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
    for line in text.splitlines(keepends=True):
        if len(line.encode()) <= limit:
            yield line
            continue
        at = 0
        for link in _WHOLE_LINK.finditer(line):
            yield from line[at : link.start()]
            at = link.end()
            if len(link[0].encode()) <= limit:
                yield link[0]
            else:
                yield from re.sub(r"<[^>]*>", "", link[0])
        yield from line[at:]
