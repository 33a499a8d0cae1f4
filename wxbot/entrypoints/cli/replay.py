"""`wxbot replay`: what would this content change for the questions that were really asked?"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import click

from wxbot.answering.vectors import installed_encoder
from wxbot.bootstrap import build_desk, check_content, with_redis
from wxbot.domain.script import Answer
from wxbot.entrypoints.columns import on_one_line
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.entrypoints.spoken import in_words
from wxbot.service.content import ready
from wxbot.service.replay import Change, Replayed, replay
from wxbot.service.retention import QUESTIONS_S

DAY_S = 86400


@click.command()
@click.option(
    "--days",
    default=7,
    show_default=True,
    type=click.IntRange(1, QUESTIONS_S // DAY_S),
    help="看最近几天的问题",
)
@click.option(
    "--against",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="和这个文件夹里的内容比较；不写就和当时的回答比较",
)
@click.option("--json", "as_json", is_flag=True, help="每种变化输出一行 JSON")
@click.pass_obj
def command(folder: Path, days: int, against: Path | None, as_json: bool) -> None:
    """
    把用户最近真实问过的问题再问一遍，列出回答会不同的。只读，不发消息。

    没有不同时退出码为 0，有不同为 1。
    """
    encoder = installed_encoder()
    live = ready(check_content(folder), encoder)
    other = ready(check_content(against), encoder) if against else None
    with with_redis(settings_here(os.environ)) as settings:
        replayed = replay(build_desk(settings).questions(time.time() - days * DAY_S), live, other)
    if as_json:
        for change in replayed.changes:
            click.echo(json.dumps(asdict(change), ensure_ascii=False))
    else:
        answers = {**(other.script.answers if other else {}), **live.script.answers}
        click.echo("\n".join(_lines(replayed, days, answers)))
    if replayed.changes:
        raise SystemExit(1)


def _lines(replayed: Replayed, days: int, answers: Mapping[str, Answer]) -> Iterator[str]:
    if not replayed.asked:
        yield f"最近 {days} 天没有记录到问题"
        return
    for change in replayed.changes:
        yield from _change(change, answers)
    changed = f"{replayed.changed} 次的回答会不同" if replayed.changes else "回答都不变"
    yield f"最近 {days} 天的问题共 {replayed.asked} 次：{changed}"


def _change(change: Change, answers: Mapping[str, Answer]) -> Iterator[str]:
    yield f"{change.count} 次  {in_words(change.was, answers)} → {in_words(change.now, answers)}"
    for text, count in change.examples:
        yield f"    {on_one_line(text)}{f' ×{count}' if count > 1 else ''}"
