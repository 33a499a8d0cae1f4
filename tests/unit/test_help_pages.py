"""What operators read who ask a command for help."""

import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from wxbot.entrypoints.cli import COMMANDS, cli
from wxbot.entrypoints.columns import width

ENGLISH = re.compile(r"Usage|Options|Commands|COMMAND|ARGS|Show this|default|x[<>]=|required|\b(?!OPENID\b)[A-Z]{5,}\b")


def all_commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    yield path
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from all_commands(command, *path, name)
        else:
            yield (*path, name)


@pytest.mark.parametrize("words", list(all_commands(cli)), ids=" ".join)
def test_every_page_of_help_is_in_chinese(words: tuple[str, ...]) -> None:
    page = helped(*words)

    assert page.startswith(f"用法：{' '.join(['wxbot', *words])} [选项]")
    assert "  显示帮助\n" in page
    assert not ENGLISH.findall(page)


def test_arguments_values_and_defaults_are_named_in_chinese() -> None:
    assert helped("eval").startswith("用法：wxbot eval [选项] 文件\n")
    assert "\n  --days 整数   看最近几天的问题，今天也算一天（默认 30；1 到 365）\n" in helped("gaps")
    assert "\n  --pause 数字  每步之间停几秒（默认 1.5；不小于 0）\n" in helped("demo")


def test_help_stands_below_a_term_that_is_too_long_for_its_column() -> None:
    page = helped("init").splitlines()

    at = page.index("  --type [认证服务号|认证订阅号|未认证|测试号]")
    assert page[at + 1] == f"{'':34}公众号的类型"
    assert max(map(width, page[at:])) <= 78


def test_the_list_of_commands_imports_none_of_them() -> None:
    script = "import sys; from wxbot.entrypoints.cli import cli; cli(['--help'], prog_name='wxbot')"
    watched = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); {script}"

    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, check=True)

    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert "wxbot.entrypoints.cli." not in done.stderr


def helped(*words: str) -> str:
    return CliRunner().invoke(cli, [*words, "--help"], prog_name="wxbot").output
