"""What click says of a wrong call, in Chinese: a mistyped command is a mistake of operators like any other."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

import click

_SENTENCES = (
    (r"'?(.+?)'? is not one of (.+)\.", "不能写「{0}」，可以写 {1}"),
    (r"'(.*)' is not a valid (?:integer|integer range|int)\.", "应为整数，这里写的是「{0}」"),
    (r"'(.*)' is not a valid (?:float|float range)\.", "应为数字，这里写的是「{0}」"),
    (r"(.+) is not in the range (\d+)<=x<=(\d+)\.", "{0} 超出了范围，应为 {1} 到 {2}"),
    (r"(.+) is not in the range (.+)\.", "{0} 超出了范围，应为 {1}"),
    (r"(?:File|Path) '(.+)' does not exist\.", "没有「{0}」这个文件"),
    (r"Directory '(.+)' does not exist\.", "没有「{0}」这个文件夹"),
    (r"File '(.+)' is a directory\.", "「{0}」是文件夹，这里要写文件"),
    (r"Directory '(.+)' is a file\.", "「{0}」是文件，这里要写文件夹"),
    (r"\w+ '(.+)' is not (?:readable|writable)\.", "没有权限读写「{0}」"),
    (r"Got unexpected extra arguments? \((.+)\)", "多写了「{0}」；一句话里有空格的，请放进引号里"),
    (r"Option '(.+)' requires an argument\.", "「{0}」后面还要写内容"),
    (r"Option '(.+)' does not take a value\.", "「{0}」后面不用写内容"),
    (r"Missing command\.", "后面还要写命令"),
)
"""Sentences of click as patterns, and what they become."""


def in_chinese(error: click.UsageError) -> str:
    """One sentence; what is ours or unknown stays as it is."""
    if isinstance(error, click.NoSuchOption):
        return f"没有「{error.option_name}」这个选项{_or(error.possibilities or ())}"
    if unknown := re.fullmatch(r"No such command '(.+?)'\..*", error.message):
        return f"没有「{unknown[1]}」这个命令{_or(_like(unknown[1], error.ctx))}"
    if isinstance(error, click.MissingParameter):
        return f"还要写上「{_name(error)}」"
    said = _translated(error.message)
    return f"「{_name(error)}」写得不对：{said}" if isinstance(error, click.BadParameter) and _name(error) else said


def usage(error: click.UsageError) -> str:
    """How the command is called, and where to read more; '' where that is not known."""
    if error.ctx is None:
        return ""
    called = error.ctx.command_path
    pieces = " ".join(error.ctx.command.collect_usage_pieces(error.ctx))
    return f"用法：{called} {pieces}\n详细说明：{called} --help"


def _translated(sentence: str) -> str:
    for pattern, chinese in _SENTENCES:
        if found := re.fullmatch(pattern, sentence):
            return chinese.format(*(part.replace("', '", "、").strip("'") for part in found.groups()))
    return sentence


def _name(error: click.BadParameter) -> str:
    """The option as it is typed, or the word that stands for an argument in the usage."""
    if error.param is None:
        return ""
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return (error.param.metavar or error.param.name or "").strip("[]…").upper()


def _like(word: str, ctx: click.Context | None) -> Sequence[str]:
    group = ctx.command if ctx is not None else None
    return get_close_matches(word, group.list_commands(ctx)) if ctx and isinstance(group, click.Group) else ()


def _or(words: Sequence[str]) -> str:
    return f"。是不是想写「{words[0]}」" if words else ""
