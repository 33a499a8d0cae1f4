"""The menu use cases on the real API client, real files and the stand-in for WeChat (protocol 5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wxbot.adapters.memory import MemoryStore
from wxbot.adapters.menu_files import MenuBackups
from wxbot.adapters.wechat.api import WeChatApi
from wxbot.domain.account import AccountType
from wxbot.domain.action import Action
from wxbot.domain.menu import Button, ConditionalMenu, Menu
from wxbot.domain.script import Answer, Script
from wxbot.errors import WeChatError
from wxbot.sandbox.platform import Platform
from wxbot.service import menus

NOW = 1_767_225_600
CREATE, ADD, REMOVE = "cgi-bin/menu/create", "cgi-bin/menu/addconditional", "cgi-bin/menu/delconditional"


@dataclass
class Account:
    """One account with its backups. now: unix seconds, a minute later with each use."""

    platform: Platform
    api: WeChatApi
    backups: MenuBackups
    now: int = field(default=NOW)

    def push(self, menu: Menu) -> menus.Done:
        return menus.push(Script(menu=menu), self.api, self.backups, self._later())

    def rollback(self, name: str = "") -> menus.Done:
        return menus.rollback(self.api, self.backups, self._later(), name)

    def diff(self, menu: Menu) -> menus.Difference:
        return menus.diff(menu, self.api)

    @property
    def keys(self) -> list[str]:
        """Keys of the live menu's first buttons: the default one, then the conditional ones in matching order."""
        live = self.platform.menus
        every = [live.default or [], *(menu.buttons for menu in reversed(live.conditional))]
        return [buttons[0].get("key") or buttons[0].get("url") for buttons in every if buttons]

    def _later(self) -> int:
        self.now += 60
        return self.now


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    with Platform() as platform:
        vault = MemoryStore(lambda: NOW)
        api = WeChatApi(platform.tokens.appid, platform.tokens.secret, vault, api_base=platform.url)
        yield Account(platform, api, MenuBackups(tmp_path / "menus"))


def taps(*targets: str, name: str = "入口") -> tuple[Button, ...]:
    return tuple(Button(name, Action("say", target)) for target in targets)


def a_menu(target: str = "一", **tags: str) -> Menu:
    """A menu of one tap; `t101="二"` adds a conditional one for that tag."""
    conditional = tuple(ConditionalMenu(taps(text), tag_id=tag.removeprefix("t")) for tag, text in tags.items())
    return Menu(taps(target), conditional)


def test_a_published_menu_equals_the_declared_one(account):
    menu = Menu(
        (
            Button("自助", items=(*taps("问题"), Button("官网", Action("url", "https://example.com/")))),
            Button("商城", Action("miniprogram", "wx1/pages/a"), fallback="https://example.com/m"),
            Button("文章", material=("article_id", "A1")),
        ),
        (ConditionalMenu(taps("内测"), tag_id="101", client="ios"),),
    )

    done = account.push(menu)

    assert (done.changed, account.diff(menu).same) == (True, True)


def test_publishing_the_same_menu_again_does_nothing(account):
    account.push(a_menu(t101="二"))
    calls = account.platform.calls.count(CREATE)

    done = account.push(a_menu(t101="二"))

    assert (done.changed, account.platform.calls.count(CREATE)) == (False, calls)
    assert len(account.backups.names()) == 1


def test_the_first_conditional_menu_that_fits_wins(account):
    account.push(a_menu("默认", t101="先", t102="后"))

    assert account.keys == ["say:默认", "say:先", "say:后"]


def test_conditional_menus_are_replaced_after_the_new_ones_are_there(account):
    account.push(a_menu(t101="旧"))
    account.platform.calls.clear()

    account.push(a_menu(t101="新"))

    assert account.keys == ["say:一", "say:新"]
    assert [call for call in account.platform.calls if call in (CREATE, ADD, REMOVE)] == [ADD, REMOVE]


def test_conditional_menus_that_do_not_change_stay(account):
    account.push(a_menu("旧", t101="二"))
    account.platform.calls.clear()

    account.push(a_menu("新", t101="二"))

    assert not {ADD, REMOVE} & set(account.platform.calls)


def test_old_conditional_menus_go_first_when_their_domains_leave_no_room(account):
    def linking(*hosts: str) -> Menu:
        links = tuple(Button("链接", Action("url", f"https://{host}/")) for host in hosts)
        return Menu(taps("一"), (ConditionalMenu(links, tag_id="101"),))

    account.push(linking("a.com", "b.com"))

    account.push(linking("c.com", "d.com"))

    assert account.keys == ["say:一", "https://c.com/"]


def test_a_difference_shows_lines_for_people(account):
    account.push(a_menu("旧", t101="二"))

    lines = account.diff(a_menu("新", t101="二")).lines

    assert "-  入口 → 点击 say:旧" in lines
    assert "+  入口 → 点击 say:新" in lines
    assert " 个性化菜单（标签 101）" in lines


def test_a_menu_made_by_hand_is_named_and_replaced(account):
    account.platform.menus.by_hand = [
        {"name": "后台", "sub_button": [{"type": "text", "name": "你好", "value": "欢迎"}]}
    ]

    difference = account.diff(a_menu())
    account.push(a_menu())

    assert "公众平台后台" in difference.notes[0]
    assert "-    你好 → 后台文字 欢迎" in difference.lines
    assert account.keys == ["say:一"]


REFUSED = {
    "an unverified account": (Script(account_type=AccountType.UNVERIFIED, menu=a_menu()), "48001"),
    "no menu": (Script(), "没有声明"),
    "a long name": (Script(menu=Menu(taps("一", name="名字实在太长了"))), "21 字节"),
    "a long name in a conditional menu": (
        Script(menu=Menu(taps("一"), (ConditionalMenu(taps("二", name="名字实在太长了"), tag_id="1"),))),
        "个性化菜单 1",
    ),
    "a menu for nobody": (Script(menu=Menu(taps("一"), (ConditionalMenu(taps("二")),))), "没有匹配条件"),
}


@pytest.mark.parametrize(("script", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_wechat_would_refuse_is_refused_before_any_call(account, script, reason):
    with pytest.raises(menus.MenuRefused, match=reason):
        menus.push(script, account.api, account.backups, NOW)

    assert account.platform.calls == []


INTERRUPTED = {
    "at the default menu": (CREATE, "状态：默认菜单没有变动。", ["旧", "旧甲"]),
    "at the new conditional ones": (ADD, "已经换好；个性化菜单新加了 0/2 个，旧的删了 0/1 个", ["新", "旧甲"]),
    "at the old conditional one": (REMOVE, "新加了 2/2 个，旧的删了 0/1 个", ["新", "新甲", "新乙", "旧甲"]),
}


@pytest.mark.parametrize(("path", "state", "texts"), INTERRUPTED.values(), ids=INTERRUPTED)
def test_a_step_that_fails_tells_the_state_and_the_way_back(account, path, state, texts):
    account.push(a_menu("旧", t101="旧甲"))
    account.platform.faults.refuse(path, 45009)

    with pytest.raises(WeChatError, match=state) as raised:
        account.push(a_menu("新", t101="新甲", t102="新乙"))

    assert f"wxbot menu rollback {account.backups.names()[0]}" in str(raised.value)
    assert account.keys == [f"say:{text}" for text in texts]


@pytest.mark.parametrize("path", [CREATE, ADD, REMOVE])
def test_after_a_failed_step_both_ways_out_work(account, path):
    old, new = a_menu("旧", t101="旧甲"), a_menu("新", t101="新甲", t102="新乙")
    account.push(old)
    account.platform.faults.refuse(path, 45009)
    with pytest.raises(WeChatError):
        account.push(new)

    account.rollback()
    went_back = account.diff(old).same
    account.push(new)

    assert (went_back, account.diff(new).same) == (True, True)


def test_an_answer_that_is_lost_leaves_the_state_open(account):
    account.platform.faults.drop(CREATE, after=True)

    with pytest.raises(WeChatError, match="不确定默认菜单是否已经换掉"):
        account.push(a_menu())


def test_a_rollback_brings_back_default_and_conditional_menus_in_order(account):
    first = a_menu("旧", t101="旧甲", t102="旧乙")
    account.push(first)
    account.push(a_menu("新"))

    account.rollback()

    assert account.diff(first).same
    assert account.keys == ["say:旧", "say:旧甲", "say:旧乙"]


def test_a_second_rollback_undoes_the_first(account):
    account.push(a_menu("旧"))
    account.push(a_menu("新"))
    account.rollback()

    account.rollback()

    assert account.keys == ["say:新"]


def test_a_rollback_can_name_an_older_backup(account):
    for target in ("一", "二", "三"):
        account.push(a_menu(target))
    oldest_with_a_menu = account.backups.names()[-2]

    account.rollback(oldest_with_a_menu)

    assert account.keys == ["say:一"]


def test_rolling_back_the_first_menu_leaves_none(account):
    account.push(a_menu(t101="二"))

    account.rollback()

    assert (account.platform.menus.default, account.platform.menus.conditional) == (None, [])


def test_rolling_back_to_what_is_live_does_nothing(account):
    account.push(a_menu("旧"))
    account.push(a_menu("新"))
    account.rollback()

    assert not account.rollback(account.backups.names()[1]).changed


def test_without_a_backup_there_is_nothing_to_roll_back(account):
    with pytest.raises(menus.MenuRefused, match="还没有备份"):
        account.rollback()


@pytest.mark.parametrize("name", ["20200101-000000", "../menus/x"])
def test_an_unknown_backup_is_refused(account, name):
    with pytest.raises(menus.MenuRefused, match="没有名为"):
        account.rollback(name)


def test_a_broken_backup_is_refused(account):
    account.push(a_menu())
    (account.backups.folder / f"{account.backups.names()[0]}.json").write_text("{", encoding="utf-8")

    with pytest.raises(menus.MenuRefused, match="读不出来"):
        account.rollback()


def test_a_backup_that_only_the_back_office_can_make_is_refused(account):
    account.platform.menus.by_hand = [{"type": "text", "name": "你好", "value": "欢迎"}]
    account.push(a_menu())

    with pytest.raises(menus.MenuRefused, match="你好"):
        account.rollback()

    assert account.keys == ["say:一"]


def test_a_conditional_menu_by_language_is_not_restored_and_that_is_said(account):
    account.push(a_menu("旧", t101="二"))
    account.platform.menus.conditional[0].rule["language"] = "zh_CN"
    account.push(a_menu("新"))

    done = account.rollback()

    assert account.keys == ["say:旧"]
    assert "1 个个性化菜单" in done.notes[0]


def test_a_menu_that_was_pulled_is_the_one_that_was_published(account):
    menu = Menu(
        (
            Button(
                "自助",
                items=(
                    Button("问题", Action("browse")),
                    Button("扫码", Action("say", "扫码"), tap="scancode_waitmsg"),
                    Button("旧键", Action("human"), key="MENU_HUMAN"),
                ),
            ),
            Button("商城", Action("miniprogram", "wx1/pages/a"), fallback="https://example.com/m"),
            Button("文章", material=("article_view_limited", "A1")),
        ),
        (ConditionalMenu(taps("内测"), tag_id="101", client="ios"), ConditionalMenu(taps("安卓"), client="android")),
    )
    account.push(menu)

    pulled = menus.pull(Script(old_keys={"MENU_HUMAN": Action("human")}), account.api)

    assert pulled == menus.Pulled(menu, ())


def test_foreign_keys_are_kept_and_put_before_the_operator(account):
    account.api.menu_create([{"type": "click", "name": "客服", "key": "V1001"}])

    pulled = menus.pull(Script(), account.api)

    assert pulled.menu.buttons == (Button("客服", Action("browse"), key="V1001"),)
    assert "V1001" in pulled.undecided[0]


def test_buttons_of_the_back_office_are_put_before_the_operator(account):
    account.platform.menus.by_hand = [{"type": "text", "name": "你好", "value": "欢迎"}]

    pulled = menus.pull(Script(), account.api)

    assert pulled.menu.buttons == (Button("你好", Action("browse")),)
    assert "欢迎" in pulled.undecided[0]


def test_the_tree_says_what_each_button_does():
    answers = {"reset": Answer("reset", "账号", "怎么重置密码", ())}
    items = (Button("密码", Action("answer", "reset")), Button("扫码", Action("phones"), tap="scancode_waitmsg"))
    menu = Menu(
        (Button("自助", items=items), Button("人工", Action("human"), key="OLD")), a_menu(t101="二").conditional
    )

    assert menus.show(Script(menu=menu, answers=answers)) == [
        "├─ 自助",
        "│  ├─ 密码：回答“怎么重置密码”",
        "│  └─ 扫码：扫码后告知官方电话和邮箱",
        "└─ 人工：转人工（按键值 OLD）",
        "",
        "个性化菜单（标签 101）",
        "└─ 入口：回复“二”",
    ]
