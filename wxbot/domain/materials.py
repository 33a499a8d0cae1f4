"""The pictures, voices and videos that operators' files refer to by the ids WeChat gave them (protocol 6.2)."""

from collections.abc import Iterable, Iterator
from typing import Literal

from wxbot.domain.menu import Button, Menu
from wxbot.domain.reply import ImagePart, MiniProgramPart, Part, VideoPart, VoicePart
from wxbot.domain.script import Answer

Kind = Literal["image", "voice", "video", "thumb"]


def materials_in(answers: Iterable[Answer], menu: Menu) -> dict[str, Kind]:
    """Media id → what it has to be; of a button's material only the id is known, so it counts as an image."""
    ways = [parts for answer in answers for parts in (answer.parts, *(variant.parts for variant in answer.variants))]
    sent = {media_id: kind for parts in ways for part in parts for media_id, kind in _of_part(part) if media_id}
    buttons = (*menu.buttons, *(button for other in menu.conditional for button in other.buttons))
    return {**dict.fromkeys(_of_buttons(buttons), "image"), **sent}


def _of_part(part: Part) -> Iterator[tuple[str, Kind]]:
    match part:
        case ImagePart(media_id):
            yield media_id, "image"
        case VoicePart(media_id):
            yield media_id, "voice"
        case VideoPart(media_id):
            yield media_id, "video"
            yield part.thumb_media_id, "thumb"
        case MiniProgramPart():
            yield part.thumb_media_id, "thumb"


def _of_buttons(buttons: Iterable[Button]) -> Iterator[str]:
    for button in buttons:
        if button.material and button.material[0] == "media_id":
            yield button.material[1]
        yield from _of_buttons(button.items)
