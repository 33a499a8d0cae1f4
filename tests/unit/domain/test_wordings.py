"""Every sentence that the bot says by itself is shipped, and every shipped one is said."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import wxbot
from tests.factories import a_script, shipped_texts, shipped_words
from wxbot.answering.normalise import normalise
from wxbot.domain.dialogue.questions import SENTENCES
from wxbot.domain.dialogue.safety import MENTIONS, SECRETS

HOUSE = Path(wxbot.__file__).parent
SAID_BY_THE_LOADER = {"welcome"}
"""Stands in for a greeting that the operator has not written."""
PLACEHOLDERS = {
    "browse_category": {"category"},
    "human_closed": {"opening"},
    "official_no": {"what", "kind"},
    "official_unsure": {"what"},
    "official_yes": {"what", "kind"},
    "secret_warning": {"secrets"},
}


def names_said() -> Iterator[str]:
    """Every name that some `say(…)` may be given."""
    for names in (SENTENCES, SECRETS, MENTIONS):
        yield from names.values()
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say" and node.args:
                literals = (part for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))
                yield from (str(literal.value) for literal in literals)


def test_what_is_said_is_shipped():
    assert set(names_said()) - set(shipped_texts()) == set()


def test_what_is_shipped_is_said():
    assert set(shipped_texts()) - set(names_said()) == SAID_BY_THE_LOADER


@pytest.mark.parametrize("name", sorted(shipped_texts()))
def test_every_shipped_text_can_be_filled_in(name):
    used = {field for _, field, _, _ in Formatter().parse(shipped_texts()[name]) if field}

    assert used <= {"name"} | PLACEHOLDERS.get(name, set())
    assert a_script().say(name, **dict.fromkeys(used - {"name"}, "账号"))


@pytest.mark.parametrize("texts", [shipped_texts().values(), shipped_words().human | shipped_words().leave])
def test_nothing_shipped_is_blank(texts):
    assert all(text.strip() for text in texts)


def test_no_word_has_two_meanings():
    words = shipped_words()

    meanings = (words.human, words.leave, words.browse, words.contacts, words.more)

    assert sum(map(len, meanings)) == len(frozenset().union(*meanings))


@pytest.mark.parametrize("hint", ["继续", "取消"])
def test_what_followers_are_told_to_reply_is_understood(hint):
    words = shipped_words()

    assert any(f"「{hint}」" in text for text in shipped_texts().values())
    assert normalise(hint) in words.more | words.leave
