from collections.abc import Sequence

import numpy as np
import pytest

from wxbot.answering.domain import Domain, learn_domain

OURS = [
    ["退", "押金"],
    ["押金", "多久", "到账"],
    ["怎么", "还", "单车"],
    ["单车", "坏", "了"],
    ["怎么", "退", "月卡"],
] * 4
NUMBERS = {token: number for number, token in enumerate(dict.fromkeys(token for tokens in OURS for token in tokens))}
THEIRS = [["怎么", "做", "蛋糕"], ["今天", "天气"], ["多久", "到", "北京"], ["怎么", "学", "钢琴"], ["坏", "了"]] * 10


@pytest.fixture(scope="module")
def domain() -> Domain:
    return learn_domain(OURS, THEIRS, NUMBERS)


def log_odds(domain: Domain, tokens: Sequence[str]) -> float:
    known = [NUMBERS[token] for token in tokens if token in NUMBERS]
    return domain.log_odds(np.array(known, np.intp), len(tokens) - len(known))


def test_our_words_speak_for_a_question_and_everyday_words_against(domain):
    assert log_odds(domain, ["退", "单车", "押金"]) > 0 > log_odds(domain, ["怎么", "做", "钢琴"])


def test_a_word_nobody_has_speaks_against(domain):
    assert log_odds(domain, ["押金", "榴莲"]) < log_odds(domain, ["押金"])


def test_a_text_without_words_is_judged_all_the_same(domain):
    assert isinstance(log_odds(domain, []), float)


def test_a_single_phrasing_is_no_reason_for_extremes():
    domain = learn_domain([["押金"]], THEIRS, {"押金": 0})

    assert abs(log_odds(domain, ["榴莲"])) < 5
