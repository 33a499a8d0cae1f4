"""`wxbot answers`: the answers as a sheet for Excel, and back."""

from collections.abc import Iterable
from pathlib import Path

import click

from wxbot.adapters.content.editing import EditRefused, write_all
from wxbot.adapters.content.rewriting import amended
from wxbot.adapters.content.sheet import cells_of, read_sheet, rows_of
from wxbot.adapters.content.tables import KINDS, column_name, read_table, write_table
from wxbot.entrypoints.edits import sound, tried
from wxbot.errors import Problem
from wxbot.service.answer_table import Changes, compare, summary, told

_COLOURS = {"+": "green", "-": "red", "~": "yellow", ">": "cyan"}


def _table(ctx: click.Context, param: click.Parameter, path: Path) -> Path:
    if path.suffix.lower() not in KINDS:
        raise click.BadParameter("文件名要以 .xlsx 或 .csv 结尾；旧的 .xls 请先另存为 .xlsx")
    return path


@click.group()
def command() -> None:
    """把答案导出成 Excel 或 CSV 表格，改好再导入。"""


@command.command("export")
@click.argument("path", metavar="文件", type=click.Path(dir_okay=False, path_type=Path), callback=_table)
@click.option("--yes", is_flag=True, help="文件已经存在时直接覆盖")
@click.pass_context
def export(ctx: click.Context, path: Path, yes: bool) -> None:
    """把全部答案写进一个 .xlsx 或 .csv 文件，一行一条。

    图片等表格放不下的内容写成“见文件”，导入时原样保留。
    """
    examined = sound(ctx.obj)
    if path.exists() and not yes and not click.confirm(f"{path.name} 已经存在，覆盖吗？"):
        click.echo("没有写入。")
        ctx.exit(1)
    try:
        write_table(path, cells_of(examined.written))
    except OSError as error:
        _refuse([f"{path} 写不进去（{error.strerror or error}）。如果正在 Excel 里打开，请先关掉"])
    click.echo(f"已写进 {path}，共 {len(examined.written)} 条。改好后运行：wxbot answers import {path}")


@command.command("import")
@click.argument("path", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path), callback=_table)
@click.option("--remove", is_flag=True, help="表里没有的答案从文件里删掉；不写就保留")
@click.option("--yes", is_flag=True, help="不再询问，直接写入")
@click.pass_context
def import_(ctx: click.Context, path: Path, remove: bool, yes: bool) -> None:
    """把改好的表格写回答案文件，只改动变了的地方。

    先列出会改什么，并在副本上检查全部内容；表里有错误就一次列出，什么也不写。id 空着的行是新答案。
    """
    try:
        _import(ctx.obj, path, remove=remove, yes=yes)
    except EditRefused as refused:
        _refuse([str(refused)])


def _import(folder: Path, path: Path, *, remove: bool, yes: bool) -> None:
    """Raises EditRefused, and ContentError for files or a table that cannot be read; nothing was written then."""
    examined = sound(folder)
    table = read_table(path)
    sheet = read_sheet(path.name, table, examined.written, examined.loaded.script.words, remove=remove)
    if sheet.problems:
        _refuse([*(_at_cell(problem, table.rows[0]) for problem in sheet.problems), "表里有错误，没有写入。"])
    changes = compare(rows_of(examined.written), sheet.rows, remove=remove)
    _echo(changes)
    if changes.nothing:
        click.echo("表格和文件一致，没有要改的。")
        return
    edits = amended(folder, changes)
    tried(folder, edits, examined)
    if not yes and not click.confirm(f"{summary(changes)}。写进 {'、'.join(edit.source.file for edit in edits)} 吗？"):
        raise EditRefused("没有改动。")
    write_all(edits)
    click.echo(f"{summary(changes)}，已写进 {'、'.join(edit.source.file for edit in edits)}。")


def _echo(changes: Changes) -> None:
    for line in told(changes):
        click.secho(line, fg=_COLOURS.get(line.strip()[:1]))


def _at_cell(problem: Problem, titles: list[str]) -> str:
    """As people find it in a spreadsheet."""
    at = problem.column
    title = f"（{titles[at - 1]}）" if problem.line > 1 and at <= len(titles) and titles[at - 1] else ""
    hint = f"。{problem.hint}" if problem.hint else ""
    return f"{problem.file} 第 {problem.line} 行 {column_name(at)} 列{title}：{problem.message}{hint}"


def _refuse(reasons: Iterable[str]) -> None:
    for reason in reasons:
        click.echo(reason, err=True)
    raise SystemExit(1)
