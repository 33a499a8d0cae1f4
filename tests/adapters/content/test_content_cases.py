"""Files of cases, as operators get them wrong and right."""

import json

import pytest

from wxbot.adapters.content import examine, fingerprint, load, schemas
from wxbot.domain.case import Case

ANSWERS = """\
category: 订单
answers:
  - {id: refund, question: 怎么退款, answer: 在订单页申请。}
  - {id: invoice, question: 怎么开发票, answer: 在订单页开。}
"""


@pytest.fixture
def folder_with(a_folder):
    """The text of a file of cases → the folder it lies in, beside two answers."""
    return lambda cases: a_folder({"answers/a.yaml": ANSWERS, "answers/a.cases.yaml": cases})


def told(folder) -> list[str]:
    return [str(problem) for problem in examine(folder).problems]


def test_cases_are_read_with_their_places(folder_with) -> None:
    examined = examine(
        folder_with("cases:\n  - ask: 退钱\n    expect: refund\n  - {ask: 天气, expect: none, accept: suggest}\n")
    )

    assert examined.problems == ()
    assert examined.cases == (
        Case("退钱", ("refund",), False, "answers/a.cases.yaml", 2),
        Case("天气", ("none",), True, "answers/a.cases.yaml", 4),
    )


def test_one_of_several_answers_may_be_right(folder_with) -> None:
    (case,) = examine(folder_with("cases: [{ask: 钱, expect: [refund, invoice, human]}]\n")).cases

    assert case.expect == ("refund", "invoice", "human")


def test_an_id_that_does_not_exist_is_told_with_its_neighbour(folder_with) -> None:
    assert told(folder_with("cases:\n  - {ask: 退钱, expect: refunds}\n  - {ask: 票, expect: [invoice, 天书]}\n")) == [
        "answers/a.cases.yaml:2:23: 没有 id 为「refunds」的答案。是不是想写「refund」",
        "answers/a.cases.yaml:3:32: 没有 id 为「天书」的答案。请写答案的 id，或者 none、human、browse、phones",
    ]


def test_ids_are_not_missed_while_an_answer_file_cannot_be_read(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": b"\xff\xfe", "answers/a.cases.yaml": "cases: [{ask: 退钱, expect: refund}]\n"})

    assert [problem.file for problem in examine(folder).problems] == ["answers/a.yaml"]


def test_asking_twice_is_an_error_only_where_the_expectations_differ(folder_with) -> None:
    cases = (
        "cases:\n  - {ask: 退钱, expect: refund}\n  - {ask: 退钱？, expect: refund}\n  - {ask: 退 钱, expect: none}\n"
    )

    assert told(folder_with(cases)) == [
        "answers/a.cases.yaml:3:11: 提醒：「退钱？」在 answers/a.cases.yaml 第 2 行已经写过。请删掉一个",
        (
            "answers/a.cases.yaml:4:11: 「退 钱」在 answers/a.cases.yaml 第 2 行已经写过。"
            "两处的 expect 还不一样，请留下对的那个"
        ),
    ]


def test_different_emoji_are_different_questions(folder_with) -> None:
    assert told(folder_with("cases: [{ask: 🙏, expect: none}, {ask: 👍, expect: none}]\n")) == []


def test_every_problem_is_told_at_once_and_hides_no_sound_case(folder_with) -> None:
    folder = folder_with(
        "cases:\n"
        "  - {ask: 退钱, expects: refund}\n"
        "  - {ask: 发票, expect: invoice, accept: maybe}\n"
        "  - {ask: 天气, expect: }\n"
        "  - {ask: 几点了, expect: none}\n"
    )

    assert told(folder) == [
        "answers/a.cases.yaml:2:5: 这一项缺少 expect。请加上一行 expect: ……",
        "answers/a.cases.yaml:2:15: 不认识的键「expects」。是不是想写「expect」",
        "answers/a.cases.yaml:3:40: 「accept」不能写「maybe」。可以写：answer、suggest",
        "answers/a.cases.yaml:4:23: 「expect」后面是空的。请写上内容，或者删掉这一行",
    ]
    assert "几点了" in [case.ask for case in examine(folder).cases]


def test_an_answer_named_like_a_reserved_word_is_told(a_folder) -> None:
    answers = "category: x\nanswers: [{id: human, question: 找谁, answer: 有}]\n"
    folder = a_folder({"answers/a.yaml": answers, "answers/b.cases.yaml": "cases: [{ask: 谁, expect: human}]\n"})

    assert told(folder) == [
        (
            "answers/b.cases.yaml:1:26: 提醒：这里的 human 不是指 id 为「human」的答案。"
            "要用例能指到它，请给那条答案换一个 id"
        )
    ]


def test_an_empty_file_of_cases_is_told(folder_with) -> None:
    assert told(folder_with("# 还没写\n")) == ["answers/a.cases.yaml:1:1: 文件是空的。请写上 cases，或者删掉这个文件"]


def test_a_broken_case_keeps_no_answer_from_the_followers(folder_with) -> None:
    folder = folder_with("cases: [{ask: 退钱\n")

    assert list(load(folder).script.answers) == ["refund", "invoice"]
    assert examine(folder).errors


def test_an_edited_case_reloads_nothing(folder_with) -> None:
    folder = folder_with("cases: []\n")
    before = fingerprint(folder)

    (folder / "answers/a.cases.yaml").write_text("cases: [{ask: 退钱, expect: refund}]\n")

    assert fingerprint(folder) == before


def test_given_files_are_read_in_place_of_those_in_the_folder(folder_with, tmp_path) -> None:
    folder = folder_with("cases: [{ask: 退钱, expect: refund}]\n")
    other = tmp_path / "other.yaml"
    other.write_text("cases: [{ask: 开票, expect: invoice}]\n")

    examined = examine(folder, [other])

    assert [(case.ask, case.file) for case in examined.cases] == [("开票", str(other))]


def test_editors_complete_cases() -> None:
    case = json.loads(schemas()["cases.schema.json"])["$defs"]["CaseSection"]["properties"]

    assert list(case) == ["ask", "expect", "accept"]
    assert case["accept"]["enum"] == ["answer", "suggest"]
