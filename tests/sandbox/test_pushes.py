"""How a message reaches the bot, and what the follower sees when it does not (protocol 1.2, 1.7, 3.1)."""

import threading
import time

import pytest
import requests
from flask import Response
from wechatpy import parse_message

from tests.sandbox.bots import ACCOUNT, await_true, replying, slow

BROKEN = "该公众号提供的服务出现故障，请稍后再试"


def contents(bot):
    messages = [parse_message(body) for _, body in bot.seen]
    return [message.content for message in messages if message.type == "text"]


def test_a_reply_stands_in_the_chat(bot, door):
    user = door.follower()
    bot.answers = [replying("您好")]

    done = door.says(user, "在吗")

    assert (done["outcome"], done["tries"]) == ("reply", 1)
    assert [(b["who"], b["via"], b["text"]) for b in done["bubbles"]] == [
        ("user", "", "在吗"),
        ("account", "reply", "您好"),
    ]


@pytest.mark.parametrize("answer", ["success", ""])
def test_success_and_an_empty_body_show_nothing(bot, door, answer):
    user = door.follower()
    bot.answers = [answer]

    done = door.says(user, "在吗")

    assert (done["outcome"], len(done["bubbles"])) == ("silence", 1)


BAD = {
    "HTTP 500": Response(status=500),
    "JSON": '{"ok": true}',
    "a page": "<html><p>502</html>",
    "success in quotes": '"success"',
    "silence on the line": slow(0.5),
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_three_bad_answers_and_the_follower_reads_that_the_account_is_out_of_order(bot, door, answer):
    user = door.follower()
    bot.seen.clear()
    bot.answers = [answer]

    done = door.says(user, "在吗")

    assert (done["outcome"], done["tries"], len(bot.seen)) == ("failed", 3, 3)
    assert (done["bubbles"][-1]["code"], done["bubbles"][-1]["text"]) == ("failed", BROKEN)
    assert len({body for _, body in bot.seen}) == 1


def test_a_good_answer_to_any_try_counts(bot, door):
    user = door.follower()
    bot.answers = [Response(status=500), slow(0.5), replying("来了")]

    done = door.says(user, "在吗")

    assert (done["outcome"], done["tries"], done["bubbles"][-1]["text"]) == ("reply", 3, "来了")
    assert [entry["verdict"] for entry in door.pushes()][-3:] == ["failed", "failed", "reply"]


def test_after_three_failures_in_a_row_nothing_is_pushed_for_a_minute(bot, door, clock):
    user = door.follower()
    bot.answers = ["broken"]
    for _ in range(3):
        door.says(user, "在吗")
    bot.answers, asked = [replying("回来了")], len(bot.seen)

    paused = door.says(user, "在吗")
    until = door.get("state")["account"]["paused_until"]
    clock.pass_s(60)

    assert (paused["outcome"], until, len(bot.seen)) == ("paused", clock.now, asked)
    assert door.says(user, "在吗")["bubbles"][-1]["text"] == "回来了"


def test_a_good_answer_between_failures_keeps_the_pushes_going(bot, door):
    user = door.follower()
    for answer in ("broken", "broken", "success", "broken", "broken"):
        bot.answers = [answer]
        door.says(user, "在吗")

    assert door.get("account")["paused_until"] == 0


def test_nothing_is_pushed_to_a_url_that_does_not_echo(bot, door):
    bot.echoes = False
    user = door.joined()

    assert door.does(user, "follow")["outcome"] == "unpushed"
    assert door.post("verify", 409)["error"] == "HTTP 200, and not the echostr"
    assert bot.seen == []


def test_the_url_is_checked_once_before_the_first_push(bot, door):
    user = door.follower()
    door.says(user, "在吗")

    checks = [entry for entry in door.get("wire")["entries"] if entry["name"] == "echostr"]

    assert ([entry["verdict"] for entry in checks], door.get("account")["url_checked"]) == (["checked"], True)


def test_a_changed_url_is_checked_again(bot, door):
    door.follower()

    changed = door.post("account", bot=f"{bot.url}?again")

    assert changed["url_checked"] is False
    assert door.post("verify") == {"url_checked": True}


def test_one_users_messages_arrive_in_the_order_they_were_sent(bot, door):
    user = door.follower()
    bot.answers = [slow(0.1)]

    for number in range(4):
        door.post(f"users/{user}/do", what="text", content=str(number))
    await_true(lambda: len(contents(bot)) == 4)

    assert contents(bot) == ["0", "1", "2", "3"]


def test_two_users_do_not_wait_for_each_other(bot, door):
    one, other = door.follower(), door.follower()
    bot.answers = [slow(0.25)]
    started = time.monotonic()
    threads = [threading.Thread(target=door.says, args=(user, "在吗")) for user in (one, other)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.monotonic() - started < 0.5


def test_an_unanswered_do_returns_at_once_and_the_rest_follows(bot, door):
    user = door.follower()
    bot.answers = [slow(0.1), replying("好")]

    at_once = door.post(f"users/{user}/do", what="text", content="在吗")

    assert (at_once["outcome"], len(at_once["bubbles"])) == ("pending", 1)
    await_true(lambda: door.pushes("silence")[1:])


# Faults


def fault(door, kind, **more):
    return door.post("faults", path="push", kind=kind, **more)


def test_a_delivery_that_is_lost_on_its_way_is_tried_again(bot, door):
    user = door.follower()
    bot.seen.clear()
    bot.answers = [replying("好")]
    fault(door, "drop")

    done = door.says(user, "在吗")

    assert (done["outcome"], done["tries"], len(bot.seen)) == ("reply", 2, 1)


def test_a_lost_answer_is_asked_for_again(bot, door):
    user = door.follower()
    bot.seen.clear()
    bot.answers = [replying("第一次"), replying("第二次")]
    fault(door, "drop", after=True)

    done = door.says(user, "在吗")

    assert (done["bubbles"][-1]["text"], len(bot.seen)) == ("第二次", 2)
    assert bot.seen[0] == bot.seen[1]


def test_a_slow_network_takes_from_the_bots_time(bot, door):
    user = door.follower()
    bot.answers = [slow(0.2)]
    fault(door, "slow", value=0.2)
    fault(door, "slow", value=9)

    done = door.says(user, "在吗")

    assert (done["outcome"], done["tries"]) == ("silence", 3)
    assert [entry["fault"] for entry in door.pushes()][-3:] == ["slow", "slow", ""]


def test_a_duplicated_message_reaches_the_bot_twice_and_shows_one_reply(bot, door):
    user = door.follower()
    bot.seen.clear()
    bot.answers = [replying("好")]
    fault(door, "duplicate")

    done = door.says(user, "在吗")

    assert [b["who"] for b in done["bubbles"]] == ["user", "account"]
    assert (len(bot.seen), bot.seen[0]) == (2, bot.seen[1])


def test_reordered_messages_arrive_the_wrong_way_round(bot, door):
    user = door.follower()
    fault(door, "reorder")

    for words in ("一", "二"):
        door.post(f"users/{user}/do", what="text", content=words)
    await_true(lambda: len(contents(bot)) == 2)

    assert contents(bot) == ["二", "一"]


def test_faults_are_listed_and_ended(door):
    fault(door, "drop", times=None)
    listed = fault(door, "slow", value=1, times=2)["faults"]

    left = door.delete(f"faults/{listed[0]['id']}")["faults"]

    assert [(f["kind"], f["times"]) for f in listed] == [("drop", None), ("slow", 2)]
    assert [f["kind"] for f in left] == ["slow"]
    assert door.delete("faults") == {"faults": []}


@pytest.mark.parametrize(
    "body",
    [
        {"path": "push", "kind": "html"},
        {"path": "cgi-bin/menu/get", "kind": "reorder"},
        {"kind": "drop", "times": "often"},
        {"kind": "drop", "color": "red"},
    ],
)
def test_a_fault_that_cannot_be_is_refused(door, body):
    assert requests.post(f"{door.url}/sandbox/faults", json=body).status_code == 400


# What is pushed

DEEDS = {
    "text": ({"what": "text", "content": "问"}, "text", {"content": "问"}),
    "tap": ({"what": "tap", "content": "转人工", "id": "human"}, "text", {"content": "转人工"}),
    "sticker": ({"what": "sticker"}, "text", {"content": "【收到不支持的消息类型，暂无法显示】"}),
    "image": ({"what": "image"}, "image", {}),
    "voice": ({"what": "voice", "recognition": "退货"}, "voice", {"recognition": "退货"}),
    "video": ({"what": "video"}, "video", {}),
    "location": (
        {"what": "location", "latitude": 30.2, "longitude": 120.1},
        "location",
        {"location": ("30.2", "120.1")},
    ),
    "link": ({"what": "link", "title": "t", "url": "https://e.com"}, "link", {"url": "https://e.com"}),
    "file": ({"what": "file", "title": "a.pdf"}, "unknown", {}),
    "scan": ({"what": "scan", "scene": "s1"}, "event", {"scene_id": "s1"}),
    "unfollow": ({"what": "unfollow"}, "event", {"event": "unsubscribe"}),
    "report": ({"what": "report", "latitude": 30.2, "longitude": 120.1}, "event", {"latitude": 30.2}),
}


@pytest.mark.parametrize(("body", "kind", "attributes"), DEEDS.values(), ids=DEEDS)
def test_what_a_user_does_reaches_the_bot_as_wechat_says_it(bot, door, body, kind, attributes):
    user = door.follower()
    bot.seen.clear()

    door.post(f"users/{user}/do", **body, wait=5)

    message = parse_message(bot.seen[0][1])
    assert (message.type, message.source, message.target) == (kind, user, ACCOUNT)
    assert {name: getattr(message, name) for name in attributes} == attributes


def test_a_picture_can_be_had_by_its_id_and_by_its_address(bot, door, live):
    user = door.follower()

    door.does(user, "image")

    message = parse_message(bot.seen[-1][1])
    assert requests.get(message.image).content == live.world.media.get(message.media_id).content


def test_a_stranger_who_scans_follows_by_that_code(bot, door):
    user = door.joined()

    door.does(user, "scan", scene="store_1")

    message = parse_message(bot.seen[-1][1])
    assert (message.event, message.scene_id) == ("subscribe_scan", "store_1")


def test_who_does_not_follow_cannot_write_and_who_follows_cannot_follow(door):
    stranger, follower = door.joined(), door.follower()

    assert door.does(stranger, "text", 409, content="在吗")["error"] == "the user does not follow"
    assert door.does(follower, "follow", 409)["error"] == "the user follows already"


@pytest.mark.parametrize("body", [{"what": "dances"}, {"what": "text"}, {"what": "text", "content": "", "wait": 1}])
def test_a_deed_that_is_not_described_is_refused(door, body):
    user = door.follower()

    assert "error" in door.post(f"users/{user}/do", 400, **body)


@pytest.mark.parametrize("mode", ["compatible", "safe"])
def test_encrypted_modes_show_both_sides_of_the_wire(bot, door, mode):
    door.post("account", mode=mode)
    user = door.follower()

    door.says(user, "在吗")

    entry = door.pushes()[-1]
    assert "<Encrypt>" in entry["request"]["raw"]
    assert "<![CDATA[在吗]]>" in entry["request"]["open"]
    assert entry["response"] == {"status": 200, "raw": "success", "open": "success"}
