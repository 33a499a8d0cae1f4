"""Users, tags and QR codes as protocol 6.3 has them."""

import pytest
import requests

from tests.doors import Door

USER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"
TAGS = "cgi-bin/tags"


@pytest.fixture(autouse=True)
def follower(platform):
    platform.user_followed(USER)
    return platform.followers.get(USER)


def test_who_follows_is_told_without_name_and_picture(call, clock):
    told = call("cgi-bin/user/info", openid=USER)

    assert (told["subscribe"], told["subscribe_time"], told["nickname"]) == (1, int(clock()), "")


def test_of_who_has_left_nothing_is_told(call, platform):
    platform.user_unfollowed(USER)

    assert call("cgi-bin/user/info", openid=USER) == {"subscribe": 0, "openid": USER, "tagid_list": []}


def test_followers_are_listed_and_leavers_are_not(call, platform):
    platform.user_followed("other")
    platform.user_unfollowed(USER)

    listed = call("cgi-bin/user/get")

    assert (listed["total"], listed["data"]["openid"]) == (1, ["other"])
    assert call("cgi-bin/user/get", next_openid="other")["count"] == 0


BATCH = "cgi-bin/user/info/batchget"
REFUSED = {
    "info of a stranger": ("cgi-bin/user/info", None, {"openid": "nobody"}, 40003),
    "a page after a stranger": ("cgi-bin/user/get", None, {"next_openid": "nobody"}, 40003),
    "101 users at once": (BATCH, {"user_list": [{"openid": USER}] * 101}, {}, 40032),
    "a batch of nobody": (BATCH, {"user_list": []}, {}, 40032),
    "a batch of another shape": (BATCH, {"user_list": [USER]}, {}, 47001),
    "a remark of 30 characters": (f"{BATCH[:17]}/updateremark", {"openid": USER, "remark": "长" * 30}, {}, 45002),
    "a tag without a name": (f"{TAGS}/create", {"tag": {}}, {}, 45157),
    "a name that is taken": (f"{TAGS}/create", {"tag": {"name": "企业版"}}, {}, 45157),
    "a name of 31 bytes": (f"{TAGS}/create", {"tag": {"name": "a" * 31}}, {}, 45158),
    "a tag of another shape": (f"{TAGS}/create", {"tag": "企业版"}, {}, 47001),
    "a system tag's new name": (f"{TAGS}/update", {"tag": {"id": 2, "name": "x"}}, {}, 45058),
    "the end of a system tag": (f"{TAGS}/delete", {"tag": {"id": 0}}, {}, 45058),
    "the end of no tag": (f"{TAGS}/delete", {"tag": {"id": 999}}, {}, 45159),
    "51 users to tag": (f"{TAGS}/members/batchtagging", {"openid_list": [USER] * 51, "tagid": 100}, {}, 40032),
    "nobody to tag": (f"{TAGS}/members/batchtagging", {"openid_list": [], "tagid": 100}, {}, 40032),
    "a stranger to tag": (f"{TAGS}/members/batchtagging", {"openid_list": ["nobody"], "tagid": 100}, {}, 49003),
    "no tag to give": (f"{TAGS}/members/batchtagging", {"openid_list": [USER], "tagid": 999}, {}, 45159),
    "no tag to take": (f"{TAGS}/members/batchuntagging", {"openid_list": [USER], "tagid": 999}, {}, 45159),
    "the tags of a stranger": (f"{TAGS}/getidlist", {"openid": "nobody"}, {}, 40003),
    "the members of no tag": ("cgi-bin/user/tag/get", {"tagid": 999}, {}, 45159),
}


@pytest.mark.parametrize(("path", "body", "query", "code"), REFUSED.values(), ids=REFUSED)
def test_what_goes_beyond_a_limit_is_refused(call, path, body, query, code):
    call(f"{TAGS}/create", {"tag": {"name": "企业版"}})

    assert call(path, body, **query)["errcode"] == code


def test_an_account_has_a_hundred_tags(call, platform):
    platform.world.tags.known = {number: str(number) for number in range(100, 200)}

    assert call(f"{TAGS}/create", {"tag": {"name": "企业版"}})["errcode"] == 45056


def test_a_user_wears_twenty_tags(call, platform, follower):
    platform.world.tags.known = {number: str(number) for number in range(100, 130)}
    follower.tags = [str(number) for number in range(100, 120)]

    body = {"openid_list": [USER], "tagid": 125}

    assert call(f"{TAGS}/members/batchtagging", body)["errcode"] == 45059
    assert call(f"{TAGS}/members/batchtagging", {**body, "tagid": 100})["errcode"] == 0


def test_a_tag_is_created_given_listed_taken_and_deleted(call):
    number = call(f"{TAGS}/create", {"tag": {"name": "a" * 30}})["tag"]["id"]
    call(f"{TAGS}/members/batchtagging", {"openid_list": [USER], "tagid": number})

    worn = call(f"{TAGS}/getidlist", {"openid": USER})["tagid_list"]
    members = call("cgi-bin/user/tag/get", {"tagid": number})["data"]["openid"]
    counted = {tag["id"]: tag["count"] for tag in call(f"{TAGS}/get")["tags"]}
    call(f"{TAGS}/delete", {"tag": {"id": number}})

    assert (worn, members, counted) == ([number], [USER], {2: 0, number: 1})
    assert call(f"{TAGS}/getidlist", {"openid": USER})["tagid_list"] == []


# QR codes


def code(kind, **scene):
    return {"action_name": kind, "action_info": {"scene": scene}}


ACCEPTED = {
    "a number": code("QR_SCENE", scene_id=2**32 - 1),
    "words of 64 characters": code("QR_STR_SCENE", scene_str="店" * 64),
    "thirty days": {**code("QR_STR_SCENE", scene_str="s"), "expire_seconds": 2_592_000},
    "a permanent number": code("QR_LIMIT_SCENE", scene_id=100_000),
    "permanent words": code("QR_LIMIT_STR_SCENE", scene_str="store_1"),
}
TOO_MUCH = {
    "a number of 33 bits": code("QR_SCENE", scene_id=2**32),
    "words of 65 characters": code("QR_STR_SCENE", scene_str="s" * 65),
    "no words": code("QR_STR_SCENE", scene_str=""),
    "a day more": {**code("QR_STR_SCENE", scene_str="s"), "expire_seconds": 2_592_001},
    "too large a permanent number": code("QR_LIMIT_SCENE", scene_id=100_001),
    "an unknown kind": code("QR_OTHER", scene_id=1),
    "no scene": {"action_name": "QR_SCENE"},
}


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED)
def test_a_code_is_printed(call, platform, body):
    ticket = call("cgi-bin/qrcode/create", body)["ticket"]

    picture = requests.get(f"{platform.url}/cgi-bin/showqrcode", params={"ticket": ticket})

    assert picture.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("body", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_code_beyond_a_limit_is_refused(call, body):
    assert call("cgi-bin/qrcode/create", body)["errcode"] == 40053


def test_a_temporary_code_ends_after_a_minute_unless_it_is_told_otherwise(call, platform, clock):
    made = call("cgi-bin/qrcode/create", code("QR_STR_SCENE", scene_str="s"))
    clock.pass_s(60)

    picture = requests.get(f"{platform.url}/cgi-bin/showqrcode", params={"ticket": made["ticket"]})

    assert (made["expire_seconds"], picture.status_code) == (60, 404)


def test_who_follows_by_a_printed_code_is_known_by_its_scene(call, platform):
    ticket = call("cgi-bin/qrcode/create", code("QR_LIMIT_STR_SCENE", scene_str="store_1"))["ticket"]
    door = Door(platform.url)
    user = door.joined()

    door.post(f"users/{user}/do", what="scan", ticket=ticket)

    told = call("cgi-bin/user/info", openid=user)
    assert (told["subscribe_scene"], told["qr_scene_str"]) == ("ADD_SCENE_QR_CODE", "store_1")


UNVERIFIED = {
    "cgi-bin/user/info": None,
    "cgi-bin/user/get": None,
    "cgi-bin/tags/get": None,
    "cgi-bin/tags/create": {"tag": {"name": "x"}},
    "cgi-bin/qrcode/create": ACCEPTED["a number"],
    "cgi-bin/message/template/send": {},
    "cgi-bin/customservice/getkflist": None,
    "customservice/kfsession/getwaitcase": None,
    "sns/userinfo": None,
}


@pytest.mark.parametrize(("path", "body"), UNVERIFIED.items(), ids=UNVERIFIED)
def test_an_unverified_account_may_not(call, platform, path, body):
    platform.verified = False

    assert call(path, body)["errcode"] == 48001


def test_an_unverified_account_may_still_read_what_stands_in_its_back_office(call, platform):
    platform.verified = False

    assert call("cgi-bin/get_current_selfmenu_info")["is_menu_open"] == 0
    assert call("cgi-bin/get_current_autoreply_info")["is_autoreply_open"] == 0
