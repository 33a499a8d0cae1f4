"""Versions of the content as the commands show them."""

import getpass
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from wxbot.adapters.content import Examined, examine, spread
from wxbot.adapters.content.files import MENUS
from wxbot.adapters.content.parsing import parse
from wxbot.adapters.content.sheet import rows_of
from wxbot.entrypoints.columns import on_one_line
from wxbot.errors import ContentError
from wxbot.service.answer_table import compare, told
from wxbot.service.publishing import Switched
from wxbot.service.snapshot import Snapshot
from wxbot.service.versions import Runner, Shelf, Version

_COLOURS = {"+": "green", "-": "red", "~": "yellow"}
_STATES = {"runs": "", "loads": "正在加载版本 {0}", "ready": "版本 {0} 准备好了", "failed": "加载不了版本 {0}：{1}"}
_SOURCES = {"files": "文件", "kept": "最近一份能用的内容"}


def user_name() -> str:
    """Of who runs this on the machine; '' where the system does not know."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def moment(at: float, zone: str) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")


def examined_of(snapshot: Snapshot) -> Examined:
    """Whatever state the content is in."""
    with spread(snapshot) as folder:
        return examine(folder)


def fetched(shelf: Shelf, version: Version) -> Snapshot | None:
    """To compare with; None, and a warning, where its archive is gone or damaged."""
    try:
        return shelf.fetch(version)
    except ContentError as error:
        click.secho(f"版本 {version.number} 读不出来，没法比较：{error}", fg="yellow", err=True)
        return None


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """From one version to another, in Chinese; the first sign of a line says of what kind it is: + - ~."""
    if before.digest == after.digest:
        return []
    old, new = examined_of(before), examined_of(after)
    return [*_of_answers(old, new), *_of_menus(before, after), *_of_words(old, new), *_of_trials(old, new)]


def _of_answers(old: Examined, new: Examined) -> Iterator[str]:
    changes = compare(rows_of(old.written), rows_of(new.written), remove=True)
    yield from told(changes)
    shown = {change.before.id for change in changes.changed}
    known = old.loaded.script.answers
    for answer in new.loaded.script.answers.values():
        # What a table does not show, such as pictures and what differs by hours or tier.
        if answer.id not in shown and answer.id in known and known[answer.id] != answer:
            yield f"~ 修改 {answer.id}「{answer.question}」"


def _of_menus(before: Snapshot, after: Snapshot) -> Iterator[str]:
    old, new = _sections(before), _sections(after)
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            sign, verb = ("+", "新增") if key not in old else ("-", "删除") if key not in new else ("~", "修改")
            yield f"{sign} {verb} {MENUS} 的 {key}"


def _sections(snapshot: Snapshot) -> dict[str, object]:
    data = parse(MENUS, snapshot.files[MENUS].decode("utf-8-sig")).data if MENUS in snapshot.files else None
    return dict(data) if isinstance(data, dict) else {}


def _of_words(old: Examined, new: Examined) -> Iterator[str]:
    if old.loaded.vocabulary != new.loaded.vocabulary:
        yield "~ 修改 词汇（vocabulary）"
    if old.loaded.synonyms != new.loaded.synonyms:
        yield "~ 修改 同义词（synonyms）"


def _of_trials(old: Examined, new: Examined) -> Iterator[str]:
    for name, before, after in (("用例", old.cases, new.cases), ("对话", old.dialogs, new.dialogs)):
        if before != after:
            yield f"~ 修改 {name}：{len(before)} → {len(after)}"


def echo_differences(lines: list[str]) -> None:
    for line in lines:
        click.secho(line, fg=_COLOURS.get(line[:1]))
    if not lines:
        click.echo("答案和 menus.yaml 的意思都没有变。")


def runner_line(runner: Runner) -> str:
    """One process: what it runs, and what it is about to."""
    runs = f"版本 {runner.version}" if runner.version else _SOURCES.get(runner.source, "还没有内容")
    doing = _STATES[runner.state].format(runner.target, on_one_line(runner.why))
    return f"进程 {runner.name}：{runs}{doing and f'（{doing}）'}"


def echo_switched(switched: Switched) -> None:
    """What became of a publication."""
    number, runners = switched.version.number, switched.runners
    if not runners:
        click.echo(f"版本 {number} 已生效。现在没有按发布版本运行的进程（WXBOT_CONTENT=published）。")
        return
    click.echo(f"版本 {number} 已生效，{len(runners) - len(switched.late)} 个进程一起切换。")
    for runner in switched.late:
        click.secho(f"没有切换的{runner_line(runner)}", fg="red", err=True)
