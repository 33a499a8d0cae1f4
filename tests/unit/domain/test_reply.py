import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxbot.domain.reply import TEXT_LIMIT_BYTES, split_text

LINK = '<a href="weixin://bizmsgmenu?msgmenucontent=退款&msgmenuid=answer:refund">怎么退款</a>'
FAMILY = "👨‍👩‍👧‍👦"

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
marked_up = st.lists(st.one_of(anything, st.just(LINK), st.just(FAMILY), st.just("\n")), max_size=20).map("".join)


def without_space(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_a_text_that_fits_is_one_piece():
    assert split_text("您好\n请问要查哪个订单？") == ["您好\n请问要查哪个订单？"]


@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\u3000\t"])
def test_blank_text_gives_nothing(blank):
    assert split_text(blank) == []


def test_the_limit_counts_bytes():
    assert split_text("字" * 683) == ["字" * 682, "字"]


def test_exactly_the_limit_is_one_piece():
    assert split_text("a" * TEXT_LIMIT_BYTES) == ["a" * TEXT_LIMIT_BYTES]


def test_a_cut_falls_on_the_end_of_a_line():
    assert split_text("第一行\n第二行\n第三行", limit=20) == ["第一行\n第二行", "第三行"]


def test_blank_lines_around_a_cut_are_not_shown():
    assert split_text("一二三四\n\n五六七八", limit=14) == ["一二三四", "五六七八"]


@pytest.mark.parametrize("sign", ["字", "😀", FAMILY, "🇨🇳", "👍🏽", "e\u0301", "1\ufe0f\u20e3"])
def test_no_sign_is_cut_in_two(sign):
    pieces = split_text(sign * 40, limit=64)

    assert all(len(piece) % len(sign) == 0 for piece in pieces)
    assert "".join(pieces) == sign * 40


def test_a_sign_longer_than_the_limit_is_cut_between_code_points():
    assert "".join(split_text(FAMILY, limit=8)) == FAMILY


def test_a_link_is_never_cut():
    pieces = split_text(f"{'字' * 20}{LINK}{'字' * 20}", limit=len(LINK.encode()))

    assert pieces == ["字" * 20, LINK, "字" * 20]


def test_a_link_over_two_lines_is_never_cut():
    link = '<a href="https://a.example/">点击\n这里</a>'

    pieces = split_text(f"{'字' * 10}\n{link}\n{'字' * 10}", limit=60)

    assert link in pieces


def test_a_link_longer_than_the_limit_keeps_its_words():
    pieces = split_text(f'看<a href="https://{"a" * 100}.example/">这一页</a>吧', limit=60)

    assert pieces == ["看这一页吧"]


def test_what_only_begins_like_a_link_is_text():
    assert "".join(split_text("<a href=" * 20, limit=32)) == "<a href=" * 20


@given(marked_up, st.integers(min_value=4, max_value=400))
def test_every_piece_keeps_the_limit(text, limit):
    assert all(0 < len(piece.encode()) <= limit for piece in split_text(text, limit))


@given(anything, st.integers(min_value=4, max_value=400))
def test_nothing_but_white_space_is_lost(text, limit):
    assert without_space("".join(split_text(text, limit))) == without_space(text)


@given(marked_up)
def test_every_link_stays_whole(text):
    pieces = split_text(text, limit=300)

    assert sum(piece.count(LINK) for piece in pieces) == text.count(LINK)
