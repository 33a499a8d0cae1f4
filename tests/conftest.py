"""What all tests share: a clean environment and one real server."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings

from wxbot.adapters import embedded

# No verdict may hang on how busy the machine is; and the gate finds the same today as tomorrow.
settings.register_profile("home", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("home"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer has set must not reach the tests."""
    for name in [name for name in os.environ if name.startswith(("WECHAT_", "WXBOT_", "REDIS_URL"))]:
        monkeypatch.delenv(name)


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
