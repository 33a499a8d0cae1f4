"""
Log lines on standard output, for people (`text`) or machines (`json`).

Written by hand: one line a turn is written while a follower waits, and this takes a tenth of what a rendering
pipeline would.
"""

import json
import logging
import re
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TextIO
from zoneinfo import ZoneInfo

from wxbot.settings import Settings

_QUIET = ("werkzeug", "urllib3", "wechatpy", "_granian", "granian.access")
_WORD = re.compile(r'[^ "=]+')
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; the rest was given as `extra`."""


def configure_logs(settings: Settings, output: TextIO | None = None) -> None:
    """
    Send every log record of this process through one formatter; call once, at the start of a command.

    output: where to, None for standard output.
    """
    handler = logging.StreamHandler(output or sys.stdout)
    form = {"text": TextLines, "json": JsonLines}[settings.log_format]
    handler.setFormatter(form(ZoneInfo(settings.timezone)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


class TextLines(logging.Formatter):
    """`2026-11-22T09:30:00.123+08:00 info wxbot.entrypoints.web: turn rule=answered ms=1.8`, a traceback below it."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={_word(value)}" for name, value in _extra(record).items())
        head = f"{_moment(record, self._zone)} {record.levelname.lower()} {record.name}"
        line = f"{head}: {_on_one_line(record.getMessage())}{fields}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One object a line: `timestamp`, `level`, `logger`, `message`, what was given as `extra`, and `exception`."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "timestamp": _moment(record, self._zone),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str)


def _moment(record: logging.LogRecord, zone: ZoneInfo) -> str:
    head, offset = _second(int(record.created), zone)
    return f"{head}.{int(record.msecs):03}{offset}"


@lru_cache(1)
def _second(at: int, zone: ZoneInfo) -> tuple[str, str]:
    """Before and behind the milliseconds; many lines are written within one second."""
    moment = datetime.fromtimestamp(at, zone).isoformat()
    return moment[:19], moment[19:]


def _extra(record: logging.LogRecord) -> Mapping[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _OWN}


def _word(value: object) -> str:
    """A value that nobody can mistake for the next field, or for a line of its own."""
    text = str(value)
    return text if text.isprintable() and _WORD.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else text.replace("\r", " ").replace("\n", " ")
