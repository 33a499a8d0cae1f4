"""`wxbot check`: every problem of the operators' files, with the line it is in."""

import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import click

from wxbot.adapters.content import Examined, examine, watched
from wxbot.adapters.content.files import legible
from wxbot.adapters.content.syntax import lines_of
from wxbot.entrypoints.columns import width
from wxbot.errors import Problem
from wxbot.service.lint import lint

_COLOURS = {"error": "red", "warning": "yellow", "note": None}

WATCH_S = 0.5
SHOWN_WIDTH = 100
"""Most characters of an offending line that are shown."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="每个问题输出一行 JSON")
@click.option("--strict", is_flag=True, help="提醒也算问题")
@click.option("--watch", is_flag=True, help="文件一改就再检查一遍，按 Ctrl-C 结束")
@click.pass_obj
def command(content: Path, as_json: bool, strict: bool, watch: bool) -> None:
    """检查 menus.yaml 和 answers/，一次列出全部问题。没有问题时退出码为 0，有问题为 1。"""
    if watch:
        with suppress(KeyboardInterrupt):
            _watch(content, as_json=as_json, strict=strict)
    elif not _check(content, as_json=as_json, strict=strict):
        raise SystemExit(1)


def _watch(content: Path, *, as_json: bool, strict: bool) -> None:
    """Check, and again after each change, until somebody has had enough."""
    while True:
        # Before the check, so that no change made meanwhile is missed.
        seen = watched(content)
        _check(content, as_json=as_json, strict=strict)
        while watched(content) == seen:
            time.sleep(WATCH_S)
        if not as_json:
            click.echo(f"\n{'─' * 20} {datetime.now():%H:%M:%S} 文件改了 {'─' * 20}")


def _check(content: Path, *, as_json: bool, strict: bool) -> bool:
    """Tell everything that is found; whether it passes."""
    with _no_collections():
        examined = linted(examine(content))
    if as_json:
        for problem in examined.problems:
            click.echo(json.dumps(asdict(problem), ensure_ascii=False))
    else:
        _show(content, examined)
    return not (examined.errors or (strict and examined.warnings))


@contextmanager
def _no_collections() -> Iterator[None]:
    """A quarter of the time goes into looking for cycles among things that all stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def linted(examined: Examined) -> Examined:
    """With what it takes all answers side by side to see."""
    doubts = examined.doubts(lint(examined.loaded.script, examined.loaded.synonyms))
    return replace(examined, problems=tuple(sorted({*examined.problems, *doubts})))


def _show(content: Path, examined: Examined) -> None:
    lines: dict[str, list[str]] = {}
    for problem in examined.problems:
        if problem.file not in lines:
            lines[problem.file] = _lines(content / problem.file)
        click.secho(str(problem), fg=_COLOURS[problem.severity])
        for shown in excerpt(lines[problem.file], problem):
            click.echo(f"    {shown}")
    click.echo(summary(examined))


def summary(examined: Examined) -> str:
    """One line: what was looked at, and what was found."""
    script, errors = examined.loaded.script, len(examined.errors)
    seen = f"{examined.files} 个文件，{len(script.answers)} 条答案，{len(script.categories)} 个分类"
    if examined.cases:
        seen += f"，{len(examined.cases)} 条用例"
    if examined.dialogs:
        seen += f"，{len(examined.dialogs)} 段对话"
    warnings = len(examined.warnings)
    if not errors + warnings:
        return f"{seen}：没有问题"
    return f"{seen}：{errors} 个错误，{warnings} 个提醒"


def excerpt(lines: list[str], problem: Problem) -> Iterator[str]:
    """The offending line and a caret under the place; nothing where the file has no such line."""
    if not 1 <= problem.line <= len(lines) or not lines[problem.line - 1].strip():
        return
    line, at = lines[problem.line - 1].replace("\t", " "), problem.column - 1
    start = max(0, at - SHOWN_WIDTH // 2) if len(line) > SHOWN_WIDTH else 0
    yield line[start : start + SHOWN_WIDTH]
    yield " " * width(line[start:at]) + "^"


def _lines(path: Path) -> list[str]:
    """As YAML counts them; [] where the file cannot be read."""
    try:
        return lines_of(legible(path.read_bytes()))
    except OSError:
        return []
