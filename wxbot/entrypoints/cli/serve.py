"""`wxbot serve`: the web processes, and nothing else."""

import os
from pathlib import Path

import click

from wxbot.bootstrap import content_in_force, with_redis
from wxbot.entrypoints.logs import configure_logs
from wxbot.entrypoints.server import serve
from wxbot.settings import load_settings, require_page, require_webhook


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址；对外服务请放在 nginx 后面")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="网页进程数")
@click.pass_obj
def command(folder: Path, host: str, port: int, workers: int) -> None:
    """启动接收微信消息的网页进程（后台任务另用 wxbot worker 处理）。"""
    settings = load_settings(os.environ)
    require_webhook(settings)
    require_page(settings)
    configure_logs(settings)
    with with_redis(settings) as ready:
        content_in_force(ready, folder)
        serve(ready, folder, host=host, port=port, workers=workers)
