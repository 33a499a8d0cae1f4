"""Single settings go into menus.yaml, and everything else stays as it was."""

import pytest

from wxbot.adapters.content.editing import EditRefused
from wxbot.adapters.content.settings import with_settings

HEAD = "# 我们的\nversion: 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\nwelcome:\n  text: 您好\n"),
        ("welcome:\n    closed: 休息  # 夜里\n", "welcome:\n    text: 您好\n    closed: 休息  # 夜里\n"),
        ("welcome:\n  text: 旧的  # 留\n", "welcome:\n  text: 您好  # 留\n"),
        ("welcome: {closed: 休息}\n", "welcome: {text: 您好, closed: 休息}\n"),
        ("welcome: {}\n", "welcome: {text: 您好}\n"),
    ],
)
def test_a_setting_goes_where_it_belongs(before, after) -> None:
    assert with_settings(HEAD + before, {"welcome": {"text": "您好"}}) == HEAD + after


def test_texts_of_several_lines_and_lists_are_written_in_full() -> None:
    settings = {"welcome": {"text": "一\n二", "options": [{"label": "看", "action": "browse"}]}}

    written = with_settings("version: 1\r\n", settings)

    assert written.replace("\r\n", "\n") == (
        "version: 1\n\nwelcome:\n  options:\n    - label: 看\n      action: browse\n  text: |\n    一\n    二\n"
    )
    assert written.count("\n") == written.count("\r\n")


def test_nothing_to_set_changes_nothing() -> None:
    assert with_settings(HEAD, {"welcome": {}, "texts": {}}) == HEAD


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\nofficial:\n  links:\n    - example.com\n    - b.cn\n"),
        ("official: {}\n", "official: {links: [example.com, b.cn]}\n"),
        ("official:\n  links: []   # 域名\n", "official:\n  links: [example.com, b.cn]   # 域名\n"),
        ("official:\n  links: [a.cn]\n", "official:\n  links: [a.cn, example.com, b.cn]\n"),
        (
            "official:\n  links:\n  - a.cn  # 一\n  # 末尾\n",
            "official:\n  links:\n  - a.cn  # 一\n  - example.com\n  - b.cn\n  # 末尾\n",
        ),
    ],
)
def test_a_list_of_texts_goes_on(before, after) -> None:
    assert with_settings(HEAD + before, {"official": {"links": ["example.com", "b.cn"]}}) == HEAD + after


@pytest.mark.parametrize("section", ["welcome: 您好", "welcome:\n  options:\n    - {label: 看, action: browse}"])
def test_what_stands_in_the_way_is_left_to_people(section) -> None:
    with pytest.raises(EditRefused, match="手工改"):
        with_settings(f"{HEAD}{section}\n", {"welcome": {"options": [{"label": "看", "action": "browse"}]}})
