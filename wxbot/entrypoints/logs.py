"""Log lines on standard output, for people (`text`) or machines (`json`)."""

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

from wxbot.settings import Settings

_QUIET = ("werkzeug", "urllib3", "wechatpy", "_granian", "granian.access")


def configure_logs(settings: Settings, output: TextIO | None = None) -> None:
    """
    Send every log record of this process through one formatter; call once, at the start of a command.

    output: where to, None for standard output.
    """
    stream = output or sys.stdout
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=False),
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(settings.log_format, colors=stream.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _renderers(form: str, *, colors: bool) -> list[Processor]:
    if form == "json":
        return [
            structlog.processors.dict_tracebacks,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0)]
