"""The WSGI server around the web application: granian, one thread pool a process."""

import gc
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import MPServer

from wxbot.bootstrap import build_bot
from wxbot.entrypoints.logs import configure_logs
from wxbot.settings import Settings

THREADS = 4
"""Messages that one process answers at a time: enough to use the waits for Redis. More would wait for each other."""
RESPAWN_S = 0.2
"""Before a process that died is started again, so that one which cannot start does not take the whole machine."""
LOOK_S = 1.0
"""How soon a web process notices that its supervisor is gone."""


class _Supervisor(MPServer):
    """granian's own gives up, and ends all processes, when one of them dies twice within seconds."""

    def _respawn_workers(self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        time.sleep(RESPAWN_S)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self.respawned_wrks.clear()


def serve(settings: Settings, folder: Path, *, host: str, port: int, workers: int) -> None:
    """Serve until a signal ends it; a web process that dies is started again."""
    numbers = tempfile.mkdtemp(prefix="wxbot-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = numbers
    try:
        supervise(partial(load_app, settings, folder), host=host, port=port, workers=workers)
    finally:
        shutil.rmtree(numbers, ignore_errors=True)


def supervise(load: Callable[[], Any], *, host: str, port: int, workers: int) -> None:
    """Run processes that serve the WSGI application that `load` gives in each of them."""
    _Supervisor(
        "wxbot",
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.WSGI,
        loop=Loops.asyncio,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        log_level=LogLevels.error,
    ).serve(target_loader=load, wrap_loader=False)


def load_app(settings: Settings, folder: Path) -> Any:
    """Build the application inside a web process; it takes no traffic before everything is loaded."""
    # Metrics and Redis clients belong to the process that uses them, so nothing of this is done before the fork.
    from wxbot.entrypoints.web import create_app

    configure_logs(settings)
    threading.Thread(target=_end_with, args=(os.getppid(),), name="supervisor", daemon=True).start()
    bot = build_bot(settings, folder)
    bot.content.watch(threading.Event())
    bot.presence.watch(threading.Event())
    app = create_app(bot)
    # What is loaded stays: the collector would look through all answers again and again, pausing each time.
    gc.collect()
    gc.freeze()
    return app


def _end_with(supervisor: int) -> None:
    """End this process when its supervisor was killed: nobody else would, and its port would stay taken."""
    while os.getppid() == supervisor:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
