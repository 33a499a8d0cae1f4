"""`wxbot handoffs`: the conversations that were flagged for an agent."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime

import click

from wxbot.bootstrap import build_desk, build_media_records, with_redis
from wxbot.domain.handoff import Handoff
from wxbot.domain.ticket import Media
from wxbot.entrypoints.columns import on_one_line
from wxbot.entrypoints.media_lines import media_line
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.service.cards import REASONS, STATES, WHO, line_of_talk
from wxbot.service.privacy import tag


@click.group(invoke_without_command=True)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="最多列出几条")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON 对象")
@click.pass_context
def command(ctx: click.Context, limit: int, as_json: bool) -> None:
    """列出转人工的会话，最近的在前：编号、原因、状态和最后几句对话。"""
    if ctx.invoked_subcommand:
        return
    with with_redis(settings_here(os.environ)) as ready:
        found = build_desk(ready).handoffs(limit=limit)
    for handoff in found:
        click.echo(_json(handoff) if as_json else "\n".join(_card(handoff)))
    if not found and not as_json:
        click.echo("还没有转人工的会话。")


@command.command()
@click.argument("id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象")
def show(id: str, as_json: bool) -> None:
    """显示一次转人工的全部经过，包括客服和用户的对话、用户发来的图片语音。ID 是列表里的编号，写前几位就行。"""
    with with_redis(settings_here(os.environ)) as ready:
        desk = build_desk(ready)
        handoff = desk.handoff(id) or _beginning_with(id, desk.handoffs(limit=1000))
        saved = build_media_records(ready).of_handoff(handoff.id) if handoff else ()
    if handoff is None:
        click.echo(f"没有编号是 {id} 的转人工会话。", err=True)
        raise SystemExit(1)
    media = [each.media for each in saved]
    click.echo(_json(handoff, media=list(map(asdict, media))) if as_json else "\n".join(_whole(handoff, media)))


def _beginning_with(id: str, handoffs: Sequence[Handoff]) -> Handoff | None:
    """None also when several do."""
    found = [handoff for handoff in handoffs if handoff.id.startswith(id)]
    return found[0] if len(found) == 1 else None


def _json(handoff: Handoff, **more: object) -> str:
    return json.dumps(asdict(handoff) | more, ensure_ascii=False)


def _card(handoff: Handoff) -> Iterator[str]:
    yield _head(handoff)
    yield from (f"    {on_one_line(line_of_talk(line))}" for line in handoff.history)


def _head(handoff: Handoff) -> str:
    return (
        f"{handoff.id[:8]}  {_moment(handoff.opened)}  {STATES[handoff.state]}"
        f"  原因：{REASONS[handoff.reason]}  用户 {tag(handoff.user)}"
    )


def _whole(handoff: Handoff, media: Sequence[Media]) -> Iterator[str]:
    yield _head(handoff)
    facts = {
        "话题": handoff.topic,
        "级别": handoff.tier,
        "客服": handoff.agent,
        "接入": _moment(handoff.joined),
        "结束": _moment(handoff.closed),
        "未完工单": "、".join(handoff.tickets),
        "已给过的答案": "、".join(handoff.tried),
    }
    yield from (f"  {name}：{value}" for name, value in facts.items() if value)
    yield "  转人工之前："
    yield from (f"    {_moment(line.at)}  {WHO[line.who]}：{on_one_line(line.text)}" for line in handoff.history)
    if media:
        yield "  图片语音（在 WXBOT_MEDIA 里）："
    yield from (f"    {media_line(medium)}" for medium in media)
    if handoff.transcript:
        yield "  和客服的对话："
    yield from (f"    {_moment(line.at)}  {WHO[line.who]}：{on_one_line(line.text)}" for line in handoff.transcript)


def _moment(at: int) -> str:
    """'' for never."""
    return datetime.fromtimestamp(at).strftime("%m-%d %H:%M") if at else ""
