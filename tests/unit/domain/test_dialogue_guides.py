"""Step-by-step troubleshooting."""

import pytest

from tests.factories import HOUR, MINUTE, labels, text_of
from tests.unit.domain.flow_factories import a_chat
from wxbot.domain import message as m
from wxbot.domain.session import Mode

START = "排查文件打不开"


def test_a_guide_begins_with_its_first_step():
    turn = a_chat(START).turns[-1]

    assert text_of(turn).startswith("您的版本是最新的吗？")
    assert labels(turn) == ["是", "不是"]


@pytest.mark.parametrize("way", ["1", "是", "是的"])
def test_a_choice_is_made_by_number_label_or_words(way):
    assert a_chat(START, way).session.flow.at == "restart"


def test_a_choice_can_be_tapped_when_the_talk_is_forgotten():
    chat = a_chat()
    turn = chat.says("不是", tap_id="guide:cannot-open%2Fversion%2F2")

    assert text_of(turn).startswith("请先更新到最新版本。")


def test_a_guide_works_without_the_store():
    chat = a_chat()
    chat.degraded = True

    assert text_of(chat.says(START)).startswith("您的版本是最新的吗？")
    assert text_of(chat.says("是", tap_id="guide:cannot-open%2Fversion%2F1")).startswith("请重启后再试")


def test_a_tap_on_an_earlier_step_goes_back_there():
    chat = a_chat(START, "1")
    chat.says("不是", tap_id="guide:cannot-open%2Fversion%2F2")

    assert [pick.label for pick in chat.session.flow.path] == ["不是"]


def test_solved_thanks_and_asks_nothing_more():
    chat = a_chat(START, "1", "解决了")

    assert text_of(chat.turns[-1]).startswith("太好了！")
    assert (labels(chat.turns[-1]), chat.session.flow) == ([], None)


def test_a_denial_is_no_solution():
    chat = a_chat(START, "1", "没解决")

    assert text_of(chat.turns[-1]).startswith("请从下面选一个最接近的。")
    assert chat.session.flow.at == "restart"


def test_a_guide_may_end_in_an_answer_or_with_people():
    assert a_chat(START, "2", "不会更新").turns[-1].rule == "answer"
    assert a_chat(START, "2", "还是不行").session.mode is Mode.QUEUED


def test_what_was_tried_becomes_part_of_the_ticket():
    chat = a_chat(START, "1", "还是不行", "双击没有反应", "1", "跳过", "昨天", "13812341234", "跳过")
    assert "已按「文件打不开」排查" in text_of(chat.turns[-1])

    (entry,) = chat.says("确认").entries
    assert entry.values[0].text == (
        "双击没有反应\n\n已按「文件打不开」排查：\n· 您的版本是最新的吗？ → 是\n· 请重启后再试。解决了吗？ → 还是不行"
    )


def test_one_step_back_asks_the_step_before():
    chat = a_chat(START, "1", "上一步")

    assert (chat.session.flow.at, chat.session.flow.path) == ("version", ())


def test_starting_over_begins_at_the_first_step():
    assert a_chat(START, "2", "重新开始").session.flow.at == "version"


def test_a_question_in_between_is_answered_and_the_step_said_again():
    turn = a_chat(START, "怎么退款").turns[-1]

    assert "申请退款" in text_of(turn)
    assert "回到「文件打不开」 ——\n您的版本是最新的吗？" in text_of(turn)


def test_after_two_texts_that_fit_no_choice_the_ways_out_are_offered():
    turn = a_chat(START, "火星移民", "火星移民").turns[-1]

    assert all(f">{way}</a>" in text_of(turn) for way in ("取消", "转人工"))


def test_a_picture_has_no_place_in_a_guide_and_keeps_it():
    chat = a_chat(START)

    assert "先替您留着" in text_of(chat.sends(m.Image("M")))
    assert chat.session.flow.at == "version"


def test_after_half_an_hour_a_text_is_no_answer_any_more():
    chat = a_chat(START, "1")
    chat.waits(31 * MINUTE)
    turn = chat.says("怎么退款")

    assert "回复「继续」接着来" in text_of(turn)
    assert "回复「继续」接着来" not in text_of(chat.says("怎么退款"))
    assert text_of(chat.says("继续")).startswith("请重启后再试")


def test_after_a_day_there_is_nothing_to_go_on_with():
    chat = a_chat(START, "1")
    chat.waits(25 * HOUR)
    chat.says("怎么退款")

    assert chat.session.flow is None
