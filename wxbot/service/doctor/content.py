"""The content: what followers are answered from, whether by the files or by the version that was published last."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from wxbot.errors import Problem
from wxbot.service.doctor.finding import Finding, doubt, fault, fine
from wxbot.service.versions import Runner

Source = Literal["files", "published"]
"""As in `Settings.content`."""

MENDED: Mapping[Source, str] = MappingProxyType(
    {
        "files": "运行 wxbot check，改好以后会自动生效",
        "published": "运行 wxbot check，改好以后运行 wxbot publish",
    }
)
"""How content gets better."""
PUBLISH = "运行 wxbot publish"


@dataclass(frozen=True, slots=True)
class Published:
    """
    What processes follow. number: of the live version, 0 until there is one: they go by the files. lost: it cannot be
    read. differs: the files say otherwise.
    """

    number: int
    lost: bool = False
    differs: bool = False


def look_at_content(problems: Sequence[Problem], answers: int, published: Published | None = None) -> Iterator[Finding]:
    """problems, answers: of what is live. published: None where processes follow the files."""
    yield from _health(problems, answers, published)
    if not published:
        return
    if published.lost:
        yield fault(f"Redis 里版本 {published.number} 的内容没有了或坏了", PUBLISH)
    elif not published.number:
        yield doubt("还没有发布过内容，进程照本地文件回答", PUBLISH)
    elif published.differs:
        yield doubt("本地文件还有没发布的修改", PUBLISH)


def _health(problems: Sequence[Problem], answers: int, published: Published | None) -> Iterator[Finding]:
    is_live = published and published.number and not published.lost
    what = f"线上的版本 {published.number} " if published and is_live else "内容"
    mend = MENDED["published"] if published else "运行 wxbot check，按提示逐个改好"
    errors = [problem for problem in problems if problem.severity == "error"]
    warnings = [problem for problem in problems if problem.severity == "warning"]
    if errors:
        yield fault(f"{what}有 {len(errors)} 个错误，第一个是 {errors[0]}", mend)
    elif warnings:
        yield doubt(f"{what}有 {len(warnings)} 个提醒，第一个是 {warnings[0]}", "运行 wxbot check 看全部提醒")
    else:
        yield fine(f"{what}有 {answers} 条答案，没有错误" if is_live else f"{answers} 条答案，没有错误")
    for problem in problems:
        if problem.severity == "note":
            yield doubt(problem.message, problem.hint)


def look_at_runners(runners: Sequence[Runner], live: int, told: Callable[[Runner], str]) -> Iterator[Finding]:
    """What each process runs. live: number of the version that it should be. told: one process in words."""
    for runner in runners:
        if runner.state == "failed":
            yield fault(told(runner), MENDED["published"])
        elif runner.source == "kept" or runner.version != live:
            yield doubt(told(runner), "过一分钟再检查一次；还不是就重启这个进程")
        else:
            yield fine(told(runner))
    if not runners:
        yield doubt("没有按发布版本运行的进程", "启动时设置 WXBOT_CONTENT=published")
