"""What the bot asks of WeChat's API: messages, the typing hint, the agents' desk, menus (protocol 4.2, 4.4, 5.1)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wxbot.adapters.wechat.client import Client
from wxbot.adapters.wechat.desk import WeChatDesk
from wxbot.adapters.wechat.errors import ALREADY_TYPING, NO_MENU, SENT_BEFORE, unreadable
from wxbot.adapters.wechat.token import Tokens
from wxbot.adapters.wechat.transport import File, Json, Transport
from wxbot.domain.outbound import Template
from wxbot.domain.reply import (
    ArticlePart,
    ImagePart,
    MenuPart,
    MiniProgramPart,
    Sendable,
    TextPart,
    VideoPart,
    VoicePart,
)
from wxbot.errors import WeChatError
from wxbot.service.doctor.ports import Quota, WayToUs
from wxbot.service.ports import TokenVault
from wxbot.settings import OFFICIAL_API

CLIENT_ID_LENGTH = 32
CHECK_TIMEOUT_S = (3.0, 15.0)
"""WeChat answers once all its pings are back."""


class WeChatApi:
    """
    One account's API; safe for many threads, and for many processes that share the vault.

    Every method raises WeChatError; its text is one line that may be shown and logged. desk: where the agents sit.
    """

    def __init__(self, appid: str, secret: str, vault: TokenVault, *, api_base: str = OFFICIAL_API) -> None:
        self._transport = Transport(api_base, secrets=(secret,))
        self._client = Client(appid, secret, self._transport, Tokens(self._transport, vault, appid, secret))
        self.desk = WeChatDesk(self._client)

    def send(self, user: str, part: Sendable) -> None:
        """
        Send one customer-service message (protocol 4.4).

        Raises:
            WeChatError: 45015 the user's window is closed, 45047 its messages are used up. With delivered=`maybe` the
                user may have it already: do not send it again.
        """
        self._client.post("message/custom/send", data={"touser": user, **_body(part)})

    def send_template(self, user: str, template: Template, *, id: str) -> str:
        """Send one template message (protocol 6.3). The id is ours; '' comes back where WeChat has had it before."""
        fields = {name: {"value": words} for name, words in template.fields.items()}
        message = {"touser": user, "template_id": template.id, "url": template.url, "data": fields}
        try:
            answer = self._client.post(
                "message/template/send", data={**message, "client_msg_id": id[:CLIENT_ID_LENGTH]}
            )
        except WeChatError as error:
            if error.code != SENT_BEFORE:
                raise
            return ""
        return str(answer.get("msgid", ""))

    def typing(self, user: str) -> None:
        """Show "typing…" for 15 s or until the next message; needs an exchange in the last 30 s (protocol 4.4)."""
        try:
            self._client.post("message/custom/typing", data={"touser": user, "command": "Typing"})
        except WeChatError as error:
            if error.code != ALREADY_TYPING:
                raise

    def tags_of(self, user: str) -> list[str]:
        """Numbers of the tags that a follower carries."""
        tags = self._client.post("tags/getidlist", data={"openid": user}, result_processor=_the("tagid_list"))
        return list(map(str, tags))

    def server_time(self) -> float:
        """Unix seconds by WeChat's clock; needs no token."""
        return self._transport.server_time()

    def callback_ips(self) -> list[str]:
        """Addresses from which WeChat pushes to us (protocol 6.1)."""
        return list(self._client.get("getcallbackip", result_processor=_the("ip_list")))

    def way_to_us(self) -> WayToUs:
        """What WeChat sees when it tries our server (`callback/check`, protocol 6.1); takes some seconds."""
        asked = {"action": "all", "check_operator": "DEFAULT"}
        answer = self._client.post("callback/check", data=asked, timeout=CHECK_TIMEOUT_S)
        addresses = tuple(str(found["ip"]) for found in answer.get("dns") or () if found.get("ip"))
        lost = {
            f"{ping.get('from_operator', '')} {ping.get('ip', '')}": int(float(str(ping["package_loss"]).rstrip("%")))
            for ping in answer.get("ping") or ()
        }
        return WayToUs(addresses, lost)

    def templates(self) -> dict[str, str]:
        """Titles of the template messages by id (protocol 6.3)."""
        found = self._client.get("template/get_all_private_template", result_processor=_the("template_list"))
        return {str(template["template_id"]): str(template.get("title") or "") for template in found}

    def quota(self, path: str) -> Quota:
        """Today's calls of one API, by its path with `/cgi-bin/` (protocol 6.1)."""
        told = self._client.post("openapi/quota/get", data={"cgi_path": path}, result_processor=_the("quota"))
        return Quota(int(told["daily_limit"]), int(told["remain"]))

    def menu_get(self) -> Json | None:
        """`menu` and `conditionalmenu` as created by API; None when there are none, even if one was made by hand."""
        try:
            return dict(self._client.get("menu/get"))
        except WeChatError as error:
            if error.code == NO_MENU:
                return None
            raise

    def menu_current(self) -> Json:
        """`is_menu_open` and `selfmenu_info`: what followers see, however it was made (protocol 5.1)."""
        return dict(self._client.get("get_current_selfmenu_info"))

    def autoreplies(self) -> Json:
        """What was set in the back office as automatic replies; every account may ask."""
        return dict(self._client.get("get_current_autoreply_info"))

    def media(self, source: str) -> File:
        """
        A file, by its temporary media id or its address (protocol 6.2).

        Raises:
            WeChatError: 40007 it is older than three days, or it never was.
        """
        if not source.startswith(("http://", "https://")):
            found = self._client.download("media/get", media_id=source)
            if isinstance(found, File):
                return found
            source = str(found.get("video_url") or "")
        found = self._transport.download(source)
        if not isinstance(found, File):
            raise unreadable("media/get")
        return found

    def download(self, media_id: str) -> bytes:
        """
        What a follower sent (protocol 6.2).

        Raises:
            WeChatError: 40007 it is older than three days, or it never was. FileTooBig.
        """
        return self.media(media_id).content

    def picture(self, url: str) -> bytes:
        """
        What is behind a `PicUrl` (protocol 2.2); hosts that are not WeChat's are not asked.

        In plain mode nobody vouches for the message that names it (1.3), and we stand inside the operator's network.
        """
        if not self._transport.is_wechats(url):
            raise WeChatError("PicUrl：不是微信的地址")
        return self.media(url).content

    def material_add(self, kind: str, name: str, content: bytes, title: str) -> str:
        """
        Store a file for good; its media id. kind: `image`, `voice` or `video` (protocol 6.2).

        name: with the suffix of what it is, by which WeChat goes. title: of a video, and what it is about.
        """
        files: Json = {"media": (name, content)}
        if kind == "video":
            described = {"title": title, "introduction": title}
            files["description"] = (None, json.dumps(described, ensure_ascii=False))
        return str(
            self._client.post(
                "material/add_material", params={"type": kind}, files=files, result_processor=_the("media_id")
            )
        )

    def menu_create(self, buttons: Sequence[Json]) -> None:
        """Replace the default menu; conditional menus stay."""
        self._client.post("menu/create", data={"button": list(buttons)})

    def menu_delete(self) -> None:
        """Remove the default menu and all conditional ones."""
        self._client.get("menu/delete")

    def menu_add_conditional(self, buttons: Sequence[Json], rule: Mapping[str, str]) -> str:
        """Add a menu that wins over all earlier ones for users who fit `rule`; its id (protocol 5.4)."""
        menu = {"button": list(buttons), "matchrule": dict(rule)}
        return str(self._client.post("menu/addconditional", data=menu, result_processor=_the("menuid")))

    def menu_delete_conditional(self, menu_id: str) -> None:
        self._client.post("menu/delconditional", data={"menuid": menu_id})


def _the(name: str) -> Callable[[Json], Any]:
    return lambda answer: answer[name]


def _body(part: Sendable) -> Json:
    """Type and content of a message (protocol 4.4)."""
    match part:
        case TextPart(text):
            return _message("text", content=text)
        case ImagePart(media_id) | VoicePart(media_id):
            return _message(part.kind, media_id=media_id)
        case VideoPart(media_id, title, description, thumb):
            return _message("video", media_id=media_id, thumb_media_id=thumb, title=title, description=description)
        case ArticlePart(title, url, description, picture):
            return _message("news", articles=[_article(title, url, description, picture)])
        case MenuPart(head, entries, tail):
            lines = [{"id": id, "content": label} for id, label in entries]
            return _message("msgmenu", head_content=head, list=lines, tail_content=tail)
        case MiniProgramPart(title, appid, path, thumb):
            return _message("miniprogrampage", title=title, appid=appid, pagepath=path, thumb_media_id=thumb)


def _article(title: str, url: str, description: str, picture: str) -> Json:
    return {"title": title, "description": description, "url": url, "picurl": picture}


def _message(kind: str, **content: Any) -> Json:
    # An empty media id is refused as a wrong one; a missing title is fine.
    return {"msgtype": kind, kind: {name: value for name, value in content.items() if value != ""}}
