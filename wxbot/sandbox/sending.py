"""What every deed of a user starts from and comes to, and how a message goes out."""

import base64
import binascii
from dataclasses import dataclass, field

from wxbot.sandbox import bubbles, contents
from wxbot.sandbox.chat import Content
from wxbot.sandbox.contents import AnyFields
from wxbot.sandbox.courier import Letter
from wxbot.sandbox.denied import unknown, wrong
from wxbot.sandbox.followers import Follower, Trigger
from wxbot.sandbox.media import Medium, sample
from wxbot.sandbox.refusal import Json
from wxbot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Done:
    """letters: what went to the bot. local: the outcome where nothing did."""

    letters: tuple[Letter, ...] = ()
    local: str = "none"

    @property
    def outcome(self) -> str:
        return self.letters[-1].outcome if self.letters else self.local


@dataclass(frozen=True, slots=True)
class Wish:
    """The fields of one request."""

    fields: Json = field(default_factory=dict)

    def words(self, name: str, default: str | None = None) -> str:
        """Raises Denied where it is missing and has no default."""
        value = self.fields.get(name, default)
        if value is None or isinstance(value, dict | list) or (default is None and value == ""):
            raise wrong(f"{name}: missing")
        return str(value)

    def data(self, kind: str) -> bytes:
        given = self.fields.get("data")
        if given is None:
            return sample(kind)
        try:
            return base64.b64decode(given, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise wrong("data: base64") from None


def find(world: World, openid: str) -> Follower:
    """Raises Denied for somebody unknown."""
    follower = world.followers.known.get(openid)
    if not follower:
        raise unknown("no such user")
    return follower


def send(
    world: World, follower: Follower, content: Content, fields: AnyFields, trigger: Trigger = "message"
) -> Done:  # fmt: skip
    letter = world.wrote(follower, content, fields, trigger)
    return Done((letter,)) if letter else Done(local="agent")


def send_image(world: World, follower: Follower, medium: Medium) -> Done:
    content = bubbles.medium("image", medium.media_id)
    return send(world, follower, content, contents.image(medium.media_id, world.link(content.fields["url"])))


def send_location(world: World, follower: Follower, latitude: str, longitude: str, label: str) -> Done:
    content = Content("location", {"latitude": latitude, "longitude": longitude, "label": label})
    return send(world, follower, content, contents.location(latitude, longitude, label))
