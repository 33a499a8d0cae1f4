"""The push side of WeChat: signs, encrypts and delivers messages and events to the bot (protocol 1 to 3)."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import requests

from wxbot.sandbox.answer import SILENCE, Article, Reply, read_reply
from wxbot.sandbox.wire import Fields, InvalidAnswer, Mode, Push, Wire

__all__ = ["Article", "Delivery", "InvalidAnswer", "NoValidAnswer", "Push", "Reply"]

SUCCESS = (b"success", b"")


class NoValidAnswer(Exception):
    """
    Every try failed, and the follower was told that the account is out of order (protocol 3.1).

    reasons: one a try.
    """

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


def _message_ids() -> Iterator[int]:
    return itertools.count(24_817_360_000_000_000 + time.time_ns() // 1_000_000 % 10**9 * 1000)


@dataclass(slots=True)
class Delivery:
    """
    Delivers to the bot at `url` as one account.

    clock: unix seconds, for CreateTime and signatures. timeout_s, tries: WeChat's patience (protocol 3.1).
    """

    url: str
    appid: str
    token: str
    aes_key: str = ""
    mode: Mode = "safe"
    account: str = "gh_7c1e20f3a9b4"
    clock: Callable[[], float] = time.time
    timeout_s: float = 5
    tries: int = 3
    _ids: Iterator[int] = field(default_factory=_message_ids)

    # Messages (protocol 2.2)

    def text(self, openid: str, content: str, tap_id: str = "") -> Reply:
        """tap_id: set when the text comes from a tapped `weixin://bizmsgmenu` link or menu message."""
        tapped = {"bizmsgmenuid": tap_id} if tap_id else {}
        return self.message(openid, "text", {"Content": content, **tapped})

    def image(self, openid: str, media_id: str, url: str = "") -> Reply:
        return self.message(openid, "image", {"PicUrl": url, "MediaId": media_id})

    def voice(self, openid: str, media_id: str, recognition: str = "") -> Reply:
        heard = {"Recognition": recognition} if recognition else {}
        return self.message(openid, "voice", {"MediaId": media_id, "Format": "amr", **heard})

    def video(self, openid: str, media_id: str, thumb: str = "") -> Reply:
        return self.message(openid, "video", {"MediaId": media_id, "ThumbMediaId": thumb})

    def location(self, openid: str, latitude: str, longitude: str, label: str = "") -> Reply:
        place: Fields = {"Location_X": latitude, "Location_Y": longitude, "Scale": 15, "Label": label}
        return self.message(openid, "location", place)

    def link(self, openid: str, title: str, url: str, description: str = "") -> Reply:
        return self.message(openid, "link", {"Title": title, "Description": description, "Url": url})

    def file(self, openid: str, title: str) -> Reply:
        return self.message(openid, "file", {"Title": title, "Description": "", "FileKey": "key", "FileTotalLen": 1})

    def message(self, openid: str, kind: str, fields: Fields) -> Reply:
        """Any ordinary message: it gets a MsgId of its own."""
        return self.deliver({**self._common(openid, kind), **fields, "MsgId": next(self._ids)})

    # Events (protocol 2.3)

    def follow(self, openid: str, scene: str = "") -> Reply:
        """scene: of the QR code that was scanned, '' for a plain follow."""
        key = {"EventKey": f"qrscene_{scene}", "Ticket": "ticket"} if scene else {"EventKey": ""}
        return self.event(openid, "subscribe", key)

    def unfollow(self, openid: str) -> Reply:
        return self.event(openid, "unsubscribe", {"EventKey": ""})

    def scan(self, openid: str, scene: str) -> Reply:
        return self.event(openid, "SCAN", {"EventKey": scene, "Ticket": "ticket"})

    def click(self, openid: str, key: str) -> Reply:
        return self.event(openid, "CLICK", {"EventKey": key})

    def view(self, openid: str, url: str, menu_id: int = 430011223) -> Reply:
        return self.event(openid, "VIEW", {"EventKey": url, "MenuId": menu_id})

    def view_miniprogram(self, openid: str, path: str, menu_id: int = 430011223) -> Reply:
        return self.event(openid, "view_miniprogram", {"EventKey": path, "MenuId": menu_id})

    def scancode(self, openid: str, key: str, result: str, *, waits: bool = True) -> Reply:
        scanned = {"ScanType": "qrcode", "ScanResult": result}
        name = "scancode_waitmsg" if waits else "scancode_push"
        return self.event(openid, name, {"EventKey": key, "ScanCodeInfo": scanned})

    def pictures(self, openid: str, key: str, sums: Sequence[str], *, name: str = "pic_photo_or_album") -> Reply:
        """Only the announcement, with the MD5 sum of each picture; the pictures come as messages of their own."""
        items = [{"PicMd5Sum": md5} for md5 in sums]
        return self.event(
            openid, name, {"EventKey": key, "SendPicsInfo": {"Count": len(sums), "PicList": {"item": items}}}
        )

    def location_select(self, openid: str, key: str, label: str = "") -> Reply:
        place = {"Location_X": "30.25", "Location_Y": "120.21", "Scale": "15", "Label": label, "Poiname": ""}
        return self.event(openid, "location_select", {"EventKey": key, "SendLocationInfo": place})

    def location_report(self, openid: str, latitude: str, longitude: str) -> Reply:
        place = {"Latitude": latitude, "Longitude": longitude, "Precision": "65.000000"}
        return self.event(openid, "LOCATION", place)

    def agent_joined(self, openid: str, agent: str) -> Reply:
        return self.event(openid, "kf_create_session", {"KfAccount": agent})

    def agent_left(self, openid: str, agent: str) -> Reply:
        return self.event(openid, "kf_close_session", {"KfAccount": agent})

    def agent_switched(self, openid: str, before: str, after: str) -> Reply:
        return self.event(openid, "kf_switch_session", {"FromKfAccount": before, "ToKfAccount": after})

    def template_finished(self, openid: str, message_id: int, status: str = "success") -> Reply:
        return self.event(openid, "TEMPLATESENDJOBFINISH", {"MsgID": message_id, "Status": status})

    def event(self, openid: str, name: str, fields: Fields) -> Reply:
        """Any event: it has no MsgId."""
        return self.deliver({**self._common(openid, "event"), "Event": name, **fields})

    # The wire

    def verify(self, echo: str = "5927782489442352469") -> str:
        """
        Save the URL in the back office (protocol 1.2): the body of the bot's answer, which has to be `echo`.

        Raises:
            InvalidAnswer: any other answer.
        """
        query = {**self.wire.signed(int(self.clock())), "echostr": echo}
        response = requests.get(self.url, params=query, timeout=self.timeout_s)
        if response.status_code != 200 or response.text != echo:
            raise InvalidAnswer(f"HTTP {response.status_code}, and not the echostr")
        return response.text

    def deliver(self, fields: Fields) -> Reply:
        """
        Deliver one message until a valid answer comes, each time the same request.

        Raises:
            NoValidAnswer: none of the tries brought one.
        """
        push = self.pack(fields)
        reasons: list[str] = []
        for attempt in range(1, self.tries + 1):
            try:
                return replace(self._shown(push, self.post(push), fields), tries=attempt)
            except requests.RequestException as error:
                reasons.append(type(error).__name__)
            except InvalidAnswer as error:
                reasons.append(str(error))
        raise NoValidAnswer(reasons)

    def pack(self, fields: Fields) -> Push:
        """The signed and encrypted request, not sent yet."""
        return self.wire.push(fields, int(self.clock()))

    def post(self, push: Push) -> requests.Response:
        """Send it once."""
        headers = {"Content-Type": "text/xml"}
        return requests.post(self.url, params=push.query, data=push.body, headers=headers, timeout=self.timeout_s)

    def raw(self, body: bytes | str, query: dict[str, str] | None = None) -> requests.Response:
        """Post anything, by default with a valid plain signature."""
        content = body.encode() if isinstance(body, str) else body
        return self.post(Push(self.wire.signed(int(self.clock())) if query is None else query, content))

    @property
    def wire(self) -> Wire:
        return Wire(self.appid, self.token, self.aes_key, self.mode)

    def _common(self, openid: str, kind: str) -> dict[str, str | int]:
        return {
            "ToUserName": self.account,
            "FromUserName": openid,
            "CreateTime": int(self.clock()),
            "MsgType": kind,
        }

    def _shown(self, push: Push, response: requests.Response, fields: Fields) -> Reply:
        if response.status_code != 200:
            raise InvalidAnswer(f"HTTP {response.status_code}")
        if response.content in SUCCESS:
            return SILENCE
        return read_reply(
            self.wire.opened(response.content, push.query["nonce"]),
            user=str(fields["FromUserName"]),
            account=str(fields["ToUserName"]),
            to_event=fields["MsgType"] == "event",
        )
