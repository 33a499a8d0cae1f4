"""The side door as docs/rehearsal.md describes it: what the page and scenarios are built on."""

import json
import threading
from itertools import islice

import pytest
import requests

from tests.doors import Door
from tests.sandbox.bots import await_true, replying
from wxbot.sandbox.platform import Platform

SEND = "cgi-bin/message/custom/send"
MENU = [
    {"type": "click", "name": "问题", "key": "FAQ"},
    {
        "name": "服务",
        "sub_button": [
            {"type": "view", "name": "官网", "url": "https://e.com/"},
            {"type": "scancode_waitmsg", "name": "扫码", "key": "SCAN"},
            {"type": "pic_weixin", "name": "拍照", "key": "PIC"},
            {"type": "location_select", "name": "位置", "key": "LOC"},
            {"type": "miniprogram", "name": "商城", "url": "https://e.com/", "appid": "wx1", "pagepath": "p"},
        ],
    },
]


def text(user, content="您好"):
    return {"touser": user, "msgtype": "text", "text": {"content": content}}


@pytest.fixture
def api(live):
    """The API of the platform that pushes."""

    def send(path, body):
        token = live.tokens.give_stable(
            {"grant_type": "client_credential", "appid": live.tokens.appid, "secret": live.tokens.secret}
        )
        url = f"{live.url}/{path}?access_token={token['access_token']}"
        return requests.post(url, data=json.dumps(body, ensure_ascii=False).encode()).json()

    return send


def names(live, since=0):
    return [event.name for event in live.world.bus.after(since)]


# State and users


def test_a_new_platform_is_empty(door, clock):
    state = door.get("state")

    assert state["clock"] == {"now": clock.now, "offset": 0.0}
    assert [state[name] for name in ("users", "agents", "queue", "faults", "tags", "templates")] == [[]] * 6
    assert state["menu"] == {"default": None, "conditional": [], "by_hand": None}


def test_a_user_has_a_name_a_client_and_tags_and_does_not_follow_yet(door):
    openid = door.joined("小林", client="1")

    user = door.post(f"users/{openid}", tags=["企业版", "老用户"])

    assert (user["name"], user["client"], user["following"], user["left"]) == ("小林", "1", False, 0)
    assert user["tags"] == [{"id": 100, "name": "企业版"}, {"id": 101, "name": "老用户"}]
    assert [tag["count"] for tag in door.get("state")["tags"]] == [1, 1]


def test_tags_are_given_by_name_or_by_number(door):
    openid = door.joined()
    door.post(f"users/{openid}", tags=["企业版"])

    user = door.post(f"users/{openid}", tags=[100, 107])

    assert user["tags"] == [{"id": 100, "name": "企业版"}, {"id": 107, "name": "标签107"}]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("users", {"client": "9"}, 400),
        ("users", {"openid": "oKnown"}, 409),
        ("users/oKnown", {"tags": "企业版"}, 400),
        ("users/oNobody", {"name": "x"}, 404),
        ("users/oNobody/do", {"what": "follow"}, 404),
        ("agents", {}, 400),
        ("agents/kf9@shop/do", {"what": "online"}, 404),
        ("clock", {"set": "noon"}, 400),
        ("clock", {}, 400),
        ("account", {"mode": "secret"}, 400),
        ("account", {"type": "shop"}, 400),
        ("account", {"bots": "http://b"}, 400),
        ("account", {"retry_s": -1}, 400),
        ("menu", {"button": ["x"]}, 400),
        ("templates", {"title": "x"}, 400),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(door, path, body, status):
    door.joined(openid="oKnown")

    assert door.post(path, status, **body)["error"]


def test_windows_count_down_and_close(door, api, clock):
    user = door.follower()
    door.says(user, "在吗")
    api(SEND, text(user))

    told = door.get(f"users/{user}")
    clock.pass_s(61)

    assert [(w["trigger"], w["left"]) for w in told["windows"]] == [("follow", 2), ("message", 5)]
    assert (told["left"], door.get(f"users/{user}")["left"]) == (7, 5)


def test_a_payment_opens_a_window_without_a_count(door):
    user = door.follower()

    assert door.does(user, "pay")["outcome"] == "none"
    assert door.get(f"users/{user}")["left"] is None


# Messages as the phone shows them


def article(**fields):
    return {"title": "", "description": "", "url": "", "picture": "", **fields}


SENT = {
    "a link": (
        "text",
        {"content": '看<a href="https://e.com">这里</a>'},
        "parts",
        [{"text": "看"}, {"text": "这里", "url": "https://e.com"}],
    ),
    "a voice": ("voice", {"media_id": "M"}, "url", "/sandbox/media/M"),
    "a video": ("video", {"media_id": "M", "title": "t"}, "title", "t"),
    "music": ("music", {"musicurl": "m", "hqmusicurl": "hq", "thumb_media_id": "M"}, "hq_url", "hq"),
    "an article": (
        "news",
        {"articles": [{"title": "t", "url": "u", "picurl": "p"}]},
        "articles",
        [article(title="t", url="u", picture="p")],
    ),
    "a mini program": (
        "miniprogrampage",
        {"title": "t", "appid": "wx1", "pagepath": "p", "thumb_media_id": "M"},
        "path",
        "p",
    ),
    "a card": ("wxcard", {"card_id": "C"}, "card_id", "C"),
    "a published article": ("mpnewsarticle", {"article_id": "A"}, "articles", [article(title="A")]),
}


@pytest.mark.parametrize(("kind", "content", "name", "shown"), SENT.values(), ids=SENT)
def test_a_customer_service_message_stands_in_the_chat(door, api, live, kind, content, name, shown):
    live.world.media.add("M")
    user = door.follower()

    assert api(SEND, {"touser": user, "msgtype": kind, kind: content})["errcode"] == 0

    bubble = door.chat(user)[-1]
    assert (bubble["who"], bubble["via"], bubble[name]) == ("account", "custom", shown)


def test_a_tapped_menu_message_opens_the_menu_window_and_a_tapped_link_the_message_window(door, api):
    user = door.follower()
    entries = [{"id": "1", "content": "已解决"}]
    api(SEND, {"touser": user, "msgtype": "msgmenu", "msgmenu": {"head_content": "解决了吗？", "list": entries}})

    door.does(user, "tap", content="已解决", id="1")
    after_entry = [w["trigger"] for w in door.get(f"users/{user}")["windows"]]
    door.does(user, "tap", content="转人工", id="human")

    assert after_entry == ["follow", "menu"]
    assert "message" in [w["trigger"] for w in door.get(f"users/{user}")["windows"]]


def test_typing_shows_until_a_message_or_fifteen_seconds(door, api, clock, live):
    user = door.follower()
    door.says(user, "在吗")
    typing = {"touser": user, "command": "Typing"}

    api("cgi-bin/message/custom/typing", typing)
    shown = door.get(f"users/{user}")["typing"]
    api(SEND, text(user))
    stopped = door.get(f"users/{user}")["typing"]
    api("cgi-bin/message/custom/typing", typing)
    clock.pass_s(15)

    assert (shown, stopped, door.get(f"users/{user}")["typing"]) == (True, False, False)
    assert names(live).count("typing") == 4


def test_what_falls_due_is_told_though_nobody_acts():
    with Platform() as platform:
        platform.user_wrote("oWaits")
        with platform.world.acting():
            platform.world.typing({"touser": "oWaits", "command": "Typing"})
        Door(platform.url).post("clock", advance=14.8)

        await_true(lambda: platform.world.bus.after(0)[-1].data.get("typing") is False, within_s=2)


# The bottom menu


@pytest.fixture
def menu(api):
    assert api("cgi-bin/menu/create", {"button": MENU})["errcode"] == 0


TAPS = {
    "a click": ([0], ["CLICK"], True),
    "a page": ([1, 0], ["VIEW"], False),
    "a scan": ([1, 1], ["scancode_waitmsg"], True),
    "a picture": ([1, 2], ["pic_weixin", "image"], False),
    "a place": ([1, 3], ["location_select", "location"], False),
    "a mini program": ([1, 4], ["view_miniprogram"], False),
}


@pytest.mark.parametrize(("path", "pushed", "opens"), TAPS.values(), ids=TAPS)
def test_a_tap_on_the_menu_is_pushed_and_some_open_a_window(door, menu, path, pushed, opens):
    user = door.follower()
    before = len(door.get("wire")["entries"])

    done = door.does(user, "menu", path=path)

    # A machine that stands still for five seconds sees a second try of the same push (protocol 3.1).
    after = [entry["name"] for entry in door.get("wire")["entries"][before:] if entry["try"] == 1]
    assert (done["outcome"], after) == ("silence", pushed)
    assert ("menu" in [w["trigger"] for w in door.get(f"users/{user}")["windows"]]) == opens


def test_a_phone_may_still_show_an_older_menu(door, menu):
    user = door.follower()

    door.does(user, "menu", key="GONE")

    assert "<EventKey><![CDATA[GONE]]></EventKey>" in door.get("wire")["entries"][-1]["request"]["open"]


@pytest.mark.parametrize("path", [[1], [2], [0, 0, 0], "0", [True], []])
def test_a_path_that_leads_nowhere_is_refused(door, menu, path):
    user = door.follower()

    assert "path" in door.does(user, "menu", 400, path=path)["error"]


def test_everybody_sees_the_menu_that_fits_them(door, api, menu):
    user = door.follower()
    other = door.follower()
    door.post(f"users/{user}", tags=["企业版"])
    api("cgi-bin/menu/addconditional", {"button": MENU[:1], "matchrule": {"tag_id": "100"}})

    assert [len(door.get(f"users/{one}")["menu"]) for one in (user, other)] == [1, 2]


def test_a_menu_made_by_hand_answers_by_itself(bot, door):
    door.post("menu", button=[{"type": "text", "name": "你好", "value": "欢迎"}])
    user = door.follower()
    asked = len(bot.seen)

    done = door.does(user, "menu", path=[0])

    assert (done["outcome"], done["bubbles"][-1]["text"], len(bot.seen)) == ("none", "欢迎", asked)


# Clock, reset, events


@pytest.mark.parametrize(
    ("body", "ahead"),
    [({"advance": 60}, 60), ({"set": "2026-01-01T09:00:00"}, 3600), ({"set": "2026-01-01T01:30:00Z"}, 5400)],
)
def test_the_clock_is_moved_and_set_back(door, body, ahead):
    assert door.post("clock", **body)["offset"] == ahead
    assert door.post("clock", real=True)["offset"] == 0


def test_a_reset_forgets_users_and_keeps_agents_and_menu(door, menu):
    user = door.follower()
    door.hires()
    door.post("clock", advance=60)

    door.post("reset")

    state = door.get("state")
    assert (state["users"], len(state["agents"]), len(state["menu"]["default"])) == ([], 1, 2)
    assert (state["clock"]["offset"], door.get(f"users/{user}")["error"]) == (0, "no such user")


def test_everything_that_happens_is_an_event(bot, door, api, menu, live):
    since = door.get("state")["last"]["events"]
    bot.answers = [replying("您好")]

    user = door.follower()
    door.hires()
    door.post("clock", advance=1)
    door.post("faults", kind="drop", path="push")
    door.post("account", name="小店")
    api("cgi-bin/menu/delete", {})

    assert {"chat", "user", "agents", "clock", "faults", "account", "wire"} <= set(names(live, since))
    chats = [event.data for event in live.world.bus.after(since) if event.name == "chat"]
    assert [(chat["openid"], chat["bubble"]["who"]) for chat in chats] == [(user, "system"), (user, "account")]


def lines(url, number, **options):
    """So many lines of an event stream, without heartbeats."""
    with requests.get(url, stream=True, timeout=10, **options) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        kept = (line for line in response.iter_lines(chunk_size=1, decode_unicode=True) if line and line[0] != ":")
        return list(islice(kept, number))


def test_the_stream_goes_on_where_it_was(door, live):
    door.joined()
    last = live.world.bus.last
    door.hires()

    url = f"{door.url}/sandbox/events"
    by_query = lines(f"{url}?since={last}", 3)
    by_header = lines(url, 3, headers={"Last-Event-ID": str(last)})

    assert by_query == by_header
    assert by_query[:2] == [f"id: {last + 1}", "event: agents"]
    assert json.loads(by_query[2].removeprefix("data: "))["agents"][0]["account"] == "kf1@shop"


def test_the_stream_tells_what_happens_while_it_is_open(door):
    heard = []
    thread = threading.Thread(target=lambda: heard.extend(lines(f"{door.url}/sandbox/events", 3)))
    thread.start()

    await_true(lambda: door.joined() and not thread.is_alive())

    assert heard[1] == "event: user"


def test_who_was_away_too_long_reads_the_state_again(door, live):
    for _ in range(2100):
        live.world.bus.publish("clock", {})

    assert lines(f"{door.url}/sandbox/events?since=1", 3)[1:] == ["event: reset", "data: {}"]


# Who may come in


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
def test_pages_of_other_sites_stay_outside(door, headers):
    answer = requests.post(f"{door.url}/sandbox/users", json={}, headers=headers)

    assert (answer.status_code, door.get("state")["users"]) == (403, [])


def test_the_platforms_own_page_comes_in(door):
    answer = requests.post(f"{door.url}/sandbox/users", json={}, headers={"Origin": door.url})

    assert answer.status_code == 201


def test_secrets_do_not_stand_on_the_wire(door, live, api):
    user = door.follower()
    requests.post(f"{live.url}/cgi-bin/stable_token", json={"secret": live.tokens.secret, "appid": live.tokens.appid})
    api(SEND, text(user))

    shown = json.dumps(door.get("wire"))

    assert not [token for token in (*live.tokens.issued, live.tokens.secret) if token in shown]


def test_calls_stand_on_the_wire_with_their_errcode(door, api):
    user = door.joined()

    api(SEND, text(user))

    entry = door.get("wire")["entries"][-1]
    assert (entry["direction"], entry["name"], entry["verdict"]) == ("api", SEND, "45015")
    assert json.loads(entry["request"]["open"])["text"]["content"] == "您好"
