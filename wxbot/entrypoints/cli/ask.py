"""`wxbot ask`: what would the bot answer?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from wxbot.adapters.content import Loaded, load
from wxbot.answering.entry import Entry
from wxbot.answering.search import Engine, build
from wxbot.answering.verdict import Verdict


@click.command()
@click.argument("question", required=False)
@click.option("--explain", is_flag=True, help="说明为什么这样答")
@click.option("--json", "as_json", is_flag=True, help="每个问题输出一行 JSON")
@click.option("--batch", type=click.File(encoding="utf-8"), help="从文件逐行读问题，- 表示标准输入")
@click.pass_obj
def command(content: Path, question: str | None, explain: bool, as_json: bool, batch: TextIO | None) -> None:
    """试问一句话，看机器人怎么答。找到答案时退出码为 0，没有找到为 1。"""
    if (question is None) == (batch is None):
        raise click.UsageError("请给出一句话，或用 --batch 给出一个文件，两者选一")
    engine = engine_of(load(content))
    for text in _lines(batch) if batch else [question or ""]:
        verdict = engine.find(text)
        click.echo(json.dumps(_row(text, verdict), ensure_ascii=False) if as_json else str(verdict))
    if question is not None and verdict.outcome != "answer":
        raise SystemExit(1)


def engine_of(loaded: Loaded) -> Engine:
    entries = [
        Entry(a.id, a.question, a.similar, a.keywords, a.exact, a.smalltalk) for a in loaded.script.answers.values()
    ]
    return build(entries, loaded.vocabulary, loaded.synonyms)


def _lines(file: TextIO) -> Iterator[str]:
    return (line.rstrip("\r\n") for line in file)


def _row(text: str, verdict: Verdict) -> dict[str, object]:
    return {
        "query": text,
        "outcome": verdict.outcome,
        "answer_id": verdict.ids[0] if verdict.outcome == "answer" else None,
        "confidence": round(verdict.confidence, 4),
        "candidates": [{"id": c.id, "score": round(c.score, 4)} for c in verdict.candidates],
    }
