"""
Commands on the webhook's path, without redis-py's machinery around each of them.

Its connections are used as they are, so connecting, signing in, choosing a database, TLS and time-outs are its own.
Left out is what a turn pays for and has no use of: hooks, pipelines, a look at the socket before each command. What
is left costs a third.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import hiredis
import redis
from redis.exceptions import ConnectionError, NoScriptError

from wxbot.adapters.redis.scripts import Word, read_script


class Wire:
    """
    Connections of one process, each used by one thread at a time; none is opened before it is needed.

    Calls raise errors of redis-py. A connection that died while idle is replaced, once.
    """

    def __init__(self, client: redis.Redis) -> None:
        self._pool: Any = client.connection_pool
        self._idle: deque[Any] = deque()

    def load_script(self, name: str) -> Callable[[Sequence[Word], Sequence[Word]], Any]:
        """A function of (keys, args) that runs `<name>.lua`, also on a server that has never seen it."""
        text = read_script(name)
        return partial(self._run, text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())

    def _run(self, text: str, digest: str, keys: Sequence[Word], args: Sequence[Word]) -> Any:
        try:
            return self.call("EVALSHA", digest, len(keys), *keys, *args)
        except NoScriptError:
            return self.call("EVAL", text, len(keys), *keys, *args)

    def call(self, *words: Word) -> Any:
        """The reply to one command."""
        packed = [hiredis.pack_command(words)]  # type: ignore[arg-type]  # its stub knows tuples of one word only
        try:
            return self._exchange(self._idle.pop(), packed)
        except (IndexError, ConnectionError):
            return self._exchange(self._pool.connection_class(**self._pool.connection_kwargs), packed)

    def _exchange(self, connection: Any, packed: list[bytes]) -> Any:
        try:
            connection.send_packed_command(packed, check_health=False)
            reply = connection.read_response()
        except BaseException:
            # Nobody knows what else would come out of it.
            connection.disconnect()
            raise
        self._idle.append(connection)
        return reply
