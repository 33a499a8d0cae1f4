"""One decrypted message or event of WeChat, XML → `Inbound` (protocol 2)."""

import hashlib
import re
from collections.abc import Callable, Mapping

from wxbot.adapters.wechat.markup import Elements as Fields
from wxbot.adapters.wechat.markup import elements
from wxbot.domain import message as m
from wxbot.errors import Unreadable

STICKER_PLACEHOLDERS = frozenset(
    {
        "【收到不支持的消息类型，暂无法显示】",
        "【收到不支援的訊息類型，無法顯示】",
        "[Unsupported Message]",
        "[Unsupported message]",
    }
)
"""What stickers, red packets and some cards arrive as: a text message (protocol 2.2)."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9_@.-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,20}")
_SECONDS = re.compile(r"[0-9]{1,10}")


def parse(xml: bytes | str) -> m.Inbound:
    """
    Read what WeChat sent; unknown types and events become `OtherMessage` and `OtherEvent`.

    Raises:
        Unreadable: not XML, not a message, or without what every message must have (the rows of protocol 2.1).
    """
    fields = _fields(xml)
    kind = _kind(fields, "MsgType")
    user, account = _text(fields, "FromUserName"), _text(fields, "ToUserName")
    at = _text(fields, "CreateTime")
    if not (_IDENTIFIER.fullmatch(user) and _IDENTIFIER.fullmatch(account) and _SECONDS.fullmatch(at)):
        raise Unreadable("sender, account or time is missing or malformed")
    # Devices report under message types of their own; nobody wrote those (protocol 2.1).
    if kind == "event" or kind.startswith("device_"):
        name = kind if kind != "event" else _kind(fields, "Event") if "Event" in fields else ""
        return m.Inbound(_event_id(fields, at, name), user, account, int(at), _event(name, fields))
    return m.Inbound(_message_id(fields, at), user, account, int(at), _message(kind, fields))


def _fields(xml: bytes | str) -> Fields:
    try:
        return elements(xml)
    except ValueError as error:
        raise Unreadable("is not XML as WeChat writes it") from error


def _kind(fields: Fields, name: str) -> str:
    """Type of the message or event, in lower case: WeChat's own spelling varies (protocol 2.0)."""
    kind = _text(fields, name).lower()
    if not kind:
        raise Unreadable(f"has no usable {name}")
    return kind


def _event(name: str, fields: Fields) -> m.Event:
    read = _EVENTS.get(name)
    return read(fields) if read else m.OtherEvent(name)


def _message(kind: str, fields: Fields) -> m.UserMessage:
    read = _MESSAGES.get(kind)
    return read(fields) if read else m.OtherMessage(kind)


def _text(fields: Fields, name: str) -> str:
    """The words of one element, '' when it is absent or empty; WeChat never nests or repeats those we read."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"{name} is not plain text")
    return value


def _inner(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, Mapping) else {}


def _message_id(fields: Fields, at: str) -> str:
    """MsgId alone has collided across users (protocol 3.1); the store keys by user as well."""
    identifier = _text(fields, "MsgId")
    if _NUMBER.fullmatch(identifier):
        return f"m{identifier}"
    if identifier:
        raise Unreadable("MsgId is not a number")
    words = (f"{name}={value}" for name, value in sorted(fields.items()) if isinstance(value, str))
    return f"t{at}:{_digest('|'.join(words))}"


def _event_id(fields: Fields, at: str, name: str) -> str:
    """Events have no id; two in the same second differ in their name or key (protocol 3.1)."""
    told_apart_by = ("EventKey", "MsgID", "KfAccount", "ToKfAccount", "MenuId", "Latitude", "Longitude")
    return f"e{at}:{_digest('|'.join((name, *(_text(fields, field) for field in told_apart_by))))}"


def _digest(text: str) -> str:
    return hashlib.blake2s(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _words(fields: Fields) -> m.Text | m.Sticker:
    content = _text(fields, "Content")
    return m.Sticker() if content in STICKER_PLACEHOLDERS else m.Text(content, _text(fields, "bizmsgmenuid"))


def _voice(fields: Fields) -> m.Voice:
    media, name, heard, clear = (_text(fields, n) for n in ("MediaId", "Format", "Recognition", "MediaId16K"))
    return m.Voice(media, name, heard, clear)


def _video(fields: Fields) -> m.Video:
    return m.Video(_text(fields, "MediaId"), _text(fields, "ThumbMediaId"))


def _subscribe(fields: Fields) -> m.Follow:
    # Any other key is no scene of ours: a product's code, or nothing at all (protocol 2.3).
    start, code, scene = _text(fields, "EventKey").partition("qrscene_")
    return m.Follow(scene if code and not start else "")


def _scan_code(fields: Fields) -> m.ScanCode:
    return m.ScanCode(_text(fields, "EventKey"), _text(_inner(fields, "ScanCodeInfo"), "ScanResult"))


def _pictures(fields: Fields) -> m.PicturesPicked:
    count = _text(_inner(fields, "SendPicsInfo"), "Count")
    return m.PicturesPicked(_text(fields, "EventKey"), int(count) if _NUMBER.fullmatch(count) else 0)


def _place(fields: Fields) -> m.Location:
    # X is the latitude, Y the longitude (protocol 2.2).
    return m.Location(_text(fields, "Location_X"), _text(fields, "Location_Y"), _text(fields, "Label"))


def _place_picked(fields: Fields) -> m.LocationPicked:
    return m.LocationPicked(_text(fields, "EventKey"), _text(_inner(fields, "SendLocationInfo"), "Label"))


_MESSAGES: dict[str, Callable[[Fields], m.UserMessage]] = {
    "text": _words,
    "image": lambda f: m.Image(_text(f, "MediaId"), _text(f, "PicUrl")),
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _place,
    "link": lambda f: m.Link(_text(f, "Title"), _text(f, "Url"), _text(f, "Description")),
    "file": lambda f: m.File(_text(f, "Title")),
}

_EVENTS: dict[str, Callable[[Fields], m.Event]] = {
    "subscribe": _subscribe,
    "unsubscribe": lambda f: m.Unfollow(),
    "scan": lambda f: m.Scan(_text(f, "EventKey")),
    "click": lambda f: m.MenuClick(_text(f, "EventKey")),
    "view": lambda f: m.MenuVisit(_text(f, "EventKey"), _text(f, "MenuId")),
    "view_miniprogram": lambda f: m.MenuVisit(_text(f, "EventKey"), _text(f, "MenuId")),
    "scancode_push": _scan_code,
    "scancode_waitmsg": _scan_code,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _place_picked,
    "location": lambda f: m.LocationReport(),
    "kf_create_session": lambda f: m.AgentJoined(_text(f, "KfAccount")),
    "kf_close_session": lambda f: m.AgentLeft(_text(f, "KfAccount")),
    "kf_switch_session": lambda f: m.AgentSwitched(_text(f, "FromKfAccount"), _text(f, "ToKfAccount")),
    "templatesendjobfinish": lambda f: m.TemplateFinished(_text(f, "MsgID"), _text(f, "Status")),
}
