"""What may be kept, and what becomes of it."""

import io
import os
import struct
import zlib

import pytest
from PIL import Image, ImageOps

from tests.adapters.media.pictures import AMR, MP4, a_photo, a_picture, an_oddly_tagged_photo, opened
from wxbot.adapters.media_check import check
from wxbot.errors import UnfitMedia

BEHIND = {"MPO": {"save_all": True, "append_images": [Image.new("RGB", (40, 20))]}}
"""What makes a JPEG with more pictures behind it, as phones take them."""


def test_a_photo_loses_place_and_camera_and_stands_upright() -> None:
    fit = check("image", a_photo())

    kept = opened(fit.content)
    assert fit.suffix == ".jpg"
    assert kept.size == (20, 40)
    assert not kept.getexif()
    assert b"Kamera" not in fit.content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_way_of_holding_the_camera_is_put_right(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    drawn = io.BytesIO()
    picture = Image.new("RGB", (3, 2))
    picture.putpixel((0, 0), (255, 0, 0))
    picture.save(drawn, "PNG", exif=exif)

    kept = opened(check("image", drawn.getvalue()).content)

    assert kept.tobytes() == ImageOps.exif_transpose(opened(drawn.getvalue())).tobytes()


def test_a_photo_with_odd_tags_is_taken_all_the_same() -> None:
    assert opened(check("image", an_oddly_tagged_photo()).content).size == (20, 40)


@pytest.mark.parametrize(
    ("format", "suffix"),
    [("JPEG", ".jpg"), ("PNG", ".png"), ("MPO", ".jpg"), ("GIF", ".png"), ("WEBP", ".jpg"), ("BMP", ".png")],
)
def test_pictures_of_every_common_kind_are_drawn_anew(format: str, suffix: str) -> None:
    fit = check("image", a_picture(format, **BEHIND.get(format, {})))

    assert (fit.suffix, opened(fit.content).size) == (suffix, (40, 20))


def test_a_moving_picture_goes_on_moving_without_its_comment() -> None:
    frames, drawn = [Image.new("RGB", (8, 8), (tone, 0, 0)) for tone in (0, 120, 240)], io.BytesIO()
    frames[0].save(drawn, "GIF", save_all=True, append_images=frames[1:], duration=50, comment=b"oSecret")

    fit = check("image", drawn.getvalue())

    assert (fit.suffix, opened(fit.content).n_frames) == (".gif", 3)  # type: ignore[attr-defined]
    assert b"oSecret" not in fit.content


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_transparency_stays(format: str) -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(drawn, format)

    assert opened(check("image", drawn.getvalue()).content).mode == "RGBA"


@pytest.mark.parametrize("format", ["JPEG", "MPO", "WEBP"])
def test_a_photo_does_not_grow_much(format: str) -> None:
    photo, drawn = Image.effect_noise((400, 300), 60).convert("RGB"), io.BytesIO()
    photo.save(drawn, format, quality=80, **BEHIND.get(format, {}))

    assert len(check("image", drawn.getvalue()).content) < 2 * len(drawn.getvalue())


def test_a_picture_that_grows_beyond_all_bounds_is_refused() -> None:
    drawn = io.BytesIO()
    Image.frombytes("RGB", (2800, 2800), os.urandom(3 * 2800**2)).save(drawn, "BMP")

    with pytest.raises(UnfitMedia):
        check("image", drawn.getvalue())


def test_a_text_behind_a_picture_is_gone() -> None:
    assert b"<script>" not in check("image", a_picture() + b"<script>alert(1)</script>").content


def a_bomb() -> bytes:
    """A PNG of a few bytes that claims 60,000 × 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [a_bomb(), b"", b"<html><script>", AMR, a_picture()[:200], b"\xff\xd8\xff" + bytes(500), b"%PDF-1.4", b"<svg/>"],
    ids=["bomb", "empty", "page", "voice", "cut off", "hollow", "pdf", "svg"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnfitMedia):
        check("image", content)


def test_a_voice_is_kept_as_it_is() -> None:
    assert (check("voice", AMR).content, check("voice", AMR).suffix) == (AMR, ".amr")


def test_a_video_is_kept_as_it_is() -> None:
    assert (check("video", MP4).content, check("video", MP4).suffix) == (MP4, ".mp4")


@pytest.mark.parametrize("content", [b"MZ" + bytes(200), b"PK\x03\x04" + bytes(200), b"<html>", b"hello", b"", MP4])
def test_what_is_no_voice_is_refused(content: bytes) -> None:
    with pytest.raises(UnfitMedia):
        check("voice", content)
