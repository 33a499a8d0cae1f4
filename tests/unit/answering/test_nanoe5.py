"""The real model; collected only where the extra `semantic` is installed."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from wxbot.answering.entry import Entry
from wxbot.answering.search import build
from wxbot.answering.vectors import Encoder, installed_encoder

ENTRIES = (
    Entry("deposit", "押金怎么退"),
    Entry("return", "在哪里还车"),
    Entry("lost", "东西落在车筐里了"),
    Entry("child", "小孩可以骑吗"),
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    found = installed_encoder()
    assert found is not None
    return found


def test_it_knows_what_words_do_not_tell(encoder, tmp_path):
    engine = build(ENTRIES).with_meaning(encoder, cache=tmp_path)

    assert engine.find("未成年人能用吗").candidates[0].id == "child"
    assert engine.find("我的包忘拿走了").candidates[0].id == "lost"


def test_vectors_have_length_one_whatever_the_text(encoder):
    lengths = [np.linalg.norm(encoder.encode(text)) for text in ("", "怎么退款", "a" * 40, "\U0002a6a5")]

    np.testing.assert_allclose(lengths, 1, atol=1e-3)


@pytest.mark.parametrize("sign", ["啊", "\U0002a6a5"])
def test_a_text_is_read_no_further_than_is_affordable(encoder, sign):
    assert np.array_equal(encoder.encode(sign * 100), encoder.encode(sign * 1000))


def test_threads_do_not_disturb_each_other(encoder):
    texts = [f"第{number}个问题怎么办" for number in range(12)]

    with ThreadPoolExecutor(4) as pool:
        at_once = list(pool.map(encoder.encode, texts))

    assert all(np.array_equal(one, encoder.encode(text)) for one, text in zip(at_once, texts, strict=True))
