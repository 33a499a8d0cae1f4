"""`wxbot doctor`: what is wrong with an account and its deployment, and how to mend it."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from wxbot.entrypoints.checkup import Patient, checkup, patient
from wxbot.service.doctor.finding import Finding
from wxbot.service.doctor.rounds import Report, examine

_SIGNS = {"fine": "✓", "doubt": "!", "fault": "✗"}
_COLOURS = {"fine": "green", "doubt": "yellow", "fault": "red"}


@click.command()
@click.option("--url", default="", help="后台填的服务器地址，例如 https://你的域名/wechat")
@click.option("--send-test", is_flag=True, help="给每个工作人员的通知渠道发一条测试")
@click.option("--json", "as_json", is_flag=True, help="每个结果输出一行 JSON")
@click.pass_obj
def command(folder: Path, url: str, send_test: bool, as_json: bool) -> None:
    """检查公众号和部署：✓ 正常，! 请留意，✗ 要修（退出码 1）。没有设置公众号时，检查正在运行的 wxbot demo。"""
    found = patient(os.environ, url)
    if not as_json:
        click.echo(_heading(found))
    reports: list[Report] = []
    with checkup(found, folder, send_test=send_test) as checks:
        for report in examine(checks):
            reports.append(report)
            for line in _lines(report, as_json):
                click.echo(line)
    if not as_json:
        click.echo(_summary(reports))
    if any(report.is_faulty for report in reports):
        raise SystemExit(1)


def _heading(found: Patient) -> str:
    if found.rehearsal:
        return "检查的是本机的演练（wxbot demo 的模拟平台），不是真实的公众号。"
    if not found.settings.appid:
        return "没有设置公众号，wxbot demo 也没有在运行，只检查部署。"
    return f"检查公众号 {found.settings.appid}。"


def _lines(report: Report, as_json: bool) -> Iterator[str]:
    for finding in report.findings:
        if as_json:
            yield json.dumps({"check": report.name, **asdict(finding)}, ensure_ascii=False)
        else:
            yield f"{click.style(_SIGNS[finding.mark], fg=_COLOURS[finding.mark])} {report.name}：{_sentence(finding)}"


def _sentence(finding: Finding) -> str:
    return "。".join(filter(None, [finding.text, finding.cure, finding.page and f"位置：{finding.page}"]))


def _summary(reports: list[Report]) -> str:
    marks = [finding.mark for report in reports for finding in report.findings]
    faults, doubts = marks.count("fault"), marks.count("doubt")
    return f"{faults} 处要修，{doubts} 处请留意。" if faults + doubts else "一切正常。"
