"""
The bottom menu: shown, compared with the live one, published, taken over, rolled back (protocol 5).

Texts are for operators, in Chinese.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Protocol
from urllib.parse import urlsplit

from wxbot.domain.account import Capability
from wxbot.domain.action import Action
from wxbot.domain.menu import CONDITIONAL_DOMAINS, Button, ConditionalMenu, Menu, breaches, link_domains, match_rule
from wxbot.domain.script import Script
from wxbot.errors import WeChatError, WxbotError
from wxbot.service.live_menu import Conditional, Json, Live, Shape, adopt, declared, uncreatable


class MenuApi(Protocol):
    """WeChat's menu calls (protocol 5.1). All raise WeChatError."""

    def menu_get(self) -> Json | None:
        """`menu` and `conditionalmenu`, None when no menu was created by API."""

    def menu_current(self) -> Json: ...

    def menu_create(self, buttons: Sequence[Json]) -> None: ...

    def menu_delete(self) -> None: ...

    def menu_add_conditional(self, buttons: Sequence[Json], rule: Mapping[str, str]) -> str: ...

    def menu_delete_conditional(self, menu_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Backup:
    """A menu that was live. at: unix seconds at which it was read."""

    at: int
    live: Live


class Backups(Protocol):
    """Where live menus are kept before they are replaced."""

    def save(self, backup: Backup) -> str:
        """Keep it; the name under which it is found again."""

    def names(self) -> list[str]:
        """Newest first."""

    def load(self, name: str) -> Backup:
        """Raises MenuRefused when there is none of that name, or it cannot be read."""


class MenuRefused(WxbotError):
    """What was asked for cannot be done; nothing was changed. reasons: one Chinese sentence each."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Difference:
    """From the live menu to the declared one. lines: unified, for people; notes: what else they should know."""

    same: bool
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """changed: False when there was nothing to do. backup: name of what was replaced. notes: what was left out."""

    changed: bool
    backup: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pulled:
    """The live menu as ours, and a sentence for each thing that needs a decision."""

    menu: Menu
    undecided: tuple[str, ...]


def show(script: Script) -> list[str]:
    """The declared menu as a tree, with what each button does."""
    if not script.menu.buttons:
        return ["menus.yaml 里没有声明底部菜单。"]
    lines = list(_tree(script, script.menu.buttons))
    for menu in script.menu.conditional:
        lines += ["", f"个性化菜单（{_for_whom(menu)}）", *_tree(script, menu.buttons)]
    return lines


def diff(menu: Menu, api: MenuApi) -> Difference:
    """What publishing `menu` would change."""
    return _compare(_read(api), declared(menu))


def push(script: Script, api: MenuApi, backups: Backups, now: int) -> Done:
    """
    Publish the declared menu, after backing up the live one.

    Raises:
        MenuRefused: the menu breaks a limit, or the account may not. WeChatError: a call failed; the text tells what
        state the account is in.
    """
    if reasons := obstacles(script):
        raise MenuRefused(*reasons)
    live, goal = _read(api), declared(script.menu)
    if _compare(live, goal).same:
        return Done(changed=False)
    backup = backups.save(Backup(now, live))
    _replace(api, live, goal, backup)
    return Done(changed=True, backup=backup)


def pull(script: Script, api: MenuApi) -> Pulled:
    """The live menu in our words."""
    menu, undecided = adopt(_read(api).shape, script.old_keys)
    return Pulled(menu, tuple(undecided))


def rollback(api: MenuApi, backups: Backups, now: int, name: str = "") -> Done:
    """
    Bring back a menu that was replaced, by default the last one; what is live now is backed up as well.

    Raises:
        MenuRefused: there is no such backup, or the API cannot make that menu. WeChatError: as for `push`.
    """
    if not name and not (names := backups.names()):
        raise MenuRefused("还没有备份：发布菜单时才会自动备份")
    before, live = backups.load(name or names[0]).live, _read(api)
    if only_by_hand := uncreatable(before.shape.default):
        raise MenuRefused(f"这份备份里的菜单是在公众平台后台做的，{'、'.join(only_by_hand)} 用接口建不了，请到后台恢复")
    goal, notes = _without_obsolete(before.shape)
    if _compare(live, goal).same:
        return Done(changed=False, notes=notes)
    saved = backups.save(Backup(now, live))
    _replace(api, live, goal, saved)
    return Done(changed=True, backup=saved, notes=notes)


def obstacles(script: Script) -> list[str]:
    """Why this menu cannot be published, one Chinese sentence each."""
    if not script.can(Capability.MENU_API):
        return [f"{script.account_type} 的公众号没有菜单接口的权限，微信会返回 48001；认证之后才能用接口发布菜单"]
    menu = script.menu
    if not menu.buttons:
        return ["menus.yaml 里没有声明底部菜单（menu:）"]
    reasons = [breach.message for breach in breaches(menu.buttons)]
    for number, conditional in enumerate(menu.conditional, 1):
        reasons += [f"个性化菜单 {number}：{breach.message}" for breach in breaches(conditional.buttons)]
        if not match_rule(conditional):
            reasons.append(f"个性化菜单 {number} 没有匹配条件（match）")
    hosts = link_domains(button for conditional in menu.conditional for button in conditional.buttons)
    if len(hosts) > CONDITIONAL_DOMAINS:
        reasons.append(f"全部个性化菜单一共链接到 {len(hosts)} 个域名，最多 {CONDITIONAL_DOMAINS} 个")
    return reasons


def _read(api: MenuApi) -> Live:
    return Live(api.menu_get(), api.menu_current())


def _compare(live: Live, goal: Shape) -> Difference:
    shape = live.shape
    same = shape.same_default(goal) and shape.same_conditional(goal) and not live.closed and not live.by_hand
    lines = unified_diff(shape.lines(), goal.lines(), "线上菜单", "menus.yaml", lineterm="", n=99)
    notes = []
    if live.by_hand:
        notes.append("线上菜单是在公众平台后台做的，发布后会被替换")
    if live.closed:
        notes.append("线上菜单目前是关闭的，用户看不到")
    return Difference(same, tuple(lines), tuple(notes))


@dataclass(slots=True)
class _Progress:
    """How far a replacement has come. added, removed: conditional menus."""

    backup: str
    default: str = "默认菜单没有变动"
    to_add: int = 0
    to_remove: int = 0
    added: int = 0
    removed: int = 0

    def __str__(self) -> str:
        state = [self.default]
        if self.to_add or self.to_remove:
            state.append(f"个性化菜单新加了 {self.added}/{self.to_add} 个，旧的删了 {self.removed}/{self.to_remove} 个")
        return "；".join(state)


def _replace(api: MenuApi, live: Live, goal: Shape, backup: str) -> None:
    """Turn the live menu into the goal, step by step; a failing step tells how far it came."""
    progress = _Progress(backup)
    try:
        _replace_default(api, live, goal, progress)
        _replace_conditional(api, live.shape, goal, progress)
    except WeChatError as error:
        raise _interrupted(error, progress) from None


def _replace_default(api: MenuApi, live: Live, goal: Shape, progress: _Progress) -> None:
    if goal.same_default(live.shape) and not live.by_hand and not live.closed:
        return
    progress.default = "不确定默认菜单是否已经换掉"
    try:
        if goal.default:
            api.menu_create(goal.default)
        else:
            api.menu_delete()
    except WeChatError as error:
        if error.delivered == "no":
            progress.default = "默认菜单没有变动"
        raise
    progress.default = "默认菜单已经换好"


def _replace_conditional(api: MenuApi, before: Shape, goal: Shape, progress: _Progress) -> None:
    if goal.same_conditional(before) or not goal.default:  # deleting the default menu took them along
        return
    progress.to_add, progress.to_remove = len(goal.conditional), len(before.conditional)
    steps: list[Callable[[], None]] = [
        lambda: _add(api, goal.conditional, progress),
        lambda: _remove(api, before.conditional, progress),
    ]
    if len(_hosts(goal.conditional) | _hosts(before.conditional)) > CONDITIONAL_DOMAINS:
        # Both together would be refused with 65316, so the old ones have to go first.
        steps.reverse()
    for step in steps:
        step()


def _add(api: MenuApi, menus: Sequence[Conditional], progress: _Progress) -> None:
    """Last one first: the newest menu is matched first (protocol 5.4)."""
    for menu in reversed(menus):
        api.menu_add_conditional(menu.buttons, menu.rule)
        progress.added += 1


def _remove(api: MenuApi, menus: Sequence[Conditional], progress: _Progress) -> None:
    for menu in menus:
        api.menu_delete_conditional(menu.menu_id)
        progress.removed += 1


def _interrupted(error: WeChatError, progress: _Progress) -> WeChatError:
    text = (
        f"{error}。现在的状态：{progress}。"
        f"可以再执行一次同样的命令，或用 wxbot menu rollback {progress.backup} 退回原来的菜单"
    )
    return WeChatError(text, code=error.code, retryable=error.retryable, delivered=error.delivered)


def _hosts(menus: Sequence[Conditional]) -> set[str]:
    return {urlsplit(url).hostname or "" for menu in menus for url in _links(menu.buttons)}


def _links(buttons: Sequence[Json]) -> Iterator[str]:
    for button in buttons:
        if button.get("type") == "view":
            yield str(button.get("url", ""))
        yield from _links(button.get("sub_button") or [])


def _without_obsolete(shape: Shape) -> tuple[Shape, tuple[str, ...]]:
    """The menu without the conditional ones that WeChat no longer takes (65320), and a note for each of them."""
    allowed = [menu for menu in shape.conditional if menu.rule and set(menu.rule) <= {"tag_id", "client_platform_type"}]
    left_out = len(shape.conditional) - len(allowed)
    notes = (f"{left_out} 个个性化菜单的条件微信已不再支持，没有恢复",) if left_out else ()
    return Shape(shape.default, allowed), notes


def _tree(script: Script, buttons: Sequence[Button], indent: str = "") -> Iterator[str]:
    for number, button in enumerate(buttons, 1):
        last = number == len(buttons)
        branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
        what = "" if button.items else f"：{_effect(script, button)}"
        yield f"{indent}{branch}{button.name}{what}"
        yield from _tree(script, button.items, indent + below)


def _effect(script: Script, button: Button) -> str:
    if button.material:
        return f"显示素材 {button.material[1]}"
    what = describe(script, button.action) if button.action else "什么也不做"
    how = _TAPS.get(button.tap, "")
    return f"{how}{what}（按键值 {button.key}）" if button.key else f"{how}{what}"


_TAPS = {
    "scancode_push": "扫码，",
    "scancode_waitmsg": "扫码后",
    "pic_sysphoto": "拍照，",
    "pic_photo_or_album": "拍照或选图，",
    "pic_weixin": "选图，",
    "location_select": "选位置，",
}


def describe(script: Script, action: Action) -> str:
    """What an action does, in Chinese."""
    target = action.target
    answer: Any = script.answers.get(target)
    texts = {
        "answer": f"回答“{answer.question if answer else target}”",
        "browse": f"列出“{target}”里的问题" if target else "列出问题分类",
        "guide": f"开始引导“{target}”",
        "ticket": f"填写工单“{target}”",
        "my-tickets": "查看自己的工单",
        "human": f"转人工（{target}）" if target else "转人工",
        "phones": "告知官方电话和邮箱",
        "say": f"回复“{target}”",
        "url": f"打开网页 {target}",
        "miniprogram": f"打开小程序 {target}",
    }
    return texts[action.kind]


def _for_whom(menu: ConditionalMenu) -> str:
    clients = {"ios": "iOS", "android": "安卓", "other": "其他客户端", "": ""}
    return "，".join(filter(None, [menu.tag_id and f"标签 {menu.tag_id}", clients[menu.client]]))
