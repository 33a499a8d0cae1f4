"""`wxbot demo`: the whole bot on this machine, to try and to rehearse with."""

import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path

import click

from wxbot.bootstrap import check_content
from wxbot.entrypoints.logs import configure_logs
from wxbot.entrypoints.rehearsal import Address, folder_of, rehearsal
from wxbot.settings import load_settings


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="机器人的端口，0 表示任意空闲端口"
)
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器")
@click.pass_obj
def command(folder: Path, port: int, no_browser: bool) -> None:
    """不需要公众号：在本机启动整套机器人（网页进程、后台任务、Redis、模拟的微信平台），在网页里用手机和客服台演练。"""
    check_content(folder)
    settings = load_settings(os.environ)
    home = folder_of(settings.data)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    click.echo("正在启动……")
    if not sys.stdout.isatty():
        configure_logs(settings)
        with rehearsal(settings, folder, port=port) as address:
            click.echo(_banner(address))
            _until_told()
        return
    # On a terminal the address of the page has to stay in sight; the log goes beside it.
    with (home / "demo.log").open("w", encoding="utf-8") as output:
        configure_logs(settings, output)
        with rehearsal(settings, folder, port=port, output=output) as address:
            click.echo(f"{_banner(address)}\n日志：{output.name}")
            if _has_display() and not no_browser:
                webbrowser.open(address.platform)
            _until_told()


def _banner(address: Address) -> str:
    return (
        f"wxbot 已启动，用浏览器打开：{address.platform}\n"
        f"机器人在 {address.webhook}（安全模式，加密收发）。\n"
        "另开一个终端运行 wxbot chat 可以在终端里对话；修改 menus.yaml 和 answers/ 后立即生效。按 Ctrl-C 结束。"
    )


def _has_display() -> bool:
    """Without one, `webbrowser` would start a browser for terminals, on this very terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _until_told() -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(1):
        pass
