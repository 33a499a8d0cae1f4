"""What a file is, told by its content and by nothing else; pictures are drawn anew."""

import io
from collections.abc import Iterable, Mapping

import puremagic
from PIL import Image, ImageSequence

from wxbot.domain.ticket import MediaKind
from wxbot.errors import UnfitMedia
from wxbot.service.keeper import Fit

PIXELS = 50_000_000
"""Of a picture, all its frames together: more than any phone takes, 200 MB when unpacked."""
KEPT_BYTES = 20 * 1024 * 1024
"""Of a picture as it is kept: twice what is taken of one (protocol 6.2). Only what is made to grow comes near."""
QUALITY = 90

_SUFFIXES: Mapping[str, tuple[str, ...]] = {
    "voice": (".amr", ".mp3", ".spx", ".ogg", ".opus"),
    "video": (".mp4", ".m4v", ".3gp", ".3ga", ".mov"),
}
"""As puremagic names what WeChat lets people send (protocol 6.2), the likeliest first."""
_SILK = (b"#!SILK_V3", b"\x02#!SILK_V3")
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
_PHOTOS = ("JPEG", "MPO", "WEBP")
"""What loses nothing that one sees as a JPEG, and would be many times as big as a PNG; MPO is a JPEG with others behind
it, as phones take them."""
_ORIENTATION = 0x0112
_TURNS: Mapping[object, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What brings a picture upright, by its EXIF orientation."""


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
    except UnfitMedia:
        raise
    except Exception as error:  # noqa: BLE001  broken pictures make Pillow's decoders raise anything
        raise UnfitMedia(f"not a picture: {type(error).__name__}") from None


def _still(picture: Image.Image) -> Fit:
    upright = _upright(picture)
    if picture.format in _PHOTOS and not upright.has_transparency_data:
        return Fit(_drawn([upright.convert("RGB")], "JPEG", quality=QUALITY), ".jpg")
    return Fit(_drawn([upright.convert("RGBA" if upright.has_transparency_data else "RGB")], "PNG"), ".png")


def _upright(picture: Image.Image) -> Image.Image:
    """As the camera was held. Pillow's own `exif_transpose` writes the rest of the EXIF anew, and fails on odd ones."""
    try:
        turn = _TURNS.get(picture.getexif().get(_ORIENTATION))
    except Exception:  # noqa: BLE001  what a camera wrote beside a picture is no reason to refuse it
        return picture
    return picture if turn is None else picture.transpose(turn)


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
    if drawn.tell() > KEPT_BYTES:
        raise UnfitMedia("too big when drawn anew")
    return drawn.getvalue()
