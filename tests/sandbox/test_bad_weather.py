"""What may go wrong around the agents' desk, with quotas and between several processes of a bot."""

import threading

import pytest
import requests
from flask import Flask

from tests.sandbox.bots import await_true, replying
from wxbot.sandbox.server import LocalServer

SEND, ONLINE, CREATE = (
    "cgi-bin/message/custom/send",
    "cgi-bin/customservice/getonlinekflist",
    "customservice/kfsession/create",
)


@pytest.fixture
def call(live):
    """A call of the account's: by GET without a body."""

    def send(path, **body):
        names = {"grant_type": "client_credential", "appid": live.tokens.appid, "secret": live.tokens.secret}
        query = {"access_token": live.tokens.give_stable(names)["access_token"]}
        method = "POST" if body else "GET"
        return requests.request(method, f"{live.url}/{path}", params=query, json=body or None).json()

    return send


def text_to(user):
    return {"touser": user, "msgtype": "text", "text": {"content": "hello"}}


def pushed(door, name):
    """How often this message or event was delivered."""
    return [entry["name"] for entry in door.pushes()].count(name)


@pytest.fixture
def served(live, door):
    """A user whom an agent serves."""
    user, agent = door.follower(), door.hires()
    with live.world.acting():
        live.desk.accept(user, agent)
    return user


# The agents' desk


def test_an_agent_leaves_between_the_question_who_is_there_and_the_transfer(door, call):
    door.hires()
    door.post("faults", path=ONLINE, kind="offline")

    asked, asked_again = (call(ONLINE)["kf_online_list"] for _ in range(2))

    assert (len(asked), asked_again) == (1, [])


def test_only_the_agent_who_is_named_leaves(door, call):
    gone, there = door.hires("kf1@shop"), door.hires("kf2@shop")
    door.post("faults", path=ONLINE, kind="offline", agent=gone)

    call(ONLINE)

    assert [agent["kf_account"] for agent in call(ONLINE)["kf_online_list"]] == [there]


def test_the_event_that_a_session_ended_is_lost_and_all_else_arrives(door, served):
    door.post("faults", path="push", kind="lose", name="kf_close_session")

    door.agent("kf1@shop", "close", openid=served)
    done = door.says(served, "还在吗")

    assert (done["outcome"], pushed(door, "kf_close_session")) == ("silence", 0)


def test_an_event_comes_twice_and_messages_once(door, served):
    door.post("faults", path="push", kind="duplicate", name="event", times=None)

    door.agent("kf1@shop", "close", openid=served)
    door.says(served, "谢谢")

    await_true(lambda: pushed(door, "kf_close_session") == 2)
    assert pushed(door, "text") == 1


def test_a_queue_is_filled_without_a_word_to_the_bot(bot, door, call):
    before = len(bot.seen)

    openids = door.post("queue", 201, users=60)["openids"]

    assert [waiting["openid"] for waiting in door.get("state")["queue"]] == openids
    assert (call("customservice/kfsession/getwaitcase")["count"], len(bot.seen)) == (60, before)


@pytest.mark.parametrize("users", [0, 1001, "60"])
def test_a_queue_has_a_sensible_length(door, users):
    assert "users" in door.post("queue", 400, users=users)["error"]


@pytest.mark.parametrize("code", [65400, 65402, 65414, 65415, 65416])
def test_a_session_is_refused_on_request(door, call, code):
    user, agent = door.follower(), door.hires()
    door.post("faults", path=CREATE, kind="refuse", value=code)

    refused, created = (call(CREATE, kf_account=agent, openid=user)["errcode"] for _ in range(2))

    assert (refused, created) == (code, 0)


# Quotas and the API


@pytest.mark.parametrize(("change", "code"), [({"left": 0}, 45047), ({"closed": True}, 45015)])
def test_nothing_may_be_sent_until_the_user_writes_again(door, call, change, code):
    user = door.follower()
    door.says(user, "在吗")

    door.post(f"users/{user}", **change)
    refused = call(SEND, **text_to(user))["errcode"]
    door.says(user, "在吗")

    assert (refused, call(SEND, **text_to(user))["errcode"]) == (code, 0)


def test_so_many_messages_are_left(door):
    user = door.follower()
    door.says(user, "在吗")
    door.does(user, "pay")

    assert door.post(f"users/{user}", left=4)["left"] == 4


def test_the_calls_of_a_day_are_used_up(door, call, clock):
    user = door.follower()
    door.post("quotas", path=SEND, left=1)

    sent, refused = (call(SEND, **text_to(user))["errcode"] for _ in range(2))
    clock.pass_s(86400)

    assert (sent, refused, call(SEND, **text_to(user))["errcode"]) == (0, 45009, 45015)
    assert "path" in door.post("quotas", 400, path="cgi-bin/nothing", left=1)["error"]


def test_the_api_is_down_for_ten_minutes_of_the_platforms_time(door, call):
    door.post("faults", kind="status", value=502, lasts=600)

    with pytest.raises(requests.JSONDecodeError):
        call(ONLINE)
    door.post("clock", advance=600)

    assert call(ONLINE)["kf_online_list"] == []
    assert door.get("faults") == {"faults": []}


def test_one_user_has_bad_luck(door, call):
    unlucky, lucky = door.follower(), door.follower()
    door.post("faults", path=SEND, kind="refuse", value=45047, openid=unlucky, times=None)

    codes = [call(SEND, **text_to(user))["errcode"] for user in (unlucky, lucky, unlucky)]

    assert codes == [45047, 0, 45047]


def test_a_subscription_account_may_send_messages_but_no_templates(door, call):
    user = door.follower()
    door.post("account", type="subscription")

    template = call("cgi-bin/message/template/send", touser=user, template_id="T", data={})

    assert (template["errcode"], call(SEND, **text_to(user))["errcode"]) == (48001, 0)


# Several processes


@pytest.fixture
def processes(bot, door):
    """Two more addresses of the bot; all three get the messages in turn."""
    servers = []
    for name in ("second", "third"):
        app = Flask(name)
        app.add_url_rule("/wechat", "wechat", bot.answer, methods=["GET", "POST"])
        servers.append(LocalServer(app))
        servers[-1].start()
    bots = [bot.url, *(f"{server.url}/wechat" for server in servers)]
    assert door.post("account", bots=bots)["bots"] == bots
    yield bots
    for server in servers:
        server.stop()


def addresses(door, delivery):
    return [entry["request"]["url"] for entry in door.pushes() if entry["delivery"] == delivery]


def test_processes_get_the_messages_in_turn(door, processes):
    user = door.follower()

    deliveries = [door.says(user, "在吗")["delivery"] for _ in range(3)]

    assert sorted(address for delivery in deliveries for address in addresses(door, delivery)) == sorted(processes)


def test_a_message_reaches_all_processes_at_once(door, processes):
    user = door.follower()
    door.post("faults", path="push", kind="duplicate", value=3)

    delivery = door.says(user, "在吗")["delivery"]

    assert sorted(addresses(door, delivery)) == sorted(processes)


def test_a_retry_goes_to_another_process_after_a_while(door, processes):
    user = door.follower()
    door.post("account", retry_s=0.2)
    door.post("faults", path="push", kind="drop")

    done = door.says(user, "在吗")

    first, second = addresses(door, done["delivery"])
    assert (done["tries"], done["outcome"], first != second) == (2, "silence", True)


def test_a_user_may_stay_with_one_process(door, processes):
    user = door.follower(bot=processes[1])

    deliveries = [door.says(user, "在吗")["delivery"] for _ in range(3)]

    assert {address for delivery in deliveries for address in addresses(door, delivery)} == {processes[1]}
    assert "bot" in door.post(f"users/{user}", 400, bot="http://127.0.0.1:9/")["error"]


def test_a_delivery_is_repeated_after_it_was_answered(bot, door):
    user = door.follower()
    bot.answers = [replying("您好")]
    door.post("faults", path="push", kind="repeat", value=0.1)

    done = door.says(user, "在吗")

    await_true(lambda: pushed(door, "text") == 2)
    assert (done["outcome"], len(door.chat(user))) == ("reply", 3)
    assert bot.seen[-1][1] == bot.seen[-2][1]


def test_messages_of_one_user_may_overlap(bot, door):
    user, both = door.follower(), threading.Barrier(2)

    def answer(query):
        both.wait(0.2)
        return "success"

    bot.answers = [answer]
    door.post("faults", path="push", kind="overlap", times=None)
    door.post(f"users/{user}/do", what="text", content="一")

    assert door.says(user, "二")["outcome"] == "silence"
