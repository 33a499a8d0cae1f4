"""Answers that get in each other's way."""

import pytest

from tests.factories import a_script, an_answer
from wxbot.service.content import Live, ready
from wxbot.service.lint import Finding, lint
from wxbot.service.ports import Loaded


def found(*answers, synonyms=()) -> list[Finding]:
    script = a_script(answers={answer.id: answer for answer in answers}, categories={})
    return lint(ready(Loaded(script, synonyms=synonyms)), synonyms)


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
        "没有一种问法能得到 one 这条答案"
    ]


def test_a_phrasing_that_gets_another_entry_is_found() -> None:
    one, other = an_answer("one", "怎么退款"), an_answer("other", "怎么换货", similar=("退货款",))
    live = ready(Loaded(a_script(answers={"one": one, "other": other})))

    (finding,) = lint(Live(live.script, _Confused(live.engine, {"退货款": "怎么退款"})))  # type: ignore[arg-type]

    assert (finding.id, finding.piece) == ("other", ("similar", 0))
    assert finding.message == "问「退货款」得到的是 one「怎么退款」"


class _Confused:
    """An engine that hears some texts as others."""

    def __init__(self, engine, heard) -> None:
        self._engine, self._heard = engine, heard

    def find(self, text: str):
        return self._engine.find(self._heard.get(text, text))


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
