"""Pictures to choose, and what only pretends to be one."""

import io
from typing import Any

from PIL import Image

Part = tuple[str, tuple[str, bytes, str]]


def a_photo(width: int = 60, *, camera: str = "") -> bytes:
    """A JPEG. camera: what it says about where it comes from."""
    exif = Image.Exif()
    if camera:
        exif[0x010F] = camera
    file = io.BytesIO()
    Image.new("RGB", (width, 40), (200, 30, 30)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def chosen(field: str, *contents: bytes, name: str = "shot.jpg", type: str = "image/jpeg") -> list[Part]:
    """As a browser sends them."""
    return [(field, (name, content, type)) for content in contents]


def opened(content: bytes) -> Any:
    return Image.open(io.BytesIO(content))
