"""Customer-service messages, windows, the typing hint and the agents' desk as protocol 4 has them."""

import pytest
import requests

SEND, TYPING = "cgi-bin/message/custom/send", "cgi-bin/message/custom/typing"
FOLLOWER = "oZx81uKq3bT0dVn5LrYp7mWc2HsE"


def text(content="您好", user=FOLLOWER):
    return {"touser": user, "msgtype": "text", "text": {"content": content}}


def message(kind, **content):
    return {"touser": FOLLOWER, "msgtype": kind, kind: content}


def codes(call, times):
    return [call(SEND, text())["errcode"] for _ in range(times)]


@pytest.mark.parametrize(("trigger", "allowed"), [("message", 5), ("menu", 3), ("follow", 3), ("scan", 3)])
def test_each_trigger_opens_its_number_of_messages(call, platform, trigger, allowed):
    platform.user_did(FOLLOWER, trigger)

    assert codes(call, allowed + 1) == [0] * allowed + [45047]


@pytest.mark.parametrize(("trigger", "seconds"), [("message", 48 * 3600), ("menu", 60), ("follow", 60), ("scan", 60)])
def test_each_window_closes_in_time(call, platform, clock, trigger, seconds):
    platform.user_did(FOLLOWER, trigger)
    clock.pass_s(seconds - 1)
    before = codes(call, 1)
    clock.pass_s(1)

    assert before + codes(call, 1) == [0, 45015]


def test_a_new_message_starts_the_count_again(call, platform):
    platform.user_wrote(FOLLOWER)
    codes(call, 5)
    platform.user_wrote(FOLLOWER)

    assert codes(call, 1) == [0]


def test_a_tap_does_not_cost_the_messages_of_an_earlier_window(call, platform, clock):
    platform.user_wrote(FOLLOWER)
    platform.user_tapped(FOLLOWER)
    codes(call, 3)
    clock.pass_s(61)

    assert codes(call, 6) == [0] * 5 + [45047]


def test_who_unfollowed_cannot_be_written_to(call, platform):
    platform.user_wrote(FOLLOWER)
    platform.user_unfollowed(FOLLOWER)

    assert codes(call, 1) == [45015]


REFUSED = {
    "somebody unknown": (text(user="nobody"), 40003),
    "an unknown type": (message("hologram", content="x"), 40008),
    "no content": (text(""), 44004),
    "blank content": (text("  \n"), 44004),
    "2049 bytes": (text("a" * 2049), 45002),
    "683 Chinese characters": (text("问" * 683), 45002),
    "an unknown picture": (message("image", media_id="M2"), 40007),
    "a video with an unknown thumb": (message("miniprogrampage", title="t", appid="a", pagepath="p"), 40007),
    "two articles": (message("news", articles=[{"title": "a"}, {"title": "b"}]), 45008),
    "no article": (message("news", articles=[]), 44003),
    "an empty menu message": (message("msgmenu", list=[]), 44004),
    "escaped characters": (rb'{"touser":"x","msgtype":"text","text":{"content":"\u95ee"}}', 40033),
}


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_message_is_refused_and_costs_nothing(call, platform, body, code):
    platform.messages.media.add("M1")
    platform.user_wrote(FOLLOWER)

    assert call(SEND, body)["errcode"] == code
    assert codes(call, 5) == [0] * 5


TAKEN = {
    "2048 bytes": text("a" * 2048),
    "an escaped backslash": text("C:\\users"),
    "a picture": message("image", media_id="M1"),
    "a voice": message("voice", media_id="M1"),
    "a video": message("video", media_id="M1", title="t"),
    "an article": message("news", articles=[{"title": "a", "url": "https://e.com"}]),
    "a menu message": message("msgmenu", head_content="h", list=[{"id": "1", "content": "是"}]),
    "a mini program": message("miniprogrampage", title="t", appid="a", pagepath="p", thumb_media_id="M1"),
}


@pytest.mark.parametrize("body", TAKEN.values(), ids=TAKEN)
def test_a_message_reaches_the_follower_as_it_was_sent(call, platform, body):
    platform.messages.media.add("M1")
    platform.user_wrote(FOLLOWER)

    call(SEND, body)

    assert [received.body for received in platform.inbox(FOLLOWER)] == [body]


def test_an_unverified_account_may_not_send(call, platform):
    platform.verified = False
    platform.user_wrote(FOLLOWER)

    assert codes(call, 1) == [48001]


def test_typing_needs_an_exchange_and_shows_once(call, platform, clock):
    typing = {"touser": FOLLOWER, "command": "Typing"}
    platform.user_wrote(FOLLOWER)

    shown = [call(TYPING, typing)["errcode"] for _ in range(2)]
    call(SEND, text())
    after_message = call(TYPING, typing)["errcode"]
    clock.pass_s(31)
    too_late = call(TYPING, typing)["errcode"]

    assert (shown, after_message, too_late) == ([0, 45081], 0, 45080)


def test_typing_knows_two_commands(call, platform):
    platform.user_wrote(FOLLOWER)

    assert call(TYPING, {"touser": FOLLOWER, "command": "Dancing"})["errcode"] == 45072


def test_the_desk_tells_who_is_online_who_waits_and_who_is_served(call, platform):
    platform.agents.hire("kf1@shop")
    platform.agents.hire("kf2@shop", online=False)
    platform.desk.queue("waits")
    platform.desk.accept("served", "kf1@shop")

    online = call("cgi-bin/customservice/getonlinekflist")["kf_online_list"]
    everybody = call("cgi-bin/customservice/getkflist")["kf_list"]
    session = call("customservice/kfsession/getsession", openid="served")
    waiting = call("customservice/kfsession/getwaitcase")

    assert [(agent["kf_account"], agent["accepted_case"]) for agent in online] == [("kf1@shop", 1)]
    assert [agent["kf_account"] for agent in everybody] == ["kf1@shop", "kf2@shop"]
    assert session["kf_account"] == "kf1@shop"
    assert (waiting["count"], waiting["waitcaselist"][0]["openid"]) == (1, "waits")


def test_nobody_serves_a_stranger(call):
    assert call("customservice/kfsession/getsession", openid="stranger")["kf_account"] == ""


def test_the_wrong_method_is_refused(call):
    assert call(SEND)["errcode"] == 43002
    assert call("cgi-bin/menu/get", {})["errcode"] == 43001


def test_the_side_door_tells_another_process_what_arrived(call, platform):
    platform.user_wrote(FOLLOWER)
    for content in ("一", "二"):
        call(SEND, text(content))

    url = f"{platform.url}/sandbox/users/{FOLLOWER}/chat"
    bubbles = requests.get(url, params={"since": 1}).json()["bubbles"]

    assert [(b["number"], b["who"], b["via"], b["text"]) for b in bubbles] == [(2, "account", "custom", "二")]


def test_the_side_door_refuses_what_it_does_not_know(platform):
    door = f"{platform.url}/sandbox"

    platform.user_wrote(FOLLOWER)

    did = requests.post(f"{door}/users/{FOLLOWER}/do", json={"what": "dances"})
    fault = requests.post(f"{door}/faults", json={"kind": "earthquake"})

    assert (did.status_code, fault.status_code) == (400, 400)


def test_a_fault_can_be_switched_on_and_off_from_outside(call, platform):
    platform.user_wrote(FOLLOWER)
    fault = {"path": SEND, "kind": "refuse", "value": -1, "times": 9}
    requests.post(f"{platform.url}/sandbox/faults", json=fault)
    busy = codes(call, 1)
    requests.delete(f"{platform.url}/sandbox/faults")

    assert busy + codes(call, 1) == [-1, 0]


def test_a_stopped_platform_answers_nobody(platform):
    with requests.Session() as session:
        session.get(f"{platform.url}/cgi-bin/menu/get")
        platform.stop()

        with pytest.raises(requests.ConnectionError):
            session.get(f"{platform.url}/cgi-bin/menu/get")
