"""`wxbot worker`: the background jobs."""

import os
import signal
import threading
from pathlib import Path

import click

from wxbot.bootstrap import build_worker, with_redis
from wxbot.entrypoints.logs import configure_logs
from wxbot.entrypoints.worker import run_worker
from wxbot.settings import load_settings


@click.command()
@click.pass_obj
def command(folder: Path) -> None:
    """启动处理后台任务的进程：发送客服消息、定时提醒。可以同时开多个。"""
    settings = load_settings(os.environ)
    configure_logs(settings)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with with_redis(settings) as ready:
        run_worker(build_worker(ready, folder), stop)
