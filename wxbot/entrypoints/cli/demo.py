"""`wxbot demo`: the whole bot on this machine, to try and to rehearse with."""

import os
import shutil
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from wxbot.adapters.content import examine
from wxbot.adapters.content.files import DIALOGS
from wxbot.bootstrap import check_content
from wxbot.domain.script import Script
from wxbot.domain.transcript import Transcript
from wxbot.entrypoints.dialogs import Player, difference
from wxbot.entrypoints.logs import configure_logs
from wxbot.entrypoints.rehearsal import Address, folder_of, rehearsal, running
from wxbot.entrypoints.stage import SideDoor
from wxbot.entrypoints.vitals import Vitals
from wxbot.errors import ContentError
from wxbot.settings import load_settings


def _dialog(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    if value and not value.name.lower().endswith(DIALOGS):
        raise click.BadParameter(f"对话文件的名字要以 {DIALOGS[0]} 结尾")
    return value


@click.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="机器人的端口，0 表示任意空闲端口"
)
@click.option("--no-browser", is_flag=True, help="不自动打开浏览器")
@click.option(
    "--play",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_dialog,
    help="在网页上演一段对话（*.dialog.yaml）；demo 已经在运行时就在那里演",
)
@click.option("--pause", "pause_s", default=1.5, show_default=True, type=click.FloatRange(0), help="每步之间停几秒")
@click.pass_obj
def command(folder: Path, port: int, no_browser: bool, file: Path | None, pause_s: float) -> None:
    """不需要公众号：在本机启动整套机器人（网页进程、后台任务、Redis、模拟的微信平台），在网页里用手机和客服台演练。"""
    play = _show(folder, file, pause_s) if file else None
    if not play:
        check_content(folder)
    settings = load_settings(os.environ)
    there = running(settings.data) if play else None
    if play and there:
        click.echo(f"wxbot demo 正在运行，在它的网页上演：{there.platform}")
        raise SystemExit(0 if play(there, time.sleep) else 1)
    home = folder_of(settings.data)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    click.echo("正在启动……")
    if not sys.stdout.isatty():
        configure_logs(settings)
        with rehearsal(settings, folder, port=port) as address:
            click.echo(_banner(address))
            _until_told(address, play)
        return
    # On a terminal the address of the page has to stay in sight; the log goes beside it.
    with (home / "demo.log").open("w", encoding="utf-8") as output:
        configure_logs(settings, output)
        with rehearsal(settings, folder, port=port, output=output) as address:
            click.echo(f"{_banner(address)}\n日志：{output.name}")
            if _has_display() and not no_browser:
                webbrowser.open(address.platform)
            _until_told(address, play)


def _banner(address: Address) -> str:
    return (
        f"wxbot 已启动，用浏览器打开：{address.platform}\n"
        f"机器人在 {address.webhook}（安全模式，加密收发）。\n"
        f"另开一个终端运行 {_own_name()} chat 可以在终端里对话；"
        "修改 menus.yaml 和 answers/ 后立即生效。按 Ctrl-C 结束。"
    )


def _own_name() -> str:
    """How to call this very command again; `make run` starts it from where no shell looks for commands."""
    if shutil.which("wxbot"):
        return "wxbot"
    return sys.argv[0] if Path(sys.argv[0]).name == "wxbot" else f"{sys.executable} -m wxbot"


def _has_display() -> bool:
    """Without one, `webbrowser` would start a browser for terminals, on this very terminal."""
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _until_told(address: Address, play: "_Show | None") -> None:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def wait(seconds: float) -> None:
        if stop.wait(seconds):
            raise _Told

    try:
        if play:
            play(address, wait)
        while True:
            wait(1)
    except _Told:
        return


class _Told(Exception):
    """Somebody wants it to end."""


@dataclass(frozen=True, slots=True)
class _Show:
    """A dialog to be played at a pace that people can follow."""

    script: Script
    transcript: Transcript
    pause_s: float

    def __call__(self, address: Address, wait: Callable[[float], object]) -> bool:
        """Whether all came as expected. wait: takes seconds."""
        wait(self.pause_s)
        click.secho(f"\n{self.transcript.title}", bold=True)
        door, vitals = SideDoor(address.platform), Vitals(address.bot)
        player = Player(door, vitals, self.script, click.echo, lambda: wait(self.pause_s))
        failure = player.play(self.transcript)
        for colour, line in difference(failure) if failure else [("green", "演完了，都和预想的一样")]:
            click.secho(line, fg=colour)
        return failure is None


def _show(folder: Path, file: Path, pause_s: float) -> _Show:
    """Raises ContentError, of the content and of the dialog."""
    examined = examine(folder, [file])
    if examined.errors:
        raise ContentError(examined.problems)
    return _Show(examined.loaded.script, examined.dialogs[0], pause_s)
