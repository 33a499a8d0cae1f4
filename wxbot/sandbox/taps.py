"""A tap on the bottom menu (protocol 2.3, 5.2)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from wxbot.sandbox import bubbles, contents
from wxbot.sandbox.chat import Content
from wxbot.sandbox.courier import Letter
from wxbot.sandbox.denied import wrong
from wxbot.sandbox.followers import Follower
from wxbot.sandbox.media import sample
from wxbot.sandbox.refusal import Json
from wxbot.sandbox.sending import Done, Wish, send_image, send_location
from wxbot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Tap:
    """One button under one finger. menu_id: of the menu that the follower sees."""

    follower: Follower
    button: Json
    menu_id: int
    wish: Wish

    @property
    def key(self) -> str:
        return str(self.button.get("key", ""))


def press(world: World, follower: Follower, wish: Wish) -> Done:
    menu_id, buttons = world.menus.shown_to(follower)
    if old_key := wish.words("key", ""):
        # A changed menu reaches phones within a day only (5.3).
        return _click(world, Tap(follower, {"key": old_key}, menu_id, wish))
    button = _button(buttons, wish.fields.get("path"))
    kind = str(button.get("type", ""))
    world.chats.note(follower.openid, "tapped", str(button.get("name", "")))
    return _PRESSES.get(kind, _show)(world, Tap(follower, button, menu_id, wish))


def _button(buttons: list[Json], path: object) -> Json:
    if not isinstance(path, list) or not 1 <= len(path) <= 2 or not all(type(at) is int for at in path):
        raise wrong("path: [button] or [button, item]")
    for at in path:
        if not 0 <= at < len(buttons):
            raise wrong("path: no such button")
        button = buttons[at]
        buttons = button.get("sub_button") or []
    if buttons:
        raise wrong("path: this button opens a sub-menu, name an item of it")
    return button


def _click(world: World, tap: Tap) -> Done:
    world.followers.did(tap.follower.openid, "menu")
    return Done((world.caused(tap.follower.openid, contents.click(tap.key)),))


def _scancode(world: World, tap: Tap) -> Done:
    world.followers.did(tap.follower.openid, "menu")
    result = tap.wish.words("result", "https://example.com/")
    fields = contents.scancode(str(tap.button["type"]), tap.key, result)
    return Done((world.caused(tap.follower.openid, fields),))


def _view(world: World, tap: Tap) -> Done:
    """The page opens in any case; the bot is merely told."""
    url = str(tap.button["url"])
    world.chats.note(tap.follower.openid, "opened", f"打开网页 {url}", url=url)
    return Done((world.report(tap.follower.openid, contents.view(url, tap.menu_id)),))


def _mini_program(world: World, tap: Tap) -> Done:
    path = str(tap.button["pagepath"])
    world.chats.note(tap.follower.openid, "opened", f"打开小程序 {path}", url=str(tap.button.get("url", "")))
    return Done((world.report(tap.follower.openid, contents.view_miniprogram(path, tap.menu_id)),))


def _picture(world: World, tap: Tap) -> Done:
    """The announcement is an event, the picture a message of its own."""
    medium = world.media.keep("image", sample("image"))
    md5 = hashlib.md5(medium.content, usedforsecurity=False).hexdigest()
    event = world.report(tap.follower.openid, contents.pictures(str(tap.button["type"]), tap.key, [md5]))
    return _after(event, send_image(world, tap.follower, medium))


def _location_select(world: World, tap: Tap) -> Done:
    label = tap.wish.words("label", "杭州市")
    event = world.report(tap.follower.openid, contents.location_select(tap.key, label))
    return _after(event, send_location(world, tap.follower, "30.25", "120.21", label))


def _after(event: Letter, message: Done) -> Done:
    return Done((event, *message.letters)) if message.letters else message


def _show(world: World, tap: Tap) -> Done:
    """Media, articles and what was made by hand: the client shows them, and nothing is pushed (2.3)."""
    world.chats.add(tap.follower.openid, "account", _content(tap.button))
    return Done()


def _content(button: Json) -> Content:
    if button.get("type") == "text":
        return bubbles.text(str(button.get("value", "")))
    if media_id := button.get("media_id"):
        return bubbles.medium("image", str(media_id))
    title = str(button.get("article_id") or button.get("value") or button.get("name", ""))
    return Content("news", {"articles": [{"title": title, "description": "", "url": "", "picture": ""}]})


_PRESSES: dict[str, Callable[[World, Tap], Done]] = {
    "click": _click,
    "view": _view,
    "miniprogram": _mini_program,
    "scancode_push": _scancode,
    "scancode_waitmsg": _scancode,
    "pic_sysphoto": _picture,
    "pic_photo_or_album": _picture,
    "pic_weixin": _picture,
    "location_select": _location_select,
}
