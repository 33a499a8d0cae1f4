"""Workers that are killed, stopped, or cut off from the store in the middle of their work."""

import os
import signal
import threading
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from operator import attrgetter
from pathlib import Path

import pytest

from tests.desks import Board, PaperDesk, an_idle_keeper, an_idle_tidier
from tests.factories import a_script
from wxbot.adapters.embedded import Embedded
from wxbot.adapters.redis.connect import connect, connect_worker
from wxbot.adapters.redis.lanes import RedisLanes
from wxbot.adapters.redis.presence import RedisPresence
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.redis.store import RedisStore
from wxbot.domain.job import Job, Send, Timer
from wxbot.domain.outbound import Template
from wxbot.domain.quota import Window
from wxbot.domain.reply import Part, Silence, TextPart
from wxbot.domain.script import Script
from wxbot.domain.turn import Turn
from wxbot.entrypoints.worker import run_worker
from wxbot.service.attic import Tidier
from wxbot.service.changes import Changes
from wxbot.service.content import Followed
from wxbot.service.gate import Gate
from wxbot.service.keeper import Keeper
from wxbot.service.origins import Running
from wxbot.service.ports import Clock, Loaded
from wxbot.service.spare import SpareSender

IDLE_S = 0.3


@dataclass
class Notebook:
    """A messenger that writes into a file, and takes its time for a text that says so."""

    file: Path

    def send(self, user: str, part: Part) -> None:
        assert isinstance(part, TextPart)
        with self.file.open("a") as file:
            file.write(part.text + "\n")
        if part.text.startswith("slow") and self.file.read_text().count(part.text) == 1:
            time.sleep(30)

    def send_template(self, user: str, template: Template, *, id: str) -> str:
        raise NotImplementedError

    def lines(self) -> list[str]:
        return self.file.read_text().split() if self.file.exists() else []


@dataclass
class Parts:
    """What `bootstrap.build_worker` returns, with a gate that leads to no WeChat."""

    queue: RedisQueue
    gate: Gate
    followers: Notebook
    content: Followed[Script]
    changes: Changes
    board: RedisPresence
    keeper: Keeper
    name: str
    agents: PaperDesk = field(default_factory=PaperDesk)
    notifier: Board = field(default_factory=Board)
    tidier: Tidier = field(default_factory=an_idle_tidier)
    accounts: None = None
    clock: Clock = time.time
    look_s: float = 60


class Unchanging:
    """Where one script comes from and no other."""

    running = Running("files")

    def fingerprint(self) -> int:
        return 0

    def load(self) -> Loaded:
        return Loaded(a_script())

    def switched(self) -> None: ...


def work(url: str, appid: str, file: Path, name: str, stop: threading.Event) -> None:
    queue = RedisQueue(connect_worker(url), appid, idle_s=IDLE_S)
    content = Followed(Unchanging(), attrgetter("script"))
    changes = Changes(RedisStore(connect(url), appid), lambda: content.current, time.time, iter(()))
    lanes, notebook = RedisLanes(connect(url), appid), Notebook(file)
    gate = Gate(lanes, lanes, notebook, SpareSender(notebook, lanes), changes)
    board = RedisPresence(connect(url), appid)
    run_worker(Parts(queue, gate, notebook, content, changes, board, an_idle_keeper(), name), stop, threads=2)


def work_alone(url: str, appid: str, file: Path) -> None:
    """As a process of its own."""
    work(url, appid, file, f"process-{os.getpid()}", threading.Event())


@dataclass
class Worker:
    """One that runs in a thread of the test."""

    url: str
    appid: str
    file: Path
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=work, args=(self.url, self.appid, self.file, "thread", self.stop))
        self.thread.start()

    def end(self) -> float:
        """Seconds that it took."""
        started = time.monotonic()
        self.stop.set()
        self.thread.join(10)
        return time.monotonic() - started


@pytest.fixture
def notebook(tmp_path: Path) -> Notebook:
    return Notebook(tmp_path / "sent")


def leave(url: str, appid: str, *texts: str, id: str = "job-1") -> RedisQueue:
    queue = RedisQueue(connect_worker(url), appid)
    window = Turn("answered", None, Silence(), window=Window("message", int(time.time())))
    RedisStore(connect(url), appid).commit("user", f"before {id}", 0, window, int(time.time()))
    queue.set_timer(Timer(id, 0, Job(id, Send("user", tuple(map(TextPart, texts))))))
    return queue


def wait_for(notebook: Notebook, *lines: str) -> None:
    deadline = time.monotonic() + 20
    while notebook.lines() != list(lines) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert notebook.lines() == list(lines)


def test_the_job_of_a_killed_worker_goes_on_where_it_stood(redis_url: str, appid: str, notebook: Notebook) -> None:
    leave(redis_url, appid, "first", "slow-second", "third")
    process = get_context("spawn").Process(target=work_alone, args=(redis_url, appid, notebook.file))
    process.start()
    wait_for(notebook, "first", "slow-second")

    process.kill()
    process.join()
    worker = Worker(redis_url, appid, notebook.file)

    wait_for(notebook, "first", "slow-second", "third")
    worker.end()


def test_an_idle_worker_stops_promptly(redis_url: str, appid: str, notebook: Notebook) -> None:
    worker = Worker(redis_url, appid, notebook.file)
    time.sleep(0.1)

    assert worker.end() < 1.5


def test_a_worker_says_that_it_is_alive(redis_url: str, appid: str, notebook: Notebook) -> None:
    worker = Worker(redis_url, appid, notebook.file)
    queue = leave(redis_url, appid, "hello")
    wait_for(notebook, "hello")
    worker.end()

    assert list(queue.workers()) == ["thread"]


def test_a_worker_goes_on_after_the_server_was_killed(server: Embedded, notebook: Notebook) -> None:
    worker = Worker(server.url, "wx01", notebook.file)
    leave(server.url, "wx01", "before")
    wait_for(notebook, "before")

    os.kill(int((server.folder / "valkey.pid").read_text()), signal.SIGKILL)
    time.sleep(0.3)
    leave(server.url, "wx01", "after", id="job-2")

    wait_for(notebook, "before", "after")
    worker.end()
