"""`wxbot eval`: how good are the answers, measured on questions with known right answers?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from wxbot.adapters.content import load, read_labelled
from wxbot.answering.evaluate import Counts, Judged, Report, judge, measure
from wxbot.answering.vectors import installed_encoder
from wxbot.domain.case import RULES
from wxbot.entrypoints.columns import aligned, on_one_line
from wxbot.service.content import ready

SHOWN = 10
"""Confusions and misleading answers that are listed."""


@click.command("eval")
@click.argument("file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象")
@click.pass_obj
def command(content: Path, file: Path, as_json: bool) -> None:
    """
    用一批知道正确答案的问题给回答打分。

    FILE 是 .jsonl、.csv 或 .yaml：每条有问题（ask 或 query）和答案 id（expect 或 gold，不该回答的写 none）。
    """
    live = ready(load(content), installed_encoder())
    questions = [question for question in read_labelled(file) if not RULES.issuperset(question.gold or [""])]
    strangers = sorted({name for question in questions for name in question.gold} - live.script.answers.keys() - RULES)
    report = measure(judge(live.engine.find, questions))
    if as_json:
        click.echo(json.dumps(as_object(report), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(report)))
    if strangers:
        click.echo(f"内容里没有这些答案，问到它们的都算错：{'、'.join(strangers)}", err=True)


def as_object(report: Report) -> dict[str, object]:
    """The report for programs: counts, and shares of 0..1."""
    return {
        "inside": report.inside,
        "outside": report.outside,
        "top1": _share(report.top1, report.inside),
        "first3": _share(report.first3, report.inside),
        "right": _share(report.shipped.right, report.inside),
        "wrong": _share(report.shipped.wrong, report.inside),
        "suggested": _share(report.suggested, report.inside),
        "missed": _share(report.missed, report.inside),
        "leak": _share(report.shipped.leak, report.outside),
        "threshold": report.shipped.threshold,
        "sweep": [asdict(counts) for counts in report.sweep],
        "confusions": [asdict(confusion) for confusion in report.confusions],
        "misleading": [_misled(judged) for judged in report.misleading],
    }


def _misled(judged: Judged) -> dict[str, object]:
    labelled, verdict = judged.labelled, judged.verdict
    return {
        "ask": labelled.text,
        "expect": labelled.gold,
        "got": verdict.ids[0],
        "confidence": round(verdict.confidence, 4),
    }


def _share(count: int, total: int) -> float | None:
    return round(count / total, 4) if total else None


def _lines(report: Report) -> Iterator[str]:
    yield f"{report.inside + report.outside} 个问题：{report.inside} 个该回答，{report.outside} 个不该回答"
    yield ""
    yield from aligned(list(_scores(report)), right=(1, 2))
    yield ""
    yield from aligned(list(_sweep(report)), right=(0, 1, 2, 3))
    if report.confusions:
        yield ""
        yield from aligned(list(_confused(report)), right=(0,))
    if report.misleading:
        yield ""
        yield from aligned(list(_misleading(report.misleading)), right=(0,))


def _scores(report: Report) -> Iterator[tuple[str, str, str]]:
    shipped, inside = report.shipped, report.inside
    yield "排序：正确答案排第一", str(report.top1), _percent(report.top1, inside)
    yield "排序：正确答案在前三", str(report.first3), _percent(report.first3, inside)
    yield "答对", str(shipped.right), _percent(shipped.right, inside)
    yield "答错", str(shipped.wrong), _percent(shipped.wrong, inside)
    yield "没答，正确答案在建议里", str(report.suggested), _percent(report.suggested, inside)
    yield "没答上", str(report.missed), _percent(report.missed, inside)
    yield "不该回答却答了", str(shipped.leak), _percent(shipped.leak, report.outside)


def _sweep(report: Report) -> Iterator[tuple[str, ...]]:
    """The threshold in use stands where its size puts it, in the place of another that looks the same."""
    yield "阈值", "答对", "答错", "不该答却答了", ""
    rows = {f"{counts.threshold:.2f}": counts for counts in (*report.sweep, report.shipped)}
    for threshold, counts in sorted(rows.items()):
        yield threshold, *_percents(counts, report), "← 现在" if counts is report.shipped else ""


def _percents(counts: Counts, report: Report) -> tuple[str, str, str]:
    return (
        _percent(counts.right, report.inside),
        _percent(counts.wrong, report.inside),
        _percent(counts.leak, report.outside),
    )


def _confused(report: Report) -> Iterator[tuple[str, ...]]:
    yield "次数", "应为", "排第一的却是", "例如"
    for confusion in report.confusions[:SHOWN]:
        yield str(confusion.count), confusion.gold, confusion.got or "（没有）", on_one_line(confusion.example)


def _misleading(misleading: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    yield "把握", "答成了", "应为", "问题"
    for judged in misleading[:SHOWN]:
        gold = " 或 ".join(judged.labelled.gold) or "不回答"
        verdict = judged.verdict
        yield f"{verdict.confidence:.2f}", verdict.ids[0], gold, on_one_line(judged.labelled.text)


def _percent(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else "–"
