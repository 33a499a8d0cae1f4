"""`wxbot outbound`: messages that wait for their follower, and those that did not get through."""

import json
import os
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from wxbot.bootstrap import build_desk, requeue, with_redis
from wxbot.domain.outbound import Delivery
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.service.outbox import troubles
from wxbot.service.privacy import tag
from wxbot.service.retention import DELIVERIES_S

MOST_DAYS = DELIVERIES_S // 86400

_RESULTS = {"held": "等用户来", "failed": "发不出去", "dropped": "没有发", "unknown": "可能已收到"}
_IMPORTANCE = {"answer": "回答", "notice": "通知", "ticket": "工单", "rating": "评价", "reminder": "提醒"}


@click.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, MOST_DAYS), help="看最近几天的")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="最多列出几条")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象")
@click.option("--requeue", "name", metavar="ID", help="把发不出去的这一条重新发一次，从停下的地方接着发")
@click.pass_obj
def command(folder: Path, days: int, limit: int, as_json: bool, name: str | None) -> None:
    """列出没有直接送到的消息，最近的在前：在等用户的、发不出去的、没有发的，以及原因。"""
    with with_redis(settings_here(os.environ)) as ready:
        if name:
            _requeue(name, requeue(ready, name))
            return
        found = troubles(build_desk(ready).deliveries(time.time() - days * 86400))
    for delivery in found[:limit]:
        click.echo(json.dumps(asdict(delivery), ensure_ascii=False) if as_json else _line(delivery))
    if not found and not as_json:
        click.echo(f"最近 {days} 天的消息都送到了。")


def _requeue(name: str, done: bool) -> None:
    if not done:
        raise click.UsageError(f"发不出去的消息里没有「{name}」，用 wxbot outbound 查看有哪些")
    click.echo(f"{name} 已经重新排队。")


def _line(delivery: Delivery) -> str:
    at = datetime.fromtimestamp(delivery.at).strftime("%m-%d %H:%M")
    head = f"{at}  {_RESULTS[delivery.result]}  {_IMPORTANCE[delivery.importance]}  用户 {tag(delivery.user)}"
    why = f"\n    {delivery.why}" if delivery.why else ""
    return f"{head}  {delivery.id}\n    {delivery.text}{why}"
