"""Text to words. Alone in importing jieba, or rjieba where that is installed: as good as the same cuts, much faster."""

import contextlib
import functools
import importlib.util
import logging
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

# Ours alone: jieba's own default is one file for all users of the machine, unmarshalled whoever wrote it.
CACHE = Path(".wxbot/jieba")

Cut = Callable[[str], list[str]]


def segmenter(vocabulary: Iterable[str] = (), *, cache: Path = CACHE, fast: bool | None = None) -> Cut:
    """
    A function that cuts a normalised text into its words; it is safe to share between threads.

    Unknown words fall into characters: guessing at them costs twice the time and finds nothing that pairs do not.

    Args:
        vocabulary: the operators' own words, normalised, which are kept whole.
        cache: folder for jieba's compiled dictionary; where it cannot be made, jieba compiles anew each time.
        fast: whether to use rjieba; None where it is installed.
    """
    words = tuple(word for word in vocabulary if word)
    fast = importlib.util.find_spec("rjieba") is not None if fast is None else fast
    return _fast(words) if fast else _plain(words, cache)


def _fast(words: tuple[str, ...]) -> Cut:
    import rjieba

    jieba = rjieba.Jieba()
    for word in words:
        jieba.add_word(word, None, None)
    return functools.partial(jieba.cut, hmm=False)


def _plain(words: tuple[str, ...], cache: Path) -> Cut:
    base = _dictionary(cache)
    # Copying the loaded dictionary takes some 20 ms, loading it anew up to 1.5 s.
    own = type(base)()
    own.FREQ, own.total, own.initialized = base.FREQ.copy(), base.total, True
    for word in words:
        own.add_word(word)
    return functools.partial(own.lcut, HMM=False)


@functools.lru_cache(maxsize=1)
def _dictionary(cache: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba warns of its own syntax and of pkg_resources when first imported
        import jieba
    jieba.setLogLevel(logging.CRITICAL)
    with contextlib.suppress(OSError):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache)
    tokenizer.initialize()
    return tokenizer
