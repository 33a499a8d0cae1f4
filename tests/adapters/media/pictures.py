"""Files as followers send them."""

import io

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


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))
