"""What a line of the log looks like, whatever stands in it."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from wxbot.entrypoints.logs import configure_logs
from wxbot.settings import Settings


@pytest.fixture
def logged() -> Iterator[Callable[[Settings], io.StringIO]]:
    """Configures the log, and gives what is written; afterwards all is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def configure(settings: Settings) -> io.StringIO:
        output = io.StringIO()
        configure_logs(settings, output)
        return output

    yield configure
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_for_people_says_when_how_bad_where_and_what(logged):
    output = logged(Settings())

    logging.getLogger("wxbot.web").info("turn", extra={"rule": "answered", "ms": 1.8})

    time, _, rest = output.getvalue().partition(" ")
    assert time.endswith("+08:00")
    assert rest == "info wxbot.web: turn rule=answered ms=1.8\n"


@pytest.mark.parametrize("value", ["a b", "a\nerror b", 'a"b', "a=b", "", "\u2028", "\x1b[2J"])
def test_a_value_cannot_pass_for_another_field_or_line(logged, value):
    output = logged(Settings())

    logging.getLogger("wxbot").warning("refused", extra={"reason": value})

    assert output.getvalue().endswith(f" refused reason={json.dumps(value, ensure_ascii=False)}\n")
    assert output.getvalue().count("\n") == 1


def test_a_message_of_several_lines_becomes_one(logged):
    output = logged(Settings())

    logging.getLogger("wxbot").info("one\ntwo\r\nthree")

    assert output.getvalue().endswith("one two  three\n")


def test_a_line_for_machines_is_one_object(logged):
    output = logged(Settings(log_format="json"))

    logging.getLogger("wxbot").info("换好了 %d", 3, extra={"user": "ab", "path": object})

    line = json.loads(output.getvalue())
    assert (line["level"], line["logger"], line["message"], line["user"]) == ("info", "wxbot", "换好了 3", "ab")


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_keeps_its_traceback(logged, form):
    output = logged(Settings(log_format=form))

    try:
        raise ValueError("kaputt")
    except ValueError:
        logging.getLogger("wxbot").exception("failed")

    assert "Traceback" in output.getvalue()
    assert "ValueError: kaputt" in output.getvalue()


def test_what_is_not_worth_a_line_gets_none(logged):
    output = logged(Settings(log_level="WARNING"))

    logging.getLogger("wxbot").info("turn")
    logging.getLogger("werkzeug").info("GET /")

    assert output.getvalue() == ""
