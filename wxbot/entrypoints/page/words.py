"""The page's own words, Chinese first; what operators have worded comes from their texts."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from flask import has_request_context, request

LANGUAGES = ("zh", "en")


def language() -> str:
    """What the browser prefers of what there is."""
    return (request.accept_languages.best_match(LANGUAGES) if has_request_context() else None) or LANGUAGES[0]


def t(key: str, **values: object) -> str:
    """The wording of that name in the visitor's language, its `{placeholders}` filled in."""
    return _words()[key][LANGUAGES.index(language())].format(**values)


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    words: dict[str, tuple[str, str]] = json.loads((Path(__file__).parent / "words.json").read_text(encoding="utf-8"))
    return words
