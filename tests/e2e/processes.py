"""The bot as an operator runs it: real processes on free ports, started by the command line and ended by their ids."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import requests

from tests.doors import Door
from tests.e2e.followers import Follower, a_follower
from wxbot.bootstrap import with_redis
from wxbot.sandbox.delivery import Delivery
from wxbot.sandbox.wire import Mode
from wxbot.settings import Settings, load_settings

REPOSITORY = Path(__file__).parents[2]
START_S = 60
"""Seconds that anything may take to come up on a busy machine."""
STOP_S = 10


@dataclass(frozen=True, slots=True)
class Running:
    """One command. log: what it has printed so far."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def children(self) -> list[int]:
        return children(self.pid)

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def type(self, *lines: str) -> None:
        assert self.process.stdin
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to end, and wait; the exit code."""
        self.process.send_signal(number)
        return self.end()

    def end(self) -> int:
        """Wait until it has ended by itself; the exit code."""
        if self.process.stdin:
            self.process.stdin.close()
        return self.process.wait(STOP_S)


@dataclass(frozen=True, slots=True)
class Web(Running):
    """`wxbot serve`. url: of the host, without a path."""

    url: str

    @property
    def webhook(self) -> str:
        return f"{self.url}/wechat"

    def get(self, path: str, **query: str) -> requests.Response:
        return requests.get(f"{self.url}{path}", params=query, timeout=5)

    def answers(self, path: str = "/healthz") -> bool:
        """Whether it says that all is well."""
        try:
            return self.get(path).ok
        except requests.RequestException:
            return False

    @property
    def is_ready(self) -> bool:
        return self.answers("/readyz")

    def await_ready(self) -> float:
        """Seconds until it is."""
        return await_true(lambda: self.is_ready, START_S)


@dataclass
class Newcomer:
    """
    Somebody with the program, a folder of content, and nothing configured.

    home: where commands run. folder: of the logs and the data. content: the operators' files.
    """

    home: Path
    folder: Path
    content: Path
    _started: list[Running] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {"WXBOT_DATA": str(self.data), "PYTHONPATH": str(REPOSITORY)}

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self, *words: str, stdin: int = subprocess.DEVNULL) -> Running:
        """Any command, in the background."""
        return self._launch(words[0], self._command(words), self.environment, stdin)

    def _launch(self, name: str, command: Sequence[str], environment: Mapping[str, str], stdin: int) -> Running:
        log = self.folder / f"{name}-{len(self._started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.home,
                env=environment,
                stdin=stdin,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        running = Running(process, log)
        self._started.append(running)
        return running

    def run(self, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Any command to its end."""
        return subprocess.run(
            self._command(words),
            cwd=self.home,
            env=self.environment,
            input=typed,
            capture_output=True,
            encoding="utf-8",
            timeout=START_S,
            check=False,
        )

    def processes(self) -> list[int]:
        """Everything that runs on this data folder, whoever started it, Redis too."""
        return [pid for pid in _all_pids() if _works_on(self.data, pid)]

    def stop(self) -> None:
        """End what was started, gently first; nothing may stay behind."""
        living = [running for running in self._started if running.process.poll() is None]
        for running in living:
            running.process.terminate()
        for running in living:
            try:
                running.end()
            except subprocess.TimeoutExpired:
                kill(running.pid)
                running.process.wait()
        for pid in self.processes():
            kill(pid)

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "wxbot", "--content", str(self.content), *words]


@dataclass(kw_only=True)
class Deployment(Newcomer):
    """An account on a platform of its own, run as in production. published: and not from the files themselves."""

    mode: Mode = "safe"
    published: bool = False
    token: str = "token4wxbot"
    aes_key: str = "kWxb0tAesKeyForTestsOnly0123456789abcdefghA"

    @cached_property
    def door(self) -> Door:
        """To the platform, which is started when it is asked for."""
        command = [sys.executable, "-m", "wxbot.sandbox", "--attached"]
        environment = os.environ | self._credentials | {"PYTHONPATH": str(REPOSITORY)}
        platform = self._launch("platform", command, environment, subprocess.PIPE)
        await_true(lambda: platform.printed().endswith("\n"), START_S)
        return Door(json.loads(platform.printed())["url"])

    @property
    def environment(self) -> dict[str, str]:
        source = "published" if self.published else "files"
        return super().environment | self._credentials | {"WECHAT_API_BASE": self.door.url, "WXBOT_CONTENT": source}

    @property
    def _credentials(self) -> dict[str, str]:
        return {
            "WECHAT_APPID": "wx0123456789abcdef",
            "WECHAT_APPSECRET": "secret4wxbot",
            "WECHAT_TOKEN": self.token,
            "WECHAT_AES_KEY": self.aes_key,
            "WECHAT_MODE": self.mode,
        }

    @property
    def settings(self) -> Settings:
        return load_settings(self.environment)

    @contextmanager
    def redis(self) -> Iterator[Settings]:
        """The settings with the Redis that the processes use."""
        with with_redis(self.settings) as ready:
            yield ready

    @property
    def redis_pid(self) -> int:
        return int((self.data / "valkey" / "valkey.pid").read_text())

    def begin_serving(self, *, workers: int = 1, port: int = 0) -> Web:
        """Start `serve`, and do not wait for it."""
        port = port or free_port()
        running = self.start("serve", "--port", str(port), "--workers", str(workers))
        return Web(running.process, running.log, f"http://127.0.0.1:{port}")

    def serve(self, *, workers: int = 1, port: int = 0) -> Web:
        """A web process that gets all messages from now on."""
        (web,) = self._await_all([self.begin_serving(workers=workers, port=port)])
        return web

    def serve_several(self, number: int) -> list[Web]:
        """Web processes that get messages in turn."""
        return self._await_all([self.begin_serving() for _ in range(number)])

    def _await_all(self, webs: list[Web]) -> list[Web]:
        for web in webs:
            web.await_ready()
        self.door.post("account", bots=[web.webhook for web in webs])
        self.door.post("verify")
        return webs

    def publish_menu(self) -> None:
        assert self.run("menu", "push", "--yes").returncode == 0

    def a_follower(self, web: Web | None = None) -> Follower:
        """Somebody who follows and has read the welcome. web: the one process that serves them."""
        return a_follower(self.door, bot=web.webhook if web else "")

    def delivery(self, web: Web) -> Delivery:
        """For what the platform never sends, or to see the bytes that come back."""
        key = "" if self.mode == "plain" else self.aes_key
        return Delivery(web.webhook, self.settings.appid, self.token, key, self.mode)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children(pid: int) -> list[int]:
    """Ids of the processes that this one has forked and not buried yet."""
    lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for child in " ".join(lists).split()]


def kill(pid: int) -> None:
    """kill -9; one that is gone already is fine."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def await_true(condition: Callable[[], bool], within_s: float, every_s: float = 0.02) -> float:
    """Seconds until the condition held; fails when it does not in time."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < within_s, f"not within {within_s} s"
        time.sleep(every_s)
    return time.monotonic() - started


def _all_pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _works_on(data: Path, pid: int) -> bool:
    """By its environment; Redis, which writes over that, by its working directory."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        return f"WXBOT_DATA={data}".encode() in environment or data in Path(f"/proc/{pid}/cwd").readlink().parents
    except OSError:
        return False
