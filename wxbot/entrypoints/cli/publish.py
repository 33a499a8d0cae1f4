"""`wxbot publish`: this folder becomes what all processes answer from."""

import os
import time
from pathlib import Path

import click

from wxbot.adapters.content import ContentFolder, Examined
from wxbot.bootstrap import build_api, build_shelf, with_redis
from wxbot.domain.account import Capability
from wxbot.domain.script import Script
from wxbot.entrypoints.cli.check import linted
from wxbot.entrypoints.cli.check import summary as summary_of_check
from wxbot.entrypoints.cli.test import show_cases
from wxbot.entrypoints.versions import differences, echo_differences, echo_switched, examined_of, fetched, user_name
from wxbot.errors import ContentError, PublishRefused, WeChatError
from wxbot.service import menus
from wxbot.service.cases import run
from wxbot.service.content import ready
from wxbot.service.publishing import PATIENCE_S, Draft, publish
from wxbot.service.snapshot import Snapshot
from wxbot.service.versions import Version
from wxbot.settings import Settings, load_settings, require_account


@click.command()
@click.option("-m", "--note", default="", help="说明，比如改了什么、为什么")
@click.option("--by", default=user_name, help="谁发布的，默认是登录这台机器的用户名")
@click.option("--yes", is_flag=True, help="不再询问，直接发布")
@click.option("--strict", is_flag=True, help="有提醒也不发布")
@click.option("--no-test", is_flag=True, help="不试用例")
@click.option("--force", is_flag=True, help="有进程跟不上也切换")
@click.option("--wait", default=PATIENCE_S, show_default=True, help="最多等所有进程准备多少秒")
@click.pass_obj
def command(folder: Path, note: str, by: str, yes: bool, strict: bool, no_test: bool, force: bool, wait: float) -> None:
    """检查、试用例、列出和线上版本的差别，然后让所有进程一起换成这个文件夹里的内容。"""
    settings = load_settings(os.environ)
    require_account(settings)
    snapshot = ContentFolder(folder).snapshot()
    examined = _sound(snapshot, strict=strict)
    if not no_test:
        _try_cases(examined)
    with with_redis(settings) as ready_settings:
        shelf = build_shelf(ready_settings)
        live = shelf.standing().live
        before = fetched(shelf, live) if live else None
        if live and before == snapshot:
            click.echo(f"和线上的版本 {live.number} 完全一样，不用发布。")
            return
        _echo_changes(live, before, snapshot)
        if not yes and not click.confirm("发布吗？"):
            raise PublishRefused("没有发布。")
        answers = len(examined.loaded.script.answers)
        draft = Draft(snapshot, answers, by, note, int(time.time()))
        echo_switched(publish(shelf, draft, force=force, patience_s=wait))
        _tell_of_menu(ready_settings, examined.loaded.script)
    if settings.content == "files":
        click.secho("注意：这里的 WXBOT_CONTENT 是 files，这样启动的进程仍然直接用文件。", fg="yellow", err=True)


def _sound(snapshot: Snapshot, *, strict: bool) -> Examined:
    """What is to be published; raises ContentError where that must not be."""
    examined = linted(examined_of(snapshot))
    if examined.errors or (strict and examined.warnings):
        raise ContentError(examined.problems)
    for problem in examined.problems:
        click.secho(str(problem), fg="yellow", err=True)
    click.echo(summary_of_check(examined))
    return examined


def _try_cases(examined: Examined) -> None:
    # By words alone: as fast on every machine, and what words get right meanings do not get wrong.
    results = run(ready(examined.loaded), examined.cases)
    if not examined.cases:
        return
    show_cases(results, examined.loaded.script.answers)
    if any(result.failure for result in results):
        raise PublishRefused("有用例没有通过，没有发布；确定要这样发布就加上 --no-test。")


def _echo_changes(live: Version | None, before: Snapshot | None, snapshot: Snapshot) -> None:
    """before: the live version's files, None where they cannot be had."""
    if live is None:
        click.echo("这是第一次发布。")
    elif before:
        click.echo(f"和线上的版本 {live.number} 相比：")
        echo_differences(differences(before, snapshot))


def _tell_of_menu(settings: Settings, script: Script) -> None:
    """The bottom menu is published by a command of its own; say when that is due."""
    if not (settings.appsecret and script.can(Capability.MENU_API) and script.menu.buttons):
        return
    try:
        same = menus.diff(script.menu, build_api(settings)).same
    except WeChatError as error:
        click.echo(f"底部菜单是否一致没有查到：{error}", err=True)
        return
    if not same:
        click.secho("公众号上的底部菜单和 menus.yaml 不一样，需要时请运行 wxbot menu push。", fg="yellow")
