"""What really goes wrong with a server: it hangs, dies, is full, or is not there."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from wxbot.adapters.embedded import Embedded
from wxbot.adapters.redis.connect import ANSWER_S, REST_S, Link, connect, ping
from wxbot.adapters.redis.store import RedisStore
from wxbot.domain.reply import TextPart
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn
from wxbot.errors import StoreUnavailable

USER = "oABCD-1234_openid"
TURN = Turn("answer", Session(USER), TextPart("好的"))


@pytest.fixture
def link(server: Embedded) -> Link:
    return connect(server.url)


@pytest.fixture
def store(link: Link) -> RedisStore:
    return RedisStore(link, "wx01")


def pid_of(server: Embedded) -> int:
    return int((server.folder / "valkey.pid").read_text())


def seconds_until_refused(store: RedisStore) -> float:
    started = time.monotonic()
    with pytest.raises(StoreUnavailable):
        store.begin(USER, "m1")
    return time.monotonic() - started


def seconds_until_served(store: RedisStore) -> float:
    started = time.monotonic()
    while time.monotonic() - started < 10:
        try:
            store.begin(USER, "m1")
        except StoreUnavailable:
            time.sleep(0.02)
        else:
            break
    return time.monotonic() - started


def test_with_a_hung_server_nobody_waits_long_and_most_not_at_all(server: Embedded, store: RedisStore) -> None:
    store.begin(USER, "m1")
    os.kill(pid_of(server), signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(8) as pool:
            at_once = list(pool.map(seconds_until_refused, [store] * 8))
        afterwards = [seconds_until_refused(store) for _ in range(20)]
    finally:
        os.kill(pid_of(server), signal.SIGCONT)

    assert max(at_once) < 1.2
    assert max(afterwards) < 0.05
    assert seconds_until_served(store) < 1.0


def test_while_one_caller_probes_a_hung_server_the_others_do_not_wait(server: Embedded, store: RedisStore) -> None:
    os.kill(pid_of(server), signal.SIGSTOP)
    try:
        seconds_until_refused(store)
        time.sleep(REST_S)
        with ThreadPoolExecutor(8) as pool:
            waits = sorted(pool.map(seconds_until_refused, [store] * 8))
    finally:
        os.kill(pid_of(server), signal.SIGCONT)

    assert waits[-1] < 1.2
    assert waits[-2] < ANSWER_S / 2


@pytest.mark.parametrize("get", [lambda link, key: link.client.get(key), lambda link, key: link.wire.call("GET", key)])
def test_the_late_answer_of_a_hung_server_reaches_nobody_else(
    server: Embedded, link: Link, get: Callable[[Link, str], bytes]
) -> None:
    link.client.mset({"mine": "mine", "yours": "yours"})
    get(link, "mine")
    os.kill(pid_of(server), signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailable), link.breaker:
            get(link, "mine")
    finally:
        os.kill(pid_of(server), signal.SIGCONT)

    assert [get(link, "yours") for _ in range(3)] == [b"yours"] * 3


def test_a_connection_that_the_server_has_closed_costs_nobody_an_answer(link: Link) -> None:
    link.wire.call("SET", "key", "kept")
    link.client.client_kill_filter(_type="normal", skipme=True)

    assert link.wire.call("GET", "key") == b"kept"


def test_the_wire_goes_where_the_url_says(server: Embedded) -> None:
    link = connect(f"{server.url}?db=3")

    link.wire.call("SET", "key", "in the third")

    assert link.client.get("key") == b"in the third"
    assert connect(server.url).client.get("key") is None


def test_what_was_committed_is_there_after_kill_9_of_the_server(server: Embedded, store: RedisStore) -> None:
    store.commit(USER, "m1", 0, TURN, 1_790_000_000)

    os.kill(pid_of(server), signal.SIGKILL)

    assert seconds_until_served(store) < 2.0
    assert store.begin(USER, "m2").session == Session(USER)


def test_a_server_that_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    absent = RedisStore(connect(f"unix://{tmp_path}/absent.sock"), "wx01")
    nobody = RedisStore(connect("redis://127.0.0.1:1/0"), "wx01")

    assert seconds_until_refused(absent) < 0.3
    assert seconds_until_refused(nobody) < 0.3


def test_idle_connections_survive_a_restart_of_the_server(server: Embedded, store: RedisStore) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: store.begin(USER, str(number)), range(40)))
    os.kill(pid_of(server), signal.SIGKILL)
    seconds_until_served(store)

    with ThreadPoolExecutor(4) as pool:
        begun = list(pool.map(lambda number: store.begin(USER, str(number)), range(40)))

    assert len(begun) == 40


def test_a_full_server_still_reads_but_refuses_to_commit(link: Link, store: RedisStore) -> None:
    store.commit(USER, "m1", 0, TURN, 1_790_000_000)
    link.client.config_set("maxmemory", "1mb")

    with pytest.raises(StoreUnavailable):
        store.commit(USER, "m2", 1, TURN, 1_790_000_000)

    assert store.begin(USER, "m2").version == 1


def test_a_replica_refuses_to_commit(link: Link, store: RedisStore) -> None:
    link.client.replicaof("127.0.0.1", "1")

    with pytest.raises(StoreUnavailable):
        store.commit(USER, "m1", 0, TURN, 1_790_000_000)


def test_a_mistake_of_ours_is_not_blamed_on_the_server(link: Link) -> None:
    link.client.set("text", "text")

    with pytest.raises(ResponseError), link.breaker:
        link.client.hgetall("text")

    with link.breaker:
        assert link.client.get("text") == b"text"


def test_readiness_turns_red_within_a_second_and_green_again(server: Embedded) -> None:
    assert ping(server.url)
    os.kill(pid_of(server), signal.SIGSTOP)
    started = time.monotonic()
    try:
        assert not ping(server.url)
    finally:
        os.kill(pid_of(server), signal.SIGCONT)

    assert time.monotonic() - started < 1.0
    assert ping(server.url)
