"""`wxbot handoffs`: the conversations that were flagged for an agent."""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from wxbot.bootstrap import build_desk, with_redis
from wxbot.domain.handoff import Handoff, Reason, State
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.service.privacy import tag

_REASONS = {Reason.ASKED: "用户要求", Reason.MENU: "菜单", Reason.MISSES: "多次没答上"}
_STATES = {State.WAITING: "排队中", State.SERVED: "客服接待中", State.CLOSED: "已结束", State.LEFT: "用户离开"}


@click.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="最多列出几条")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象")
@click.pass_obj
def command(folder: Path, limit: int, as_json: bool) -> None:
    """列出转人工的会话，最近的在前：原因、状态和最后几句对话。"""
    with with_redis(settings_here(os.environ)) as ready:
        found = build_desk(ready).handoffs(limit=limit)
    for handoff in found:
        click.echo(json.dumps(asdict(handoff), ensure_ascii=False) if as_json else _card(handoff))
    if not found and not as_json:
        click.echo("还没有转人工的会话。")


def _card(handoff: Handoff) -> str:
    opened = datetime.fromtimestamp(handoff.opened).strftime("%m-%d %H:%M")
    head = f"{opened}  {_STATES[handoff.state]}  原因：{_REASONS[handoff.reason]}  用户 {tag(handoff.user)}"
    lines = [
        f"    {'用户' if line.who == 'user' else '机器人'}：{line.text.splitlines()[0]}" for line in handoff.history
    ]
    return "\n".join([head, *lines])
