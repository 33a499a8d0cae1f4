"""Pictures, voices and videos: temporary for three days, or permanent (protocol 6.2)."""

import itertools
import secrets
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wxbot.sandbox.refusal import OK, Json, Refusal

LIFETIME_S = 3 * 86400
_KB, _MB = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Binary:
    """An answer that is a file and not JSON."""

    content: bytes
    content_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class Medium:
    """at: unix seconds of the upload. kind: image, voice, video, thumb."""

    media_id: str
    kind: str
    filename: str
    content: bytes
    content_type: str
    at: float
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be uploaded as one kind. too_big: errcode."""

    bytes: int
    types: tuple[str, ...]
    too_big: int


LIMITS = {
    "image": Limit(10 * _MB, ("image/png", "image/jpeg", "image/gif"), 40009),
    "voice": Limit(2 * _MB, ("audio/amr", "audio/mpeg"), 40010),
    "video": Limit(10 * _MB, ("video/mp4",), 40011),
    "thumb": Limit(64 * _KB, ("image/jpeg",), 40012),
}
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"), (b"\xff\xd8\xff", 0, "image/jpeg"), (b"GIF8", 0, "image/gif"),
    (b"#!AMR", 0, "audio/amr"), (b"ID3", 0, "audio/mpeg"), (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"), (b"ftyp", 4, "video/mp4"),
)  # fmt: skip


def type_of(content: bytes) -> str:
    """Told by the first bytes, not by the name; '' for anything that WeChat does not take."""
    return next((kind for start, at, kind in _BEGINNINGS if content[at:].startswith(start)), "")


@dataclass(slots=True)
class Media:
    """link: makes an address of a path on the platform."""

    clock: Callable[[], float]
    link: Callable[[str], str]
    known: dict[str, Medium] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def add(self, media_id: str, kind: str = "image") -> None:
        """Let an id exist for ever, with a sample behind it, for what a test or the content refers to."""
        content = sample(kind)
        self.known[media_id] = Medium(media_id, kind, f"sample-{kind}", content, type_of(content), self.clock(), True)

    def keep(self, kind: str, content: bytes, filename: str = "", *, permanent: bool = False) -> Medium:
        """Store without asking what it is: also what followers send."""
        media_id = f"{kind}-{next(self._numbers)}-{secrets.token_urlsafe(24)}"
        content_type = type_of(content) or "application/octet-stream"
        medium = Medium(media_id, kind, filename or kind, content, content_type, self.clock(), permanent)
        self.known[media_id] = medium
        return medium

    def find(self, media_id: object) -> Medium | None:
        """None for one that never was, or expired."""
        medium = self.known.get(str(media_id))
        if medium is None or (not medium.permanent and self.clock() - medium.at >= LIFETIME_S):
            return None
        return medium

    def get(self, media_id: object) -> Medium:
        """Raises Refusal 40007."""
        medium = self.find(media_id)
        if medium is None:
            raise Refusal(40007, "invalid media_id")
        return medium

    # The API

    def upload(self, request: Json) -> Json:
        """`media/upload`."""
        medium = self._uploaded(request, permanent=False)
        name = "thumb_media_id" if medium.kind == "thumb" else "media_id"
        return {"type": medium.kind, name: medium.media_id, "created_at": int(medium.at)}

    def download(self, request: Json) -> Json | Binary:
        """`media/get`: the file; of a video, where it can be had."""
        medium = self.get(request.get("media_id"))
        if medium.kind == "video":
            return {"video_url": self.link(f"/sandbox/media/{medium.media_id}")}
        return Binary(medium.content, medium.content_type, medium.filename)

    def upload_image(self, request: Json) -> Json:
        """`media/uploadimg`: an address for the bodies of articles."""
        medium = self._uploaded({**request, "type": "image"}, permanent=True)
        return {"url": self.link(f"/sandbox/media/{medium.media_id}")}

    def add_material(self, request: Json) -> Json:
        medium = self._uploaded(request, permanent=True)
        answer = {"media_id": medium.media_id}
        return {**answer, "url": self.link(f"/sandbox/media/{medium.media_id}")} if medium.kind == "image" else answer

    def get_material(self, request: Json) -> Json | Binary:
        medium = self._material(request)
        if medium.kind == "video":
            down_url = self.link(f"/sandbox/media/{medium.media_id}")
            return {"title": medium.filename, "description": "", "down_url": down_url}
        return Binary(medium.content, medium.content_type, medium.filename)

    def delete_material(self, request: Json) -> Json:
        del self.known[self._material(request).media_id]
        return OK

    def list_materials(self, request: Json) -> Json:
        """`material/batchget_material`, newest first."""
        kind = request.get("type")
        if kind not in ("image", "voice", "video", "news"):
            raise Refusal(40004, "invalid media type")
        offset, count = int(request.get("offset", 0)), int(request.get("count", 20))
        if not 1 <= count <= 20:
            raise Refusal(40097, "invalid args")
        kept = [medium for medium in reversed(self.known.values()) if medium.permanent and medium.kind == kind]
        items = [
            {"media_id": m.media_id, "name": m.filename, "update_time": int(m.at)}
            for m in kept[offset : offset + count]
        ]
        return {"total_count": len(kept), "item_count": len(items), "item": items}

    def count_materials(self, request: Json) -> Json:
        kinds = [medium.kind for medium in self.known.values() if medium.permanent]
        return {f"{kind}_count": kinds.count(kind) for kind in ("voice", "video", "image", "news")}

    def _material(self, request: Json) -> Medium:
        medium = self.get(request.get("media_id"))
        if not medium.permanent:
            raise Refusal(40007, "invalid media_id")
        return medium

    def _uploaded(self, request: Json, *, permanent: bool) -> Medium:
        kind, upload = request.get("type"), request.get("media")
        if kind not in LIMITS:
            raise Refusal(40004, "invalid media type")
        if not isinstance(upload, Upload) or not upload.content:
            raise Refusal(41005, "media data missing")
        limit = LIMITS[kind]
        if type_of(upload.content) not in limit.types:
            raise Refusal(40005, "invalid file type")
        if len(upload.content) > limit.bytes:
            raise Refusal(limit.too_big, f"invalid {kind} size")
        return self.keep(kind, upload.content, upload.filename, permanent=permanent)


def sample(kind: str) -> bytes:
    """A small file of this kind, for followers who have none at hand."""
    match kind:
        case "voice":
            return b"#!AMR\n" + b"\x3c" + b"\x00" * 31
        case "video":
            return struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp42")
        case _:
            return _picture(int(time.time()) % 256)


def _picture(tone: int) -> bytes:
    """A PNG of 8 × 8 pixels of one colour."""
    rows = (b"\x00" + bytes((tone, 160, 110)) * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
