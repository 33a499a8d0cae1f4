"""From the bot to the agents and back (protocol 4.1 to 4.3)."""

import pytest
from wechatpy import parse_message

from tests.sandbox.bots import await_true, replying, transferring


def events(bot):
    """Names and agents of the events that the bot has seen since it followed."""
    messages = [parse_message(body) for _, body in bot.seen]
    return [(m.event, m._data.get("KfAccount") or m._data.get("ToKfAccount")) for m in messages if m.type == "event"][
        1:
    ]


def texts(bot):
    return [m.content for m in (parse_message(body) for _, body in bot.seen) if m.type == "text"]


def notes(bubbles):
    return [bubble["code"] for bubble in bubbles if bubble["kind"] == "note"]


def words(bubbles):
    return [(bubble["who"], bubble["text"]) for bubble in bubbles if bubble["kind"] == "text"]


@pytest.fixture
def waiting(bot, door):
    """A follower in the queue."""
    user = door.follower()
    bot.answers = [transferring()]
    door.says(user, "转人工")
    return user


@pytest.fixture
def agent(door):
    return door.hires("kf1@shop", nick="小美")


@pytest.fixture
def served(door, waiting, agent):
    door.agent(agent, "accept")
    return waiting


def test_a_transferred_message_waits_at_the_desk(door, waiting):
    state = door.get("state")

    assert [(case["openid"], case["position"], case["agent"]) for case in state["queue"]] == [(waiting, 1, "")]
    assert state["users"][0]["queued"]
    assert words(door.desk(waiting)) == [("user", "转人工")]


def test_while_waiting_messages_still_go_to_the_bot_and_reach_the_desk_only_when_transferred(bot, door, waiting):
    door.says(waiting, "快点")
    bot.answers = [replying("请稍等")]

    done = door.says(waiting, "人呢")

    assert texts(bot) == ["转人工", "快点", "人呢"]
    assert done["bubbles"][-1]["text"] == "请稍等"
    assert words(door.desk(waiting)) == [("user", "转人工"), ("user", "快点")]


def test_an_accepted_session_keeps_messages_from_the_bot_but_not_events(bot, door, served):
    asked = len(texts(bot))

    done = door.says(served, "我的快递丢了")
    scanned = door.does(served, "scan", scene="s1")

    assert (done["outcome"], len(texts(bot)), scanned["outcome"]) == ("agent", asked, "transfer")
    assert words(door.desk(served))[-1] == ("user", "[SCAN]")
    assert ("user", "我的快递丢了") in words(door.desk(served))


def test_the_bot_hears_of_joining_switching_and_leaving(bot, door, served, agent):
    door.hires("kf2@shop")

    door.agent(agent, "transfer", openid=served, to="kf2@shop")
    door.agent("kf2@shop", "close", openid=served)

    expected = [("kf_create_session", agent), ("kf_switch_session", "kf2@shop"), ("kf_close_session", "kf2@shop")]
    await_true(lambda: events(bot) == expected)
    assert notes(door.desk(served)) == ["queued", "joined", "switched", "left"]


def test_what_an_agent_says_stands_on_both_sides(door, served, agent):
    door.agent(agent, "send", openid=served, text="您好，我是小美")

    said = door.chat(served)[-1]

    assert (said["who"], said["agent"], said["text"]) == ("agent", agent, "您好，我是小美")
    assert words(door.desk(served))[-1] == ("agent", "您好，我是小美")


def test_after_the_end_messages_go_to_the_bot_again(bot, door, served, agent):
    door.agent(agent, "close", openid=served)
    bot.answers = [replying("我回来了")]

    assert door.says(served, "还在吗")["bubbles"][-1]["text"] == "我回来了"


def test_after_thirty_minutes_messages_go_to_the_bot_again_and_no_event_says_so(bot, door, served, clock):
    clock.pass_s(1799)
    still = door.says(served, "还在吗")
    clock.pass_s(1)
    bot.answers = [replying("我回来了")]

    assert (still["outcome"], door.says(served, "还在吗")["outcome"]) == ("agent", "reply")
    assert notes(door.desk(served))[-1] == "lapsed"
    assert [name for name, _ in events(bot)] == ["kf_create_session"]


def test_a_clock_that_is_set_ends_a_session_at_once(door, served):
    door.post("clock", advance=1801)

    assert door.get(f"users/{served}")["agent"] == ""
    assert notes(door.desk(served))[-1] == "lapsed"


def test_the_thirty_minutes_do_not_start_again_with_another_agent(door, served, agent, clock):
    door.hires("kf2@shop")
    clock.pass_s(1000)
    door.agent(agent, "transfer", openid=served, to="kf2@shop")
    clock.pass_s(800)

    assert door.get(f"users/{served}")["agent"] == ""


@pytest.mark.parametrize("state", [{"online": False}, {"online": True}, {"auto_accept": True, "limit": 0}])
def test_a_named_agent_who_does_not_take_it_keeps_the_user_from_everybody_else(bot, door, state):
    door.hires("kf1@shop", **state)
    door.hires("kf2@shop", auto_accept=True)
    user = door.follower()
    bot.answers = [transferring("kf1@shop")]

    done = door.says(user, "转人工")

    assert (done["outcome"], door.get("state")["queue"][0]["agent"]) == ("transfer", "kf1@shop")
    assert "nobody waits" in door.agent("kf2@shop", "accept", 409)["error"]


def test_without_a_name_the_agent_with_the_fewest_sessions_takes_it(bot, door):
    bot.answers = [transferring()]
    for account in ("kf1@shop", "kf2@shop"):
        door.hires(account, auto_accept=True, limit=1)
    users = [door.follower() for _ in range(3)]

    for user in users:
        door.says(user, "转人工")

    assert [door.get(f"users/{user}")["agent"] for user in users] == ["kf1@shop", "kf2@shop", ""]


def test_room_that_becomes_free_goes_to_who_has_waited_longest(bot, door):
    bot.answers = [transferring()]
    door.hires("kf1@shop", auto_accept=True, limit=1)
    first, second, third = (door.follower() for _ in range(3))
    for user in (first, second, third):
        door.says(user, "转人工")

    door.agent("kf1@shop", "close", openid=first)

    assert [door.get(f"users/{user}")["agent"] for user in (second, third)] == ["kf1@shop", ""]


def test_who_comes_online_takes_those_who_wait(door, waiting):
    door.hires("kf1@shop", online=False, auto_accept=True)

    door.agent("kf1@shop", "online")

    assert door.get(f"users/{waiting}")["agent"] == "kf1@shop"


def test_who_unfollows_leaves_the_queue(door, waiting):
    door.does(waiting, "unfollow")

    assert door.get("state")["queue"] == []


IMPOSSIBLE = {
    "accept nobody": {"what": "accept"},
    "write to somebody else's": {"what": "send", "openid": "x", "text": "您好"},
    "close what is not open": {"what": "close", "openid": "x"},
    "bind without an invitation": {"what": "bind"},
}


@pytest.mark.parametrize("body", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_an_agent_cannot_do_now_is_refused(door, agent, body):
    assert "error" in door.post(f"agents/{agent}/do", 409, **body)


def test_an_agent_who_is_offline_accepts_nobody(door, waiting):
    door.hires("kf1@shop", online=False)

    assert "offline" in door.agent("kf1@shop", "accept", 409)["error"]


def test_dismissing_an_agent_ends_the_sessions(door, served, agent):
    door.delete(f"agents/{agent}")

    assert door.get(f"users/{served}")["agent"] == ""
    assert door.get("state")["agents"] == []
