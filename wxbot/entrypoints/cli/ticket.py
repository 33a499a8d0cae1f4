"""`wxbot ticket`: what staff do with tickets."""

import getpass
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

import click

from wxbot.adapters.content.tables import KINDS, write_table
from wxbot.bootstrap import build_media, build_tickets, content_in_force, with_redis
from wxbot.domain.ticket import State, Ticket, find_number
from wxbot.entrypoints.columns import aligned
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.entrypoints.ticket_sheet import STATES, as_json, cells, details, row
from wxbot.errors import MediaUnavailable
from wxbot.service.ticket_lists import Wanted
from wxbot.service.tickets import Batch, Record, StrangersNamed, TicketRefused, Tickets

_STATES_BY_WORD = {word: state for state, word in STATES.items()} | {str(state): state for state in State}


class _Group(click.Group):
    """Tells what cannot be done and why; exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except TicketRefused as refused:
            _echo_refused(refused)
            ctx.exit(1)
        except StrangersNamed as strangers:
            names = "、".join(f"「{name}」" for name in strangers.names)
            click.echo(f"没有发出：{names} 没有登记为官方。确实是官方的，先写进 menus.yaml 的 official", err=True)
            ctx.exit(1)


class _Number(click.ParamType[str]):
    name = "工单号"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        mention = find_number(str(value))
        if mention is None or mention.before or mention.after:
            self.fail(f"「{value}」不是工单号，写成 261122-48213", param, ctx)
        return mention.number


class _State(click.ParamType[State]):
    name = "状态"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> State:
        state = _STATES_BY_WORD.get(str(value))
        if state is None:
            self.fail(f"没有「{value}」这种状态，可以写：{'、'.join(STATES.values())}", param, ctx)
        return state


def _filters(function: Callable[..., None]) -> Callable[..., None]:
    """Options that say which tickets; the command gets them as `wanted`."""
    options = (
        click.option("--state", type=_State(), help=f"只看一种状态：{'、'.join(STATES.values())}"),
        click.option("--overdue", is_flag=True, help="只看超时还没回复的"),
        click.option("--type", "type_", default="", metavar="类型", help="只看一种类型，例如 技术问题"),
        click.option("--urgency", default="", metavar="级别", help="只看一级，例如 紧急"),
        click.option("--assignee", default="", metavar="人", help="只看分给这个人的"),
        click.option("--cause", default="", metavar="原因", help="只看同一个原因的"),
        click.option("--all", "everything", is_flag=True, help="已解决和已关闭的也要"),
    )

    @wraps(function)
    def with_wanted(
        *arguments: Any,
        state: State | None,
        overdue: bool,
        type_: str,
        urgency: str,
        assignee: str,
        cause: str,
        everything: bool,
        **others: Any,
    ) -> None:
        scope: Any = "all" if everything else "live"
        function(*arguments, wanted=Wanted(scope, state, overdue, type_, urgency, assignee, cause), **others)

    for option in reversed(options):
        with_wanted = option(with_wanted)
    return with_wanted


_by = click.option(
    "--by", "name", default=getpass.getuser, show_default="登录名", metavar="人", help="是谁处理的，记在经过里"
)
_number = click.argument("number", type=_Number(), metavar="工单号")
_json = click.option("--json", "in_json", is_flag=True, help="每张一行 JSON")


@click.group(cls=_Group)
def command() -> None:
    """查看和处理工单：列出、查看、回复、追问、分配、关联、关闭、重开、导出。"""


@command.command("list")
@_filters
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="最多列出几张")
@_json
@click.pass_obj
def list_(folder: Path, wanted: Wanted, limit: int, in_json: bool) -> None:
    """列出工单，最急的在前：先是还没回复的，按最晚回复时间排。"""
    with _desk(folder) as tickets:
        found = list(islice(tickets.find(wanted), limit + 1))
    if in_json:
        for ticket in found[:limit]:
            click.echo(json.dumps(as_json(ticket), ensure_ascii=False))
        return
    if not found:
        click.echo("没有这样的工单。")
        return
    for line in aligned([row(ticket, int(time.time())) for ticket in found[:limit]]):
        click.echo(line)
    if len(found) > limit:
        click.echo(f"只列出前 {limit} 张，用 --limit 多列一些。")


@command.command()
@_number
@click.option("--json", "in_json", is_flag=True, help="输出 JSON")
@click.pass_obj
def show(folder: Path, number: str, in_json: bool) -> None:
    """看一张工单：填了什么，前前后后说过什么，谁处理过。"""
    with _desk(folder) as tickets:
        record = tickets.record(number)
    if in_json:
        click.echo(json.dumps(as_json(record.ticket, record.entries), ensure_ascii=False))
    else:
        click.echo("\n".join(details(record, int(time.time()))))


@command.command()
@_number
@click.argument("text", metavar="文字")
@_by
@click.pass_obj
def reply(folder: Path, number: str, text: str, name: str) -> None:
    """回复用户。"""
    _did(folder, lambda tickets: tickets.reply(number, _said(text), name))


@command.command()
@_number
@click.argument("text", metavar="文字")
@_by
@click.pass_obj
def ask(folder: Path, number: str, text: str, name: str) -> None:
    """请用户补充；用户接下来说的就是回答。"""
    _did(folder, lambda tickets: tickets.ask(number, _said(text), name))


@command.command()
@_number
@click.argument("assignee", metavar="人")
@_by
@click.pass_obj
def assign(folder: Path, number: str, assignee: str, name: str) -> None:
    """分给一个人处理。"""
    _did(folder, lambda tickets: tickets.assign(number, _said(assignee), name))


@command.command()
@click.argument("cause", metavar="原因")
@click.argument("numbers", type=_Number(), metavar="工单号…", nargs=-1, required=True)
@_by
@click.pass_obj
def link(folder: Path, cause: str, numbers: tuple[str, ...], name: str) -> None:
    """把同一个原因的几张工单关联起来，以后用 close --cause 一起解决。"""
    if find_number(cause):
        raise click.UsageError("先写原因，再写工单号：wxbot ticket link 登录服务故障 261122-48213 261122-48214")
    _did_each(folder, lambda tickets: tickets.link(numbers, _said(cause), name))


@command.command()
@click.argument("number", type=_Number(), metavar="[工单号]", required=False)
@click.argument("text", metavar="[文字]", default="")
@click.option("--cause", default="", metavar="原因", help="这个原因的工单全部解决，每个用户都会收到通知")
@click.option("--note", default="", metavar="文字", help="告诉用户怎么解决的")
@click.option("--final", is_flag=True, help="直接关闭，不等用户确认")
@_by
@click.pass_obj
def close(folder: Path, number: str | None, text: str, cause: str, note: str, final: bool, name: str) -> None:
    """标为已解决，请用户确认；过几天没有异议就自动关闭。"""
    if (number is None) == (not cause):
        raise click.UsageError("写一个工单号，或用 --cause 写一个原因，两者选一")
    said = text or note
    if number is None:
        if final:
            raise click.UsageError("--final 只能和工单号一起用")
        _did_each(folder, lambda tickets: tickets.resolve_cause(cause, said, name))
    else:
        _did(folder, lambda tickets: (tickets.close if final else tickets.resolve)(number, said, name))


@command.command()
@_number
@click.argument("text", metavar="[文字]", default="")
@_by
@click.pass_obj
def reopen(folder: Path, number: str, text: str, name: str) -> None:
    """重新打开一张已解决或已关闭的工单。"""
    _did(folder, lambda tickets: tickets.reopen(number, text, name))


@command.command()
@click.argument("path", metavar="文件", type=click.Path(dir_okay=False, path_type=Path))
@_filters
@click.option("--yes", is_flag=True, help="文件已经存在时直接覆盖")
@click.option("--media", type=click.Path(file_okay=False, path_type=Path), help="图片、语音、视频也复制到这个文件夹")
@click.pass_obj
def export(folder: Path, path: Path, wanted: Wanted, yes: bool, media: Path | None) -> None:
    """导出工单和经过：.xlsx、.csv，或每行一张的 .json。"""
    if path.suffix.lower() not in (*KINDS, ".json"):
        raise click.BadParameter("文件名要以 .xlsx、.csv 或 .json 结尾")
    if path.exists() and not yes and not click.confirm(f"{path.name} 已经存在，覆盖吗？"):
        click.echo("没有写入。")
        raise SystemExit(1)
    with _desk(folder) as tickets:
        records = [tickets.record(ticket.number) for ticket in tickets.find(wanted)]
    try:
        _write(path, records)
    except OSError as error:
        click.echo(f"{path} 写不进去（{error.strerror or error}）。如果正在 Excel 里打开，请先关掉", err=True)
        raise SystemExit(1) from None
    click.echo(f"已写进 {path}，共 {len(records)} 张。")
    if media:
        _copy_media(records, media)


@command.command()
@click.pass_obj
def reindex(folder: Path) -> None:
    """重新生成各种列表；列表和工单对不上时用，不影响正在进行的处理。"""
    with _desk(folder) as tickets:
        count = tickets.desk.reindex()
    click.echo(f"已整理 {count} 张工单。")


@contextmanager
def _desk(folder: Path) -> Iterator[Tickets]:
    with with_redis(settings_here(os.environ)) as ready:
        script = content_in_force(ready, folder).script
        yield build_tickets(ready, lambda: script)


def _did(folder: Path, deed: Callable[[Tickets], Ticket]) -> None:
    with _desk(folder) as tickets:
        _echo_done(deed(tickets))


def _did_each(folder: Path, deed: Callable[[Tickets], Batch]) -> None:
    with _desk(folder) as tickets:
        batch = deed(tickets)
    for ticket in batch.done:
        _echo_done(ticket)
    for refused in batch.refused:
        _echo_refused(refused)
    if batch.refused:
        raise SystemExit(1)
    if not batch.done:
        click.echo("没有要处理的工单。")


def _echo_done(ticket: Ticket) -> None:
    click.echo(f"{ticket.number}：{STATES[ticket.state]}")


def _echo_refused(refused: TicketRefused) -> None:
    why = f"现在是「{STATES[refused.state]}」，不能这样做" if refused.state else "没有这张工单"
    click.echo(f"{refused.number}：{why}", err=True)


def _said(text: str) -> str:
    if not text.strip():
        raise click.UsageError("内容不能是空的")
    return text.strip()


def _copy_media(records: list[Record], target: Path) -> None:
    """Each ticket's into a folder of its own."""
    shelf = build_media(settings_here(os.environ))
    copied = missing = 0
    for record in records:
        for path in (medium.path for entry in record.entries for medium in entry.media if medium.path):
            copy = target / record.ticket.number / Path(path).name
            try:
                content = shelf.get(path)
            except MediaUnavailable:
                missing += 1
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
            copied += 1
    click.echo(f"媒体文件在 {target}，共 {copied} 个。")
    if missing:
        click.echo(f"有 {missing} 个文件没有取到，请检查 WXBOT_MEDIA。", err=True)
        raise SystemExit(1)


def _write(path: Path, records: list[Record]) -> None:
    if path.suffix.lower() == ".json":
        lines = (json.dumps(as_json(record.ticket, record.entries), ensure_ascii=False) for record in records)
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    else:
        write_table(path, cells(records), title="tickets")
