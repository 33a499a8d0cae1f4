"""The bot as an operator runs it: real processes on free ports, started by the command line and ended by their ids."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from wxbot.bootstrap import with_redis
from wxbot.sandbox.delivery import Delivery
from wxbot.sandbox.platform import Platform
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
        log = self.folder / f"{words[0]}-{len(self._started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self._command(words),
                cwd=self.home,
                env=self.environment,
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
                running.process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                kill(running.pid)
                running.process.wait()
        for pid in self.processes():
            kill(pid)

    def _command(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "wxbot", "--content", str(self.content), *words]


@dataclass(kw_only=True)
class Deployment(Newcomer):
    """An account on a platform, run as in production."""

    platform: Platform
    mode: Mode = "safe"
    token: str = "token4wxbot"
    aes_key: str = "kWxb0tAesKeyForTestsOnly0123456789abcdefghA"

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "WECHAT_APPID": self.platform.tokens.appid,
            "WECHAT_APPSECRET": self.platform.tokens.secret,
            "WECHAT_TOKEN": self.token,
            "WECHAT_AES_KEY": self.aes_key,
            "WECHAT_MODE": self.mode,
            "WECHAT_API_BASE": self.platform.url,
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
        web = self.begin_serving(workers=workers, port=port)
        web.await_ready()
        return web

    def serve_several(self, number: int) -> list[Web]:
        webs = [self.begin_serving() for _ in range(number)]
        for web in webs:
            web.await_ready()
        return webs

    def delivery(self, web: Web) -> Delivery:
        key = "" if self.mode == "plain" else self.aes_key
        return Delivery(f"{web.url}/wechat", self.settings.appid, self.token, key, self.mode)


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
