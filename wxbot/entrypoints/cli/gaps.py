"""`wxbot gaps`: what was asked and not answered, and how it gets into the answers."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from wxbot.adapters.content import Examined
from wxbot.adapters.content.editing import Edit, EditRefused, with_entry, with_phrasings
from wxbot.adapters.content.pieces import NewEntry
from wxbot.answering.vectors import installed_encoder
from wxbot.bootstrap import build_desk, check_content, with_redis
from wxbot.domain.script import Answer
from wxbot.entrypoints.edits import echo_diff, sound, tried
from wxbot.entrypoints.rehearsal import settings_here
from wxbot.entrypoints.spoken import in_words, named
from wxbot.service import gaps
from wxbot.service.cases import Result
from wxbot.service.content import Live, ready
from wxbot.service.gaps import BadlyRated, Gap
from wxbot.service.hearing import hear
from wxbot.service.ports import Loaded
from wxbot.service.retention import QUESTIONS_S
from wxbot.settings import Settings

DAYS = 30
VARIANTS = 5
ADDED_AT_ONCE = 8
"""Phrasings of one gap that are written; more of the same kind teach the engine little."""

_DAY_S = 86400
_days = click.option(
    "--days",
    default=DAYS,
    show_default=True,
    type=click.IntRange(1, QUESTIONS_S // _DAY_S),
    help="看最近几天的问题，今天也算一天",
)


@click.group(invoke_without_command=True)
@_days
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="最多列出几组")
@click.option("--json", "as_json", is_flag=True, help="每组输出一行 JSON")
@click.pass_context
def command(ctx: click.Context, days: int, limit: int, as_json: bool) -> None:
    """列出用户问了、机器人没答上的问题，相近的归为一组，问得多的在前；后面是用户说没帮助的答案。

    用现在的内容已经能答上的、闲聊、要人工和要电话的话都不列出。
    """
    if ctx.invoked_subcommand:
        ctx.default_map = {ctx.invoked_subcommand: {"days": days}}
        return
    loaded = check_content(ctx.obj)
    live = ready(loaded, installed_encoder())
    found, bad = _gaps(loaded, live, days), _badly_rated(live, days)
    answers = loaded.script.answers
    if as_json:
        rows = [*(row(number, gap, answers) for number, gap in enumerate(found[:limit], 1)), *map(asdict, bad[:limit])]
        for each in rows:
            click.echo(json.dumps(each, ensure_ascii=False))
    else:
        click.echo("\n".join([*_lines(found, limit, days, answers), *_rated_lines(bad[:limit], answers)]))


@dataclass(frozen=True, slots=True)
class _Target:
    """Where phrasings go: to a known answer, or (the other three together) to a new one."""

    known_id: str | None
    new_id: str | None
    category: str | None
    answer: str | None

    def require_one(self) -> None:
        if (self.known_id is None) == (self.new_id is None):
            raise click.UsageError("请用 --to 给出一条答案的 id，或用 --new 另写一条，两者选一")
        if len({piece is None for piece in (self.new_id, self.category, self.answer)}) > 1:
            raise click.UsageError("--new、--category、--answer 要一起写")


@command.command()
@click.argument("name", metavar="编号或问题")
@click.option("--to", "known_id", metavar="ID", help="把问法加到这条答案的 similar 里")
@click.option("--new", "new_id", metavar="ID", help="另写一条新答案，用这个 id")
@click.option("--category", metavar="分类", help="新答案放在哪个分类，和 --new 一起用")
@click.option("--answer", metavar="文字", help="新答案的回答，和 --new 一起用")
@click.option("--yes", is_flag=True, help="不再询问，直接写入")
@_days
@click.pass_obj
def add(
    folder: Path,
    name: str,
    known_id: str | None,
    new_id: str | None,
    category: str | None,
    answer: str | None,
    yes: bool,
    days: int,
) -> None:
    """把一组没答上的问法写进答案文件。

    先列出要改的地方，并在副本上检查内容、跑一遍用例；出了新错误，或者原来通过的用例不再通过，就什么也不写。
    """
    target = _Target(known_id, new_id, category, answer)
    target.require_one()
    examined = sound(folder)
    before = ready(examined.loaded, installed_encoder())
    gap = _named(_gaps(examined.loaded, before, days), name)
    try:
        _write(folder, gap, target, examined, before, yes=yes)
    except EditRefused as refused:
        click.echo(str(refused), err=True)
        raise SystemExit(1) from None


def _write(folder: Path, gap: Gap, target: _Target, examined: Examined, before: Live, *, yes: bool) -> None:
    """Raises EditRefused; nothing was written then."""
    edit = _edit(folder, gap, target)
    echo_diff(edit)
    after = _tried(folder, edit, examined, before)
    if not yes and not click.confirm(f"写进 {edit.source.file} 吗？"):
        raise EditRefused("没有改动。")
    edit.write()
    heard = in_words(hear(after, gap.question), after.script.answers)
    click.echo(f"已写进 {edit.source.file}。现在问「{gap.question}」：{heard}")


def row(number: int, gap: Gap, answers: Mapping[str, Answer]) -> dict[str, object]:
    """One gap as JSON."""
    nearest = gap.nearest and {
        "id": gap.nearest.id,
        "question": answers[gap.nearest.id].question,
        "score": round(gap.nearest.score, 4),
    }
    return {
        "number": number,
        "question": gap.question,
        "count": gap.count,
        "users": gap.users,
        "last": datetime.fromtimestamp(gap.last).astimezone().isoformat(),
        "variants": gap.phrasings[1 : VARIANTS + 1],
        "nearest": nearest,
    }


def _gaps(loaded: Loaded, live: Live, days: int) -> list[Gap]:
    settings = settings_here(os.environ)
    with with_redis(settings) as reachable:
        return gaps.find_gaps(build_desk(reachable).questions(_since(settings, days)), live, loaded.synonyms)


def _badly_rated(live: Live, days: int) -> list[BadlyRated]:
    settings = settings_here(os.environ)
    with with_redis(settings) as reachable:
        return gaps.badly_rated(build_desk(reachable).ratings(_since(settings, days)), live)


def _since(settings: Settings, days: int) -> float:
    """From a midnight on, so that the numbers do not move from one call to the next."""
    midnight = datetime.now(ZoneInfo(settings.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=days - 1)).timestamp()


def _rated_lines(bad: Sequence[BadlyRated], answers: Mapping[str, Answer]) -> Iterator[str]:
    if bad:
        yield "用户说没帮助的答案："
    for each in bad:
        yield f"     {named(each.answer_id, answers)}  —— {each.count} 次"
        yield from (f"       「{reason}」" for reason in each.reasons[:VARIANTS])


def _lines(found: Sequence[Gap], limit: int, days: int, answers: Mapping[str, Answer]) -> Iterator[str]:
    if not found:
        yield f"最近 {days} 天没有答不上的问题。"
        return
    for number, gap in enumerate(found[:limit], 1):
        last = datetime.fromtimestamp(gap.last).strftime("%m-%d %H:%M")
        yield f"{number:>3}. {gap.question}  —— {gap.count} 次，{gap.users} 人，最近 {last}"
        variants = gap.phrasings[1 : VARIANTS + 1]
        if variants:
            rest = len(gap.phrasings) - 1 - len(variants)
            yield f"     也问：{'｜'.join(variants)}{f' 等 {rest + len(variants)} 种' if rest else ''}"
        if gap.nearest:
            yield f"     最接近：{named(gap.nearest.id, answers)} {gap.nearest.score:.2f}"
    total = sum(gap.count for gap in found)
    shown = f"，列出前 {limit} 组" if len(found) > limit else ""
    yield f"最近 {days} 天没答上的问题共 {total} 次，归为 {len(found)} 组{shown}。"
    since = "" if days == DAYS else f" --days {days}"
    yield f"要把第 1 组的问法写进答案：wxbot gaps add 1 --to 答案的id{since}"


def _named(found: Sequence[Gap], name: str) -> Gap:
    at = gaps.named(found, name)
    if at is None:
        raise click.UsageError(f"没答上的问题里没有「{name}」，用 wxbot gaps 查看有哪些")
    return found[at]


def _edit(folder: Path, gap: Gap, target: _Target) -> Edit:
    phrasings = gap.teachable[:ADDED_AT_ONCE]
    if not phrasings:
        raise EditRefused("这一组的问法都太长，或者带有号码等个人信息，请自己写一句问法。")
    if target.known_id is not None:
        return with_phrasings(folder, target.known_id, phrasings)
    entry = NewEntry(target.new_id or "", phrasings[0], phrasings[1:], (target.answer or "").strip())
    return with_entry(folder, (target.category or "").strip(), entry)


def _tried(folder: Path, edit: Edit, examined: Examined, before: Live) -> Live:
    """The content with the edit; raises EditRefused where that makes anything worse."""
    after = ready(tried(folder, [edit], examined).loaded, installed_encoder())
    if broken := gaps.broken_by(before, after, examined.cases):
        told = (_broken(result, after.script.answers) for result in broken)
        raise EditRefused("\n".join(["原来通过的用例会不再通过，没有写入：", *told]))
    if examined.cases:
        click.echo(f"试过 {len(examined.cases)} 条用例，没有变差的。")
    return after


def _broken(result: Result, answers: Mapping[str, Answer]) -> str:
    expected = " 或 ".join(named(word, answers) for word in result.case.expect)
    place = f"{result.case.file}:{result.case.line}"
    return f"{place}: {result.case.ask}  应为 {expected}，改后 {in_words(result.heard, answers)}"
