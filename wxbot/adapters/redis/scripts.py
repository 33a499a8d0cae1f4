"""The Lua scripts beside this file, and the commands that some of them are given to apply."""

from collections.abc import Callable, Iterable
from importlib import resources
from typing import Any

import redis

Word = str | bytes | int | float
Command = tuple[Word, ...]
"""As on the wire; its second word is the one key it touches."""


def load_script(client: redis.Redis, name: str) -> Callable[..., Any]:
    """A function of (keys, args) that runs `<name>.lua`, also on a server that has never seen it."""
    return client.register_script(read_script(name))


def read_script(name: str) -> str:
    return (resources.files(__package__) / f"{name}.lua").read_text(encoding="ascii")


def keys_of(commands: Iterable[Command]) -> list[Word]:
    return list(dict.fromkeys(command[1] for command in commands))


def words_of(commands: Iterable[Command]) -> list[Word]:
    """All commands in one row, each led by the number of its words."""
    return [word for command in commands for word in (len(command), *command)]
