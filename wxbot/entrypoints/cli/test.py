"""`wxbot test`: do the cases and the dialogs that lie beside the answers get what they should?"""

import json
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from wxbot.adapters.content import examine
from wxbot.answering.vectors import installed_encoder
from wxbot.domain.script import Answer, Script
from wxbot.domain.transcript import Transcript
from wxbot.entrypoints.columns import on_one_line
from wxbot.entrypoints.dialogs import Failure as Derailed
from wxbot.entrypoints.dialogs import Player, difference
from wxbot.entrypoints.rehearsal import rehearsal
from wxbot.entrypoints.spoken import in_words, named
from wxbot.entrypoints.stage import SideDoor
from wxbot.entrypoints.vitals import Vitals
from wxbot.errors import ContentError
from wxbot.service.cases import Failure, Result, run
from wxbot.service.content import ready
from wxbot.settings import load_settings

_FAILURES: dict[Failure, str] = {
    "wrong": "答错",
    "leaked": "不该答却答了",
    "offered": "只出现在建议里",
    "missed": "没答上",
}


@click.command()
@click.argument("files", metavar="[文件]…", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--suggest-ok", is_flag=True, help="正确答案出现在建议里也算通过")
@click.option("--no-dialogs", is_flag=True, help="不演对话，只试用例")
@click.option("--json", "as_json", is_flag=True, help="每条用例、每段对话输出一行 JSON")
@click.pass_obj
def command(content: Path, files: tuple[Path, ...], suggest_ok: bool, no_dialogs: bool, as_json: bool) -> None:
    """
    逐条试问 answers/ 里 *.cases.yaml 的用例，再把 *.dialog.yaml 的对话演一遍；或者只试给出的文件。

    全部通过时退出码为 0，有没通过的为 1。
    """
    examined = examine(content, files)
    if examined.errors:
        raise ContentError(examined.problems)
    results = run(ready(examined.loaded, installed_encoder()), examined.cases, suggest_ok=suggest_ok)
    if as_json:
        for result in results:
            click.echo(json.dumps(row(result), ensure_ascii=False))
    elif results or not examined.dialogs:
        show_cases(results, examined.loaded.script.answers)
    show = _dialog_as_json if as_json else _show_dialog
    derailed = () if no_dialogs else _play(content, examined.loaded.script, examined.dialogs, show)
    if not as_json and examined.dialogs and not no_dialogs:
        click.echo(summary_of_dialogs(len(examined.dialogs), len(derailed)))
    if derailed or any(result.failure for result in results):
        raise SystemExit(1)


def row(result: Result) -> dict[str, object]:
    """One case as JSON."""
    case, heard = result.case, result.heard
    return {
        "file": case.file,
        "line": case.line,
        "ask": case.ask,
        "expect": case.expect,
        "met": result.failure is None,
        "failure": result.failure,
        "got": {"kind": heard.kind, "ids": heard.ids, "confidence": heard.confidence},
        "rivals": [{"id": rival.id, "score": round(rival.score, 4)} for rival in result.rivals],
    }


def show_cases(results: Sequence[Result], answers: Mapping[str, Answer]) -> None:
    """Those that failed, and one line about all."""
    for result in results:
        if result.failure:
            click.secho(f"{result.case.file}:{result.case.line}: {on_one_line(result.case.ask)}", bold=True)
            for colour, line in _difference(result, answers):
                click.secho(f"    {line}", fg=colour)
    click.echo(summary(results))


def _difference(result: Result, answers: Mapping[str, Answer]) -> Iterator[tuple[str | None, str]]:
    """Lines with their colours."""
    yield "green", f"- 应为  {' 或 '.join(named(word, answers) for word in result.case.expect)}"
    yield "red", f"+ 实为  {in_words(result.heard, answers)}"
    if result.rivals:
        yield None, f"  候选  {'  '.join(f'{rival.id} {rival.score:.2f}' for rival in result.rivals)}"


def _play(
    content: Path, script: Script, dialogs: Sequence[Transcript], show: Callable[[Transcript, Derailed | None], None]
) -> list[Derailed]:
    """Every dialog on one rehearsal, as the user of the bot would meet it; those that went otherwise."""
    if not dialogs:
        return []
    # A folder of its own: neither a demo that runs here nor what its followers did has a part in this.
    with TemporaryDirectory(prefix="wxbot-") as data, (Path(data) / "log").open("w+", encoding="utf-8") as output:
        settings = replace(load_settings(os.environ), data=Path(data), redis_url="")
        logging.disable(logging.CRITICAL)
        try:
            with rehearsal(settings, content, port=0, output=output) as address:
                player = Player(SideDoor(address.platform), Vitals(address.bot), script)
                played = [(dialog, player.play(dialog)) for dialog in dialogs]
        except click.ClickException:
            output.seek(0)
            click.echo(output.read(), err=True)
            raise
        finally:
            logging.disable(logging.NOTSET)
    for dialog, failure in played:
        show(dialog, failure)
    return [failure for _, failure in played if failure]


def _show_dialog(dialog: Transcript, failure: Derailed | None) -> None:
    if not failure:
        return
    click.secho(f"{dialog.file}:{failure.line}: {dialog.title}", bold=True)
    for line in failure.said:
        click.echo(f"    {line}")
    for colour, line in difference(failure):
        click.secho(f"    {line}", fg=colour)


def _dialog_as_json(dialog: Transcript, failure: Derailed | None) -> None:
    told: dict[str, object] = {"file": dialog.file, "dialog": dialog.title, "met": failure is None}
    if failure:
        told |= {"line": failure.line, "wanted": failure.wanted, "came": failure.came, "said": failure.said}
    click.echo(json.dumps(told, ensure_ascii=False))


def summary_of_dialogs(number: int, derailed: int) -> str:
    """One line: how many were played, and how many went otherwise."""
    return f"{number} 段对话，{f'{derailed} 段没有通过' if derailed else '全部通过'}"


def summary(results: Sequence[Result]) -> str:
    """One line: how many were tried, and what became of them."""
    if not results:
        return "还没有用例。请在 answers/ 里建一个名字以 .cases.yaml 结尾的文件"
    failures = Counter(result.failure for result in results if result.failure)
    if not failures:
        return f"{len(results)} 条用例，全部通过"
    counts = "，".join(f"{words} {failures[name]}" for name, words in _FAILURES.items() if failures[name])
    return f"{len(results)} 条用例，{failures.total()} 条没有通过：{counts}"
