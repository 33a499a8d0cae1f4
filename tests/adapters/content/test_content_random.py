"""Whatever stands in a file, the operator gets sentences."""

import json
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wxbot.adapters.content import examine, load
from wxbot.errors import ContentError

KEYS = ["category", "answers", "id", "question", "answer", "menu", "hours", "weekly", "action", "texts", "version", "x"]
SIGNS = [
    "\n",
    "  ",
    "- ",
    ": ",
    "：",
    "－",
    "[",
    "]",
    "{",
    "}",
    ", ",
    '"',
    "'",
    "#",
    "&a ",
    "*a",
    "!",
    "|\n",
    "\t",
    "<<",
]
WORDS = ["周一", "9:00-18:00", "browse", "answer:a", "怎么登录", "null", "{name}", "😀", "1", "true", "~"]

yamlish = st.lists(st.sampled_from([*KEYS, *SIGNS, *WORDS, "\u2028", "\x00"]), max_size=60).map("".join)
trees = st.recursive(
    st.sampled_from([*WORDS, ""]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


def tell(text: str | bytes) -> None:
    """Load it; nothing but a ContentError may come of it, and every problem has a place."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "answers").mkdir()
        for file in ("menus.yaml", "answers/a.yaml"):
            (folder / file).write_bytes(data)

        examined = examine(folder)
        with pytest.raises(ContentError) if examined.errors else nullcontext():
            load(folder)

    assert all(problem.line >= 1 and problem.column >= 1 and problem.message for problem in examined.problems)


@settings(deadline=None, max_examples=150)
@given(st.text() | yamlish)
def test_random_text_raises_nothing_but_content_errors(text: str) -> None:
    tell(text)


@settings(deadline=None, max_examples=50)
@given(st.binary())
def test_random_bytes_raise_nothing_but_content_errors(data: bytes) -> None:
    tell(data)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from(KEYS), trees, max_size=6))
def test_random_trees_raise_nothing_but_content_errors(tree: object) -> None:
    tell(json.dumps(tree, ensure_ascii=False))
