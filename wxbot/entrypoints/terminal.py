"""A WeChat chat in the terminal: what the user types becomes signed, encrypted deliveries to the real webhook."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import click
import requests

from wxbot.entrypoints.lines import Line
from wxbot.sandbox.refusal import Json

HELP = """直接输入文字就是发消息。其他操作：
  /关注 [场景]      关注公众号，或扫带场景的二维码关注       /follow
  /取关             取消关注                                 /unfollow
  /扫码 场景        已关注的人扫二维码                       /scan
  /菜单             看底部菜单                               /menu
  /点 编号          点菜单，例如 /点 2.1；点蓝字链接：/点 a   /tap
  /表情 /图片 /语音 /位置      发这些消息                    /sticker /image /voice /location
  /帮助  /退出                                               /help /quit"""

_NAMES = {
    "关注": "follow", "取关": "unfollow", "扫码": "scan", "菜单": "menu", "点": "tap", "表情": "sticker",
    "图片": "image", "语音": "voice", "位置": "location", "帮助": "help", "退出": "quit", "exit": "quit",
}  # fmt: skip

_OUTCOMES = {
    "silence": "（没有回复）",
    "transfer": "（已转给人工客服）",
    "agent": "（人工客服正在接待）",
    "pending": "（还没有回复）",
    "reply": "",
    "failed": "",
    "none": "",
    "paused": "",
    "unpushed": "",
    "the user follows already": "（已经关注了）",
    "the user does not follow": "（还没有关注，输入 /关注）",
}
"""What is said where no bubble says it; any other outcome is a reason why nothing could be done."""


@dataclass(slots=True)
class Chat:
    """One user's chat. show: prints a line."""

    line: Line
    show: Callable[[str], None] = click.echo
    _taps: dict[str, tuple[str, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, line: str) -> bool:
        """Do what one typed line says; False when the user has had enough."""
        line = line.strip()
        if not line:
            return True
        if not line.startswith("/"):
            self._do("text", content=line)
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
        self._do("follow", scene=scene)

    def catch_up(self) -> None:
        """Show what has come since the last look."""
        with self._lock:
            try:
                news = self.line.news()
            except requests.RequestException:
                return
            for bubble in news:
                self._show_bubble(bubble)

    def _commands(self) -> dict[str, Callable[[str], None]]:
        return {
            "follow": self.follow,
            "unfollow": lambda _: self._do("unfollow"),
            "scan": lambda scene: self._do("scan", scene=scene or "demo"),
            "menu": lambda _: self.show(self._menu()),
            "tap": self._tap,
            "sticker": lambda _: self._do("sticker"),
            "image": lambda _: self._do("image"),
            "voice": lambda words: self._do("voice", recognition=words),
            "location": lambda _: self._do("location", latitude="30.25", longitude="120.21", label="杭州市"),
            "help": lambda _: self.show(HELP),
        }

    def _do(self, what: str, **fields: str) -> None:
        self._tell(lambda: self.line.do(what, **fields))

    def _tell(self, act: Callable[[], str]) -> None:
        try:
            outcome = act()
        except requests.RequestException as error:
            self.show(f"  （连不上：{type(error).__name__}）")
            return
        self.catch_up()
        said = _OUTCOMES.get(outcome, f"（{outcome}）")
        if said:
            self.show(f"  {said}")

    def _show_bubble(self, bubble: Json) -> None:
        match bubble["who"]:
            case "user":
                return
            case "system":
                if bubble["code"] in ("failed", "paused", "unpushed", "opened"):
                    self.show(f"  （{bubble['text']}）")
            case "agent":
                self.show(_bubble(f"客服 {bubble['agent']}", self._words(bubble)))
            case _:
                self.show(_bubble("机器人" if bubble["via"] == "reply" else "客服消息", self._words(bubble)))

    def _words(self, bubble: Json) -> str:
        """A bubble in words; links that send something get a letter to tap them by."""
        match bubble["kind"]:
            case "text":
                return self._lettered(bubble["parts"])
            case "msgmenu":
                entries = [{"text": entry["content"], "tap": entry} for entry in bubble["entries"]]
                lines = [bubble["head"], *([entry] for entry in entries), bubble["tail"]]
                return self._lettered([part for line in lines if line for part in (*line, {"text": "\n"})]).rstrip()
            case "news":
                return "\n".join(f"【{a['title']}】{a['description']} {a['url']}" for a in bubble["articles"])
            case "template":
                return "\n".join([bubble["title"], *bubble["lines"]])
            case kind:
                return f"[{kind}] {bubble.get('title', '')}"

    def _lettered(self, parts: list[Json]) -> str:
        if any("tap" in part for part in parts):
            self._taps.clear()
        return "".join(self._part(part) for part in parts)

    def _part(self, part: Json) -> str:
        if tap := part.get("tap"):
            letter = chr(ord("a") + len(self._taps))
            self._taps[letter] = (tap["content"], tap["id"])
            return f"[{letter}] {part['text']}"
        return f"{part['text']}（{part['url']}）" if part.get("url") else str(part["text"])

    def _tap(self, which: str) -> None:
        if which in self._taps:
            words, tap_id = self._taps[which]
            self._do("tap", content=words, id=tap_id)
            return
        if which not in self._paths():
            self.show("没有这个编号。输入 /菜单 查看底部菜单。")
            return
        self._tell(lambda: self.line.press(self._paths()[which]))

    def _paths(self) -> dict[str, tuple[int, ...]]:
        """Those that do something, by number."""
        buttons = list(enumerate(self.line.menu(), 1))
        plain = {str(n): (n - 1,) for n, button in buttons if not button.get("sub_button")}
        inside = {
            f"{n}.{index}": (n - 1, index - 1)
            for n, button in buttons
            for index, _ in enumerate(button.get("sub_button") or [], 1)
        }
        return {**plain, **inside}

    def _menu(self) -> str:
        lines = []
        for number, button in enumerate(self.line.menu(), 1):
            lines.append(f"  {number} {button['name']}")
            items = enumerate(button.get("sub_button") or [], 1)
            lines += [f"      {number}.{index} {item['name']}" for index, item in items]
        return "\n".join(lines) or "  （没有菜单）"


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
