"""What all tests share: a clean environment and one real server."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from tests.environment import names_read
from wxbot.adapters import embedded

# Whatever the developer has set must not reach the tests: not those either whose processes a fixture of a whole module
# starts, before any other fixture could clear it away.
for name in names_read(files=True):
    os.environ.pop(name, None)

# No verdict may hang on how busy the machine is; and the gate finds the same today as tomorrow.
settings.register_profile("home", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("home"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server for the whole run; tests keep out of each other's way by `appid`."""
    server = embedded.start(tmp_path_factory.mktemp("server"))
    yield server.url
    server.close()


@pytest.fixture
def appid() -> str:
    """An account that no other test uses."""
    return f"wx{uuid4().hex[:16]}"
