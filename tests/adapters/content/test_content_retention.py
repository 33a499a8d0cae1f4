"""`retention:` in menus.yaml: what it becomes, and what is wrong with it."""

import pytest

from tests.adapters.content.test_content_broken import KNOWN, told
from wxbot.adapters import content
from wxbot.domain.retention import BOUNDS, DAY_S, Limits

SOUND = "version: 1\nretention:\n  tickets: 400天\n  unfollowed: 10天\n  media: 30天\n"


def test_limits_become_values_and_the_others_keep_their_defaults(a_folder) -> None:
    limits = content.load(a_folder({"menus.yaml": SOUND, "answers/a.yaml": KNOWN})).script.retention

    assert limits == Limits(tickets=400 * DAY_S, unfollowed=10 * DAY_S, media=30 * DAY_S)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (("400天", "29天"), "3:12", "写 30天 到 3650天"),
        (("400天", "3651天"), "3:12", "写 30天 到 3650天"),
        (("media: 30天", "media: 半年"), "5:10", "「半年」不是一段时间"),
        (("media: 30天", "handoffs: 400天"), "5:13", "写 7天 到 365天"),
        (("media: 30天", "medium: 30天"), "5:3", "medium"),
        (("unfollowed: 10天", "unfollowed: 365天\n  questions: 1天"), "5:14", "写 7天 到 365天"),
    ],
)
def test_mistakes_are_told_at_their_place(a_folder, change, place, words) -> None:
    folder = a_folder({"menus.yaml": SOUND.replace(*change), "answers/a.yaml": KNOWN})

    problems = told(folder)

    assert any(problem.startswith(f"menus.yaml:{place}: ") and words in problem for problem in problems), problems


def test_defaults_are_within_their_bounds() -> None:
    limits = Limits()

    assert [name for name, (low, high) in BOUNDS.items() if not low <= getattr(limits, name) <= high] == []
