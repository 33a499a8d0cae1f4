"""The machine we run on."""

import os
import shutil
import tempfile
from pathlib import Path

from wxbot.service.doctor.ports import FolderState

_OTHERS_WRITE = 0o022


class LocalHost:
    """`Host`."""

    def folder(self, path: Path) -> FolderState:
        """Tried by writing: rights alone do not tell of full disks and read-only mounts."""
        exists = os.path.exists(path)
        there = _nearest(path.absolute())
        try:
            with tempfile.TemporaryFile(dir=there) as file:
                file.write(b"wxbot")
                file.flush()
                os.fsync(file.fileno())
            is_open = exists and bool(path.stat().st_mode & _OTHERS_WRITE)
            return FolderState(exists, "", is_open, shutil.disk_usage(there).free)
        except OSError as error:
            return FolderState(exists, error.strerror or type(error).__name__, False, 0)


def _nearest(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if os.path.exists(folder))
