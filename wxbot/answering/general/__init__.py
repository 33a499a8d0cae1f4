"""Everyday Chinese, whatever the business. Each file says in its first lines what it holds."""

import functools
from importlib import resources
from types import MappingProxyType

SMALL_TALK = "# small talk"


@functools.cache
def folds() -> MappingProxyType[str, str]:
    """Every word of `folds.txt` → the word it is read as, which may be itself."""
    groups = [line.split() for line in _lines("folds.txt")]
    return MappingProxyType({word: group[0] for group in groups for word in group})


@functools.cache
def sounds() -> MappingProxyType[int, str]:
    """Code point → the first character of the same sound, for `str.translate`."""
    groups = [line.split()[1] for line in _lines("sounds.txt")]
    return MappingProxyType({ord(character): group[0] for group in groups for character in group})


@functools.cache
def background(*, small_talk: bool = True) -> tuple[str, ...]:
    """Questions of everyday life, with or without the small talk among them."""
    text = _read("background.txt")
    return _content(text if small_talk else text.partition(SMALL_TALK)[0])


def _lines(name: str) -> tuple[str, ...]:
    return _content(_read(name))


def _content(text: str) -> tuple[str, ...]:
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def _read(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
