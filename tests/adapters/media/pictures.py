"""Files as followers send them."""

import io
import struct

from PIL import Image

AMR = b"#!AMR\n" + b"\x3c" + bytes(31)
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + bytes(64)
PLACE = {0x8825: {1: "N", 2: (39.0, 54.0, 12.0)}, 0x010F: "Kamera AG"}


def a_picture(format: str = "JPEG", size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(drawn, format, **options)  # type: ignore[arg-type]
    return drawn.getvalue()


def a_photo() -> bytes:
    """Taken sideways, with the place and the camera inside."""
    exif = Image.Exif()
    exif[0x0112] = 6
    for tag, value in PLACE.items():
        exif[tag] = value
    return a_picture(exif=exif)


def an_oddly_tagged_photo(orientation: int = 6) -> bytes:
    """Its EXIF gives the width in letters."""
    tags = struct.pack("<HHI4s HHIHH", 0x0100, 2, 4, b"abc", 0x0112, 3, 1, orientation, 0)
    return a_picture(exif=b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 2) + tags + bytes(4))


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
