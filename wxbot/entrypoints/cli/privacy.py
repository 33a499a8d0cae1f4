"""`wxbot privacy`: what a follower may ask for by law: a copy of what is kept, and that it be erased."""

import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from wxbot.bootstrap import build_rights, with_redis
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.errors import MediaUnavailable
from wxbot.service.rights import Portfolio, Rights

_NAMES = {
    "session": "会话", "tickets": "工单（保留编号、类型和时间，内容已清空）", "media": "图片、语音、视频文件",
    "handoffs": "转人工记录", "questions": "提问记录", "ratings": "评价", "deliveries": "消息发送记录",
    "jobs": "待办任务", "dead": "失败任务", "timers": "定时任务", "keys": "其他记录",
}  # fmt: skip


def _openid(_: click.Context, __: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{6,64}", value):
        raise click.BadParameter("openid 由字母、数字、下划线和减号组成，例如 oZx81uKq3bT0dVn5LrYp7mWc2HsE")
    return value


_user = click.argument("user", metavar="OPENID", callback=_openid)


@click.group()
def command() -> None:
    """按用户的要求，导出或删除机器人保存的个人信息。"""


@command.command()
@_user
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="存成 ZIP，带上图片、语音和视频")
@click.pass_obj
def export(folder: Path, user: str, target: Path | None) -> None:
    """导出一位用户的全部资料；不写 --to 时只把文字资料按 JSON 打印出来。"""
    with _rights() as rights:
        portfolio = rights.export(user)
        data = json.dumps(portfolio.data, ensure_ascii=False, indent=2)
        if target is None:
            click.echo(data)
            return
        missing = _pack(target, data, portfolio, rights)
    click.echo(f"已导出到 {target}，含 {len(portfolio.paths) - missing} 个媒体文件。")
    if missing:
        click.echo(f"有 {missing} 个文件没有取到。", err=True)
        raise SystemExit(1)


@command.command()
@_user
@click.option("--yes", is_flag=True, help="确认删除；删除后不能恢复")
@click.pass_obj
def erase(folder: Path, user: str, yes: bool) -> None:
    """删除一位用户的全部资料。机器人可以照常运行；可以重复执行。"""
    if not yes:
        raise click.UsageError("删除后不能恢复。确定要删除，请加上 --yes；可以先用 wxbot privacy export 导出一份")
    with _rights() as rights:
        removed = rights.erase(user)
    click.echo("\n".join(_proof(removed)))


@contextmanager
def _rights() -> Iterator[Rights]:
    try:
        with with_redis(settings_here(os.environ)) as ready:
            yield build_rights(ready)
    except MediaUnavailable as error:
        click.echo(f"媒体文件的存储出了问题，请检查 WXBOT_MEDIA，然后再执行一次（{error}）", err=True)
        raise SystemExit(1) from None


def _pack(target: Path, data: str, portfolio: Portfolio, rights: Rights) -> int:
    """How many files could not be had."""
    missing = 0
    # Nobody else on the machine may read it.
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", data)
        for path in portfolio.paths:
            try:
                archive.writestr(f"media/{path}", rights.shelf.get(path))
            except MediaUnavailable:
                missing += 1
    return missing


def _proof(removed: Mapping[str, int]) -> list[str]:
    lines = [f"  {_NAMES[name]}：{count}" for name, count in removed.items() if count]
    if not lines:
        return ["没有这位用户的资料，不用删除。"]
    return ["已删除：", *lines, "会话的版本号（不含任何内容）会再保留一小时，防止正在处理的消息写回旧资料。"]
