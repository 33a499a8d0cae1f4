"""What comparing meanings adds to comparing words, with a model that knows four topics."""

import logging
from pathlib import Path

import pytest

from tests.unit.answering.meanings import Thesaurus
from wxbot.answering.entry import Entry
from wxbot.answering.explain import render
from wxbot.answering.search import Engine, build
from wxbot.answering.semantic import learn_meaning

ENTRIES = (
    Entry("deposit", "押金怎么退", ("我要退押金", "押金多久退回来")),
    Entry("return", "在哪里还车", ("还车要停到什么地方", "骑完了怎么还车")),
    Entry("invoice", "骑行发票怎么开", ("发票在哪里领",)),
    Entry("hello", "你好", ("您好呀", "早上好"), smalltalk=True),
)
PARAPHRASE = "担保费几号给"
"""Shares no sign with any phrasing."""


@pytest.fixture
def thesaurus() -> Thesaurus:
    return Thesaurus()


@pytest.fixture
def engine(thesaurus: Thesaurus, tmp_path: Path) -> Engine:
    engine = build(ENTRIES).with_meaning(thesaurus, cache=tmp_path)
    thesaurus.asked.clear()
    return engine


def test_an_entry_is_found_that_no_word_of_the_question_leads_to(engine):
    assert build(ENTRIES).find(PARAPHRASE).candidates[:1] == ()
    assert engine.find(PARAPHRASE).candidates[0].id == "deposit"


def test_meaning_is_asked_once_where_words_leave_a_doubt(engine, thesaurus):
    engine.find(PARAPHRASE)

    assert thesaurus.asked == [PARAPHRASE]


@pytest.mark.parametrize("text", ["押金怎么退？", "请问骑完了怎么还车呀", "😀", ""])
def test_meaning_is_not_asked_where_there_is_no_doubt_or_no_text(engine, thesaurus, text):
    engine.find(text)

    assert thesaurus.asked == []


def test_a_long_question_is_read_no_further_than_is_affordable(engine, thesaurus):
    engine.find(PARAPHRASE * 100)

    assert [len(text) for text in thesaurus.asked] == [40]


def test_small_talk_stays_small_talk(engine):
    assert engine.find("早啊你好").ids == ("hello",)


def test_what_means_nothing_of_ours_is_not_answered(engine):
    assert engine.find("红烧肉要炖多长时间").outcome != "answer"


def test_the_explanation_tells_that_meaning_took_part(engine):
    text = render(engine.explain(PARAPHRASE))

    assert "又用语义模型比较了意思" in text
    assert "意思 +" in text


def test_the_explanation_is_silent_where_words_were_enough(engine):
    assert "意思" not in render(engine.explain("请问骑完了怎么还车呀"))


def test_verdicts_are_the_same_after_a_restart(engine, tmp_path):
    again = build(ENTRIES).with_meaning(Thesaurus(), cache=tmp_path)

    assert again.find(PARAPHRASE) == engine.find(PARAPHRASE)


def test_an_engine_with_one_entry_or_none_can_compare_meanings_too(thesaurus, tmp_path):
    assert build([]).with_meaning(thesaurus, cache=tmp_path).find(PARAPHRASE).outcome == "none"
    assert build(ENTRIES[:1]).with_meaning(thesaurus, cache=tmp_path).find(PARAPHRASE).candidates[0].id == "deposit"


def test_more_phrasings_than_can_be_afforded_are_compared_by_words_alone(engine, thesaurus, tmp_path, caplog):
    with caplog.at_level(logging.WARNING):
        found = learn_meaning(thesaurus, engine.reader, engine.business, None, cache=tmp_path, largest=7)

    assert (found, thesaurus.asked) == (None, [])
    assert "8 phrasings are more than 7" in caplog.text
