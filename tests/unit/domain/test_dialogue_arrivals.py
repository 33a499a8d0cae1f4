"""Following, scanning, leaving, and what WeChat reports by itself."""

import pytest

from tests.factories import DAY, NOW, Chat, a_bot_only_script, a_script, a_session, an_option, labels, text_of
from wxbot.domain import message as m
from wxbot.domain.dialogue.agents import QUEUE_S
from wxbot.domain.handoff import State
from wxbot.domain.hours import Hours
from wxbot.domain.job import CancelTimer
from wxbot.domain.reply import Silence
from wxbot.domain.script import Greeting, Welcome
from wxbot.domain.session import Mode, Session

NEVER_OPEN = Hours(weekly=((),) * 7)
WELCOME = Welcome(
    first=Greeting("欢迎", (an_option("常见问题", "browse"),)),
    returning=Greeting("欢迎回来"),
    closed="现在不在服务时间。",
    scenes={"store_*": Greeting("门店"), "store_00*": Greeting("老门店"), "store_0012": Greeting("旗舰店")},
)


def a_newcomer(**changes) -> Chat:
    return Chat(a_script(welcome=WELCOME, **changes), Session("oFollower-1"))


def test_a_new_follower_is_welcomed_with_taps_and_numbers():
    chat = a_newcomer()

    turn = chat.sends(m.Follow())

    assert text_of(turn) == (
        "欢迎\n\n【1】"
        '<a href="weixin://bizmsgmenu?msgmenucontent=常见问题&msgmenuid=browse">常见问题</a>'
        "\n\n点击蓝字，或回复【】里的数字。"
    )
    assert (turn.rule, turn.session.follows, turn.session.first_seen) == ("welcome", 1, chat.now)


def test_the_number_of_the_welcome_can_be_typed():
    chat = a_newcomer()
    chat.sends(m.Follow())

    assert chat.says("1").rule == "browse"


def test_the_name_of_the_account_stands_in_the_welcome():
    assert text_of(Chat(session=Session("oFollower-1")).sends(m.Follow())).startswith("欢迎关注小店。")


def test_a_returning_follower_is_greeted_as_one():
    chat = a_newcomer()
    for content in (m.Follow(), m.Unfollow()):
        chat.sends(content)

    assert text_of(chat.sends(m.Follow())) == "欢迎回来"


def test_without_a_greeting_for_them_returning_followers_get_the_first():
    chat = Chat(a_script(), a_session(follows=3))

    assert text_of(chat.sends(m.Follow())).startswith("欢迎关注小店。")


@pytest.mark.parametrize(
    ("scene", "greeting"),
    [("store_0012", "旗舰店"), ("store_0099", "老门店"), ("store_1", "门店"), ("store_", "门店"), ("expo", "欢迎")],
)
def test_the_closest_scene_greets(scene, greeting):
    assert text_of(a_newcomer().sends(m.Follow(scene))).startswith(greeting)


def test_a_scene_for_all_does_not_greet_who_came_without_one():
    welcome = Welcome(Greeting("欢迎"), scenes={"*": Greeting("扫码的朋友")})

    assert welcome.for_scene("") is None
    assert welcome.for_scene("any") == Greeting("扫码的朋友")


def test_a_scene_greets_returning_followers_too():
    chat = Chat(a_script(welcome=WELCOME), a_session(follows=2))

    assert text_of(chat.sends(m.Follow("store_1"))) == "门店"


def test_outside_hours_the_welcome_says_so_above_the_options():
    turn = a_newcomer(hours=NEVER_OPEN).sends(m.Follow())

    assert text_of(turn).startswith("欢迎\n\n现在不在服务时间。\n\n【1】")


def test_inside_hours_the_welcome_does_not_mention_them():
    assert "服务时间" not in text_of(a_newcomer().sends(m.Follow()))


@pytest.mark.parametrize(("scene", "greeting"), [("store_0012", "旗舰店"), ("poster", "欢迎回来")])
def test_a_follower_who_scans_a_code_is_greeted_by_its_scene(scene, greeting):
    chat = Chat(a_script(welcome=WELCOME), a_session())

    turn = chat.sends(m.Scan(scene))

    assert (turn.rule, text_of(turn)) == ("scanned", greeting)


def test_a_scan_makes_a_follower_of_whom_we_had_not_met():
    chat = a_newcomer()
    chat.sends(m.Scan("poster"))

    assert chat.session.follows == 1


def test_following_starts_afresh_with_misses():
    chat = Chat(session=a_session(misses=2))
    chat.sends(m.Follow())

    assert chat.session.misses == 0


def test_unfollowing_forgets_all_but_that_they_were_here():
    chat = Chat()
    chat.says("怎么开发票")

    turn = chat.sends(m.Unfollow())

    assert turn.reply == Silence()
    assert turn.session == Session("oFollower-1", follows=1, gone=True)


@pytest.mark.parametrize(("content", "is_there"), [(m.Text("你好"), True), (m.OtherEvent("x"), False)])
def test_who_has_gone_is_there_again_with_what_only_followers_do(content, is_there):
    chat = a_newcomer()
    chat.sends(m.Unfollow())

    assert chat.sends(content).session.gone is not is_there


def test_unfollowing_in_the_queue_ends_the_wait():
    chat = Chat()
    chat.says("转人工")

    turn = chat.sends(m.Unfollow())

    assert CancelTimer("handoff:oFollower-1") in turn.timers
    assert [handoff.state for handoff in turn.handoffs] == [State.LEFT]
    assert chat.session.mode is Mode.BOT


REPORTS = [
    m.LocationReport(),
    m.MenuVisit("https://www.example.com/"),
    m.TemplateFinished("1", "success"),
    m.OtherEvent("user_info_modified"),
    m.OtherMessage("hologram"),
]


@pytest.mark.parametrize("report", REPORTS)
def test_reports_get_no_answer_and_change_nothing(report):
    session = a_session(options=(an_option("常见问题", "browse"),), misses=1)

    turn = Chat(session=session).sends(report)

    assert (turn.rule, turn.reply, turn.session) == ("quiet", Silence(), session)


def test_location_reports_do_not_keep_a_talk_alive():
    chat = Chat()
    chat.says("怎么开发票")
    for _ in range(40):
        chat.waits(55)
        chat.sends(m.LocationReport())

    chat.says("1")

    assert chat.turns[-1].rule == "gone"


def test_a_report_may_be_what_ends_a_wait_that_nobody_ended():
    chat = Chat()
    chat.says("转人工")
    chat.waits(QUEUE_S)

    turn = chat.sends(m.LocationReport())

    assert turn.reply == Silence()
    assert [handoff.state for handoff in turn.handoffs] == [State.MISSED]


def test_the_first_and_the_last_visit_are_noted():
    chat = a_newcomer()
    chat.sends(m.Follow())
    chat.waits(DAY)
    chat.says("你好")

    assert (chat.session.first_seen, chat.session.last_seen) == (NOW + 5, NOW + DAY + 10)


def test_an_account_that_cannot_send_welcomes_all_the_same():
    chat = Chat(a_bot_only_script(), Session("oFollower-1"))

    assert text_of(chat.sends(m.Follow())).startswith("欢迎关注小店。")
    assert labels(chat.turns[-1]) == ["常见问题"]
