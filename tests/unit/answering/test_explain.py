import pytest

from wxbot.answering.entry import Entry
from wxbot.answering.explain import render
from wxbot.answering.search import Engine, build


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build([Entry("return", "在哪里还车"), Entry("deposit", "押金怎么退", keywords=("退钱",))])


def test_an_exact_match_is_told_as_one(engine):
    text = render(engine.explain("在哪里还车？"))

    assert text.startswith("结果　直接回答：return（把握 1.00")
    assert "一字不差" in text


def test_a_comparison_is_told_in_parts(engine):
    text = render(engine.explain("请问如何退钱"))

    assert "同义　如何 → 怎么" in text
    assert "关键词 +" in text
    assert "最像的问法：押金怎么退" in text


def test_nothing_to_read_is_told_too(engine):
    assert "（没有文字）" in render(engine.explain("😀"))
