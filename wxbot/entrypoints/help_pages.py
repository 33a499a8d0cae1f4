"""The pages of `--help` in Chinese, for every command alike: click has headings, values and defaults in English."""

import re
from collections.abc import Iterable

import click

from wxbot.entrypoints.columns import GAP, width, wrapped

_HEADINGS = {"Options": "选项", "Commands": "命令"}
_VALUES = {
    "text": "文字",
    "integer": "整数",
    "integer range": "整数",
    "float": "数字",
    "float range": "数字",
    "file": "文件",
    "filename": "文件",
    "directory": "文件夹",
}
"""What an option takes, by the name that click has for its type."""
_EXTRAS = (
    (r"default: \(?([^;)\]]+)\)?", r"默认 \1"),
    (r"(\d+)<=x<=(\d+)", r"\1 到 \2"),
    (r"x>=(\d+)", r"不小于 \1"),
    ("; ", "；"),
)
"""What click puts in brackets after the help of an option, as patterns, and what they become."""
_WIDEST_TERM = 30


def with_chinese_help(command: click.Command) -> click.Command:
    """The command itself, and all below it that are there already, with help in Chinese; `-h` asks for it as well."""
    if command.context_class is _Context:
        return command
    command.context_class = _Context
    command.options_metavar = "[选项]"
    click.help_option("-h", "--help", help="显示帮助")(command)
    for param in command.params:
        if isinstance(param, click.Option):
            param.metavar = param.metavar or _VALUES.get(param.type.name)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "[命令] …" if command.invoke_without_command else "命令 …"
        for below in command.commands.values():
            with_chinese_help(below)
    return command


class _Page(click.HelpFormatter):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':{self.current_indent}}{_HEADINGS.get(heading, heading)}：\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _WIDEST_TERM, col_spacing: int = len(GAP)
    ) -> None:
        """As click's, but with columns that stand below each other where terms are Chinese."""
        rows = list(rows)
        indent = " " * self.current_indent
        room = min(max(width(term) for term, _ in rows), col_max) + col_spacing
        below = f"\n{indent}{'':{room}}"
        for term, told in rows:
            gap = " " * (room - width(term)) or below
            lines = wrapped(_extra_in_chinese(told), self.width - len(indent) - room)
            self.write(f"{indent}{term}{gap}{below.join(lines)}".rstrip() + "\n")


class _Context(click.Context):
    formatter_class = _Page


def _extra_in_chinese(told: str) -> str:
    text, bracket, extra = told.rpartition("  [")
    if not bracket:
        return told
    for pattern, chinese in _EXTRAS:
        extra = re.sub(pattern, chinese, extra)
    return f"{text}（{extra.removesuffix(']')}）"
