"""Gaps of a real dialogue and a real engine, from questions as the log keeps them."""

import random
from dataclasses import replace

import pytest

from tests.factories import NOW, USER, a_script, an_answer
from wxbot.domain.case import Case
from wxbot.domain.personal import HIDDEN
from wxbot.domain.rating import Rating
from wxbot.domain.turn import Question
from wxbot.service.content import Live, ready
from wxbot.service.gaps import BadlyRated, Gap, badly_rated, broken_by, find_gaps, named
from wxbot.service.ports import Loaded


def a_live(*extra) -> Live:
    return ready(Loaded(a_script(*extra)))


def asked(text: str, user: str = "u1", at: int = NOW, outcome: str = "none") -> Question:
    return Question(user, at, text, outcome, "", 0.1)  # type: ignore[arg-type]


def gaps_of(*questions: Question | str, live: Live | None = None) -> list[Gap]:
    return find_gaps([asked(one) if isinstance(one, str) else one for one in questions], live or a_live())


def test_alike_questions_are_one_gap_under_the_most_frequent() -> None:
    (gap,) = gaps_of("大理石地板如何打蜡", "请问大理石地板怎么打蜡？", "大理石地板怎么打蜡", "大理石地板怎么打蜡")

    assert gap.question == "大理石地板怎么打蜡"
    assert gap.phrasings == ("大理石地板怎么打蜡", "大理石地板如何打蜡", "请问大理石地板怎么打蜡？")
    assert gap.count == 4


def test_a_gap_counts_people_and_knows_the_last_time() -> None:
    (gap,) = gaps_of(asked("怎么养猫", "u1", 5), asked("怎么养猫", "u2", 9), asked("怎么养猫", "u1", 7))

    assert (gap.count, gap.users, gap.last) == (3, 2, 9)


def test_the_most_frequent_gap_comes_first_then_the_one_of_more_people() -> None:
    questions = [asked("怎么养猫"), asked("怎么养猫"), asked("天气如何"), asked("天气如何", "u2"), asked("唱首歌听听")]

    assert [gap.question for gap in gaps_of(*questions)] == ["天气如何", "怎么养猫", "唱首歌听听"]


def test_the_order_of_the_log_does_not_matter() -> None:
    texts = [f"{verb}{thing}" for verb in ("怎么养", "哪里买", "如何喂") for thing in ("小猫", "小狗", "金鱼")]
    shuffled = random.Random(1).sample(texts, len(texts))

    assert gaps_of(*texts) == gaps_of(*shuffled)


def test_the_nearest_answer_is_named() -> None:
    (gap,) = gaps_of("发票抬头写错了想重新弄")

    assert gap.nearest
    assert gap.nearest.id == "invoice"


@pytest.mark.parametrize(
    "text",
    ["你好", "转人工", "麻烦转人工客服", "分类", "订单", "客服电话", "怎么退款"]
    + [
        "😀",
        "[捂脸]",
        "[图片]",
        "【收到不支持的消息类型，暂无法显示】",
        "[文件]合同.pdf",
        "13800138000",
        "？？",
        "1",
        "嗯",
    ]
    + ["https://example.com/a?b=c"],
)
def test_what_is_no_gap_is_left_out(text: str) -> None:
    assert gaps_of(text) == []


def test_what_was_answered_is_no_gap_and_suggestions_are() -> None:
    assert gaps_of(asked("怎么养猫", outcome="answer")) == []
    assert len(gaps_of(asked("怎么养猫", outcome="suggest"))) == 1


def test_a_gap_that_the_content_fills_is_gone() -> None:
    filled = a_live(an_answer("cats", "怎么养猫"))

    assert gaps_of("怎么养猫", live=filled) == []


def test_personal_data_is_hidden_and_not_to_be_taught() -> None:
    (gap,) = gaps_of("猫丢了请打13800138000", "猫丢了请打13800138000", "猫丢了请打电话")

    assert gap.phrasings == (f"猫丢了请打{HIDDEN}", "猫丢了请打电话")
    assert gap.teachable == ("猫丢了请打电话",)


def test_stories_and_other_spellings_are_not_to_be_taught() -> None:
    (gap,) = gaps_of("怎么养猫", "怎么养猫", "怎么养猫？", "怎么养猫" * 20)[:1]

    assert gap.teachable == ("怎么养猫",)


def test_phrasings_are_taught_by_frequency_and_each_spelling_once() -> None:
    gap = Gap("怎么养猫", ("怎么养猫", "猫怎么养", "怎么养猫？"), 3, 1, NOW)

    assert gap.teachable == ("怎么养猫", "猫怎么养")


def test_a_text_is_shown_on_one_line_without_tricks() -> None:
    (gap,) = gaps_of("怎么\n养\x1b[31m猫")

    assert gap.question == "怎么 养 [31m猫"


def test_a_gap_is_named_by_number_or_by_any_of_its_texts() -> None:
    gaps = gaps_of("怎么养猫", "怎么养猫", "请问怎么养猫", "天气好吗")

    assert [named(gaps, name) for name in ("1", "2", "请问怎么养猫！", "天气好吗")] == [0, 1, 0, 1]
    assert [named(gaps, name) for name in ("0", "3", "养狗", "")] == [None] * 4


def test_a_case_is_broken_that_was_met_before() -> None:
    cases = [Case("怎么养猫", ("none",)), Case("怎么退款", ("refund",)), Case("怎么养狗", ("refund",))]

    broken = broken_by(a_live(), a_live(an_answer("cats", "怎么养猫")), cases)

    assert [result.case.ask for result in broken] == ["怎么养猫"]


def test_nothing_asked_leaves_no_gaps() -> None:
    assert gaps_of() == []


def test_answers_that_did_not_help_are_listed_with_their_reasons():
    live = ready(Loaded(a_script()))
    first = Rating("r1", USER, "answer", "refund", NOW, mark=1)
    ratings = [first, replace(first, reason="还是找不到按钮"), Rating("r2", USER, "answer", "invoice", NOW, mark=5)]

    assert badly_rated(ratings, live) == [BadlyRated("refund", 1, ("还是找不到按钮",))]
