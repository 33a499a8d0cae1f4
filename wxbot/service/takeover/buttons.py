"""The live menu as operators would declare it, with answers behind what the back office answered by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from wxbot.answering.normalise import normalise
from wxbot.domain.action import Action
from wxbot.domain.menu import SUB_NAME_BYTES, TOP_NAME_BYTES, Menu
from wxbot.service.live_menu import Shape, adopt
from wxbot.service.takeover.replies import NAMES, Json, Reply, is_link, reply_of
from wxbot.service.takeover.shelf import Shelf

_MINI_PROGRAM = ("appid", "pagepath", "url")
_LEADS_TO = ("url", "key", "pagepath")


def declarable(shape: Shape, old_keys: Mapping[str, Action], shelf: Shelf) -> Menu:
    """What cannot be declared opens the categories for the time being, and is noted on the shelf."""
    ready = replace(
        shape,
        default=_buttons(shape.default, shelf),
        conditional=[replace(menu, buttons=_buttons(menu.buttons, shelf)) for menu in shape.conditional],
    )
    menu, undecided = adopt(ready, old_keys)
    shelf.notes += [f"菜单：{sentence}" for sentence in undecided]
    return menu


def _buttons(buttons: Iterable[Json], shelf: Shelf, limit: int = TOP_NAME_BYTES) -> list[Json]:
    named = ({**button, "name": _fitted(str(button.get("name", "")), limit, shelf)} for button in buttons)
    return [_button(button, shelf) for button in named]


def _button(button: Json, shelf: Shelf) -> Json:
    if button.get("sub_button"):
        return {**button, "sub_button": _buttons(button["sub_button"], shelf, SUB_NAME_BYTES)}
    name, kind = button["name"], str(button.get("type", ""))
    if kind in NAMES and (reply := reply_of(button, "value")):
        return _tap(name, _answer(name, reply, shelf))
    if kind == "view" and not is_link(str(button.get("url", ""))):
        shelf.notes.append(f"菜单“{name}”的网址 {button.get('url', '')} 不完整，暂时改成打开问题分类，请补上网址")
        return _tap(name, None)
    if kind == "miniprogram" and (missing := [key for key in _MINI_PROGRAM if not button.get(key)]):
        shelf.notes.append(f"菜单“{name}”的小程序缺少 {'、'.join(missing)}，暂时改成打开问题分类，请补上")
        return _tap(name, None)
    if objection := shelf.screen.objection(*(str(button.get(key, "")) for key in _LEADS_TO)):
        shelf.notes.append(f"菜单“{name}”暂时改成打开问题分类：{objection}")
        return _tap(name, None)
    return button


def _answer(name: str, reply: Reply, shelf: Shelf) -> str | None:
    """The id of the answer that says this."""
    if same := shelf.saying(reply):
        return same
    question = name if normalise(name) and not shelf.owner(name) else f"{name}（菜单）"
    taken = shelf.put(f"菜单“{name}”", question, [reply], base=name)
    return taken.id if taken else None


def _tap(name: str, id: str | None) -> Json:
    """A button of ours."""
    return {"type": "click", "name": name, "key": str(Action("answer", id) if id else Action("browse"))}


def _fitted(name: str, limit: int, shelf: Shelf) -> str:
    cut = name.encode()[:limit].decode(errors="ignore")
    if cut != name:
        shelf.notes.append(f"菜单名“{name}”超过 {limit} 字节，截成了“{cut}”，请换个短的名字")
    if objection := shelf.screen.objection(cut):
        cut = shelf.screen.cleared(cut)
        shelf.notes.append(f"菜单名“{name}”改成了“{cut}”：{objection}")
    return cut
