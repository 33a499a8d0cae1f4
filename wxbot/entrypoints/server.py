"""The WSGI server around the web application: granian, one thread pool a process."""

import os
import shutil
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from wxbot.bootstrap import build_bot
from wxbot.entrypoints.logs import configure_logs
from wxbot.settings import Settings

THREADS = 8
"""Messages that one process answers at a time; more would wait for the interpreter, not for Redis."""


def serve(settings: Settings, folder: Path, *, host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it; a web process that dies is started again."""
    numbers = tempfile.mkdtemp(prefix="wxbot-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = numbers
    try:
        Server(
            "wxbot",
            address=host,
            port=port,
            workers=workers,
            interface=Interfaces.WSGI,
            loop=Loops.asyncio,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            respawn_interval=0.2,
            workers_kill_timeout=5,
            log_level=LogLevels.error,
        ).serve(target_loader=partial(load_app, settings, folder), wrap_loader=False)
    finally:
        shutil.rmtree(numbers, ignore_errors=True)


def load_app(settings: Settings, folder: Path) -> Any:
    """Build the application inside a web process; it takes no traffic before everything is loaded."""
    # Metrics and Redis clients belong to the process that uses them, so nothing of this is done before the fork.
    from wxbot.entrypoints.web import create_app

    configure_logs(settings)
    bot = build_bot(settings, folder)
    bot.content.watch(threading.Event())
    return create_app(bot)
