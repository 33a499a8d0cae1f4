"""Which phrasings are compared with a question."""

from wxbot.answering.index import NEAREST, Index, build_index

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


def test_of_more_phrasings_than_can_be_compared_the_nearest_are():
    assert compared(an_index(close=NEAREST), "how", "refund") == list(range(NEAREST))


def test_what_shares_nothing_is_not_compared():
    index = build_index([["refund"], ["invoice"], ["refund", "invoice"]], range(3))

    assert compared(index, "refund") == [0, 2]


def test_an_entry_can_be_left_out():
    index = an_index(close=2)

    assert 0 not in index.nearest(index.known(["how", "refund"]), without=0)


def test_a_token_that_most_phrasings_hold_is_not_looked_up_where_rarer_ones_decide():
    index = build_index([["how", str(number % 6_000)] for number in range(12_000)], range(12_000))

    assert compared(index, "how", "7", "8") == [7, 8, 6_007, 6_008]
