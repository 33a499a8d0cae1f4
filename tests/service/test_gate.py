"""The outbound gate, on real Valkey and against the platform's own count."""

import json
from dataclasses import replace

import pytest

from tests.factories import NOW, USER, a_bot_only_script, a_script, text_of_reply
from tests.outgoing import BUSY, NO_ANSWER, UNREACHABLE, Outgoing
from wxbot.adapters.redis.connect import Link, connect
from wxbot.domain.message import TemplateFinished
from wxbot.domain.official import Register
from wxbot.domain.outbound import SpareWays, Template
from wxbot.domain.rating import Rating
from wxbot.domain.reply import Silence, TextPart, Transfer
from wxbot.domain.ticket import Ticket
from wxbot.domain.turn import Turn
from wxbot.errors import SpareWayFailed, WeChatError
from wxbot.service.jobs import run
from wxbot.service.retries import MAX_TRIES

TWO_DAYS = 48 * 3600


@pytest.fixture
def link(redis_url: str) -> Link:
    return connect(redis_url)


@pytest.fixture
def bot(link: Link, appid: str) -> Outgoing:
    bot = Outgoing(link, appid)
    bot.follows()
    bot.wait(100)
    return bot


def as_it_was_before(id: str, text: str) -> bytes:
    """A message in a lane, in the form of a version that knew fewer fields."""
    task = {"user": USER, "parts": [{"text": text, "kind": "text"}], "importance": "ticket", "kind": "send"}
    return json.dumps({"id": id, "task": task}).encode()


def test_what_is_told_arrives_in_order(bot):
    bot.says("你好")
    bot.tell("一", "二")
    bot.tell("三")

    bot.work()

    assert bot.sent == ["一", "二", "三"]


def test_what_matters_more_goes_first(bot):
    bot.says("你好")
    slow = bot.queue.claim  # both wait before anybody works
    bot.tell("请评价", importance="rating", promised=False)
    bot.tell("工单有进展")
    first, second = slow("w", limit=2, block_s=0)
    bot.lanes.enter(second)
    bot.lanes.enter(first)

    bot.work()

    assert bot.sent == ["工单有进展", "请评价"]


def test_the_sixth_message_is_held_and_given_with_the_next_words_of_the_user(bot):
    bot.says("你好")
    for number in range(1, 7):
        bot.tell(f"进展 {number}")
    bot.work()
    assert bot.sent == [f"进展 {number}" for number in range(1, 6)]
    assert [held.parts for held in bot.held] == [(TextPart("进展 6"),)]

    bot.says("在吗")
    bot.work()

    assert bot.sent[-1] == "之前没能发给您的消息：\n\n进展 6"
    assert bot.held == ()


def test_two_days_after_the_last_message_everything_is_held(bot):
    bot.says("你好")
    bot.wait(TWO_DAYS)

    bot.tell("进展")
    bot.work()

    assert bot.sent == []
    assert [(delivery.result, delivery.why) for delivery in bot.troubles] == [
        ("held", "用户最近没有来过，不能发客服消息")
    ]


def test_many_held_messages_come_a_few_at_a_time(bot):
    for number in range(1, 6):
        bot.tell(f"进展 {number}")
    bot.work()

    bot.says("在吗")
    bot.work()
    assert bot.sent[0] == "之前没能发给您的消息（还有 2 条，您再发消息时接着发给您）：\n\n进展 1"
    assert bot.sent[1:] == ["进展 2", "进展 3"]

    bot.says("嗯")
    bot.work()
    assert bot.sent[4:] == ["进展 5"]


def test_what_was_not_promised_is_dropped_with_a_line(bot):
    bot.tell("请评价", promised=False, importance="rating")

    bot.work()

    assert bot.held == ()
    assert [(delivery.result, delivery.importance) for delivery in bot.troubles] == [("dropped", "rating")]


def test_a_request_to_rate_that_was_dropped_takes_its_own_question_along_and_no_later_one(bot):
    asked = Rating("late", USER, "ticket", "T1", int(bot.now))
    bot.changes.apply(USER, "ask", lambda talk: Turn("asked", replace(talk.session, rating=asked), Silence()))

    pending = []
    for id in ("early", "late"):
        bot.tell("请评价", id=id, promised=False, importance="rating")
        bot.work()
        pending.append(bot.store.begin(USER, "").session.rating)

    assert pending == [asked, None]


def test_a_rating_leaves_the_last_message_to_what_is_promised(bot):
    bot.taps("KEY")
    bot.tell("一", "二")
    bot.work()

    bot.tell("请评价", promised=False, importance="rating")
    bot.tell("三")
    bot.work()

    assert bot.sent == ["一", "二", "三"]


@pytest.mark.parametrize("code", [45047, 45015])
def test_wechats_own_count_stands_above_ours(bot, code):
    bot.says("你好")
    bot.wechat.trouble.append(WeChatError("refused", code=code))

    bot.tell("一")
    bot.tell("二")
    bot.work()

    assert bot.sent == []
    assert len(bot.held) == 2
    assert bot.wechat.trouble == []


def test_nothing_is_kept_for_who_has_left(bot):
    bot.says("你好")
    bot.wechat.trouble.append(WeChatError("require subscribe", code=43004))

    bot.tell("进展")
    bot.work()

    assert bot.held == ()
    assert bot.troubles[0].why == "用户已取消关注"


def test_what_still_waits_is_forgotten_with_who_unfollows(bot):
    bot.says("你好")
    bot.tell("您前面还有 3 位", importance="notice")
    bot.tell("工单有进展")
    bot.leaves()

    bot.work()

    assert bot.held == ()
    assert [(delivery.result, delivery.why) for delivery in bot.troubles] == [("dropped", "用户已取消关注")] * 2


def test_what_may_have_arrived_is_not_kept_for_who_has_unfollowed_meanwhile(bot):
    bot.says("你好")
    bot.wechat.away = lambda: bool(bot.leaves())
    bot.wechat.trouble.append(NO_ANSWER)
    bot.tell("进展")

    bot.work()

    assert bot.held == ()


def test_an_answer_that_was_lost_is_not_sent_again_but_said_with_a_note(bot):
    bot.says("你好")
    bot.wechat.lost = True
    bot.tell("进展")
    bot.work()
    assert bot.sent == ["进展"]

    bot.says("在吗")
    bot.work()

    assert bot.sent[1:] == ["之前没能发给您的消息：\n（下面这条您可能已经收到过）\n\n进展"]


def test_the_note_stays_with_what_could_not_be_said_with_it_the_first_time(bot):
    bot.says("你好")
    bot.wechat.lost = True
    bot.tell("进展")
    bot.work()
    bot.says("在吗")
    bot.wait(49 * 3600)
    bot.work()

    bot.says("在吗")
    bot.work()

    assert bot.sent == ["进展", "之前没能发给您的消息：\n（下面这条您可能已经收到过）\n\n进展"]


def test_what_was_not_promised_and_may_have_arrived_is_left_at_that(bot):
    bot.says("你好")
    bot.wechat.trouble.append(NO_ANSWER)

    bot.tell("请评价", promised=False)
    bot.work()

    assert [delivery.result for delivery in bot.troubles] == ["unknown"]


def test_ten_minutes_without_wechat_cost_no_message_and_no_place_in_the_count(bot):
    bot.says("你好")
    bot.wechat.trouble += [UNREACHABLE] * 6
    bot.tell("一", "二", "三", "四", "五")

    for _ in range(20):
        bot.work()
        bot.wait(60)

    assert bot.sent == ["一", "二", "三", "四", "五"]


def test_what_wechat_will_not_take_for_hours_is_held(bot):
    bot.says("你好")
    bot.wechat.trouble += [BUSY] * MAX_TRIES
    bot.tell("进展")

    for _ in range(MAX_TRIES):
        bot.work()
        bot.wait(700)

    assert len(bot.held) == 1


def test_what_wechat_refuses_for_good_lies_with_the_dead_letters_and_others_go_on(bot):
    bot.says("你好")
    bot.wechat.trouble.append(WeChatError("media_id 无效", code=40007))
    bad = bot.tell("坏的")
    bot.tell("好的")

    bot.work()

    (letter,) = bot.store.dead_jobs(limit=9)
    assert letter.job.id == bad
    assert bot.sent == ["好的"]


def test_what_another_version_left_unreadable_lies_with_the_dead_letters_and_others_go_on(bot):
    bot.says("你好")
    bot.is_waiting(b'{"id":"job-0","task":{"kind":"from tomorrow"}}')
    bot.tell("进展")

    bot.work()

    assert bot.sent == ["进展"]
    assert [letter.why for letter in bot.store.dead_jobs(limit=9)] == ["unreadable"]


def test_what_another_version_left_in_the_lane_goes_out_once(bot):
    bot.says("你好")
    bot.is_waiting(as_it_was_before("job-1", "一"))
    bot.tell("一", id="job-1")
    bot.tell("二")

    bot.work()

    assert bot.sent == ["一", "二"]


def test_what_another_version_left_is_given_up_like_all_else_that_kills_its_workers(bot):
    bot.says("你好")
    bot.is_waiting(as_it_was_before("job-1", "一"))
    bot.tell("一", id="job-1")
    (claimed,) = bot.queue.claim("worker", limit=1, block_s=0)

    run(replace(claimed, tries=MAX_TRIES + 1), bot.tools)
    bot.work()

    assert bot.sent == []
    assert [letter.job.id for letter in bot.store.dead_jobs(limit=9)] == ["job-1"]


def test_a_notice_about_the_queue_is_moot_once_the_user_has_left_it(bot):
    bot.wechat.trouble.append(NO_ANSWER)
    assert isinstance(bot.says("转人工"), Transfer)
    bot.work()
    assert len(bot.held) == 1

    bot.says("取消")
    bot.work()

    assert bot.held == ()
    assert bot.sent == []


def test_an_account_that_may_send_nothing_says_it_with_its_next_reply(link, appid):
    bot = Outgoing(link, appid, a_bot_only_script())
    bot.says("你好")
    bot.wechat.trouble += [WeChatError("api unauthorized", code=48001)] * 5
    for number in range(1, 6):
        bot.tell(f"进展 {number}")
    bot.work()

    reply = text_of_reply(bot.says("你好"))

    assert reply.startswith("您好！\n\n之前没能发给您的消息（还有 4 条")
    assert reply.endswith("进展 1\n\n进展 2\n\n进展 3")
    assert len(bot.held) == 2


def test_a_long_held_message_is_given_piece_by_piece(link, appid):
    bot = Outgoing(link, appid, a_bot_only_script())
    bot.tell("长" * 1000)
    bot.wechat.trouble.append(WeChatError("api unauthorized", code=48001))
    bot.work()

    replies = [text_of_reply(bot.says("你好")) for _ in range(3)]

    assert sum(reply.count("长") for reply in replies) == 1000
    assert all(len(reply.encode()) <= 2048 for reply in replies)
    assert bot.held == ()


def test_no_message_is_lost_or_doubled_wherever_the_worker_dies(link, redis_url, appid):
    for step in range(200):
        bot = Outgoing(link, f"{appid}{step}")
        bot.says("你好")
        bot.tell("一", "二")

        died = bot.work_mortally(step)
        bot.says("在吗")
        bot.work()

        plain = [text for text in bot.sent if "可能" not in text]
        assert len(plain) == len(set(plain))
        assert all(any(words in text for text in bot.sent) for words in ("一", "二"))
        assert bot.held == ()
        if not died:
            return
    pytest.fail("the work never ends")


class TestSpareWays:
    @pytest.fixture
    def bot(self, link: Link, appid: str) -> Outgoing:
        """Of a follower who left an address and a number, and has not been here for long."""
        template = Template("T1", {"thing1": "{text}", "const2": "{name}"})
        script = a_script(spare_ways=SpareWays(template, sms=True))
        bot = Outgoing(link, appid, script, spare=True)
        bot.has_left(known={"contact": "138 0000 0000"})
        return bot

    def test_a_template_message_goes_where_no_message_may(self, bot):
        bot.tell("工单有进展", id="job-1")

        bot.work()

        assert bot.wechat.templates["job-1"].fields == {"thing1": "工单有进展", "const2": "小店"}
        assert bot.held == ()

    def test_a_report_that_it_did_not_arrive_leads_to_the_next_way(self, bot):
        bot.tell("工单有进展")
        bot.work()

        bot.does(TemplateFinished("report-1", "failed:user block"))
        bot.work()

        assert bot.postbox.got == [("13800000000", "【小店】工单有进展")]

    def test_what_had_arrived_before_the_template_message_is_not_told_again(self, bot):
        bot.says("你好")
        bot.tell(*"一二三四五六七", id="job-1")
        bot.work()
        assert bot.wechat.templates["job-1"].fields["thing1"] == "六\n七"

        bot.does(TemplateFinished("report-1", "failed:user block"))
        bot.work()

        assert bot.postbox.got == [("13800000000", "【小店】六\n七")]

    @pytest.mark.parametrize(
        ("left", "address"),
        [(" zhang-san@my-company.com ", "zhang-san@my-company.com"), ("138-0000 0000", "13800000000")],
    )
    def test_an_address_is_used_as_it_was_left_and_a_number_without_its_gaps(self, bot, left, address):
        bot.script = replace(bot.script, spare_ways=SpareWays(email=True, sms=True))
        bot.has_left(known={"contact": left})

        bot.tell("工单有进展")
        bot.work()

        assert [to for to, _ in bot.postbox.got] == [address]

    def test_who_is_too_slow_leaves_the_rest_of_the_lane_to_who_has_taken_over(self, bot):
        bot.tell("工单有进展", id="job-1")
        bot.tell("又有进展", id="job-2")
        first, second = bot.queue.claim("worker", limit=2, block_s=0)
        assert (bot.lanes.enter(first), bot.lanes.enter(second)) == ("driving", "riding")
        bot.wechat.away = lambda: not bot.queue.claim("another", limit=1, block_s=0)

        assert run(first, bot.tools) == "lost"

        assert list(bot.wechat.templates) == ["job-1"]

    def test_what_no_way_takes_is_held(self, bot):
        bot.wechat.trouble.append(WeChatError("invalid template_id", code=40037))
        bot.postbox.trouble = SpareWayFailed("短信接口返回 HTTP 400")

        bot.tell("工单有进展")
        bot.work()

        assert [held.maybe for held in bot.held] == [False]

    def test_who_has_unfollowed_learns_of_their_ticket_and_of_nothing_else(self, bot):
        number = "138 0000 0000"
        bot.has_left(tickets=(Ticket("20261122-1", USER, "problem", "问题", "打不开", NOW, contact=number),))
        bot.leaves()

        bot.tell("您前面还有 3 位", importance="notice")
        bot.tell("工单有进展")
        bot.work()

        assert bot.postbox.got == [("13800000000", "【小店】工单有进展")]
        assert (bot.wechat.templates, bot.held) == ({}, ())

    def test_what_may_have_arrived_waits_for_the_follower(self, bot):
        bot.says("你好")
        bot.wechat.lost = True
        bot.tell("工单有进展")
        bot.work()
        bot.says("在吗")
        bot.wait(49 * 3600)

        bot.work()

        assert bot.wechat.templates == {}
        assert [held.maybe for held in bot.held] == [True]

    def test_a_template_message_tells_the_beginning_of_a_long_text_and_the_whole_is_held(self, bot):
        bot.tell("长" * 300, id="job-1")

        bot.work()

        assert len(bot.wechat.templates["job-1"].fields["thing1"]) == 200
        assert len(bot.held) == 1

    def test_the_rest_of_an_answer_bothers_nobody_outside_the_chat(self, bot):
        bot.tell("第二步", importance="answer")

        bot.work()

        assert bot.wechat.templates == {}
        assert len(bot.held) == 1

    def test_a_template_message_goes_out_once_wherever_the_worker_dies(self, link, appid):
        script = a_script(spare_ways=SpareWays(Template("T1", {"thing1": "{text}"})))
        for step in range(200):
            bot = Outgoing(link, f"{appid}{step}", script)
            bot.tell("工单有进展", id="job-1")

            died = bot.work_mortally(step)

            assert list(bot.wechat.templates) == ["job-1"]
            assert bot.held == ()
            if not died:
                return
        pytest.fail("the work never ends")


def test_a_user_who_waits_sees_that_somebody_is_typing(bot):
    bot.says("你好")

    bot.tools.gate.show_typing(USER)

    assert bot.world.followers.is_typing_to(bot.world.followers.get(USER))


def test_a_hint_that_comes_too_late_is_left_out(bot):
    bot.tools.gate.show_typing(USER)

    assert bot.troubles == []


def test_what_is_not_registered_as_ours_does_not_go_out(bot):
    bot.script = replace(bot.script, official=Register(phones=frozenset({"4000000001"}), kept=True))
    bot.says("你好")
    bot.tell("请打 13800138000，或 400-000-0001")

    bot.work()

    assert bot.sent == ["请打 （非官方登记的联系方式，已隐去），或 400-000-0001"]


def test_what_followers_told_may_go_back_to_them(bot):
    bot.script = replace(bot.script, official=Register(phones=frozenset({"4000000001"}), kept=True))
    bot.says("你好")
    bot.tell("您填过：13800138000", theirs="13800138000")

    bot.work()

    assert bot.sent == ["您填过：13800138000"]


@pytest.mark.parametrize("padding", ["", "长" * 700])
def test_what_is_not_registered_as_ours_does_not_come_with_a_reply_either(link, appid, padding):
    script = replace(a_bot_only_script(), official=Register(phones=frozenset({"4000000001"}), kept=True))
    bot = Outgoing(link, appid, script)
    bot.tell(f"请打 13800138000，或 400-000-0001{padding}")
    bot.wechat.trouble.append(WeChatError("api unauthorized", code=48001))
    bot.work()

    reply = text_of_reply(bot.says("你好"))

    assert "请打 （非官方登记的联系方式，已隐去），或 400-000-0001" in reply
