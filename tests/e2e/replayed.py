"""Many messages a second from one process, each answer with the moments between which it was made."""

import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.processes import Web
from tests.lines import connect, post_to_wechat, read_answer
from wxbot.sandbox import contents
from wxbot.sandbox.delivery import Delivery

CONNECTIONS = 8
WRITTEN_S = 15
"""Seconds' worth of messages that are written beforehand, so that writing takes nothing from who reads them."""
_MARK = re.compile(r"〔(\d+)〕")

MENUS = "version: 1\naccount: {{name: 小店, type: 认证服务号}}\ntexts: {{related: 〔{0}〕相关问题：}}\n"
SHOP = (
    "category: 订单\nanswers:\n  - {{id: refund, question: 怎么退款, answer: 〔{0}〕请退款。, related: [delivery]}}\n"
)
MORE = "category: 物流\nanswers:\n  - {{id: delivery, question: 〔{0}〕多久发货, answer: 两天内。}}\n"


def write_edition(folder: Path, number: int) -> None:
    """Three files, each of which leaves its mark in the answer to 怎么退款."""
    (folder / "menus.yaml").write_text(MENUS.format(number), encoding="utf-8")
    (folder / "answers" / "shop.yaml").write_text(SHOP.format(number), encoding="utf-8")
    (folder / "answers" / "more.yaml").write_text(MORE.format(number), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Answered:
    """sent, answered: seconds of one clock. status: of HTTP. marks: of the editions that made the answer."""

    sent: float
    answered: float
    status: int
    marks: tuple[int, ...]

    @property
    def edition(self) -> int:
        """Fails for an answer that is no answer, or of more than one edition."""
        assert self.status == 200
        assert len(self.marks) >= 3
        assert len(set(self.marks)) == 1, f"a mix of editions: {self.marks}"
        return self.marks[0]


@dataclass
class Replay:
    """answers: in the order in which they came, once it has ended."""

    answers: list[Answered] = field(default_factory=list)

    @property
    def editions(self) -> set[int]:
        return {answer.edition for answer in self.answers}

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / (self.answers[-1].answered - self.answers[0].sent)

    def relapses(self) -> list[Answered]:
        """Answers of an older edition to messages that were sent when a newer one had answered already."""
        found, newest, arrived = [], 0, iter(sorted(self.answers, key=lambda answer: answer.answered))
        following = next(arrived, None)
        for answer in sorted(self.answers, key=lambda answer: answer.sent):
            while following and following.answered < answer.sent:
                newest, following = max(newest, following.edition), next(arrived, None)
            if answer.edition < newest:
                found.append(answer)
        return found

    def last_sent(self, edition: int) -> float:
        return max(answer.sent for answer in self.answers if answer.edition == edition)

    def first_answered(self, edition: int) -> float:
        return min(answer.answered for answer in self.answers if answer.edition == edition)


@contextmanager
def replayed(web: Web, delivery: Delivery, rate: float) -> Iterator[Replay]:
    """Followers who have not asked before ask 怎么退款 at that rate, if the machine can, until the block ends."""
    replay, stop = Replay(), threading.Event()
    messages = [_messages(delivery, number) for number in range(CONNECTIONS)]
    written = [list(islice(one, int(rate * WRITTEN_S / CONNECTIONS))) for one in messages]
    port, started = urlsplit(web.url).port or 80, time.monotonic()

    def press(number: int) -> list[Answered]:
        answers: list[Answered] = []
        with connect(port) as line:
            for turn, message in enumerate(chain(written[number], messages[number])):
                time.sleep(max(0.0, started + (turn * CONNECTIONS + number) / rate - time.monotonic()))
                if stop.is_set():
                    break
                answers.append(_asked(line, message))
        return answers

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        pressing = [pool.submit(press, number) for number in range(CONNECTIONS)]
        try:
            yield replay
        finally:
            stop.set()
        replay.answers += sorted(
            (answer for one in pressing for answer in one.result()), key=lambda answer: answer.answered
        )


def _messages(delivery: Delivery, number: int) -> Iterator[bytes]:
    """Whole requests."""
    for fields in _fields(delivery, number):
        push = delivery.pack(fields)
        yield post_to_wechat(push.query, push.body)


def _fields(delivery: Delivery, number: int) -> Iterator[contents.AnyFields]:
    ids = contents.message_ids()
    for turn, id in enumerate(ids):
        openid = f"oReplay{number:02}x{turn:018}x{id % 1000:03}"[:28]
        message = contents.enveloped(
            contents.text("怎么退款"), account=delivery.account, openid=openid, at=int(time.time())
        )
        yield {**message, "MsgId": id * CONNECTIONS + number}


def _asked(line: socket.socket, message: bytes) -> Answered:
    sent = time.monotonic()
    line.sendall(message)
    status, body = read_answer(line)
    return Answered(sent, time.monotonic(), status, tuple(map(int, _MARK.findall(body.decode()))))


def gap(replays: Sequence[Replay], edition: int) -> float:
    """Seconds for which some process still gave the edition before this one while another gave this one already."""
    return max(replay.last_sent(edition - 1) for replay in replays) - min(
        replay.first_answered(edition) for replay in replays
    )
