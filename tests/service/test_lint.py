"""Answers that get in each other's way."""

from dataclasses import replace

import pytest

from tests.factories import a_script, an_answer
from wxbot.domain.action import Action
from wxbot.service.lint import Finding, lint


def found(*answers, synonyms=()) -> list[Finding]:
    script = a_script(answers={answer.id: answer for answer in answers}, categories={})
    return lint(script, synonyms)


def pair(one: str, other: str, **changes) -> tuple:
    return an_answer("one", one), an_answer("other", other, **changes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("怎么开发票", "发票如何开呢"),
        ("怎么退款", "请问我要退款"),
        ("为什么没有人接电话", "没人接电话，为啥"),
        ("怎么注销账号", "帐户怎样注销"),
    ],
)
def test_one_question_in_two_wordings_is_found(one: str, other: str) -> None:
    (finding,) = found(*pair(one, other), synonyms=(("账号", "帐户"),))

    assert (finding.id, finding.piece) == ("other", ("question",))
    assert f"「{other}」和 one 的「{one}」问的是同一件事" in finding.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PDF怎么转Word", "Word怎么转PDF"),
        ("手机绑定微信", "微信绑定手机"),
        ("怎么开发票", "怎么开电子发票"),
        ("怎么用模板", "模板怎么样"),
        ("能退款吗", "怎么退款"),
        ("怎么退款", "为什么退款"),
    ],
)
def test_different_questions_of_much_the_same_words_are_not(one: str, other: str) -> None:
    assert found(*pair(one, other)) == []


def test_the_place_of_a_similar_phrasing_is_told() -> None:
    (finding,) = found(*pair("怎么开发票", "怎么报销", similar=("报销流程", "发票怎么开")))

    assert finding.piece == ("similar", 1)


def test_what_is_spelled_the_same_is_left_to_the_check_of_the_files() -> None:
    assert [finding.message for finding in found(*pair("怎么退款", "怎么退款？", similar=("申请退钱",)))] == [
        "没有一种问法能得到 one 这条答案，也没有菜单、选项或相关问题通到它"
    ]


def test_an_answer_that_a_tap_leads_to_has_a_way_in() -> None:
    one, other = an_answer("one", "怎么退款", "一"), an_answer("other", "怎么退款？", "二")
    answers = {"one": one, "other": other}

    assert [finding.id for finding in lint(a_script(answers=answers))] == ["one"]
    assert lint(a_script(answers={**answers, "other": replace(other, related=("one",))})) == []
    assert lint(a_script(answers=answers, old_keys={"K": Action("answer", "one")})) == []


def test_equal_answers_are_found() -> None:
    (finding,) = found(an_answer("one", "怎么退款", "联系我们。"), an_answer("other", "怎么换货", "联系我们。"))

    assert (finding.id, finding.piece) == ("other", ("answer",))
    assert "和 one 的一字不差" in finding.message


@pytest.mark.parametrize(("holders", "findings"), [(5, 0), (6, 1)])
def test_a_keyword_of_many_entries_is_found(holders: int, findings: int) -> None:
    topics = ["发票", "退款", "注销", "会员", "下载", "同步"][:holders]

    assert len(found(*(an_answer(topic, f"怎么{topic}", keywords=("账号",)) for topic in topics))) == findings


def test_small_talk_may_be_polite_in_many_ways() -> None:
    thanks, fine = an_answer("thanks", "好的谢谢", smalltalk=True), an_answer("ok", "好的", smalltalk=True)

    assert found(thanks, fine) == []


def test_no_answers_are_nothing_to_complain_of() -> None:
    assert found() == []
