"""`wxbot rollback`: an earlier version of the content is live again."""

import os
import time

import click

from wxbot.bootstrap import build_shelf, with_redis
from wxbot.entrypoints.versions import differences, echo_differences, echo_switched, fetched, user_name
from wxbot.errors import PublishRefused
from wxbot.service.publishing import PATIENCE_S, rollback, version_before, version_of
from wxbot.settings import load_settings, require_account


@click.command()
@click.argument("version", metavar="[版本]", required=False, type=click.IntRange(1))
@click.option("-m", "--note", default="", help="说明，比如为什么退回")
@click.option("--by", default=user_name, help="谁退回的，默认是登录这台机器的用户名")
@click.option("--yes", is_flag=True, help="不再询问，直接退回")
@click.option("--force", is_flag=True, help="有进程跟不上也切换")
@click.option("--wait", default=PATIENCE_S, show_default=True, help="最多等所有进程准备多少秒")
def command(version: int | None, note: str, by: str, yes: bool, force: bool, wait: float) -> None:
    """让所有进程一起退回到这个编号的版本，不写就是这次发布以前线上的那个版本。文件夹里的文件不会变。"""
    settings = load_settings(os.environ)
    require_account(settings)
    with with_redis(settings) as ready:
        shelf = build_shelf(ready)
        target = version_of(shelf, version) if version else version_before(shelf)
        live = shelf.standing().live
        if target == live:
            raise PublishRefused(f"线上就是版本 {target.number}，没有改动。")
        if live:
            click.echo(f"从版本 {live.number} 退回到版本 {target.number}：")
            if before := fetched(shelf, live):
                echo_differences(differences(before, shelf.fetch(target)))
        if not yes and not click.confirm("退回吗？"):
            raise PublishRefused("没有退回。")
        echo_switched(rollback(shelf, target, by=by, note=note, at=int(time.time()), force=force, patience_s=wait))
