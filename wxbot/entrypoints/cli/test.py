"""`wxbot test`: do the cases that lie beside the answers get what they should?"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from wxbot.adapters.content import examine
from wxbot.answering.vectors import installed_encoder
from wxbot.domain.script import Answer
from wxbot.entrypoints.columns import on_one_line
from wxbot.entrypoints.spoken import in_words, named
from wxbot.errors import ContentError
from wxbot.service.cases import Failure, Result, run
from wxbot.service.content import ready

_FAILURES: dict[Failure, str] = {
    "wrong": "答错",
    "leaked": "不该答却答了",
    "offered": "只出现在建议里",
    "missed": "没答上",
}


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--suggest-ok", is_flag=True, help="正确答案出现在建议里也算通过")
@click.option("--json", "as_json", is_flag=True, help="每条用例输出一行 JSON")
@click.pass_obj
def command(content: Path, files: tuple[Path, ...], suggest_ok: bool, as_json: bool) -> None:
    """
    逐条试问 answers/ 里 *.cases.yaml 的用例，或者只试给出的文件。

    全部通过时退出码为 0，有没通过的为 1。
    """
    examined = examine(content, files)
    if examined.errors:
        raise ContentError(examined.problems)
    results = run(ready(examined.loaded, installed_encoder()), examined.cases, suggest_ok=suggest_ok)
    if as_json:
        for result in results:
            click.echo(json.dumps(row(result), ensure_ascii=False))
    else:
        _show(results, examined.loaded.script.answers)
    if any(result.failure for result in results):
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


def _show(results: Sequence[Result], answers: Mapping[str, Answer]) -> None:
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


def summary(results: Sequence[Result]) -> str:
    """One line: how many were tried, and what became of them."""
    if not results:
        return "还没有用例。请在 answers/ 里建一个名字以 .cases.yaml 结尾的文件"
    failures = Counter(result.failure for result in results if result.failure)
    if not failures:
        return f"{len(results)} 条用例，全部通过"
    counts = "，".join(f"{words} {failures[name]}" for name, words in _FAILURES.items() if failures[name])
    return f"{len(results)} 条用例，{failures.total()} 条没有通过：{counts}"
