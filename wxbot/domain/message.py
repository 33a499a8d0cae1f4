"""What a follower (or WeChat on their behalf) sends: one `Inbound` with a typed `content`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """
    Typed words, or a tapped link.

    tap_id: the id behind a `weixin://bizmsgmenu` link or menu message, '' when typed; opaque, forgeable (protocol 2.2).
    """

    content: str
    tap_id: str = ""


@dataclass(frozen=True, slots=True)
class Sticker:
    """A sticker, red packet or card: WeChat delivers only a fixed placeholder text (protocol 2.2)."""


@dataclass(frozen=True, slots=True)
class Image:
    """media_id lives 3 days; url longer (protocol 2.2)."""

    media_id: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """recognition: WeChat's speech-to-text, usually '' (protocol 2.2). media_id_16k: the better copy, when present."""

    media_id: str
    format: str = ""
    recognition: str = ""
    media_id_16k: str = ""


@dataclass(frozen=True, slots=True)
class Video:
    media_id: str
    thumb_media_id: str = ""


@dataclass(frozen=True, slots=True)
class Location:
    """A pin that the user sent; not the automatic `LocationReport`."""

    latitude: str
    longitude: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class File:
    title: str


@dataclass(frozen=True, slots=True)
class OtherMessage:
    """An ordinary message of a type that this version does not know."""

    name: str


@dataclass(frozen=True, slots=True)
class Follow:
    """scene: of the parametric QR code, without `qrscene_`; '' for a plain follow."""

    scene: str = ""


@dataclass(frozen=True, slots=True)
class Unfollow:
    pass


@dataclass(frozen=True, slots=True)
class Scan:
    """An existing follower scanned one of our QR codes."""

    scene: str


@dataclass(frozen=True, slots=True)
class MenuClick:
    key: str


@dataclass(frozen=True, slots=True)
class MenuVisit:
    """A menu link or mini program was opened; WeChat only notifies (protocol 2.3)."""

    target: str
    menu_id: str = ""


@dataclass(frozen=True, slots=True)
class ScanCode:
    """A scan button of the menu."""

    key: str
    result: str


@dataclass(frozen=True, slots=True)
class PicturesPicked:
    """A photo button of the menu; the pictures follow as messages of their own (protocol 2.3)."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class LocationPicked:
    """The location button of the menu."""

    key: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class LocationReport:
    """Automatic position report, as often as every 5 s (protocol 2.3)."""


@dataclass(frozen=True, slots=True)
class AgentJoined:
    account: str


@dataclass(frozen=True, slots=True)
class AgentLeft:
    account: str


@dataclass(frozen=True, slots=True)
class AgentSwitched:
    from_account: str
    to_account: str


@dataclass(frozen=True, slots=True)
class TemplateFinished:
    """status: `success`, `failed:user block`, … (protocol 2.3)."""

    message_id: str
    status: str


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """An event that asks nothing of us, or that this version does not know."""

    name: str


@dataclass(frozen=True, slots=True)
class Prompted:
    """Nothing came in: staff, a timer or a job moves the conversation on."""


UserMessage = Text | Sticker | Image | Voice | Video | Location | Link | File | OtherMessage
Event = (
    Follow
    | Unfollow
    | Scan
    | MenuClick
    | MenuVisit
    | ScanCode
    | PicturesPicked
    | LocationPicked
    | LocationReport
    | AgentJoined
    | AgentLeft
    | AgentSwitched
    | TemplateFinished
    | OtherEvent
    | Prompted
)


@dataclass(frozen=True, slots=True)
class Inbound:
    """
    One message or event.

    id: the same for every delivery of it and unique together with `user` (protocol 3.1).
    user: openid of the follower. account: our `gh_…` id. at: unix seconds, WeChat's clock.
    """

    id: str
    user: str
    account: str
    at: int
    content: UserMessage | Event

    @property
    def words(self) -> str:
        """What the user said in words, typed or spoken; '' for everything else."""
        match self.content:
            case Text(content):
                return content
            case Voice(recognition=recognition):
                return recognition
        return ""

    @property
    def is_message(self) -> bool:
        """True for what a person wrote or sent; only that may be handed to an agent (protocol 4.1-5)."""
        return isinstance(self.content, UserMessage)
