"""What a file is, told by its content and by nothing else; pictures are drawn anew."""

import io
from collections.abc import Iterable, Mapping

import puremagic
from PIL import Image, ImageOps, ImageSequence

from wxbot.domain.ticket import MediaKind
from wxbot.errors import UnfitMedia
from wxbot.service.keeper import Fit

PIXELS = 50_000_000
"""Of a picture, all its frames together: more than any phone takes, 200 MB when unpacked."""
QUALITY = 90

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "voice": (".amr", ".mp3", ".spx", ".ogg", ".opus"),
    "video": (".mp4", ".m4v", ".3gp", ".3ga", ".mov"),
}
"""As puremagic names what WeChat lets people send (protocol 6.2), the likeliest first."""
_SILK = (b"#!SILK_V3", b"\x02#!SILK_V3")
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")


def check(kind: MediaKind, content: bytes) -> Fit:
    """
    The file as it is kept.

    A picture loses everything but what one sees: place, camera and comments go, the way up stays.

    Raises:
        UnfitMedia: it is something else than it was said to be, broken, or far too large when unpacked.
    """
    if kind == "image":
        return _picture(content)
    if kind == "voice" and content.startswith(_SILK):
        return Fit(content, ".silk")
    found = _suffixes(content)
    suffix = next((suffix for suffix in _SUFFIXES[kind] if suffix in found), "")
    if not suffix:
        raise UnfitMedia(f"not a {kind}")
    return Fit(content, suffix)


def _suffixes(content: bytes) -> frozenset[str]:
    try:
        return frozenset(match.extension for match in puremagic.magic_string(content))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _picture(content: bytes) -> Fit:
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            frames = getattr(picture, "n_frames", 1) if picture.format == "GIF" else 1
            if picture.width * picture.height * frames > PIXELS:
                raise UnfitMedia("too many pixels")
            return _moving(picture) if frames > 1 else _still(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnfitMedia("too many pixels") from None
    # Broken pictures make Pillow's decoders raise nearly anything.
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise UnfitMedia(f"not a picture: {type(error).__name__}") from None


def _still(picture: Image.Image) -> Fit:
    upright = ImageOps.exif_transpose(picture)
    if picture.format == "JPEG":
        return Fit(_drawn([upright.convert("RGB")], "JPEG", quality=QUALITY), ".jpg")
    return Fit(_drawn([upright.convert("RGBA" if upright.has_transparency_data else "RGB")], "PNG"), ".png")


def _moving(picture: Image.Image) -> Fit:
    durations = [frame.info.get("duration", 100) for frame in ImageSequence.Iterator(picture)]
    frames = [frame.convert("RGBA") for frame in ImageSequence.Iterator(picture)]
    return Fit(_drawn(frames, "GIF", duration=durations, loop=0), ".gif")


def _drawn(frames: Iterable[Image.Image], format: str, **options: object) -> bytes:
    """Pixels only: what a picture carries beside them, Pillow would write again."""
    first, *rest = frames
    for frame in (first, *rest):
        frame.info.clear()
    more = {"save_all": True, "append_images": rest} if rest else {}
    drawn = io.BytesIO()
    first.save(drawn, format, **more, **options)
    return drawn.getvalue()
