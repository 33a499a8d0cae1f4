"""Edits of the operators' files, as the commands show and try them before they write."""

from collections.abc import Sequence
from pathlib import Path

import click

from wxbot.adapters.content import Examined, examine
from wxbot.adapters.content.editing import Edit, EditRefused, rehearsed
from wxbot.errors import ContentError


def sound(folder: Path) -> Examined:
    """The content as it is. Raises ContentError: files with errors are not edited."""
    examined = examine(folder)
    if examined.errors:
        raise ContentError(examined.problems)
    return examined


def echo_diff(edit: Edit) -> None:
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in edit.diff:
        click.secho(line, fg=colours.get(line[:1]))


def tried(folder: Path, edits: Sequence[Edit], examined: Examined) -> Examined:
    """
    The content with the edits, checked in a copy; new warnings are shown.

    examined: the content without them. Raises EditRefused where there are errors.
    """
    with rehearsed(folder, *edits) as copy:
        edited = examine(copy)
    if edited.errors:
        raise EditRefused("\n".join(["改完有错误，没有写入：", *map(str, edited.errors)]))
    known = {(problem.file, problem.message) for problem in examined.problems}
    for problem in edited.warnings:
        if (problem.file, problem.message) not in known:
            click.secho(str(problem), fg="yellow")
    return edited
