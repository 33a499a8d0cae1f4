"""Clients that fail fast: redis-py with its own time-outs and retries set, behind a circuit breaker."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError, ResponseError, TimeoutError
from redis.retry import Retry

from wxbot.adapters.redis.wire import Wire
from wxbot.errors import StoreUnavailable

ANSWER_S = 0.6
"""Longest wait for an answer on the webhook path. With CONNECT_S it stays far inside WeChat's five seconds."""
CONNECT_S = 0.3
REST_S = 0.5
"""How long a failed server is left alone. Shorter would make more requests wait, longer would delay recovery."""
CONNECTIONS = 1024
"""More than any process has threads: a call never waits for a connection."""

_PASSING = ("LOADING", "READONLY", "OOM", "BUSY ", "MISCONF", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS")
_PASSING_TYPES = (
    redis.exceptions.ReadOnlyError,
    redis.exceptions.OutOfMemoryError,
    redis.exceptions.MasterDownError,
    redis.exceptions.ClusterDownError,
    redis.exceptions.TryAgainError,
)


class Breaker:
    """
    Guards calls: `with breaker: client.get(…)` raises StoreUnavailable when the server cannot serve.

    After a connection error or time-out every call fails at once for `rest_s`; then one caller probes while the others
    go on failing at once. Errors of ours (a wrong type, a bad script) pass through as they are.
    """

    def __init__(self, rest_s: float = REST_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._rest_s = rest_s
        self._clock = clock
        self._lock = threading.Lock()
        self._resting_until: float | None = None

    def __enter__(self) -> None:
        if self._resting_until is not None and not self._may_probe():
            raise StoreUnavailable("Redis failed a moment ago and is given a rest")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is None or isinstance(error, ResponseError):
            self._resting_until = None
        if isinstance(error, (ConnectionError, TimeoutError)):
            self._resting_until = self._clock() + self._rest_s
        if isinstance(error, RedisError) and _is_passing(error):
            raise StoreUnavailable(f"Redis cannot serve ({type(error).__name__})") from error

    @property
    def is_resting(self) -> bool:
        """Whether calls fail at once just now."""
        until = self._resting_until
        return until is not None and self._clock() < until

    def _may_probe(self) -> bool:
        with self._lock:
            now = self._clock()
            if self._resting_until is not None and now < self._resting_until:
                return False
            # Whoever comes next waits for the outcome of this probe, but not for ever should its thread die.
            self._resting_until = now + ANSWER_S + CONNECT_S + self._rest_s
            return True


def _is_passing(error: RedisError) -> bool:
    if isinstance(error, (ConnectionError, TimeoutError, *_PASSING_TYPES)):
        return True
    return isinstance(error, ResponseError) and str(error).startswith(_PASSING)


@dataclass(frozen=True, slots=True)
class Link:
    """
    One server: a client with everything, a wire for what must be quick, and their breaker.

    Every use of both stands in `with link.breaker`.
    """

    client: redis.Redis
    wire: Wire
    breaker: Breaker


def connect(url: str) -> Link:
    """
    For calls that must answer within a second. Opens no connection yet, so it may be called before a fork.

    url: `redis://`, `rediss://` or `unix://`.
    """
    return _link(_client(url, ANSWER_S))


def connect_worker(url: str, block_s: float = 1.0) -> Link:
    """For a worker, whose reads wait up to `block_s` for work."""
    return _link(_client(url, block_s + 2.0))


def ping(url: str, timeout_s: float = 0.4) -> bool:
    """Whether the server answers now: on its own connection, so a hung server is noticed in `timeout_s`."""
    client = _client(url, timeout_s, retries=0)
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()


def _link(client: redis.Redis) -> Link:
    return Link(client, Wire(client), Breaker())


def _client(url: str, answer_s: float, retries: int = 1) -> Any:
    # redis-py's own defaults retry ten times. One retry is for a connection that died while idle; a time-out is never
    # retried, because its price is paid already.
    return redis.Redis.from_url(
        url,
        socket_timeout=answer_s,
        socket_connect_timeout=min(answer_s, CONNECT_S),
        retry=Retry(NoBackoff(), retries, (ConnectionError,)),
        max_connections=CONNECTIONS,
        protocol=2,
        driver_info=None,
    )
