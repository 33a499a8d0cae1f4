"""Content folders, written for one test."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

Folder = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def a_folder(tmp_path: Path) -> Folder:
    """Files by name → the folder that holds them; menus.yaml is the smallest unless given."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        for name, content in {"menus.yaml": "version: 1\n", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path

    return write
