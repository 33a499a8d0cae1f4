"""`wxbot demo`: the whole bot on this machine, to try and to rehearse with."""

import os
import signal
import sys
import threading
import uuid
from pathlib import Path

import click

from wxbot.bootstrap import check_content
from wxbot.entrypoints.cli.chat import talk_to
from wxbot.entrypoints.lines import PlatformLine
from wxbot.entrypoints.logs import configure_logs
from wxbot.entrypoints.rehearsal import Address, folder_of, rehearsal
from wxbot.entrypoints.terminal import Chat
from wxbot.settings import load_settings


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="机器人的端口，0 表示任意空闲端口"
)
@click.option("--no-browser", is_flag=True, hidden=True, help="不打开浏览器")
@click.pass_obj
def command(folder: Path, port: int, no_browser: bool) -> None:
    """不需要公众号：在本机启动整套机器人（网页进程、后台任务、Redis、模拟的微信平台），然后在终端里对话。"""
    check_content(folder)
    settings = load_settings(os.environ)
    home = folder_of(settings.data)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    click.echo("正在启动……")
    if not sys.stdin.isatty():
        configure_logs(settings)
        with rehearsal(settings, folder, port=port) as address:
            click.echo(_banner(address))
            _until_told()
        return
    # The chat has the screen to itself; the log goes beside it.
    with (home / "demo.log").open("w", encoding="utf-8") as output:
        configure_logs(settings, output)
        with rehearsal(settings, folder, port=port, output=output) as address:
            click.echo(f"{_banner(address)}\n日志：{output.name}\n")
            openid = f"o{uuid.uuid4().hex[:27]}"
            talk_to(Chat(PlatformLine(address.platform, openid)))


def _banner(address: Address) -> str:
    return (
        f"wxbot 已启动：{address.webhook}（安全模式，加密收发）\n"
        "另开一个终端运行 wxbot chat 也可以对话；修改 menus.yaml 和 answers/ 后立即生效。按 Ctrl-C 结束。"
    )


def _until_told() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(1):
        pass
