"""Forms: asked, checked, looked over, sent."""

from dataclasses import replace

import pytest

from tests.factories import HOUR, a_session, labels, text_of
from tests.unit.domain.flow_factories import FILLED, PROBLEM, a_chat
from wxbot.domain import message as m
from wxbot.domain.account import AccountType
from wxbot.domain.session import Mode


def at(chat) -> str:
    assert chat.session.flow is not None
    return chat.session.flow.at


def test_a_form_begins_with_its_intro_and_the_first_question():
    turn = a_chat("我要反馈").turns[-1]

    assert text_of(turn) == "我来帮您反馈。\n随时可以回复「上一步」修改，回复「取消」退出。\n\n（1/6）请描述问题"


def test_every_answer_leads_to_the_next_question():
    chat = a_chat()
    asked = [(chat.says(words), at(chat))[1] for words in FILLED]

    assert asked == ["description", "system", "version", "when", "contact", "shots", ""]


def test_all_answers_are_shown_before_they_are_sent():
    turn = a_chat(*FILLED).turns[-1]

    assert "问题描述：打开文件就闪退\n系统：Windows\n版本：12.1.0\n时间：2026-11-22 15:00" in text_of(turn)
    assert "截图：（没填）" in text_of(turn)
    assert labels(turn)[:3] == ["确认提交", "修改问题描述", "修改系统"]
    assert turn.tickets == ()


@pytest.mark.parametrize("words", ["1", "确认提交", "好的", "提交"])
def test_sending_opens_one_ticket_and_ends_the_form(words):
    chat = a_chat(*FILLED, words)

    (change,) = chat.turns[-1].tickets
    assert (change.after.form, change.after.title) == ("problem", "打开文件就闪退")
    assert chat.session.flow is None


def test_a_single_answer_is_changed_with_one_tap():
    chat = a_chat(*FILLED, "修改系统", "macOS")

    assert at(chat) == ""
    assert "系统：macOS" in text_of(chat.turns[-1])


def test_what_is_to_be_changed_may_be_said_in_ones_own_words():
    assert at(a_chat(*FILLED, "改一下修改手机号")) == "contact"


@pytest.mark.parametrize("way", ["2", "macOS", "macos", "我的是 macos 电脑"])
def test_a_choice_is_made_by_number_label_or_words(way):
    chat = a_chat(*FILLED[:2], way)

    assert chat.session.flow.values["system"] == "macOS"


def test_a_tap_on_an_earlier_choice_changes_it():
    chat = a_chat(*FILLED[:4])
    chat.says("iOS", tap_id="flow:pick%2Fsystem%2F3")

    assert chat.session.flow.values["system"] == "iOS"
    assert at(chat) == "when"


def test_a_wrong_answer_says_what_is_wanted_and_loses_nothing():
    chat = a_chat(*FILLED[:5], "12345")

    assert text_of(chat.turns[-1]).startswith("这看起来不是电话号码。")
    assert text_of(chat.turns[-1]).endswith("（5/6）请留手机号")
    assert len(chat.session.flow.values) == 4


def test_after_two_wrong_answers_the_ways_out_are_offered():
    chat = a_chat(*FILLED[:3], "最新的吧", "不清楚啊")

    first, second = (text_of(turn) for turn in chat.turns[-2:])
    assert "也可以" not in first
    assert all(f">{way}</a>" in second for way in ("跳过", "取消", "转人工"))


def test_only_an_optional_question_can_be_skipped():
    assert at(a_chat(*FILLED[:3], "跳过")) == "when"
    assert at(a_chat(*FILLED[:1], "跳过")) == "description"


def test_going_back_offers_what_was_given():
    chat = a_chat(*FILLED[:4], "上一步")

    assert labels(chat.turns[-1])[:2] == ["用「12.1.0」", "换一个"]
    assert at(chat) == "version"
    assert (chat.says("1"), at(chat))[1] == "when"


def test_there_is_nothing_before_the_first_question():
    turn = a_chat("我要反馈", "上一步").turns[-1]

    assert text_of(turn).startswith("这已经是第一步了。")


def test_starting_over_forgets_what_was_given():
    chat = a_chat(*FILLED[:4], "重新开始")

    assert (at(chat), chat.session.flow.values) == ("description", {})


@pytest.mark.parametrize("words", ["取消", "算了", "请取消吧"])
def test_cancelling_leaves_the_form_for_good(words):
    chat = a_chat(*FILLED[:4], words)

    assert text_of(chat.turns[-1]).startswith("已退出「反馈问题」")
    assert chat.session.flow is None
    assert chat.says("怎么退款").rule == "answered"


def test_a_text_field_takes_a_question_for_an_answer():
    chat = a_chat("我要反馈", "怎么重置密码")

    assert chat.session.flow.values["description"] == "怎么重置密码"


def test_in_a_text_field_even_a_short_word_is_no_question():
    turn = a_chat("我要反馈", "你好").turns[-1]

    assert text_of(turn).startswith("请再说得详细一点，至少 5 个字")


def test_a_question_in_between_is_answered_and_the_place_kept():
    chat = a_chat(*FILLED[:5], "怎么开发票")

    assert "在订单页点「开发票」。" in text_of(chat.turns[-1])
    assert text_of(chat.turns[-1]).endswith("—— 回到「反馈问题」 ——\n（5/6）请留手机号")
    assert at(chat) == "contact"


def test_numbers_after_a_question_in_between_belong_to_the_form():
    chat = a_chat("我要反馈", "打开文件就闪退", "怎么开发票")

    assert labels(chat.turns[-1]) == ["Windows", "macOS", "iOS", "Android"]
    assert (chat.says("2"), chat.session.flow.values["system"])[1] == "macOS"


def test_a_menu_tap_keeps_the_place():
    chat = a_chat(*FILLED[:2])
    turn = chat.sends(m.MenuClick("phones"))

    assert "400-000-0000" in text_of(turn)
    assert "回到「反馈问题」" in text_of(turn)
    assert at(chat) == "system"


def test_asking_for_a_person_hands_over_and_keeps_the_form():
    chat = a_chat(*FILLED[:3], "转人工")
    assert chat.session.mode is Mode.QUEUED
    chat.sends(m.AgentJoined("kf1@x"))
    chat.sends(m.AgentLeft("kf1@x"))

    turn = chat.says("怎么退款")
    assert "回复「继续」接着来" in text_of(turn)
    assert text_of(chat.says("继续")).startswith("（3/6）版本号是多少？")


def test_no_form_is_filled_in_while_agents_read_along():
    chat = a_chat(*FILLED[:3], "转人工")

    for tap in ("ticket:advice", "flow:begin%2Fticket:advice", "flow:resume", "flow:edit%2Fsystem"):
        assert chat.says("点", tap_id=tap).rule == "flow_later"
    assert chat.session.flow.paused


def test_pictures_are_counted_until_they_are_done():
    chat = a_chat(*FILLED[:6])
    chat.sends(m.Image("M1", "https://a.example/1"))
    turn = chat.sends(m.Video("M2"))

    assert "已收到 2 张，还可以再发 1 张" in text_of(turn)
    assert "截图：2 张图片" in text_of(chat.says("完成"))
    (entry,) = chat.says("确认").entries
    assert [(media.kind, media.media_id) for media in entry.media] == [("image", "M1"), ("video", "M2")]


def test_the_last_picture_needs_no_word():
    chat = a_chat(*FILLED[:6])
    for number in range(3):
        chat.sends(m.Image(f"M{number}"))

    assert at(chat) == ""
    assert text_of(chat.sends(m.Image("M4"))).startswith("最多收 3 张")


def test_a_picture_that_comes_early_is_kept():
    chat = a_chat("我要反馈")
    turn = chat.sends(m.Image("M1"))

    assert text_of(turn).startswith("图片收到了，放在「截图」里。\n\n（1/6）")
    assert len(chat.session.flow.values["shots"]) == 1


def test_pictures_can_be_sent_all_over_again():
    chat = a_chat(*FILLED[:6])
    chat.sends(m.Image("M1"))
    chat.says("重新发", tap_id="flow:other")

    assert "shots" not in chat.session.flow.values
    assert at(chat) == "shots"


def test_what_is_known_is_offered_and_not_asked_again():
    chat = a_chat()
    chat.session = a_session(known={"contact": "13812341234"})
    for words in FILLED[:5]:
        chat.says(words)

    assert labels(chat.turns[-1]) == ["用「138****1234」", "换一个"]
    chat.says("1")
    assert chat.session.flow.values["contact"] == "13812341234"


def test_another_answer_than_the_known_one_is_taken_at_once_or_asked_for():
    chat = a_chat()
    chat.session = a_session(known={"contact": "13812341234"})
    for words in (*FILLED[:5], "换一个"):
        chat.says(words)
    assert labels(chat.turns[-1]) == []

    chat.says("13912341234")
    assert chat.session.flow.values["contact"] == "13912341234"


def test_only_what_was_sent_is_known_the_next_time():
    chat = a_chat(*FILLED)
    assert chat.session.known == {}

    chat.says("确认")
    assert chat.session.known == {"contact": "13812341234"}


def test_a_form_without_confirmation_is_sent_at_once():
    chat = a_chat()
    chat.says("", tap_id="ticket:advice")
    turn = chat.says("希望有夜间模式")

    assert text_of(turn).startswith("谢谢！261123-")
    assert len(turn.tickets) == 1


def test_another_form_waits_for_the_one_that_is_begun():
    chat = a_chat(*FILLED[:3])
    turn = chat.says("", tap_id="ticket:advice")

    assert labels(turn) == ["继续「反馈问题」", "放弃它，开始「提建议」"]
    assert text_of(chat.says("1")).startswith("（3/6）")


def test_the_other_form_begins_when_the_first_is_given_up():
    chat = a_chat(*FILLED[:3])
    chat.says("", tap_id="ticket:advice")
    chat.says("2")

    assert (chat.session.flow.id, chat.session.flow.values) == ("advice", {})


def test_the_same_form_again_goes_on_or_starts_over():
    chat = a_chat(*FILLED[:3], "x")
    turn = chat.says("反馈", tap_id="ticket:problem")

    assert labels(turn) == ["继续「反馈问题」", "放弃它，重新开始"]


def test_a_form_in_which_nothing_was_given_makes_way():
    chat = a_chat("我要反馈")
    chat.says("", tap_id="ticket:advice")

    assert chat.session.flow.id == "advice"


def test_without_the_store_no_form_begins():
    chat = a_chat()
    chat.degraded = True

    assert chat.says("我要反馈").rule == "degraded"


def test_a_form_that_operators_took_out_is_over():
    chat = a_chat(*FILLED[:3])
    chat.script = replace(chat.script, forms={})

    assert chat.says("怎么退款").rule == "answered"
    assert chat.session.flow is None


def test_a_field_that_operators_took_out_is_not_asked():
    chat = a_chat(*FILLED[:3])
    fields = tuple(field for field in PROBLEM.fields if field.id not in ("version", "when"))
    chat.script = replace(chat.script, forms={"problem": replace(PROBLEM, fields=fields)})
    chat.says("提交")

    assert at(chat) == "contact"


def test_a_voice_in_words_answers_and_one_without_is_told_so():
    chat = a_chat("我要反馈")
    assert "听不了语音" in text_of(chat.sends(m.Voice("M1")))
    assert at(chat) == "description"

    chat.sends(m.Voice("M1", recognition="一打开就闪退。"))
    assert at(chat) == "system"


def test_an_account_that_cannot_send_tells_of_a_dropped_form_with_the_next_answer():
    chat = a_chat(*FILLED[:3], account_type=AccountType.UNVERIFIED)
    chat.waits(25 * HOUR)

    turn = chat.says("怎么退款")
    assert "「反馈问题」超过 24 小时没有完成" in text_of(turn)
    assert "系统：Windows" in text_of(turn)


@pytest.mark.parametrize(
    ("words", "tap", "value"), [((), "skip/version", ""), (("12.1.0", "上一步"), "use/version", "12.1.0")]
)
def test_two_taps_on_one_question_leave_the_next_alone(words, tap, value):
    chat = a_chat(*FILLED[:3], *words)
    chat.session = replace(chat.session, known={"when": "2026-11-22"})
    shop = replace(PROBLEM, fields=tuple(replace(field, optional=True, remember=True) for field in PROBLEM.fields))
    chat.script = replace(chat.script, forms={"problem": shop})

    for _ in range(2):
        chat.says("", tap_id=f"flow:{tap}")

    assert chat.session.flow.at == "when"
    assert chat.session.flow.values["version"] == value
