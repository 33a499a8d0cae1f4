"""Columns of a terminal."""

import pytest

from wxbot.entrypoints.columns import aligned, on_one_line, width, wrapped


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("退款", 4), ("e\u0301", 1), ("（a）", 5)])
def test_chinese_takes_two_columns(text, columns) -> None:
    assert width(text) == columns


def test_cells_stand_below_each_other_and_figures_end_so() -> None:
    assert list(aligned([("答对", "7", "好"), ("a", "10", "")], right=[1])) == ["答对   7  好", "a     10"]


def test_a_text_on_one_line_plays_no_tricks_on_a_terminal() -> None:
    assert on_one_line("退款\n\x1b[31m 怎么办\u202e？ ") == "退款 [31m 怎么办 ？"


def test_lines_break_between_words_and_chinese_signs_but_not_before_a_mark() -> None:
    assert list(wrapped("运行 wxbot check 检查，再发", 11)) == ["运行 wxbot", "check 检", "查，再发"]
