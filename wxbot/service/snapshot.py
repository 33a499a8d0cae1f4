"""A whole content folder as one value: every file byte for byte, named by what is in it."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from wxbot.errors import ContentError, Problem

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can state: the same files make the same archive, whenever it is made."""


@dataclass(frozen=True)
class Snapshot:
    """
    files: bytes by name, relative to the content folder, with `/` on every system. archive: that they came in, or b"".
    """

    files: Mapping[str, bytes] = field(repr=False)
    archive: bytes = field(default=b"", repr=False, compare=False)

    @cached_property
    def digest(self) -> str:
        """64 hexadecimal digits; the same for the same names and bytes, and for nothing else."""
        sha = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            sha.update(f"{len(name.encode())} {len(data)} {name}".encode() + data)
        return sha.hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(map(len, self.files.values()))

    @cached_property
    def packed(self) -> bytes:
        """A zip archive."""
        return self.archive or _zipped(self.files)


def unpacked(data: bytes, digest: str = "") -> Snapshot:
    """
    What `packed` made.

    digest: that the files have to have, '' for any.

    Raises:
        ContentError: the archive is damaged, or holds something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zipped:
            snapshot = Snapshot({name: zipped.read(name) for name in zipped.namelist()}, data)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(digest) from error
    if digest not in ("", snapshot.digest):
        raise _damaged(digest)
    return snapshot


def _zipped(files: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, data in sorted(files.items()):
            zipped.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def short(digest: str) -> str:
    """As people are shown it."""
    return digest[:12]


def _damaged(digest: str) -> ContentError:
    return ContentError([Problem(f"内容 {short(digest)}".rstrip(), 1, 1, "存下来的内容已经损坏", "请重新发布一次")])
