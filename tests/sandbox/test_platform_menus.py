"""Menus as protocol 5 has them."""

import pytest

CREATE, ADD = "cgi-bin/menu/create", "cgi-bin/menu/addconditional"
FOLLOWER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"


def click(name="问题", key="FAQ"):
    return {"type": "click", "name": name, "key": key}


def view(url="https://example.com/"):
    return {"type": "view", "name": "官网", "url": url}


def below(*items, name="服务"):
    return {"name": name, "sub_button": list(items)}


ACCEPTED = {
    "three buttons with five items": [click(), click(), below(*[click()] * 5)],
    "names of 16 and 60 bytes": [below(click(name="a" * 60), name="a" * 16)],
    "a key of 128 bytes": [click(key="k" * 128)],
    "a url of 1024 bytes": [view("https://example.com/" + "a" * 1004)],
    "a mini program": [{"type": "miniprogram", "name": "m", "appid": "wx1", "pagepath": "p", "url": "https://e.com"}],
    "an article": [{"type": "article_id", "name": "文章", "article_id": "A"}],
}

REFUSED = {
    "no list at all": ({"menu": {"button": [click()]}}, 40016),
    "no button": ({"button": []}, 40016),
    "four buttons": ({"button": [click()] * 4}, 40016),
    "six items": ({"button": [below(*[click()] * 6)]}, 40023),
    "three levels": ({"button": [below(below(click()))]}, 40022),
    "a name of 17 bytes": ({"button": [click(name="a" * 17)]}, 40018),
    "six Chinese characters": ({"button": [click(name="常见问题汇总")]}, 40018),
    "no name": ({"button": [click(name="")]}, 40018),
    "an item's name of 61 bytes": ({"button": [below(click(name="a" * 61))]}, 40025),
    "a key of 129 bytes": ({"button": [click(key="k" * 129)]}, 40019),
    "an item without key": ({"button": [below(click(key=""))]}, 40026),
    "a url of 1025 bytes": ({"button": [view("https://example.com/" + "a" * 1005)]}, 40020),
    "a link without url": ({"button": [view("")]}, 40020),
    "an item without url": ({"button": [below(view(""))]}, 40027),
    "a url without host": ({"button": [view("example.com")]}, 40054),
    "an item's url without host": ({"button": [below(view("example.com"))]}, 40055),
    "an unknown type": ({"button": [{"type": "text", "name": "x"}]}, 40015),
    "an item of an unknown type": ({"button": [below({"type": "text", "name": "x"})]}, 40024),
    "a mini program without appid": (
        {"button": [{"type": "miniprogram", "name": "x", "url": "https://e.com", "pagepath": "p"}]},
        40119,
    ),
    "an article without id": ({"button": [{"type": "article_id", "name": "x"}]}, 40007),
    "escaped characters": (rb'{"button":[{"type":"click","name":"\u95ee","key":"k"}]}', 40033),
    "something else than JSON": (b"button=1", 47001),
    "buttons of another shape": ({"button": ["x"]}, 47001),
}


@pytest.mark.parametrize("buttons", ACCEPTED.values(), ids=ACCEPTED)
def test_a_menu_at_its_limits_is_taken(call, buttons):
    assert call(CREATE, {"button": buttons})["errcode"] == 0


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
def test_a_menu_beyond_a_limit_is_refused(call, body, code):
    assert call(CREATE, body)["errcode"] == code


def test_without_a_menu_there_is_nothing_to_get(call):
    assert call("cgi-bin/menu/get")["errcode"] == 46003


def test_the_two_ways_to_read_a_menu_have_two_shapes(call):
    call(CREATE, {"button": [below(click())]})

    got = call("cgi-bin/menu/get")["menu"]["button"][0]["sub_button"]
    current = call("cgi-bin/get_current_selfmenu_info")["selfmenu_info"]["button"][0]["sub_button"]

    assert got[0]["key"] == "FAQ"
    assert current["list"][0]["key"] == "FAQ"


def test_a_menu_made_by_hand_shows_only_as_the_current_one(call, platform):
    platform.menus.by_hand = [{"type": "text", "name": "你好", "value": "欢迎"}]

    assert call("cgi-bin/menu/get")["errcode"] == 46003
    assert call("cgi-bin/get_current_selfmenu_info")["selfmenu_info"]["button"][0]["value"] == "欢迎"


def test_an_unlinked_mini_program_is_refused(call, platform):
    platform.menus.linked = {"wx2"}

    assert call(CREATE, {"button": ACCEPTED["a mini program"]})["errcode"] == 45064


def test_an_unverified_account_has_no_menus(call, platform):
    platform.verified = False

    assert call(CREATE, {"button": [click()]})["errcode"] == 48001


CONDITIONAL_REFUSED = {
    "no rule": ({"button": [click()]}, 65304),
    "a rule of empty values": ({"button": [click()], "matchrule": {"tag_id": ""}}, 65304),
    "a rule by language": ({"button": [click()], "matchrule": {"language": "zh_CN"}}, 65320),
    "no buttons": ({"matchrule": {"tag_id": "1"}}, 65307),
    "a bad button": ({"button": [click(key="")], "matchrule": {"tag_id": "1"}}, 40019),
    "four domains": (
        {"button": [below(*[view(f"https://{n}.com/") for n in "abcd"])], "matchrule": {"tag_id": "1"}},
        65316,
    ),
}


@pytest.mark.parametrize(("body", "code"), CONDITIONAL_REFUSED.values(), ids=CONDITIONAL_REFUSED)
def test_a_conditional_menu_beyond_a_limit_is_refused(call, body, code):
    call(CREATE, {"button": [click()]})

    assert call(ADD, body)["errcode"] == code


def test_a_conditional_menu_needs_a_default_one(call):
    assert call(ADD, {"button": [click()], "matchrule": {"tag_id": "1"}})["errcode"] == 65303


def test_the_newest_conditional_menu_that_fits_is_shown(call, platform):
    platform.user_followed(FOLLOWER)
    platform.followers.get(FOLLOWER).client = "1"
    call(CREATE, {"button": [click(key="DEFAULT")]})
    for key, client in [("OLDER", "1"), ("NEWER", "1"), ("OTHER", "2")]:
        call(ADD, {"button": [click(key=key)], "matchrule": {"client_platform_type": client}})

    seen = call("cgi-bin/menu/trymatch", {"user_id": FOLLOWER})

    assert seen["button"][0]["key"] == "NEWER"


def test_of_several_tags_the_last_one_counts(call, platform):
    platform.user_followed(FOLLOWER)
    platform.followers.get(FOLLOWER).tags = ["101", "102"]
    call(CREATE, {"button": [click(key="DEFAULT")]})
    for tag in ("102", "101"):
        call(ADD, {"button": [click(key=tag)], "matchrule": {"tag_id": tag}})

    assert call("cgi-bin/menu/trymatch", {"user_id": FOLLOWER})["button"][0]["key"] == "102"


def test_nobody_sees_a_menu_before_the_account_met_them(call):
    assert call("cgi-bin/menu/trymatch", {"user_id": "nobody"})["errcode"] == 65302


def test_deleting_the_default_menu_takes_the_conditional_ones_along(call, platform):
    call(CREATE, {"button": [click()]})
    call(ADD, {"button": [click()], "matchrule": {"tag_id": "1"}})

    call("cgi-bin/menu/delete")

    assert (platform.menus.default, platform.menus.conditional) == (None, [])


def test_a_conditional_menu_is_deleted_once(call):
    call(CREATE, {"button": [click()]})
    menu_id = call(ADD, {"button": [click()], "matchrule": {"tag_id": "1"}})["menuid"]

    codes = [call("cgi-bin/menu/delconditional", {"menuid": menu_id})["errcode"] for _ in range(2)]

    assert codes == [0, 65301]
