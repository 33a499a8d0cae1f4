"""
Whatever is posted: no 5xx, no malformed answer, nobody waits, and the process stays as small as it was.

Not over the platform, which sends nothing of all this: requests are made by hand from what a `Delivery` would send.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.e2e.mutations import Attempt, Spoiler, every_message
from tests.e2e.processes import Deployment, Web
from wxbot.entrypoints.webhook import BODY_LIMIT_BYTES
from wxbot.sandbox.delivery import Delivery, InvalidAnswer
from wxbot.sandbox.wire import Mode, to_xml

REQUESTS = 50_000
"""Over all three modes."""
MODES: tuple[Mode, ...] = ("plain", "compatible", "safe")
CONNECTIONS = 4
LONGEST_S = 1.0
GROWTH_KB = 30_000

_TEXT = st.text(st.characters(codec="utf-8"), max_size=200)
_FIELDS = st.recursive(
    _TEXT | st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("item"), inner)
)


@pytest.fixture(scope="module", params=MODES)
def served(request: pytest.FixtureRequest, deploy: Callable[..., Deployment]) -> tuple[Web, Delivery]:
    bot = deploy(mode=request.param)
    web = bot.serve()
    return web, bot.delivery(web)


@dataclass
class Sender:
    """One connection. faults: what went wrong, and with which request. longest_s: anybody waited."""

    delivery: Delivery
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    longest_s: float = 0

    def __post_init__(self) -> None:
        self.connection = HTTPConnection(self.delivery.url.split("/")[2], timeout=10)

    def send(self, attempt: Attempt) -> None:
        started = time.perf_counter()
        try:
            status, answer = self.posted(attempt)
        except ConnectionError:
            status, answer = (413, b"") if len(attempt.body) > BODY_LIMIT_BYTES else (0, b"cut off")
        self.longest_s = max(self.longest_s, time.perf_counter() - started)
        outcome = self.judged(attempt, status, answer)
        self.seen[outcome] += 1
        if outcome == "413":
            self.connection.close()  # as the server does, who has not read it to its end
        if outcome == "bad":
            self.faults.append(f"{status} {answer[:300]!r} to {attempt}")

    def posted(self, attempt: Attempt) -> tuple[int, bytes]:
        self.connection.request("POST", attempt.target, attempt.body, {"Content-Type": "text/xml"})
        with self.connection.getresponse() as response:
            return response.status, response.read()

    def close(self) -> None:
        self.connection.close()

    def judged(self, attempt: Attempt, status: int, answer: bytes) -> str:
        """`bad`, or what kind of good answer it is."""
        if status != 200:
            return str(status) if 400 <= status < 500 else "bad"
        if answer == b"success":
            return "success"
        try:
            fields = self.delivery.wire.opened(answer, parse_qs(attempt.query)["nonce"][0])
        except (InvalidAnswer, KeyError):
            return "bad"
        return "reply" if {"ToUserName", "FromUserName", "CreateTime", "MsgType"} <= fields.keys() else "bad"


def bombard(delivery: Delivery, seed: int, number: int) -> Sender:
    spoiler = Spoiler(delivery, random.Random(seed), every_message(delivery))
    with closing(Sender(delivery)) as sender:
        for _ in range(number):
            sender.send(spoiler.spoil())
    return sender


def resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def test_50_000_spoiled_requests_get_nothing_but_good_answers(served):
    web, delivery = served
    share = REQUESTS // len(MODES) // (CONNECTIONS + 1) + 1
    (pid,) = web.children
    first = bombard(delivery, 0, share)
    before_kb = resident_kb(pid)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        senders = [first, *pool.map(lambda seed: bombard(delivery, seed, share), range(1, CONNECTIONS + 1))]

    assert [fault for sender in senders for fault in sender.faults] == []
    assert max(sender.longest_s for sender in senders) < LONGEST_S
    assert resident_kb(pid) - before_kb < GROWTH_KB
    seen = sum((sender.seen for sender in senders), Counter())
    assert seen.keys() == {"reply", "success", "403", "413"}
    assert min(seen["reply"], seen["success"], seen["403"]) > share / 4
    assert "turn failed" not in web.printed()
    assert "申请退款" in delivery.text("oAfterAll", "怎么退款").text


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.dictionaries(st.sampled_from(["Content", "MsgId", "Event", "EventKey", "CreateTime", "X"]), _FIELDS))
def test_any_values_of_any_fields_get_a_good_answer(served, changes):
    _, delivery = served
    spoiler = Spoiler(delivery, random.Random(1), every_message(delivery))

    with closing(Sender(delivery)) as sender:
        for message in random.Random(repr(changes)).sample(spoiler.messages, 3):
            query, body = spoiler.sealed(to_xml({**spoiler.renewed(message), **changes}).encode())
            sender.send(Attempt("any values", urlencode(query), body))

    assert sender.faults == []


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=st.binary(max_size=300) | _TEXT.map(str.encode))
def test_any_bytes_get_a_good_answer(served, body):
    _, delivery = served
    spoiler = Spoiler(delivery, random.Random(1), every_message(delivery))
    query, sealed = spoiler.sealed(body)

    with closing(Sender(delivery)) as sender:
        sender.send(Attempt("any bytes inside", urlencode(query), sealed))
        sender.send(Attempt("any bytes outside", urlencode(query), body))

    assert sender.faults == []
