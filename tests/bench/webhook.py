"""
How many messages a second one web process answers, and where the microseconds go.

    pip install -e '.[bench]'
    python -m tests.bench.webhook [--rounds N] [--requests N] [--answers N]

Three servers on the same settings of granian (one process, the threads of `wxbot serve`) and the same requests:

    bare     a Flask view that reads the body and answers a constant
    werobot  WeRoBot 1.13.1 in Flask, encrypted, a counter in its Redis session, a constant answer
    wxbot    `wxbot serve`: encrypted, N answers, session, stored reply, question log and statistics in Redis
    again    the same, asked for the same ten answers in the same words again and again: hardly one is searched for

The server and Redis have one core, the sender the other. Every round goes through all of them, so that what else the
machine does hits them alike; medians are printed. Compare the ratios: absolute numbers are this machine's.
"""

import argparse
import os
import random
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from flask import Flask, Response, request

from tests.e2e.processes import free_port
from tests.lines import connect, post_to_wechat, read_answer
from wxbot.adapters import embedded
from wxbot.answering.normalise import normalise
from wxbot.bootstrap import Bot, build_bot
from wxbot.domain.dialogue import decide
from wxbot.domain.facts import Facts
from wxbot.domain.session import Session
from wxbot.entrypoints.logs import configure_logs
from wxbot.entrypoints.metrics import Metrics
from wxbot.entrypoints.webhook import Webhook
from wxbot.sandbox.wire import Wire
from wxbot.service.turn import Handled, words
from wxbot.settings import load_settings

USERS, CONNECTIONS = 2_000, 16
APPID, TOKEN, AES_KEY = "wx0123456789abcdef", "token4wxbot", "kWxb0tAesKeyForBenchOnly123456789abcdefghiA"
ACCOUNT = "gh_7c1e20f3a9b4"
WARM_UP = 500
WIRE = Wire(APPID, TOKEN, AES_KEY, "safe")
START_S = 120
POPULAR = 10
"""Answers that are asked for again and again, in sixteen wordings each."""

_BEFORE, _BEHIND = ("请问", "问一下", "我想知道", "你们的"), ("呢", "啊", "谢谢", "急")
_HOW = ("怎么", "如何", "在哪里", "为什么不能", "可以不可以", "什么时候能")


def every_question(number: int) -> list[str]:
    """No two alike, of words that are as frequent and as rare as words are."""
    chance = random.Random(1)
    nouns, verbs = _words("n"), _words("vn")
    weights = [1 / (rank + 10) for rank in range(len(nouns))]
    questions: dict[str, None] = {}
    while len(questions) < number:
        first, second = chance.choices(nouns, weights, k=2)
        questions[f"{first}{chance.choice(_HOW)}{chance.choice(verbs)}{second}"] = None
    return list(questions)


def _words(kind: str) -> list[str]:
    """Words of that kind from jieba's dictionary, in an order of our own."""
    lines = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines)
    words = [word for word, count, tag in rows if tag == kind and 2 <= len(word) <= 3 and int(count) >= 300]
    random.Random(2).shuffle(words)
    return words


def write_content(folder: Path, questions: Sequence[str], similar: Sequence[str] = ()) -> None:
    """similar: other ways to ask each, with {} for the question."""
    (folder / "answers").mkdir()
    (folder / "menus.yaml").write_text("version: 1\naccount: {name: 云笺, type: 认证服务号}\n", encoding="utf-8")
    for number in range(0, len(questions), 500):
        entries = "".join(
            f"  - id: a{index}\n    question: {question}\n    answer: 请打开设置，按「{question}」的提示操作。\n"
            f"    similar: [{', '.join(way.format(question) for way in similar)}]\n"
            for index, question in enumerate(questions[number : number + 500], number)
        )
        file = folder / "answers" / f"{number}.yaml"
        file.write_text(f"category: 第 {number} 类\nanswers:\n{entries}", encoding="utf-8")


@dataclass(slots=True)
class Followers:
    """Writes what they send. Their words are near a question and never the very question, so each has to be found."""

    chance: random.Random
    questions: Sequence[str]
    sent: int = 0

    def message(self) -> tuple[Mapping[str, str], bytes]:
        """Query and body of a message that was never sent before."""
        self.sent += 1
        words = f"{self.chance.choice(_BEFORE)}{self.chance.choice(self.questions)}{self.chance.choice(_BEHIND)}"
        fields = {
            "ToUserName": ACCOUNT,
            "FromUserName": f"oBench{self.chance.randrange(USERS):022}",
            "CreateTime": int(time.time()),
            "MsgType": "text",
            "Content": words,
            "MsgId": time.time_ns() // 1000 * 1000 + self.sent % 1000,
        }
        push = WIRE.push(fields, int(time.time()))
        return push.query, push.body

    def requests(self, number: int) -> list[bytes]:
        """Whole HTTP requests, ready to be sent."""
        return [post_to_wechat(*self.message()) for _ in range(number)]


# The three servers.


def load_bare() -> Flask:
    app = Flask("bare")

    @app.post("/wechat")
    def receive() -> Response:
        request.get_data()
        return Response(b"success", mimetype="text/plain")

    return app


def load_werobot() -> Flask:
    import redis
    from werobot import WeRoBot
    from werobot.contrib.flask import make_view
    from werobot.session.redisstorage import RedisStorage

    robot = WeRoBot(token=TOKEN)
    robot.config["APP_ID"], robot.config["ENCODING_AES_KEY"] = APPID, AES_KEY
    robot.config["SESSION_STORAGE"] = RedisStorage(redis.Redis.from_url(os.environ["REDIS_URL"]), prefix="werobot:")

    @robot.handler
    def answer(message: Any, session: dict[str, Any]) -> str:
        session["count"] = session.get("count", 0) + 1
        return "请打开设置，按提示操作即可。"

    app = Flask("werobot")
    app.add_url_rule("/wechat", view_func=make_view(robot), methods=["GET", "POST"])
    return app


PEERS: dict[str, Callable[[], Flask]] = {"bare": load_bare, "werobot": load_werobot}


@dataclass(frozen=True, slots=True)
class Served:
    """A running server. pid: of the process that answers."""

    name: str
    port: int
    pid: int

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(name: str, redis_url: str, folder: Path, core: set[int]) -> Iterator[Served]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.webhook", "--serve", name, "--port", str(port)]
    if name == "wxbot":
        command = [sys.executable, "-m", "wxbot", "--content", str(folder), "serve", "--port", str(port)]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            env=os.environ | _environment(redis_url, folder),
            stdout=log,
            stderr=log,
            preexec_fn=lambda: pin(core),
        )
    try:
        _await_answer(process, port)
        yield Served(name, port, _only_child(process.pid))
    finally:
        process.terminate()
        process.wait(20)


def _environment(redis_url: str, folder: Path) -> dict[str, str]:
    return {
        "REDIS_URL": redis_url,
        "WECHAT_APPID": APPID,
        "WECHAT_TOKEN": TOKEN,
        "WECHAT_AES_KEY": AES_KEY,
        "WECHAT_MODE": "safe",
        "WXBOT_DATA": str(folder / "data"),
    }


def pin(core: set[int]) -> None:
    """Keep this process, and what it starts, on these cores; where the system cannot, do nothing."""
    if core and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, core)


def cores() -> tuple[set[int], set[int]]:
    """One for the server, one for everything else; ({}, {}) when there is only one."""
    if not hasattr(os, "sched_getaffinity") or len(usable := sorted(os.sched_getaffinity(0))) < 2:
        return set(), set()
    return {usable[-1]}, {usable[0]}


def _await_answer(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=1)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{process.args} does not come up; its log is in the bench's folder")


def _only_child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


# The sender.


def send_all(port: int, requests_: Sequence[bytes]) -> tuple[float, bytes]:
    """
    All requests over sixteen keep-alive connections.

    Returns:
        Seconds, and the last answer's body.
    """
    waiting = iter(requests_)
    selector = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        selector.register(connect(port), selectors.EVENT_READ)
    started = time.perf_counter()
    for key in selector.get_map().values():
        key.fileobj.sendall(next(waiting))  # type: ignore[union-attr]
    answered, answer = 0, b""
    while answered < len(requests_):
        for key, _ in selector.select():
            line: socket.socket = key.fileobj  # type: ignore[assignment]
            status, answer = read_answer(line)
            if status != HTTPStatus.OK:
                raise SystemExit(f"a bad answer: {status} {answer[:200]!r}")
            answered += 1
            following = next(waiting, None)
            if following:
                line.sendall(following)
    seconds = time.perf_counter() - started
    for key in list(selector.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    selector.close()
    return seconds, answer


@dataclass(frozen=True, slots=True)
class Round:
    """rate: requests a second. cpu_us: of the server's process, per request."""

    rate: float
    cpu_us: float


def measure(server: Served, requests_: Sequence[bytes]) -> Round:
    before = server.cpu_s()
    seconds, answer = send_all(server.port, requests_)
    if server.name != "bare" and b"<Encrypt>" not in answer:
        raise SystemExit(f"{server.name} does not encrypt: {answer[:200]!r}")
    return Round(len(requests_) / seconds, (server.cpu_s() - before) / len(requests_) * 1e6)


def compare(rounds: int, number: int, questions: Sequence[str]) -> None:
    server_core, own_core = cores()
    everything, popular = Followers(random.Random(7), questions), Followers(random.Random(9), questions[:POPULAR])
    results: dict[str, list[Round]] = {}
    with tempfile.TemporaryDirectory(prefix="wxbot-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        write_content(folder, questions)
        pin(server_core)
        redis = embedded.start(folder)
        stack.callback(redis.close)
        pin(own_core)
        servers = [stack.enter_context(served(n, redis.url, folder, server_core)) for n in (*PEERS, "wxbot")]
        rows = [*((server.name, server, everything) for server in servers), ("again", servers[-1], popular)]
        for turn in range(rounds + 1):
            for row, server, followers in rows:
                result = measure(server, followers.requests(number))
                if turn:  # the first round warms up
                    results.setdefault(row, []).append(result)
    print_table(results)


def print_table(results: Mapping[str, Sequence[Round]]) -> None:
    rates = {name: statistics.median(round_.rate for round_ in rounds) for name, rounds in results.items()}
    print(f"{'':10}{'req/s':>8}{'of bare':>9}{'of werobot':>12}{'CPU µs':>8}{'slowest':>9}{'fastest':>9}")
    for name, rounds in results.items():
        cpu = statistics.median(round_.cpu_us for round_ in rounds)
        slowest, fastest = min(r.rate for r in rounds), max(r.rate for r in rounds)
        print(
            f"{name:10}{rates[name]:8.0f}{rates[name] / rates['bare']:9.2f}{rates[name] / rates['werobot']:12.2f}"
            f"{cpu:8.0f}{slowest:9.0f}{fastest:9.0f}"
        )


# Where the microseconds go.


@dataclass(slots=True)
class Stopwatch:
    """Sums up the CPU time of named steps. total_ns: by step, in the order they were first seen."""

    total_ns: dict[str, int] = field(default_factory=dict)

    def time(self, step: str, do: Callable[..., Any], *args: Any, **options: Any) -> Any:
        started = time.thread_time_ns()
        try:
            return do(*args, **options)
        finally:
            self.total_ns[step] = self.total_ns.get(step, 0) + time.thread_time_ns() - started


def profile(number: int, questions: Sequence[str]) -> None:
    """One thread in this process takes messages through the steps of a turn, one by one as the web process does."""
    server_core, _ = cores()
    pin(server_core)
    with tempfile.TemporaryDirectory(prefix="wxbot-bench-") as name, open(os.devnull, "w") as nowhere:
        folder = Path(name)
        write_content(folder, questions)
        redis = embedded.start(folder)
        try:
            settings = load_settings(_environment(redis.url, folder))
            configure_logs(settings, nowhere)
            print_profile(_profile(build_bot(settings, folder), number, questions), number)
        finally:
            redis.close()


def _profile(bot: Bot, number: int, questions: Sequence[str]) -> Stopwatch:
    followers, ids = Followers(random.Random(8), questions), iter(lambda: uuid4().hex, None)
    note = Webhook(bot, Metrics())._note
    codec, store, live = bot.codec, bot.turns.store, bot.turns.live()
    watch = Stopwatch()
    for count in range(number + WARM_UP):
        if count == WARM_UP:
            watch = Stopwatch()
        query, body = followers.message()
        now = int(time.time())
        inbound, envelope = watch.time("decode", codec.decode, query, body, now)
        begun = watch.time("begin (Redis)", store.begin, inbound.user, inbound.id)
        text = watch.time("normalise", normalise, words(inbound))
        found = watch.time("search", live.find, words(inbound))
        facts = Facts(now=now, ids=ids, text=text, find=lambda _, found=found: found)
        session = begun.session or Session(user=inbound.user)
        turn = watch.time("decide", decide, live.script, session, inbound, facts)
        watch.time("commit (Redis)", store.commit, inbound.user, inbound.id, begun.version, turn, now)
        watch.time("encode", codec.encode, turn.reply, inbound, envelope, at=now, now=now)
        watch.time("log line, metrics", note, inbound, Handled(turn.reply, now, turn.rule, 1), 0.001)
    return watch


def print_profile(watch: Stopwatch, number: int) -> None:
    total = sum(watch.total_ns.values())
    print("\nCPU µs of one turn, without the server around it")
    for step, spent in [*watch.total_ns.items(), ("together", total)]:
        print(f"{step:20}{spent / number / 1000:8.0f}{spent / total:8.0%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=3000, help="a round and server")
    parser.add_argument("--answers", type=int, default=10_000, help="that wxbot knows")
    parser.add_argument("--serve", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        from wxbot.entrypoints.server import supervise

        supervise(PEERS[options.serve], host="127.0.0.1", port=options.port, workers=1)
        return
    questions = every_question(options.answers)
    compare(options.rounds, options.requests, questions)
    profile(options.requests, questions)


if __name__ == "__main__":
    main()
