"""Alike questions stand together, whatever order and politeness they come in."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxbot.answering.clusters import Shelf, clusters, cosine, folder, vectors

CHINESE = st.text("怎么开发票退款注销账号的了吗 ?abc1", max_size=20)


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("请问怎么退款呢？", "怎么退款"),
        ("您好，我想咨询一下如何退款", "怎么退款"),
        ("能不能帮我退款", "能帮我退款"),
        ("可以退款吗谢谢", "能退款"),
        ("這是什麼", "这是什么"),
        ("登录不了", "登录不了"),
        ("谢谢", "谢谢"),
        ("", ""),
    ],
)
def test_a_gist_is_what_remains_without_politeness(text: str, gist: str) -> None:
    assert folder()(text) == gist


def test_synonyms_fold_to_the_first_of_their_group_the_longest_first() -> None:
    gist = folder([["会员", "VIP", "超级VIP"]])

    assert gist("超级vip怎么退") == gist("会员怎么退") == "会员怎么退"


@given(CHINESE)
def test_a_gist_is_never_empty_where_there_are_words(text: str) -> None:
    assert bool(folder()(text)) == bool(folder()(text + "😀"))


def test_alike_questions_join_the_first_of_them() -> None:
    texts = ["怎么开电子发票", "怎么注销账号", "电子发票怎么开", "账号怎么注销", "附近有什么餐厅"]

    assert clusters(texts) == [[0, 2], [1, 3], [4]]


def test_no_texts_make_no_clusters() -> None:
    assert clusters([]) == []
    assert clusters([""]) == [[0]]


@given(st.lists(CHINESE, max_size=30, unique=True))
def test_each_text_is_in_one_cluster(texts: list[str]) -> None:
    found = clusters(texts)

    assert sorted(number for group in found for number in group) == list(range(len(texts)))
    assert all(group == sorted(group) for group in found)


@given(st.lists(CHINESE, min_size=2, max_size=12, unique=True), st.floats(0.1, 0.95))
def test_a_shelf_misses_nothing_that_is_alike(texts: list[str], alike: float) -> None:
    asked, *others = vectors(texts)
    shelf = Shelf(alike)
    for number, vector in enumerate(others):
        shelf.put(number, vector)

    near = {number for number, _ in shelf.near(asked)}

    assert near == {number for number, other in enumerate(others) if cosine(asked, other) >= alike}


def test_twenty_thousand_questions_take_seconds() -> None:
    words = ["发票", "账号", "会员", "退款", "文档", "链接", "密码", "同步", "下载", "客服"]
    texts = [f"{a}{number}怎么{b}{number % 97}" for number in range(200) for a in words for b in words]

    started = time.monotonic()
    found = clusters(texts)

    assert 1 < len(found) < len(texts) == 20_000
    assert time.monotonic() - started < 30
