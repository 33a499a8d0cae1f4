"""`wxbot ask`: what would the bot answer?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click

from wxbot.adapters.content import load
from wxbot.answering.explain import render
from wxbot.answering.vectors import installed_encoder
from wxbot.answering.verdict import Verdict
from wxbot.domain.script import Script
from wxbot.entrypoints.columns import on_one_line
from wxbot.service.content import Live, ready


@click.command()
@click.argument("question", metavar="[问题]", required=False)
@click.option("--explain", is_flag=True, help="说明为什么这样答")
@click.option("--json", "as_json", is_flag=True, help="每个问题输出一行 JSON")
@click.option("--batch", type=click.File(encoding="utf-8"), help="从文件逐行读问题，- 表示标准输入")
@click.pass_obj
def command(content: Path, question: str | None, explain: bool, as_json: bool, batch: TextIO | None) -> None:
    """试问一句话，看机器人怎么答。没有直接回答时退出码为 1。"""
    if (question is None) == (batch is None):
        raise click.UsageError("请给出一句话，或用 --batch 给出一个文件，两者选一")
    if explain and as_json:
        raise click.UsageError("--explain 是给人看的，不能和 --json 一起用")
    live = ready(load(content), installed_encoder())
    if batch is not None:
        for text in _lines(batch):
            click.echo(_shown(live, text, explain, as_json))
        return
    click.echo(_shown(live, question or "", explain, as_json))
    if live.engine.find(question or "").outcome != "answer":
        raise SystemExit(1)


def _shown(live: Live, text: str, explain: bool, as_json: bool) -> str:
    if explain:
        return render(live.engine.explain(text))
    verdict = live.engine.find(text)
    return json.dumps(_row(text, verdict), ensure_ascii=False) if as_json else _told(live.script, verdict)


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


def _told(script: Script, verdict: Verdict) -> str:
    named = "、".join(f"{id}「{on_one_line(script.answers[id].question)}」" for id in verdict.ids)
    head = {"answer": "回答　", "suggest": "建议　", "none": "没有可答的"}[verdict.outcome]
    return f"{head}{named}（把握 {verdict.confidence:.2f}）"
