import pytest

from wxbot.domain.action import Action
from wxbot.domain.menu import (
    Button,
    ConditionalMenu,
    Menu,
    breaches,
    buttons_by_key,
    link_domains,
    match_rule,
    to_wechat,
)

FAQ = Button("常见问题", Action("browse"))
SITE = Button("官网", Action("url", "https://www.example.com/"))


def group(*items: Button, name: str = "服务") -> Button:
    return Button(name, items=items)


def test_a_menu_within_the_limits_has_no_breaches():
    assert breaches((FAQ, SITE, group(FAQ, SITE))) == []


@pytest.mark.parametrize(
    ("buttons", "path", "words"),
    [
        ((), (), "0 个一级菜单"),
        ((FAQ,) * 4, (), "4 个一级菜单"),
        ((group(*(FAQ,) * 6),), (0,), "6 个子菜单"),
        ((FAQ, group(group(FAQ))), (1, 0), "最多两级"),
        ((Button("常见问题解答", Action("browse")),), (0,), "18 字节，超过 16 字节"),
        ((group(Button("很" * 21, Action("browse"))),), (0, 0), "63 字节，超过 60 字节"),
        ((Button("扫码", Action("browse"), key="k" * 129),), (0,), "129 字节，超过 128 字节"),
        ((Button("官网", Action("url", "https://a.example/" + "x" * 1007)),), (0,), "1025 字节，超过 1024 字节"),
    ],
)
def test_every_limit_is_named_with_its_place(buttons, path, words):
    (breach,) = breaches(buttons)

    assert breach.path == path
    assert words in breach.message


def test_all_breaches_are_found_at_once():
    assert len(breaches((group(*(Button("很" * 21, Action("browse")),) * 6),))) == 7


def test_a_tap_sends_its_action_unless_another_key_is_given():
    scan = Button("扫码", Action("say", "请稍候"), tap="scancode_waitmsg", key="SCAN")

    assert to_wechat((FAQ, group(scan))) == {
        "button": [
            {"type": "click", "name": "常见问题", "key": "browse"},
            {"name": "服务", "sub_button": [{"type": "scancode_waitmsg", "name": "扫码", "key": "SCAN"}]},
        ]
    }


def test_links_mini_programs_and_material_have_their_own_shapes():
    shop = Button("商城", Action("miniprogram", "wx01/pages/home?a=b/c"), fallback="https://m.example.com/")
    picture, article = Button("图", material=("media_id", "M1")), Button("文", material=("article_id", "A1"))

    assert to_wechat((SITE, shop, group(picture, article)))["button"] == [
        {"type": "view", "name": "官网", "url": "https://www.example.com/"},
        {
            "type": "miniprogram",
            "name": "商城",
            "appid": "wx01",
            "pagepath": "pages/home?a=b/c",
            "url": "https://m.example.com/",
        },
        {
            "name": "服务",
            "sub_button": [
                {"type": "media_id", "name": "图", "media_id": "M1"},
                {"type": "article_id", "name": "文", "article_id": "A1"},
            ],
        },
    ]


@pytest.mark.parametrize(
    ("menu", "rule"),
    [
        (ConditionalMenu((FAQ,), tag_id="101"), {"tag_id": "101"}),
        (ConditionalMenu((FAQ,), client="ios"), {"client_platform_type": "1"}),
        (ConditionalMenu((FAQ,), "101", "android"), {"tag_id": "101", "client_platform_type": "2"}),
        (ConditionalMenu((FAQ,), client="other"), {"client_platform_type": "3"}),
    ],
)
def test_a_conditional_menu_matches_by_tag_and_client_only(menu, rule):
    assert match_rule(menu) == rule


def test_the_hosts_of_all_links_are_counted_once():
    other = Button("帮助", Action("url", "https://help.example.com/a"))

    assert link_domains((SITE, FAQ, group(SITE, other))) == {"www.example.com", "help.example.com"}


def test_a_key_finds_its_button_at_any_level_and_the_main_menu_wins():
    theirs = Button("我的", Action("human"), key="SAME")
    mine = Button("我的", Action("phones"), key="SAME")
    vip = Button("专属", Action("say", "您好"), key="VIP")

    found = buttons_by_key(Menu((group(FAQ, mine),), (ConditionalMenu((theirs, group(vip))),)))

    assert found["SAME"] is mine
    assert found["VIP"] is vip
    assert found["browse"] is FAQ
    assert "服务" not in found
