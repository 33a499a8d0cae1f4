"""Every sentence that the bot says by itself is shipped, and every shipped one is said."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import wxbot
from tests.factories import a_script, shipped_texts, shipped_words
from wxbot.answering.normalise import normalise
from wxbot.domain.dialogue.questions import SENTENCES
from wxbot.domain.dialogue.safety import MENTIONS, SECRETS
from wxbot.domain.dialogue.ticket_wording import LABELS, STATES
from wxbot.domain.fields import Fault

HOUSE = Path(wxbot.__file__).parent
SAID_OTHERWISE = {"welcome", "withheld"}
"""A greeting where the operator has written none, and what `Script.ours_only` puts in place of strangers."""
PLACEHOLDERS = {
    "browse_category": {"category"},
    "flow_begin_label": {"flow"},
    "flow_cancelled": {"flow"},
    "flow_dropped": {"flow", "given"},
    "flow_later": {"flow"},
    "flow_offer": {"flow"},
    "flow_other": {"flow"},
    "flow_paused": {"flow"},
    "flow_resume_label": {"flow"},
    "flow_return": {"flow"},
    "flow_ways_out": {"ways"},
    "form_confirm": {"given"},
    "form_edit_label": {"field"},
    "form_line": {"field", "value"},
    "form_optional": {"skip"},
    "form_pictures": {"max"},
    "form_pictures_full": {"max"},
    "form_pictures_given": {"count"},
    "form_pictures_kept": {"field"},
    "form_pictures_more": {"count", "left", "done", "again"},
    "form_question": {"number", "count", "ask"},
    "form_use_label": {"value"},
    "guide_tried": {"guide", "steps"},
    "guide_tried_step": {"step", "choice"},
    "held_more": {"count"},
    "human_ahead": {"ahead"},
    "human_closed": {"opening"},
    "official_no": {"what", "kind"},
    "official_unsure": {"what"},
    "official_yes": {"what", "kind"},
    "bind_tier": {"tier"},
    "bound": {"tier"},
    "phone_closed": {"opening"},
    "rating_label": {"mark"},
    "rating_ticket": {"number"},
    "secret_warning": {"secrets"},
    "ticket_again": {"number", "title"},
    "ticket_list_latest": {"count"},
    "ticket_list_page": {"count"},
    "ticket_undecided": {"number", "title", "promise"},
    "ticket_answered": {"number"},
    "ticket_append": {"number"},
    "ticket_appended": {"number"},
    "ticket_asked": {"number", "words"},
    "ticket_assigned": {"number"},
    "ticket_by": {"due"},
    "ticket_cannot": {"number", "state"},
    "ticket_closed": {"number"},
    "ticket_closed_with": {"number", "words"},
    "ticket_confirmed": {"number"},
    "ticket_line": {"number", "state", "title"},
    "ticket_linked": {"number"},
    "ticket_nudged": {"number"},
    "ticket_nudged_enough": {"number", "count"},
    "ticket_opened": {"number", "promise"},
    "ticket_owed": {"due"},
    "ticket_replied": {"number", "words"},
    "ticket_reopened": {"number", "promise"},
    "ticket_resolved": {"number"},
    "ticket_resolved_with": {"number", "words"},
    "ticket_said": {"words"},
    "ticket_shown": {"number", "title", "state", "opened"},
    "ticket_unknown": {"number"},
    "ticket_waiting": {"number", "words"},
    "wrong_choice": {"example"},
    "wrong_pictures": {"min"},
    "wrong_too_long": {"max"},
    "wrong_too_short": {"min"},
    "spare_email": {"text"},
    "spare_sms": {"text"},
}


def names_said() -> Iterator[str]:
    """Every name that some `say(…)` or `flow_option(…)` may be given."""
    for names in (SENTENCES, SECRETS, MENTIONS, STATES, LABELS):
        yield from names.values()
    yield from get_args(Fault)
    for path in HOUSE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (name := _name_of_wording(node)):
                literals = (part for part in ast.walk(name) if isinstance(part, ast.Constant))
                yield from (str(literal.value) for literal in literals)


def _name_of_wording(call: ast.Call) -> ast.expr | None:
    if getattr(call.func, "attr", "") == "say" and call.args:
        return call.args[0]
    return call.args[1] if getattr(call.func, "id", "") == "flow_option" else None


def test_what_is_said_is_shipped():
    assert set(names_said()) - set(shipped_texts()) == set()


def test_what_is_shipped_is_said():
    assert set(shipped_texts()) - set(names_said()) == SAID_OTHERWISE


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
