"""The bottom menu as operators declare it, its limits, and the JSON that WeChat's menu API takes (protocol 5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from wxbot.domain.action import Action

TOP_BUTTONS, SUB_BUTTONS = 3, 5
TOP_NAME_BYTES, SUB_NAME_BYTES, KEY_BYTES, URL_BYTES = 16, 60, 128, 1024
TOP_NAME_COLUMNS, SUB_NAME_COLUMNS = 8, 16
"""Letters that the back office allows; a Chinese sign counts as two (protocol 5.2)."""
CONDITIONAL_DOMAINS = 3

TapType = Literal[
    "click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select"
]
MaterialType = Literal["media_id", "article_id", "article_view_limited"]


@dataclass(frozen=True, slots=True)
class Button:
    """
    One entry of the menu: with `items` it opens them; else it does `action`, or shows `material`.

    key: what WeChat sends on a tap; by default the action itself, so that a tap needs no table and old menus go on
    working. tap: how a tap is made. material: (type, permanent media or article id).
    fallback: page for clients that cannot open the mini program.
    """

    name: str
    action: Action | None = None
    tap: TapType = "click"
    key: str = ""
    fallback: str = ""
    material: tuple[MaterialType, str] | None = None
    items: tuple["Button", ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionalMenu:
    """Shown instead of the main menu to users with that tag or client; WeChat allows no other rule (protocol 5.4)."""

    buttons: tuple[Button, ...]
    tag_id: str = ""
    client: Literal["", "ios", "android", "other"] = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """conditional: the first that fits wins."""

    buttons: tuple[Button, ...] = ()
    conditional: tuple[ConditionalMenu, ...] = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that is broken. path: indices of the button, outermost first; () is the menu itself. message: Chinese."""

    path: tuple[int, ...]
    message: str


def key_of(button: Button) -> str:
    return button.key or str(button.action or "")


def buttons_by_key(menu: Menu) -> dict[str, Button]:
    """Every button that sends a key, of the main and the conditional menus; the main menu's win."""
    found: dict[str, Button] = {}
    for buttons in (menu.buttons, *(conditional.buttons for conditional in menu.conditional)):
        for button in buttons:
            for item in button.items or (button,):
                found.setdefault(key_of(item), item)
    return found


def breaches(buttons: tuple[Button, ...]) -> list[Breach]:
    """Every limit of protocol 5.2 that these buttons break; empty when WeChat would take them."""
    found = list(_count(buttons, TOP_BUTTONS, (), "菜单", "一级菜单"))
    for index, button in enumerate(buttons):
        found += _button(button, (index,))
        if button.items:
            found += _count(button.items, SUB_BUTTONS, (index,), f"“{button.name}”", "子菜单")
        for sub_index, item in enumerate(button.items):
            found += _button(item, (index, sub_index))
            if item.items:
                found.append(Breach((index, sub_index), f"“{item.name}”下面还有一级，微信菜单最多两级"))
    return found


def squeezed(buttons: tuple[Button, ...]) -> list[Breach]:
    """Names that the API takes and that are longer than the back office allows, so that phones cut them short."""
    found: list[Breach] = []
    for index, button in enumerate(buttons):
        found += _columns(button.name, TOP_NAME_COLUMNS, (index,))
        for sub_index, item in enumerate(button.items):
            found += _columns(item.name, SUB_NAME_COLUMNS, (index, sub_index))
    return found


def _columns(name: str, limit: int, path: tuple[int, ...]) -> Iterator[Breach]:
    """The back office counts a Chinese sign as two."""
    columns = sum(1 if sign.isascii() else 2 for sign in name)
    if columns > limit:
        yield Breach(path, f"菜单名“{name}”超过公众平台的 {limit // 2} 个汉字（或 {limit} 个字母）")


def _count(buttons: tuple[Button, ...], limit: int, path: tuple[int, ...], where: str, what: str) -> Iterator[Breach]:
    if not 1 <= len(buttons) <= limit:
        yield Breach(path, f"{where}有 {len(buttons)} 个{what}，应为 1 到 {limit} 个")


def _button(button: Button, path: tuple[int, ...]) -> Iterator[Breach]:
    limit = TOP_NAME_BYTES if len(path) == 1 else SUB_NAME_BYTES
    yield from _bytes(button.name, limit, path, f"菜单名“{button.name}”")
    if button.action and button.action.kind not in ("url", "miniprogram"):
        yield from _bytes(key_of(button), KEY_BYTES, path, f"“{button.name}”的按键值")
    if button.action and button.action.kind == "url":
        yield from _bytes(button.action.target, URL_BYTES, path, f"“{button.name}”的链接")


def _bytes(text: str, limit: int, path: tuple[int, ...], what: str) -> Iterator[Breach]:
    size = len(text.encode())
    if size > limit:
        yield Breach(path, f"{what}有 {size} 字节，超过 {limit} 字节的上限（一个汉字占 3 字节）")


def link_domains(buttons: Iterable[Button]) -> set[str]:
    """Hosts that these buttons link to; all conditional menus together may name 3 (protocol 5.2)."""
    hosts: set[str] = set()
    for button in buttons:
        if button.action and button.action.kind == "url":
            hosts.add(urlsplit(button.action.target).hostname or "")
        hosts |= link_domains(button.items)
    return hosts


def to_wechat(buttons: tuple[Button, ...]) -> dict[str, Any]:
    """The body of `menu/create`; `addconditional` takes it with a `matchrule` beside (protocol 5.1)."""
    return {"button": [_to_wechat(button) for button in buttons]}


def match_rule(menu: ConditionalMenu) -> dict[str, str]:
    """The `matchrule` of `menu/addconditional` (protocol 5.4)."""
    platform = {"": "", "ios": "1", "android": "2", "other": "3"}[menu.client]
    rule = {"tag_id": menu.tag_id, "client_platform_type": platform}
    return {name: value for name, value in rule.items() if value}


def _to_wechat(button: Button) -> dict[str, Any]:
    if button.items:
        return {"name": button.name, "sub_button": [_to_wechat(item) for item in button.items]}
    if button.material:
        kind, identifier = button.material
        return {"type": kind, "name": button.name, "media_id" if kind == "media_id" else "article_id": identifier}
    action = button.action
    if action and action.kind == "url":
        return {"type": "view", "name": button.name, "url": action.target}
    if action and action.kind == "miniprogram":
        appid, _, path = action.target.partition("/")
        return {"type": "miniprogram", "name": button.name, "appid": appid, "pagepath": path, "url": button.fallback}
    return {"type": button.tap, "name": button.name, "key": key_of(button)}
