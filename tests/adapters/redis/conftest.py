"""A server of one's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from wxbot.adapters import embedded
from wxbot.adapters.embedded import Embedded


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Embedded]:
    """One that a test may hurt."""
    server = embedded.start(tmp_path)
    yield server
    server.close()
