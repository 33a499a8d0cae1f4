"""What WeChat says of each message and event it pushes (protocol 2.2, 2.3): the fields beside the envelope's."""

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence

from wxbot.sandbox.wire import Fields, Value

UNSUPPORTED = "【收到不支持的消息类型，暂无法显示】"
"""What a sticker or a red packet arrives as (protocol 2.2)."""

AnyFields = dict[str, Value]


def message_ids() -> Iterator[int]:
    """Ids that no earlier start of a platform has used."""
    return itertools.count(24_817_360_000_000_000 + time.time_ns() // 1_000_000 % 10**9 * 1000)


def enveloped(content: Mapping[str, Value], *, account: str, openid: str, at: int) -> AnyFields:
    """All fields of one push. account: `gh_…`. at: unix seconds."""
    return {"ToUserName": account, "FromUserName": openid, "CreateTime": at, **content}


def is_event(fields: Fields) -> bool:
    return fields["MsgType"] == "event"


def name_of(fields: Fields) -> str:
    """`text`, `CLICK` …: the type of a message, the name of an event."""
    return str(fields["Event"] if is_event(fields) else fields["MsgType"])


def names_of(fields: Fields) -> tuple[str, ...]:
    """All that it may be called: an event is also an `event`."""
    return (str(fields["MsgType"]), name_of(fields))


# Messages; `MsgId` is added when they are sent.


def text(content: str, tap_id: str = "") -> AnyFields:
    """tap_id: set when the text comes from a tapped `weixin://bizmsgmenu` link or menu message."""
    tapped: AnyFields = {"bizmsgmenuid": tap_id} if tap_id else {}
    return {"MsgType": "text", "Content": content, **tapped}


def image(media_id: str, url: str = "") -> AnyFields:
    return {"MsgType": "image", "PicUrl": url, "MediaId": media_id}


def voice(media_id: str, recognition: str = "", sharper: str = "") -> AnyFields:
    """recognition: only where the account has it switched on. sharper: id of the 16 kHz recording."""
    more = {"MediaId16K": sharper, "Recognition": recognition}
    return {"MsgType": "voice", "MediaId": media_id, "Format": "amr", **{k: v for k, v in more.items() if v}}


def video(media_id: str, thumb: str = "") -> AnyFields:
    return {"MsgType": "video", "MediaId": media_id, "ThumbMediaId": thumb}


def location(latitude: str, longitude: str, label: str = "") -> AnyFields:
    return {"MsgType": "location", "Location_X": latitude, "Location_Y": longitude, "Scale": 15, "Label": label}


def link(title: str, url: str, description: str = "") -> AnyFields:
    return {"MsgType": "link", "Title": title, "Description": description, "Url": url}


def file(title: str) -> AnyFields:
    return {"MsgType": "file", "Title": title, "Description": "", "FileKey": "key", "FileTotalLen": 1}


# Events; they have no `MsgId`.


def event(name: str, **fields: Value) -> AnyFields:
    return {"MsgType": "event", "Event": name, **fields}


def follow(scene: str = "", ticket: str = "ticket") -> AnyFields:
    """scene: of the QR code that was scanned, '' for a plain follow."""
    if scene:
        return event("subscribe", EventKey=f"qrscene_{scene}", Ticket=ticket)
    return event("subscribe", EventKey="")


def unfollow() -> AnyFields:
    return event("unsubscribe", EventKey="")


def scan(scene: str, ticket: str = "ticket") -> AnyFields:
    return event("SCAN", EventKey=scene, Ticket=ticket)


def click(key: str) -> AnyFields:
    return event("CLICK", EventKey=key)


def view(url: str, menu_id: int) -> AnyFields:
    return event("VIEW", EventKey=url, MenuId=menu_id)


def view_miniprogram(path: str, menu_id: int) -> AnyFields:
    return event("view_miniprogram", EventKey=path, MenuId=menu_id)


def scancode(name: str, key: str, result: str) -> AnyFields:
    """name: `scancode_waitmsg` or `scancode_push`."""
    return event(name, EventKey=key, ScanCodeInfo={"ScanType": "qrcode", "ScanResult": result})


def pictures(name: str, key: str, sums: Sequence[str]) -> AnyFields:
    """Only the announcement, with the MD5 sum of each picture; the pictures come as messages of their own."""
    items = [{"PicMd5Sum": md5} for md5 in sums]
    return event(name, EventKey=key, SendPicsInfo={"Count": len(sums), "PicList": {"item": items}})


def location_select(key: str, label: str = "") -> AnyFields:
    place = {"Location_X": "30.25", "Location_Y": "120.21", "Scale": "15", "Label": label, "Poiname": ""}
    return event("location_select", EventKey=key, SendLocationInfo=place)


def location_report(latitude: str, longitude: str) -> AnyFields:
    return event("LOCATION", Latitude=latitude, Longitude=longitude, Precision="65.000000")


def agent_joined(agent: str) -> AnyFields:
    return event("kf_create_session", KfAccount=agent)


def agent_left(agent: str) -> AnyFields:
    return event("kf_close_session", KfAccount=agent)


def agent_switched(before: str, after: str) -> AnyFields:
    return event("kf_switch_session", FromKfAccount=before, ToKfAccount=after)


def template_finished(message_id: int, status: str = "success") -> AnyFields:
    return event("TEMPLATESENDJOBFINISH", MsgID=message_id, Status=status)
