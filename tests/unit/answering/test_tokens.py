import pytest

from wxbot.answering.general import background, folds, sounds
from wxbot.answering.segment import segmenter
from wxbot.answering.tokens import Reader, reader


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return reader(("轻舟模式",), (("会员", "SVIP"),), cache=tmp_path_factory.mktemp("jieba"))


def test_operators_words_are_kept_whole(reads):
    assert "轻舟模式" in reads.read("怎么打开轻舟模式").words


def test_operators_synonyms_replace_the_word_altogether(reads):
    assert reads.read("svip多少钱").plain == "会员多少钱"


def test_general_folds_let_words_meet_and_leave_the_text_alone(reads):
    reading = reads.read("如何登陆")

    assert reading.plain == "如何登陆"
    assert {"W怎么", "W登录", "如"} <= set(reading.tokens)


def test_homophones_share_their_sound(reads):
    right, wrong = set(reads.read("帐号").tokens), set(reads.read("账号").tokens)

    assert {token for token in right & wrong if token[0] == "S"} == {token for token in right if token[0] == "S"}


def test_letters_and_figures_are_whole_units(reads):
    assert {"iphone", "15", "iphone15"} <= set(reads.read("iphone15").tokens)


def test_each_token_stands_once(reads):
    tokens = reads.read("退款退款").tokens

    assert len(tokens) == len(set(tokens))


def test_strangers_are_words_of_content_nobody_has(reads):
    assert list(reads.strangers(("怎么", "榴莲", "吗"), {"怎", "么"})) == ["榴莲"]


def test_a_fold_leads_to_a_word_that_stays():
    assert all(folds()[word] == word for word in folds().values())


def test_every_sound_leads_to_a_character_of_the_same():
    assert all(sounds()[ord(first)] == first for first in sounds().values())
    assert "你在干什么" in background()
    assert "你在干什么" not in background(small_talk=False)


def test_both_segmenters_cut_alike(tmp_path):
    pytest.importorskip("rjieba")
    fast, plain = (segmenter(("轻舟模式",), cache=tmp_path, fast=fast) for fast in (True, False))

    for text in ("怎么打开轻舟模式", "我想查一下上个月的账单明细", "iphone15登录不上怎么办", "svip能不能退"):
        assert list(fast(text)) == list(plain(text))


def test_the_compiled_dictionary_is_kept_in_the_given_folder(tmp_path):
    segmenter(("轻舟模式",), cache=tmp_path / "own", fast=False)

    assert segmenter(cache=tmp_path / "own", fast=False)("退款")
