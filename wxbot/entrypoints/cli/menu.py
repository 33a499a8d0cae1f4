"""`wxbot menu`: the bottom menu shown, compared, published, taken over, rolled back (protocol 5)."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from wxbot.adapters.menu_files import MenuBackups, menu_yaml, write_menu
from wxbot.bootstrap import build_api, check_content, with_redis
from wxbot.domain.script import Script
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.service import menus
from wxbot.service.live_menu import declared
from wxbot.settings import Settings, require_api

_AFTERWARDS = (
    "用户的微信会缓存菜单：通常几分钟后重新打开对话就能看到，最慢一天；取消关注再关注可以马上看到。\n"
    "在那之前旧菜单照常可用，旧按键值仍然有效。"
)


class _Group(click.Group):
    """Tells what was refused and why, one reason a line; exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except menus.MenuRefused as refused:
            for reason in refused.reasons:
                click.echo(reason, err=True)
            ctx.exit(1)


@click.group(cls=_Group)
def command() -> None:
    """查看、比较、发布、拉取、回滚底部菜单。"""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="输出要提交给微信的 JSON")
@click.pass_obj
def show(folder: Path, as_json: bool) -> None:
    """列出 menus.yaml 里声明的菜单，每一项点了会做什么。不连微信。"""
    script = _script(folder)
    if as_json:
        shape = declared(script.menu)
        conditional = [{"button": menu.buttons, "matchrule": menu.rule} for menu in shape.conditional]
        _echo_json({"button": shape.default, "conditional": conditional})
        return
    click.echo("\n".join(menus.show(script)))
    for reason in menus.obstacles(script):
        click.echo(f"发布前要先解决：{reason}", err=True)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def diff(ctx: click.Context, as_json: bool) -> None:
    """比较线上菜单和 menus.yaml，不一样时退出码是 1。"""
    script = _script(ctx.obj)
    with _account() as account:
        difference = menus.diff(script.menu, account.api)
    if as_json:
        _echo_json({"same": difference.same, "lines": difference.lines, "notes": difference.notes})
    else:
        _echo_difference(difference)
    ctx.exit(0 if difference.same else 1)


@command.command()
@click.option("--yes", is_flag=True, help="不再询问，直接发布")
@click.pass_context
def push(ctx: click.Context, yes: bool) -> None:
    """把 menus.yaml 里的菜单发布到公众号，先自动备份线上菜单。"""
    script = _script(ctx.obj)
    with _account() as account:
        if reasons := menus.obstacles(script):
            raise menus.MenuRefused(*reasons)
        difference = menus.diff(script.menu, account.api)
        _echo_difference(difference)
        if difference.same:
            return
        _confirm(ctx, "发布到公众号吗？", yes)
        done = menus.push(script, account.api, account.backups, int(time.time()))
    click.echo(f"已发布。原来的菜单备份为 {done.backup}，用 wxbot menu rollback 可以退回。")
    click.echo(_AFTERWARDS)


@command.command()
@click.option("--write", is_flag=True, help="写进 menus.yaml，文件其余部分原样保留")
@click.pass_obj
def pull(folder: Path, write: bool) -> None:
    """把线上菜单转成 menus.yaml 的写法，默认只打印。"""
    script = _script(folder)
    with _account() as account:
        pulled = menus.pull(script, account.api)
    if not pulled.menu.buttons:
        click.echo("公众号现在没有菜单。", err=True)
        return
    if not write:
        click.echo(menu_yaml(pulled.menu), nl=False)
    elif pulled.menu == script.menu:
        click.echo("menus.yaml 和线上菜单一致，没有改动。")
    else:
        write_menu(folder / "menus.yaml", pulled.menu, keep=_unchanged(script, pulled))
        click.echo("已写进 menus.yaml，请运行 wxbot check 检查。")
    for sentence in pulled.undecided:
        click.echo(f"请确认：{sentence}", err=True)


@command.command()
@click.argument("name", metavar="[备份]", required=False, default="")
@click.option("--list", "list_only", is_flag=True, help="只列出有哪些备份")
@click.option("--yes", is_flag=True, help="不再询问，直接回滚")
@click.pass_context
def rollback(ctx: click.Context, name: str, list_only: bool, yes: bool) -> None:
    """退回一份备份里的菜单，不写哪一份就是最近一份；现在的菜单也会先备份。"""
    if list_only:
        click.echo("\n".join(_backups(settings_here(os.environ)).names()) or "还没有备份。")
        return
    with _account() as account:
        _confirm(ctx, f"把公众号的菜单退回到{name or '最近一份备份'}吗？", yes)
        done = menus.rollback(account.api, account.backups, int(time.time()), name)
    for note in done.notes:
        click.echo(note)
    if not done.changed:
        click.echo("线上菜单和这份备份一致，没有要改的。")
        return
    click.echo(f"已退回。刚才的菜单备份为 {done.backup}。")
    click.echo(_AFTERWARDS)


@dataclass(frozen=True, slots=True)
class _Account:
    api: menus.MenuApi
    backups: menus.Backups


@contextmanager
def _account() -> Iterator[_Account]:
    settings = settings_here(os.environ)
    require_api(settings)
    with with_redis(settings) as ready:
        yield _Account(build_api(ready), _backups(settings))


def _backups(settings: Settings) -> MenuBackups:
    return MenuBackups(settings.data / "menus" / settings.appid, settings.timezone)


def _script(folder: Path) -> Script:
    return check_content(folder).script


def _unchanged(script: Script, pulled: menus.Pulled) -> list[str]:
    same = {
        "menu": script.menu.buttons == pulled.menu.buttons,
        "conditional_menus": script.menu.conditional == pulled.menu.conditional,
    }
    return [section for section, unchanged in same.items() if unchanged]


def _confirm(ctx: click.Context, question: str, yes: bool) -> None:
    if not yes and not click.confirm(question):
        click.echo("没有改动。")
        ctx.exit(1)


def _echo_difference(difference: menus.Difference) -> None:
    for note in difference.notes:
        click.echo(f"注意：{note}。")
    click.echo("线上菜单和 menus.yaml 一致。" if difference.same else "\n".join(difference.lines))


def _echo_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
