import pytest

from tests.factories import NOW, a_session, an_option
from wxbot.domain.history import HISTORY_LINES, LINE_CHARACTERS, Line, remember
from wxbot.domain.reply import TextPart
from wxbot.domain.session import CONTEXT_S, Mode


def in_talk():
    return a_session(
        last_seen=NOW,
        misses=2,
        options=(an_option("怎么退款", "answer", "refund"),),
        topic="refund",
        pending=(TextPart("下文"),),
        tried=("refund",),
    )


def test_a_talk_goes_on_for_half_an_hour():
    assert in_talk().fresh(NOW + CONTEXT_S) == in_talk()


def test_a_talk_that_is_over_leaves_no_numbers_misses_or_rest():
    later = in_talk().fresh(NOW + CONTEXT_S + 1)

    assert (later.misses, later.options, later.topic, later.pending, later.tried) == (0, (), "", (), ())


def test_the_end_of_a_talk_does_not_end_a_wait_or_a_history():
    session = a_session(mode=Mode.QUEUED, mode_since=NOW - 60, history=(Line("user", "在吗", NOW),))

    later = session.fresh(NOW + 2 * CONTEXT_S)

    assert (later.mode, later.mode_since, later.history) == (session.mode, session.mode_since, session.history)


@pytest.mark.parametrize("lines", [0, 3, HISTORY_LINES, HISTORY_LINES + 5])
def test_a_history_keeps_the_last_lines(lines):
    history: tuple[Line, ...] = ()
    for number in range(lines):
        history = remember(history, Line("user", str(number), NOW))

    assert [line.text for line in history] == [str(number) for number in range(lines)][-HISTORY_LINES:]


def test_a_long_line_is_cut():
    (line,) = remember((), Line("user", "字" * 1000, NOW))

    assert len(line.text) == LINE_CHARACTERS
