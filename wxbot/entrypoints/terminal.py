"""A WeChat chat in the terminal: what the user types becomes signed, encrypted deliveries to the real webhook."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import click
import requests

from wxbot.domain.menu import Button, key_of
from wxbot.domain.script import Script
from wxbot.sandbox.delivery import Delivery, NoValidAnswer, Reply

HELP = """直接输入文字就是发消息。其他操作：
  /关注 [场景]      关注公众号，或扫带场景的二维码关注       /follow
  /取关             取消关注                                 /unfollow
  /扫码 场景        已关注的人扫二维码                       /scan
  /菜单             看底部菜单                               /menu
  /点 编号          点菜单，例如 /点 2.1；点蓝字链接：/点 a   /tap
  /表情 /图片 /语音 /位置      发这些消息                    /sticker /image /voice /location
  /帮助  /退出                                               /help /quit"""

BROKEN = "该公众号提供的服务出现故障，请稍后再试"
_LINK = re.compile(r"<a\s[^>]*?(?:href=\"([^\"]*)\")?[^>]*>(.*?)</a>", re.DOTALL)

_NAMES = {
    "关注": "follow", "取关": "unfollow", "扫码": "scan", "菜单": "menu", "点": "tap", "表情": "sticker",
    "图片": "image", "语音": "voice", "位置": "location", "帮助": "help", "退出": "quit", "exit": "quit",
}  # fmt: skip


@dataclass(slots=True)
class Chat:
    """
    One user's chat.

    platform: URL of the stand-in's API host, '' when the bot is a real deployment; then what it sends by API is
    not seen here. show: prints a line.
    """

    delivery: Delivery
    script: Script
    openid: str
    platform: str = ""
    show: Callable[[str], None] = click.echo
    _seen: int = 0
    _taps: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, line: str) -> bool:
        """Do what one typed line says; False when the user has had enough."""
        line = line.strip()
        if not line:
            return True
        if not line.startswith("/"):
            self._send("message", lambda: self.delivery.text(self.openid, line))
            return True
        name, _, argument = line[1:].partition(" ")
        name, argument = _NAMES.get(name, name), argument.strip()
        if name == "quit":
            return False
        command = self._commands().get(name)
        if command:
            command(argument)
        else:
            self.show(f"没有“/{name}”这个操作。\n{HELP}")
        return True

    def follow(self, scene: str = "") -> None:
        self._send("follow", lambda: self.delivery.follow(self.openid, scene))

    def catch_up(self) -> None:
        """Show what the bot has sent by API since the last look."""
        if not self.platform:
            return
        with self._lock:
            url = f"{self.platform}/sandbox/users/{self.openid}/messages"
            try:
                messages = requests.get(url, params={"since": self._seen}, timeout=2).json()["messages"]
            except requests.RequestException:
                return
            for message in messages:
                self._seen = message["number"]
                self.show(_bubble("客服消息", self._body(message["body"])))

    def _commands(self) -> dict[str, Callable[[str], None]]:
        send, openid, delivery = self._send, self.openid, self.delivery
        return {
            "follow": self.follow,
            "unfollow": lambda _: send("unfollow", lambda: delivery.unfollow(openid)),
            "scan": lambda scene: send("scan", lambda: delivery.scan(openid, scene or "demo")),
            "menu": lambda _: self.show(self._menu()),
            "tap": self._tap,
            "sticker": lambda _: send("message", lambda: delivery.text(openid, "【收到不支持的消息类型，暂无法显示】")),
            "image": lambda _: send("message", lambda: delivery.image(openid, "media-from-terminal")),
            "voice": lambda words: send("message", lambda: delivery.voice(openid, "media-from-terminal", words)),
            "location": lambda _: send("message", lambda: delivery.location(openid, "30.25", "120.21", "杭州市")),
            "help": lambda _: self.show(HELP),
        }

    def _send(self, trigger: str, deliver: Callable[[], Reply]) -> None:
        if self.platform:
            requests.post(f"{self.platform}/sandbox/users/{self.openid}/did", json={"what": trigger}, timeout=2)
        try:
            self.show(self._rendered(deliver()))
        except NoValidAnswer as error:
            self.show(f"{BROKEN}\n  （{error}）")
        self.catch_up()

    def _rendered(self, reply: Reply) -> str:
        match reply.kind:
            case "silence":
                return "  （没有回复）"
            case "transfer":
                return "  （已转给人工客服）"
            case "text":
                return _bubble("机器人", self._with_taps(reply.text))
            case "news":
                return _bubble("机器人", "\n".join(f"【{a.title}】{a.description} {a.url}" for a in reply.articles))
        return _bubble("机器人", f"[{reply.kind}] {reply.title}")

    def _with_taps(self, text: str) -> str:
        """Links in words; those that send something get a letter to tap them by."""
        self._taps.clear()

        def lettered(match: re.Match[str]) -> str:
            href, label = match[1] or "", match[2]
            query = parse_qs(urlsplit(href).query)
            if not href.startswith("weixin://bizmsgmenu"):
                return f"{label}（{href}）" if href else label
            letter = chr(ord("a") + len(self._taps))
            self._taps[letter] = (query["msgmenucontent"][0], query["msgmenuid"][0])
            return f"[{letter}] {label}"

        return _LINK.sub(lettered, text)

    def _tap(self, which: str) -> None:
        if which in self._taps:
            words, tap_id = self._taps[which]
            self._send("message", lambda: self.delivery.text(self.openid, words, tap_id))
            return
        button = self._buttons().get(which)
        if button is None:
            self.show("没有这个编号。输入 /菜单 查看底部菜单。")
        elif button.action and button.action.kind == "url":
            self.show(f"  （打开网页 {button.action.target}）")
            self._send("message", lambda: self.delivery.view(self.openid, button.action.target))  # type: ignore[union-attr]
        else:
            self._send("menu", lambda: self.delivery.click(self.openid, key_of(button)))

    def _buttons(self) -> dict[str, Button]:
        numbered = {str(number): button for number, button in enumerate(self.script.menu.buttons, 1)}
        inside = {
            f"{number}.{index}": item
            for number, button in numbered.items()
            for index, item in enumerate(button.items, 1)
        }
        return {number: button for number, button in numbered.items() if not button.items} | inside

    def _menu(self) -> str:
        lines = []
        for number, button in enumerate(self.script.menu.buttons, 1):
            lines.append(f"  {number} {button.name}")
            lines += [f"      {number}.{index} {item.name}" for index, item in enumerate(button.items, 1)]
        return "\n".join(lines) or "  （没有菜单）"

    def _body(self, body: dict[str, object]) -> str:
        content = body.get(str(body.get("msgtype")))
        if isinstance(content, dict) and "content" in content:
            return self._with_taps(str(content["content"]))
        return f"[{body.get('msgtype')}]"


def _bubble(who: str, text: str) -> str:
    return "\n".join(
        f"  {who if index == 0 else ' ' * 2 * len(who)}│ {line}" for index, line in enumerate(text.splitlines())
    )


def talk(chat: Chat) -> None:
    """Read lines until the user leaves; messages that come in meanwhile are shown at once."""
    stop = threading.Event()
    listener = threading.Thread(target=_listen, args=(chat, stop), daemon=True)
    listener.start()
    try:
        while chat.enter(input("你│ ")):
            pass
    except (EOFError, KeyboardInterrupt):
        click.echo()
    finally:
        stop.set()
        listener.join(3)


def _listen(chat: Chat, stop: threading.Event) -> None:
    while not stop.wait(1):
        chat.catch_up()
