"""One delivery at a time, by hand: the push side of WeChat as tests drive it (protocol 1 to 3)."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import requests

from wxbot.sandbox import contents
from wxbot.sandbox.answer import SILENCE, Article, Reply, read_reply
from wxbot.sandbox.wire import Fields, InvalidAnswer, Mode, Push, Wire

__all__ = ["Article", "Delivery", "InvalidAnswer", "NoValidAnswer", "Push", "Reply"]

SUCCESS = (b"success", b"")
MENU_ID = 430011223


class NoValidAnswer(Exception):
    """
    Every try failed, and the follower was told that the account is out of order (protocol 3.1).

    reasons: one a try.
    """

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


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
    _ids: Iterator[int] = field(default_factory=contents.message_ids)

    # Messages

    def text(self, openid: str, content: str, tap_id: str = "") -> Reply:
        return self.send(openid, contents.text(content, tap_id))

    def image(self, openid: str, media_id: str, url: str = "") -> Reply:
        return self.send(openid, contents.image(media_id, url))

    def voice(self, openid: str, media_id: str, recognition: str = "") -> Reply:
        return self.send(openid, contents.voice(media_id, recognition))

    def video(self, openid: str, media_id: str, thumb: str = "") -> Reply:
        return self.send(openid, contents.video(media_id, thumb))

    def location(self, openid: str, latitude: str, longitude: str, label: str = "") -> Reply:
        return self.send(openid, contents.location(latitude, longitude, label))

    def link(self, openid: str, title: str, url: str, description: str = "") -> Reply:
        return self.send(openid, contents.link(title, url, description))

    def file(self, openid: str, title: str) -> Reply:
        return self.send(openid, contents.file(title))

    def message(self, openid: str, kind: str, fields: Fields) -> Reply:
        """Any ordinary message."""
        return self.send(openid, {"MsgType": kind, **fields})

    # Events

    def follow(self, openid: str, scene: str = "") -> Reply:
        return self.send(openid, contents.follow(scene))

    def unfollow(self, openid: str) -> Reply:
        return self.send(openid, contents.unfollow())

    def scan(self, openid: str, scene: str) -> Reply:
        return self.send(openid, contents.scan(scene))

    def click(self, openid: str, key: str) -> Reply:
        return self.send(openid, contents.click(key))

    def view(self, openid: str, url: str, menu_id: int = MENU_ID) -> Reply:
        return self.send(openid, contents.view(url, menu_id))

    def view_miniprogram(self, openid: str, path: str, menu_id: int = MENU_ID) -> Reply:
        return self.send(openid, contents.view_miniprogram(path, menu_id))

    def scancode(self, openid: str, key: str, result: str, *, waits: bool = True) -> Reply:
        return self.send(openid, contents.scancode("scancode_waitmsg" if waits else "scancode_push", key, result))

    def pictures(self, openid: str, key: str, sums: Sequence[str], *, name: str = "pic_photo_or_album") -> Reply:
        return self.send(openid, contents.pictures(name, key, sums))

    def location_select(self, openid: str, key: str, label: str = "") -> Reply:
        return self.send(openid, contents.location_select(key, label))

    def location_report(self, openid: str, latitude: str, longitude: str) -> Reply:
        return self.send(openid, contents.location_report(latitude, longitude))

    def agent_joined(self, openid: str, agent: str) -> Reply:
        return self.send(openid, contents.agent_joined(agent))

    def agent_left(self, openid: str, agent: str) -> Reply:
        return self.send(openid, contents.agent_left(agent))

    def agent_switched(self, openid: str, before: str, after: str) -> Reply:
        return self.send(openid, contents.agent_switched(before, after))

    def template_finished(self, openid: str, message_id: int, status: str = "success") -> Reply:
        return self.send(openid, contents.template_finished(message_id, status))

    def event(self, openid: str, name: str, fields: Fields) -> Reply:
        """Any event."""
        return self.send(openid, {"MsgType": "event", "Event": name, **fields})

    # The wire

    def send(self, openid: str, content: Fields) -> Reply:
        """Give it an envelope, a message also a MsgId of its own, and deliver it."""
        fields = contents.enveloped(content, account=self.account, openid=openid, at=int(self.clock()))
        return self.deliver(fields if contents.is_event(fields) else {**fields, "MsgId": next(self._ids)})

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
                return replace(read_response(self.wire, push, self.post(push), fields), tries=attempt)
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
        return post(self.url, push, self.timeout_s)

    def raw(self, body: bytes | str, query: dict[str, str] | None = None) -> requests.Response:
        """Post anything, by default with a valid plain signature."""
        content = body.encode() if isinstance(body, str) else body
        return self.post(Push(self.wire.signed(int(self.clock())) if query is None else query, content))

    @property
    def wire(self) -> Wire:
        return Wire(self.appid, self.token, self.aes_key, self.mode)


def post(url: str, push: Push, timeout_s: float) -> requests.Response:
    return requests.post(
        url, params=push.query, data=push.body, headers={"Content-Type": "text/xml"}, timeout=timeout_s
    )


def read_response(wire: Wire, push: Push, response: requests.Response, fields: Fields) -> Reply:
    """What the follower sees of this answer; raises InvalidAnswer."""
    if response.status_code != 200:
        raise InvalidAnswer(f"HTTP {response.status_code}")
    if response.content in SUCCESS:
        return SILENCE
    return read_reply(
        wire.opened(response.content, push.query["nonce"]),
        user=str(fields["FromUserName"]),
        account=str(fields["ToUserName"]),
        to_event=contents.is_event(fields),
    )
