"""Media as protocol 6.2 has them; templates, quotas and self-tests as 6.1 and 6.3 do."""

import pytest
import requests

from tests.doors import Door
from tests.sandbox.conftest import good_token
from wxbot.sandbox.media import sample

UPLOAD = "cgi-bin/media/upload"
USER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"
JPEG, MP3 = b"\xff\xd8\xff" + b"x", b"ID3" + b"x"
MB = 1024 * 1024


def upload(call, kind, content, path=UPLOAD):
    return call(path, files={"media": ("name", content)}, type=kind)


def sized(content, size):
    return content + b"x" * (size - len(content))


TAKEN = {
    "a picture of 10 MB": ("image", sized(sample("image"), 10 * MB)),
    "a GIF": ("image", b"GIF89a"),
    "a voice of 2 MB": ("voice", sized(sample("voice"), 2 * MB)),
    "an MP3": ("voice", MP3),
    "a video of 10 MB": ("video", sized(sample("video"), 10 * MB)),
    "a thumb of 64 KB": ("thumb", sized(JPEG, 64 * 1024)),
}
REFUSED = {
    "a picture of more": ("image", sized(sample("image"), 10 * MB + 1), 40009),
    "a voice of more": ("voice", sized(sample("voice"), 2 * MB + 1), 40010),
    "a video of more": ("video", sized(sample("video"), 10 * MB + 1), 40011),
    "a thumb of more": ("thumb", sized(JPEG, 64 * 1024 + 1), 40012),
    "a thumb that is PNG": ("thumb", sample("image"), 40005),
    "a picture that is a page": ("image", b"<html>", 40005),
    "an empty file": ("image", b"", 41005),
    "an unknown kind": ("hologram", JPEG, 40004),
}


@pytest.mark.parametrize(("kind", "content"), TAKEN.values(), ids=TAKEN)
def test_a_file_at_its_limits_is_taken(call, kind, content):
    answer = upload(call, kind, content)

    assert answer.get("media_id") or answer.get("thumb_media_id")


@pytest.mark.parametrize(("kind", "content", "code"), REFUSED.values(), ids=REFUSED)
def test_a_file_beyond_a_limit_is_refused(call, kind, content, code):
    assert upload(call, kind, content)["errcode"] == code


def download(platform, media_id):
    query = {"access_token": good_token(platform), "media_id": media_id}
    return requests.get(f"{platform.url}/cgi-bin/media/get", params=query)


def test_what_was_uploaded_comes_back_for_three_days(call, platform, clock):
    media_id = upload(call, "image", JPEG)["media_id"]
    clock.pass_s(3 * 86400 - 1)
    before = download(platform, media_id)
    clock.pass_s(1)

    assert (before.content, before.headers["Content-Type"]) == (JPEG, "image/jpeg")
    assert download(platform, media_id).json()["errcode"] == 40007


def test_of_a_video_an_address_comes_back(call, platform):
    media_id = upload(call, "video", sample("video"))["media_id"]

    url = download(platform, media_id).json()["video_url"]

    assert requests.get(url).content == sample("video")


def test_an_expired_picture_cannot_be_sent(call, platform, clock):
    media_id = upload(call, "image", JPEG)["media_id"]
    body = {"touser": USER, "msgtype": "image", "image": {"media_id": media_id}}
    clock.pass_s(3 * 86400)
    platform.user_wrote(USER)

    assert call("cgi-bin/message/custom/send", body)["errcode"] == 40007


def test_permanent_material_stays_until_it_is_deleted(call, platform, clock):
    media_id = upload(call, "image", JPEG, "cgi-bin/material/add_material")["media_id"]
    clock.pass_s(30 * 86400)

    listed = call("cgi-bin/material/batchget_material", {"type": "image", "offset": 0, "count": 20})
    counted = call("cgi-bin/material/get_materialcount")
    codes = [call("cgi-bin/material/del_material", {"media_id": media_id})["errcode"] for _ in range(2)]

    assert ([item["media_id"] for item in listed["item"]], counted["image_count"], codes) == ([media_id], 1, [0, 40007])


@pytest.mark.parametrize(("path", "taken"), [("cgi-bin/material/add_material", 0), (UPLOAD, 40007)])
def test_a_menu_shows_permanent_material_only(call, path, taken):
    media_id = upload(call, "image", JPEG, path)["media_id"]
    button = {"type": "media_id", "name": "海报", "media_id": media_id}

    assert call("cgi-bin/menu/create", {"button": [button]})["errcode"] == taken


def test_a_picture_for_articles_gets_an_address(call):
    url = upload(call, "image", JPEG, "cgi-bin/media/uploadimg")["url"]

    assert requests.get(url).content == JPEG


# Templates


@pytest.fixture
def template(platform):
    return platform.world.templates.add("进度通知", "{{first.DATA}}\n单号：{{no.DATA}}\n{{remark.DATA}}").template_id


def notice(template, user=USER, **more):
    return {"touser": user, "template_id": template, "data": {"no": {"value": "1001"}}, **more}


SEND = "cgi-bin/message/template/send"


def test_a_template_message_needs_no_window_and_shows_its_lines(call, platform, template):
    platform.followers.join(USER).following = True

    sent = call(SEND, notice(template, url="https://e.com"))

    shown = platform.world.chats.since(USER, 0)[-1].content.fields
    assert (sent["errcode"], shown["lines"], shown["url"]) == (0, ["单号：1001"], "https://e.com")


BAD_NOTICES = {
    "a stranger": ({"touser": "nobody"}, 40003),
    "no such template": ({"template_id": "x"}, 40037),
    "a missing field": ({"data": {}}, 47003),
}


@pytest.mark.parametrize(("change", "code"), BAD_NOTICES.values(), ids=BAD_NOTICES)
def test_a_wrong_template_message_is_refused(call, platform, template, change, code):
    platform.user_followed(USER)

    assert call(SEND, {**notice(template), **change})["errcode"] == code


def test_who_does_not_follow_gets_no_template_message(call, platform, template):
    platform.user_unfollowed(USER)

    assert call(SEND, notice(template))["errcode"] == 43004


def test_a_template_message_with_an_id_of_the_sender_goes_out_once(call, platform, template):
    platform.user_followed(USER)

    codes = [call(SEND, notice(template, client_msg_id="a1"))["errcode"] for _ in range(2)]

    assert (codes, platform.world.chats.last(USER)) == ([0, 45065], 1)


def test_an_account_has_twenty_five_templates(platform):
    door = Door(platform.url)
    for number in range(25):
        door.post("templates", 201, title=str(number), content="{{a.DATA}}")

    assert "45026" in door.post("templates", 409, title="x", content="{{a.DATA}}")["error"]


# Quotas and self-tests


def test_a_used_up_quota_is_told_and_cleared(call, platform):
    platform.quotas.daily["cgi-bin/menu/get"] = 1
    codes = [call("cgi-bin/menu/get")["errcode"] for _ in range(2)]

    told = call("cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/menu/get"})["quota"]
    call("cgi-bin/clear_quota", {"appid": platform.tokens.appid})

    assert (codes, told) == ([46003, 45009], {"daily_limit": 1, "used": 2, "remain": 0})
    assert call("cgi-bin/menu/get")["errcode"] == 46003


def test_quotas_are_cleared_ten_times_a_month_with_and_without_a_token(call, platform, credentials):
    ways = (
        lambda: call("cgi-bin/clear_quota", {"appid": platform.tokens.appid}),
        lambda: call(
            "cgi-bin/clear_quota/v2", b"", token="", appid=credentials["appid"], appsecret=credentials["secret"]
        ),
    )

    codes = [ways[number % 2]()["errcode"] for number in range(11)]

    assert codes == [0] * 10 + [48006]


BAD_QUOTAS = {
    "another appid": ("cgi-bin/clear_quota", {"appid": "wxother"}, 40013),
    "an unknown call": ("cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/unknown"}, 76021),
    "no address to check": ("cgi-bin/callback/check", {"action": "all"}, 40201),
}


@pytest.mark.parametrize(("path", "body", "code"), BAD_QUOTAS.values(), ids=BAD_QUOTAS)
def test_wrong_questions_about_the_account_are_refused(call, path, body, code):
    assert call(path, body)["errcode"] == code


@pytest.mark.parametrize(
    ("body", "code"), [({"action": "fly"}, 40202), ({"action": "dns", "check_operator": "ME"}, 40203)]
)
def test_the_way_to_the_bot_is_checked_by_the_book(call, platform, body, code):
    platform.world.account.bot = "http://127.0.0.1:1/wechat"

    assert call("cgi-bin/callback/check", body)["errcode"] == code
    assert set(call("cgi-bin/callback/check", {"action": "all"})) == {"dns", "ping"}


def test_addresses_are_told(call):
    assert call("cgi-bin/getcallbackip") == call("cgi-bin/get_api_domain_ip") == {"ip_list": ["127.0.0.1"]}
