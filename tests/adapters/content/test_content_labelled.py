"""Questions with their right answers, from the files people have."""

import pytest

from wxbot.adapters.content import read_labelled
from wxbot.answering.evaluate import Labelled
from wxbot.errors import ContentError

EXPECTED = [Labelled("怎么退款", ("refund",)), Labelled("退钱", ("refund", "cancel")), Labelled("天气", ())]


@pytest.fixture
def a_file(tmp_path):
    def write(name: str, text: str):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.jsonl",
            (
                '{"query": "怎么退款", "gold": ["refund"]}\n\n{"ask": "退钱", "expect": ["refund", "cancel"]}\n'
                '{"query": "天气", "gold": []}\n'
            ),
        ),
        ("a.csv", "\ufeffquery,gold\r\n怎么退款,refund\r\n退钱,refund|cancel\r\n天气,\r\n"),
        ("b.csv", "来源,ask,expect\n客服,怎么退款,refund\n客服,退钱,refund|cancel\n客服,天气,none\n"),
        (
            "a.yaml",
            "- {ask: 怎么退款, expect: refund}\n- {query: 退钱, gold: [refund, cancel]}\n- {ask: 天气, gold: []}\n",
        ),
        (
            "a.cases.yaml",
            (
                "cases:\n  - {ask: 怎么退款, expect: refund}\n  - {ask: 退钱, expect: [refund, cancel]}\n"
                "  - {ask: 天气, expect: none, accept: suggest}\n"
            ),
        ),
    ],
)
def test_every_format_says_the_same(a_file, name, text) -> None:
    assert read_labelled(a_file(name, text)) == EXPECTED


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.jsonl", '{"ask": "x", "gold": []}\n{"ask": \n', ["2:1: 这一行不是 JSON。每行写一个 {……}"]),
        ("a.jsonl", '["x"]\n', ["1:1: 这里应为一个问题和它的答案"]),
        ("a.jsonl", '{"ask": "x", "gold": 3}\n{"gold": []}\n', ["1:1: 没有写答案 id", "2:1: 没有写问题"]),
        ("a.csv", "问题,答案\n怎么退款,refund\n", ["2:1: 没有写问题"]),
        ("a.yaml", "- {ask: x, gold: []}\n- {ask: 退钱}\n", ["2:1: 没有写答案 id"]),
        ("a.yaml", "questions: []\n", ["1:1: 这里应为一个列表，或者 cases:"]),
        ("a.txt", "怎么退款", ["1:1: 不认识这种文件。可以用 .jsonl、.csv、.yaml、.yml"]),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_line(a_file, name, text, told) -> None:
    file = a_file(name, text)

    with pytest.raises(ContentError) as error:
        read_labelled(file)

    found = [str(problem).removeprefix(f"{file}:") for problem in error.value.problems]
    assert [one.startswith(begin) for one, begin in zip(found, told, strict=True)] == [True] * len(told)


def test_a_missing_cell_is_out_of_scope(a_file) -> None:
    assert read_labelled(a_file("a.csv", "ask,gold\n天气\n")) == [Labelled("天气")]
