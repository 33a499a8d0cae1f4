"""QR codes with a scene (protocol 6.3)."""

import base64
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

import segno

from wxbot.sandbox.refusal import Json, Refusal

DEFAULT_S, LONGEST_S = 60, 30 * 86400
LIMIT_SCENES, SCENE_CHARACTERS = 100_000, 64
_NUMBERED = {"QR_SCENE": 2**32 - 1, "QR_LIMIT_SCENE": LIMIT_SCENES}
"""Kinds whose scene is a number, and the largest."""
_TEMPORARY = ("QR_SCENE", "QR_STR_SCENE")
_KINDS = (*_TEMPORARY, "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")


@dataclass(frozen=True, slots=True)
class Code:
    """ends: unix seconds, None for a permanent one."""

    ticket: str
    scene: str
    ends: float | None

    @property
    def url(self) -> str:
        return f"http://weixin.qq.com/q/{self.ticket[-24:]}"


@dataclass(slots=True)
class QrCodes:
    """known: by ticket."""

    clock: Callable[[], float]
    known: dict[str, Code] = field(default_factory=dict)

    def create(self, request: Json) -> Json:
        """`qrcode/create`."""
        kind = request.get("action_name")
        if kind not in _KINDS:
            raise Refusal(40053, "invalid action info")
        scene = _scene(kind, request.get("action_info"))
        seconds = _seconds(request.get("expire_seconds", DEFAULT_S)) if kind in _TEMPORARY else None
        code = self._issue(scene, seconds)
        more = {} if seconds is None else {"expire_seconds": seconds}
        return {"ticket": code.ticket, **more, "url": code.url}

    def find(self, ticket: str) -> Code | None:
        """None for one that never was, or has ended."""
        code = self.known.get(ticket)
        return None if code is None or (code.ends is not None and code.ends <= self.clock()) else code

    def of_scene(self, scene: str) -> Code:
        """A living code with this scene; one is printed where there is none."""
        living = (code for code in self.known.values() if code.scene == scene and self.find(code.ticket))
        return next(living, None) or self._issue(scene, None)

    def _issue(self, scene: str, seconds: int | None) -> Code:
        ticket = "gQ" + base64.b64encode(secrets.token_bytes(60)).decode()
        self.known[ticket] = Code(ticket, scene, None if seconds is None else self.clock() + seconds)
        return self.known[ticket]


def picture(code: Code) -> bytes:
    """A PNG of about 430 pixels, as `showqrcode` gives."""
    image = io.BytesIO()
    segno.make(code.url, error="m").save(image, kind="png", scale=12, border=2)
    return image.getvalue()


def _scene(kind: str, info: object) -> str:
    scene = info.get("scene") if isinstance(info, dict) else None
    given = scene if isinstance(scene, dict) else {}
    if kind in _NUMBERED:
        number = given.get("scene_id")
        if not isinstance(number, int) or not 1 <= number <= _NUMBERED[kind]:
            raise Refusal(40053, "invalid action info, scene_id")
        return str(number)
    words = given.get("scene_str")
    if not isinstance(words, str) or not 1 <= len(words) <= SCENE_CHARACTERS:
        raise Refusal(40053, "invalid action info, scene_str")
    return words


def _seconds(given: object) -> int:
    if not isinstance(given, int) or not 1 <= given <= LONGEST_S:
        raise Refusal(40053, "invalid action info, expire_seconds")
    return given
