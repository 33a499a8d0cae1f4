"""The content folder as a whole: followed, taken as a snapshot, and made again from one."""

import logging
import os
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from wxbot.adapters.content.files import find, find_cases, find_dialogs, fingerprint, read_bytes
from wxbot.adapters.content.loading import load
from wxbot.errors import ContentError, Problem
from wxbot.service.ports import Loaded
from wxbot.service.snapshot import Snapshot, unpacked

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ContentFolder:
    """`Folder`."""

    path: Path

    def fingerprint(self) -> Hashable:
        return fingerprint(self.path)

    def load(self) -> Loaded:
        return load(self.path)

    def snapshot(self) -> Snapshot:
        """menus.yaml and all YAML files below answers/, those of cases and dialogs too; nothing else lies in it."""
        sources, problems = find(self.path)
        if problems:
            raise ContentError(problems)
        sources += [*find_cases(self.path), *find_dialogs(self.path)]
        return Snapshot({source.file: read_bytes(source) for source in sources})


@dataclass(frozen=True, slots=True)
class KeptContent:
    """
    `Kept`: one zip archive, replaced as a whole. Processes that share it keep the same.

    read_only: for who looks at the content and answers nobody with it.
    """

    path: Path
    read_only: bool = False

    def save(self, snapshot: Snapshot) -> None:
        if self.read_only:
            return
        data = snapshot.packed
        try:
            if not self.path.exists() or self.path.read_bytes() != data:
                self._replace(data)
        except OSError as error:
            log.warning("the last good version could not be kept: %s", error)

    def _replace(self, data: bytes) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        fresh.write_bytes(data)
        os.replace(fresh, self.path)

    def read(self) -> Snapshot | None:
        try:
            return unpacked(self.path.read_bytes())
        except OSError:
            return None


def load_snapshot(snapshot: Snapshot) -> Loaded:
    """Raises ContentError as `load` does."""
    with spread(snapshot) as folder:
        return load(folder)


@contextmanager
def spread(snapshot: Snapshot) -> Iterator[Path]:
    """A folder with these files, for as long as the block runs."""
    with TemporaryDirectory(prefix="wxbot-") as folder:
        write(snapshot, Path(folder))
        yield Path(folder)


def write(snapshot: Snapshot, folder: Path) -> None:
    """
    Put the files there, over others of the same names.

    Raises:
        ContentError: a file would not lie inside the folder; nothing was written.
    """
    for name in snapshot.files:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ContentError([Problem(name, 1, 1, "这个文件名指到文件夹外面去了", "请重新发布一次")])
    for name, data in snapshot.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
