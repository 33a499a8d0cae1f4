"""Replies that are well-formed, and yet no valid answer unless the account has what they name (protocol 3.2)."""

import pytest

from tests.sandbox.bots import reply_to


def a_picture(media_id):
    picture = f"<MsgType>image</MsgType><Image><MediaId>{media_id}</MediaId></Image>"
    return lambda query: reply_to(query["openid"], picture)


def to_ai(query):
    return reply_to(query["openid"], "<MsgType>transfer_biz_ai_ivr</MsgType>")


def test_a_reply_shows_a_medium_that_exists(bot, door):
    user = door.follower()
    door.post("media", media_id="M", kind="image")
    bot.answers = [a_picture("M")]

    done = door.says(user, "图呢")

    assert (done["outcome"], done["bubbles"][-1]["url"]) == ("reply", "/sandbox/media/M")


def test_a_reply_with_a_medium_that_is_gone_is_no_valid_answer(bot, door, live, clock):
    user, medium = door.follower(), live.world.media.keep("image", b"x")
    clock.pass_s(3 * 86400)
    bot.answers = [a_picture(medium.media_id)]

    done = door.says(user, "图呢")

    assert (done["outcome"], done["bubbles"][-1]["code"]) == ("failed", "failed")
    assert medium.media_id in door.pushes("failed")[-1]["reason"]


def test_a_message_is_handed_to_wechats_own_ai_reply(bot, door):
    user = door.follower()
    door.post("account", ai_reply=True)
    bot.answers = [to_ai]

    done = door.says(user, "在吗")

    assert (done["outcome"], done["bubbles"][-1]["code"]) == ("ai", "ai")
    assert door.pushes()[-1]["verdict"] == "ai"


@pytest.mark.parametrize(("switched_on", "what"), [(False, "text"), (True, "scan")])
def test_what_cannot_be_handed_to_the_ai_reply_is_no_valid_answer(bot, door, switched_on, what):
    user = door.follower()
    door.post("account", ai_reply=switched_on)
    bot.answers = [to_ai]

    assert door.does(user, what, content="在吗", scene="s")["outcome"] == "failed"


@pytest.mark.parametrize("body", [{}, {"media_id": "M", "kind": "smell"}])
def test_a_medium_has_an_id_and_a_kind(door, body):
    assert "kind" in door.post("media", 400, **body)["error"]
