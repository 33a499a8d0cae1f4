"""Files that followers sent, in a folder or an object store; nothing about them tells what they are or whose."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from wxbot.errors import MediaUnavailable


class MediaFiles:
    """
    `MediaShelf` on whatever fsspec can reach. Safe for many threads and processes.

    url: a folder, or any address that fsspec knows, such as `s3://bucket/prefix`. Connects when first used.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def put(self, content: bytes, suffix: str, salt: str = "") -> str:
        """
        Keep a file; the same again changes nothing, and nobody ever sees half of it.

        Args:
            suffix: such as `.jpg`. salt: what sets the same content apart from another's, say the media id.

        Returns:
            Its path on the shelf: a hash, below a folder of its first two digits.
        """
        digest = sha256(salt.encode() + b"\0" + content).hexdigest()[:40]
        path = f"{digest[:2]}/{digest}{suffix}"
        with _unavailable(), self._shelf() as (files, root):
            if isinstance(files, LocalFileSystem):
                _write_whole(Path(root) / path, content)
            else:
                # Object stores show a file when all of it is there.
                files.pipe_file(f"{root}/{path}", content)
        return path

    def get(self, path: str) -> bytes:
        """Raises MediaUnavailable, also where there is no such file."""
        with _unavailable(), self._shelf() as (files, root):
            return bytes(files.cat_file(f"{root}/{path}"))

    def delete(self, path: str) -> bool:
        """Whether it was there."""
        with _unavailable(), self._shelf() as (files, root):
            try:
                files.rm_file(f"{root}/{path}")
            except FileNotFoundError:
                return False
            return True

    @contextlib.contextmanager
    def _shelf(self) -> Iterator[tuple[Any, str]]:
        try:
            files, root = fsspec.core.url_to_fs(self._url)
        except (ImportError, ValueError) as error:
            raise MediaUnavailable(f"WXBOT_MEDIA cannot be used: {type(error).__name__}") from None
        yield files, root.rstrip("/")


def _write_whole(path: Path, content: bytes) -> None:
    """On disk before it gets its name; readable for us alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except MediaUnavailable:
        raise
    except Exception as error:  # noqa: BLE001  drivers let through whatever the libraries below them raise
        # Its text may hold a path or an address with a key in it.
        raise MediaUnavailable(f"the media store failed: {type(error).__name__}") from None
