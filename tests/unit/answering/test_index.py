"""Which phrasings are compared with a question, and how many."""

import pytest

from wxbot.answering.index import FEWEST, FOR_EACH, MOST, Index, build_index

DISTANT = [["how", str(number)] for number in range(200)]
"""Phrasings that share a common token with every question."""


def an_index(close: int) -> Index:
    phrasings = [["how", "refund", f"detail {number}"] for number in range(close)] + DISTANT
    return build_index(phrasings, range(len(phrasings)))


def compared(index: Index, *tokens: str) -> list[int]:
    return index.nearest(index.known(tokens)).tolist()


def test_the_phrasings_that_share_most_are_compared():
    index = an_index(close=3)

    assert compared(index, "how", "refund")[:3] == [0, 1, 2]


@pytest.mark.parametrize(("close", "count"), [(1, FEWEST), (4, FEWEST), (6, 6 * FOR_EACH), (16, MOST), (100, MOST)])
def test_the_more_phrasings_come_close_the_more_are_compared(close, count):
    assert len(compared(an_index(close), "how", "refund")) == count


def test_what_shares_nothing_is_not_compared():
    index = build_index([["refund"], ["invoice"], ["refund", "invoice"]], range(3))

    assert compared(index, "refund") == [0, 2]


def test_an_entry_can_be_left_out():
    index = an_index(close=2)

    assert 0 not in index.nearest(index.known(["how", "refund"]), without=0)


def test_a_token_that_most_phrasings_hold_is_not_looked_up_where_rarer_ones_decide():
    index = build_index([["how", str(number % 6_000)] for number in range(12_000)], range(12_000))

    assert compared(index, "how", "7", "8") == [7, 8, 6_007, 6_008]
