"""The menu that an account has now, in WeChat's two shapes (protocol 5.1): compared with ours, and taken over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from wxbot.domain.action import Action, parse_action
from wxbot.domain.menu import Button, ConditionalMenu, MaterialType, Menu, TapType, match_rule, to_wechat

Json = dict[str, Any]

_FIELDS = ("type", "name", "key", "url", "appid", "pagepath", "media_id", "article_id", "value")
_CLIENTS = {"1": "ios", "2": "android", "3": "other"}
_TYPES = {
    "click": "点击",
    "view": "网页",
    "miniprogram": "小程序",
    "scancode_push": "扫码",
    "scancode_waitmsg": "扫码并等待回复",
    "pic_sysphoto": "拍照",
    "pic_photo_or_album": "拍照或相册",
    "pic_weixin": "微信相册",
    "location_select": "选位置",
    "media_id": "永久素材",
    "view_limited": "图文素材",
    "article_id": "已发布文章",
    "article_view_limited": "已发布文章",
    "text": "后台文字",
    "img": "后台图片",
    "news": "后台图文",
    "voice": "后台语音",
    "video": "后台视频",
}
CREATABLE = frozenset({"view", "miniprogram", "view_limited", *get_args(TapType), *get_args(MaterialType)})
"""Types of buttons that the API can make; the back office knows more."""


@dataclass(frozen=True, slots=True)
class Conditional:
    """A conditional menu. menu_id: '' when it does not exist yet. rule: `tag_id`, `client_platform_type`."""

    buttons: Sequence[Json]
    rule: Mapping[str, str]
    menu_id: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A whole menu as the API takes it. conditional: the first that fits wins."""

    default: Sequence[Json] = ()
    conditional: Sequence[Conditional] = ()

    def same_default(self, other: "Shape") -> bool:
        return normal(self.default) == normal(other.default)

    def same_conditional(self, other: "Shape") -> bool:
        return _comparable(self.conditional) == _comparable(other.conditional)

    def lines(self) -> list[str]:
        """One line a button, indented, for people to compare."""
        lines = ["默认菜单", *_lines(self.default)] if self.default else []
        for menu in self.conditional:
            lines += [f"个性化菜单（{_conditions(menu.rule)}）", *_lines(menu.buttons)]
        return lines


@dataclass(frozen=True, slots=True)
class Live:
    """created: answer of `menu/get`, None when nothing was created by API. current: what followers see."""

    created: Json | None
    current: Json

    @property
    def by_hand(self) -> bool:
        """Followers see a menu that was made in the back office; `menu/get` knows nothing of it."""
        return self.created is None and bool(self._shown())

    @property
    def closed(self) -> bool:
        """There is a menu, but it is switched off."""
        return self.current.get("is_menu_open") == 0 and bool(self.created or self._shown())

    @property
    def shape(self) -> Shape:
        if self.created is None:
            return Shape(_flat(self._shown()))
        # Ids grow, and the newest menu is matched first (protocol 5.4).
        menus = sorted(self.created.get("conditionalmenu") or [], key=lambda menu: -int(menu["menuid"]))
        conditional = [Conditional(menu["button"], _rule(menu), str(menu["menuid"])) for menu in menus]
        return Shape((self.created.get("menu") or {}).get("button") or [], conditional)

    def _shown(self) -> list[Json]:
        return (self.current.get("selfmenu_info") or {}).get("button") or []


def declared(menu: Menu) -> Shape:
    """Our menu as the API takes it."""
    conditional = [Conditional(to_wechat(one.buttons)["button"], match_rule(one)) for one in menu.conditional]
    return Shape(to_wechat(menu.buttons)["button"], conditional)


def normal(buttons: Iterable[Json]) -> list[Json]:
    """Buttons with only what matters: no empty fields, one shape of sub-menus."""
    return [_normal(button) for button in buttons]


def adopt(shape: Shape, old_keys: Mapping[str, Action]) -> tuple[Menu, list[str]]:
    """
    The live menu as operators would declare it.

    Returns:
        the menu, and one Chinese sentence for each thing that somebody has to decide on: a key that is not ours opens
        the categories for the time being.
    """
    undecided: list[str] = []
    buttons = tuple(_adopt(button, old_keys, undecided) for button in normal(shape.default))
    conditional = [_adopt_conditional(menu, old_keys, undecided) for menu in shape.conditional]
    return Menu(buttons, tuple(menu for menu in conditional if menu)), undecided


def uncreatable(buttons: Iterable[Json]) -> list[str]:
    """Names of the buttons that can only be made in the back office."""
    names: list[str] = []
    for button in normal(buttons):
        items = button.get("sub_button")
        names += uncreatable(items) if items else [] if button.get("type") in CREATABLE else [str(button["name"])]
    return names


def _normal(button: Json) -> Json:
    if items := _items(button):
        return {"name": button.get("name", ""), "sub_button": normal(items)}
    return {field: str(button[field]) for field in _FIELDS if button.get(field)}


def _items(button: Json) -> list[Json]:
    items = button.get("sub_button") or []
    return items.get("list") or [] if isinstance(items, dict) else items


def _flat(buttons: Iterable[Json]) -> list[Json]:
    """Buttons with their sub-menus as the API takes them, everything else as it was."""
    return [{**button, "sub_button": _items(button)} if _items(button) else button for button in buttons]


def _rule(menu: Json) -> dict[str, str]:
    # `group_id` is the name that tags had before (protocol 5.4).
    rule = {{"group_id": "tag_id"}.get(name, name): str(value) for name, value in (menu.get("matchrule") or {}).items()}
    return {name: value for name, value in rule.items() if value}


def _comparable(menus: Sequence[Conditional]) -> list[tuple[Mapping[str, str], list[Json]]]:
    return [(menu.rule, normal(menu.buttons)) for menu in menus]


def _lines(buttons: Iterable[Json], depth: int = 1) -> list[str]:
    lines: list[str] = []
    for button in normal(buttons):
        items = button.get("sub_button")
        what = "" if items else f" → {_effect(button)}"
        lines += [f"{'  ' * depth}{button.get('name', '')}{what}", *_lines(items or [], depth + 1)]
    return lines


def _effect(button: Json) -> str:
    kind = str(button.get("type", ""))
    values = [str(button[name]) for name in _FIELDS[2:] if name in button]
    if kind == "miniprogram":
        values = [f"{button.get('appid', '')}/{button.get('pagepath', '')}", f"备用网页 {button.get('url', '无')}"]
    return " ".join([_TYPES.get(kind, kind), *values])


def _conditions(rule: Mapping[str, str]) -> str:
    names = {"tag_id": "标签", "client_platform_type": "客户端"}
    clients = {"client_platform_type": _CLIENTS}
    return "，".join(
        f"{names.get(name, name)} {clients.get(name, {}).get(value, value)}" for name, value in rule.items()
    )


def _adopt_conditional(menu: Conditional, keys: Mapping[str, Action], undecided: list[str]) -> ConditionalMenu | None:
    if not menu.rule or not set(menu.rule) <= {"tag_id", "client_platform_type"}:
        undecided.append(f"个性化菜单（{_conditions(menu.rule)}）的条件微信已不再支持，没有写入")
        return None
    buttons = tuple(_adopt(button, keys, undecided) for button in normal(menu.buttons))
    client = _CLIENTS.get(menu.rule.get("client_platform_type", ""), "")
    return ConditionalMenu(buttons, menu.rule.get("tag_id", ""), client)  # type: ignore[arg-type]


def _adopt(button: Json, keys: Mapping[str, Action], undecided: list[str]) -> Button:
    name, kind = str(button.get("name", "")), button.get("type", "")
    if items := button.get("sub_button"):
        return Button(name, items=tuple(_adopt(item, keys, undecided) for item in items))
    if kind == "view":
        return Button(name, Action("url", button.get("url", "")))
    if kind == "miniprogram":
        target = f"{button.get('appid', '')}/{button.get('pagepath', '')}".rstrip("/")
        return Button(name, Action("miniprogram", target), fallback=button.get("url", ""))
    if kind in get_args(MaterialType):
        return Button(name, material=(kind, button.get("media_id") or button.get("article_id", "")))
    if kind in get_args(TapType):
        return _adopt_tap(name, kind, button.get("key", ""), keys, undecided)
    undecided.append(f"“{name}”是{_TYPES.get(kind, kind)}（{_effect(button)}），接口建不了，暂时改成打开问题分类")
    return Button(name, Action("browse"))


def _adopt_tap(name: str, tap: TapType, key: str, keys: Mapping[str, Action], undecided: list[str]) -> Button:
    action = keys.get(key) or parse_action(key)
    if not action:
        undecided.append(f"“{name}”的按键值 {key} 不是 wxbot 的，暂时打开问题分类，请改成合适的 action")
        action = Action("browse")
    return Button(name, action, tap=tap, key="" if key == str(action) else key)
