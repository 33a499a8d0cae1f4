"""`wxbot versions`: what was published, by whom, and which process runs which."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from wxbot.adapters.content import write
from wxbot.bootstrap import build_shelf, with_redis
from wxbot.entrypoints.columns import aligned, on_one_line
from wxbot.entrypoints.versions import differences, echo_differences, fetched, moment, runner_line
from wxbot.errors import PublishRefused
from wxbot.service.publishing import version_of
from wxbot.service.snapshot import short
from wxbot.service.versions import Event, Shelf, Version
from wxbot.settings import load_settings, require_account

_TITLES = ("", "版本", "时间", "谁", "答案", "文件", "KB", "内容", "说明")
_EVENTS = {"publish": "发布", "rollback": "退回"}


@dataclass(frozen=True, slots=True)
class _Account:
    shelf: Shelf
    zone: str


@contextmanager
def _account() -> Iterator[_Account]:
    settings = load_settings(os.environ)
    require_account(settings)
    with with_redis(settings) as ready:
        yield _Account(build_shelf(ready), settings.timezone)


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """列出发布过的版本，* 是线上的；再列出每个进程正在用哪一个。"""
    if ctx.invoked_subcommand:
        return
    with _account() as account:
        live, versions = account.shelf.standing().live, account.shelf.versions()
        runners = account.shelf.runners()
    if as_json:
        lists = {"versions": [asdict(v) for v in versions], "processes": [asdict(r) for r in runners]}
        click.echo(json.dumps({"live": live.number if live else None, **lists}, ensure_ascii=False, indent=2))
        return
    rows = [_row(version, account.zone, is_live=version == live) for version in versions]
    click.echo("\n".join(aligned([_TITLES, *rows], right=(1, 4, 5, 6))) if rows else "还没有发布过内容。")
    for runner in runners:
        click.echo(runner_line(runner))


@command.command()
@click.argument("number", metavar="版本", type=click.IntRange(1))
def show(number: int) -> None:
    """一个版本里有哪些文件，和它的前一个版本差在哪里。"""
    with _account() as account:
        version = version_of(account.shelf, number)
        snapshot = account.shelf.fetch(version)
        older = [found for found in account.shelf.versions() if found.number < number]
        before = fetched(account.shelf, older[0]) if older else None
    click.echo(f"版本 {number}：{moment(version.at, account.zone)}，{version.by or '不知道是谁'}发布")
    if version.note:
        click.echo(f"说明：{on_one_line(version.note)}")
    for name, data in sorted(snapshot.files.items()):
        click.echo(f"    {name}（{len(data)} 字节）")
    if before:
        click.echo(f"和版本 {older[0].number} 相比：")
        echo_differences(differences(before, snapshot))


@command.command()
@click.argument("number", metavar="版本", type=click.IntRange(1))
@click.argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
def export(number: int, folder: Path) -> None:
    """把一个版本的文件原样写到一个空的或还没有的文件夹里。"""
    if folder.exists() and any(folder.iterdir()):
        raise PublishRefused(f"{folder} 不是空的，没有写入")
    with _account() as account:
        snapshot = account.shelf.fetch(version_of(account.shelf, number))
    write(snapshot, folder)
    click.echo(f"版本 {number} 的 {len(snapshot.files)} 个文件已写到 {folder}。")


@command.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="最多列出几条")
def log(limit: int) -> None:
    """谁在什么时候发布、退回过哪个版本，最近的在前。"""
    with _account() as account:
        events = account.shelf.events(limit)
    for event in events:
        click.echo(_event(event, account.zone))
    if not events:
        click.echo("还没有发布过内容。")


def _row(version: Version, zone: str, *, is_live: bool) -> tuple[str, ...]:
    return (
        "*" if is_live else "",
        str(version.number),
        moment(version.at, zone),
        on_one_line(version.by),
        str(version.answers),
        str(version.files),
        f"{version.size / 1024:.0f}",
        short(version.digest),
        on_one_line(version.note),
    )


def _event(event: Event, zone: str) -> str:
    line = f"{moment(event.at, zone)}  {on_one_line(event.by)}  {_EVENTS[event.what]}版本 {event.version}"
    before = f"（之前是版本 {event.before}）" if event.before else ""
    return f"{line}{before}  {on_one_line(event.note)}".rstrip()
