"""Tickets under kill -9 of web, worker and Redis: what a receipt was given for exists once and whole."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Thread

import pytest

from tests.e2e.conftest import MENUS
from tests.e2e.followers import Done, Follower
from tests.e2e.processes import START_S, Deployment, Running, Web, await_true, kill
from tests.e2e.test_ticket_command import FORMS
from wxbot.bootstrap import build_tickets, check_content
from wxbot.domain.ticket import Event, Media, State, Ticket, TicketEntry, find_number
from wxbot.errors import StoreUnavailable
from wxbot.service.ticket_lists import Wanted
from wxbot.service.tickets import Record, Tickets

TICKETS = int(os.environ.get("WXBOT_TEST_TICKETS", "96"))
"""How many are opened; 2000 shows more, and takes its time."""
FOLLOWERS = 6
BETWEEN_BLOWS_S = (0.8, 2.0)
PICTURED = """\
  pictured:
    name: 反馈画面
    type: 技术问题
    words: [反馈画面]
    confirm: false
    fields:
      - {id: description, name: 描述, ask: 请描述问题}
      - {id: shots, name: 截图, ask: 请发截图, kind: pictures, max: 1}
tickets:
"""
NOTE = "可能已经收到过"
PATIENCE = 120
"""Times that somebody says the same again, a second apart: WeChat itself may pause for a minute (protocol 1.7)."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    What one follower was told is recorded. pictures: how many the form took. additions: words that were said to be
    added.
    """

    follower: Follower
    number: str
    description: str
    pictures: int
    additions: list[str] = field(default_factory=list)


@dataclass
class Ring:
    """A deployment whose processes are killed, and brought back as a supervisor would."""

    bot: Deployment
    webs: list[Web]
    worker: Running

    def strike(self, chance: random.Random) -> None:
        victim = chance.choice(["web", "worker", "redis"])
        if victim == "web":
            for pid in chance.choice(self.webs).children:
                kill(pid)
        elif victim == "redis":
            kill(self.bot.redis_pid)
        else:
            kill(self.worker.pid)
            self.worker.process.wait()
            self.worker = self.bot.start("worker")


@pytest.fixture(scope="module")
def ring(deploy: Callable[..., Deployment]) -> Ring:
    bot = deploy(menus=MENUS + FORMS.replace("tickets:\n", PICTURED))
    return Ring(bot, bot.serve_several(2), bot.start("worker"))


@contextmanager
def blows(ring: Ring) -> Iterator[None]:
    """One after another for as long as this block runs."""
    chance, stop = random.Random(6), Flag()

    def strike() -> None:
        while not stop.wait(chance.uniform(*BETWEEN_BLOWS_S)):
            ring.strike(chance)

    thread = Thread(target=strike)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until_told(say: Callable[[], Done], answer: str) -> str:
    """Said again, as people do, until the bot answers so; nothing else counts as told."""
    for _ in range(PATIENCE):
        done = say()
        if answer in done.text:
            return done.text
        time.sleep(1)
    raise AssertionError(f"never told {answer}")


def reports(follower: Follower, count: int, number: int) -> list[Receipt]:
    """Open so many tickets, every second one with a picture, and add to each; the words tell them all apart."""
    receipts = []
    for at in range(count):
        description = f"{number}号用户的第{at}个问题{random.Random(f'{number}-{at}').getrandbits(64):x}"
        told = report(follower, description, pictures=at % 2)
        mention = find_number(told)
        if mention is None or "工单号是" not in told:
            continue
        receipt = Receipt(follower, mention.number, description, at % 2)
        addition = f"补充{description}"
        if "已追加" in follower.says(f"追加 {mention.number} {addition}").text:
            receipt.additions.append(addition)
        receipts.append(receipt)
    return receipts


def report(follower: Follower, description: str, *, pictures: int) -> str:
    """Fill in the form; what is said in the end."""
    words, last = ("反馈画面", "截图") if pictures else ("反馈问题", "工单")
    until_told(lambda: follower.says(words), "请描述问题")
    told = until_told(lambda: follower.says(description), last)
    return until_told(follower.shows, "工单") if pictures else told


@contextmanager
def desk_of(bot: Deployment) -> Iterator[Tickets]:
    script = check_content(bot.content).script
    with bot.redis() as settings:
        yield build_tickets(settings, lambda: script)


def test_every_receipt_stands_for_one_whole_ticket(ring: Ring) -> None:
    followers = [ring.bot.a_follower() for _ in range(FOLLOWERS)]
    share = TICKETS // FOLLOWERS
    with blows(ring), ThreadPoolExecutor(FOLLOWERS) as pool:
        receipts = sum(pool.map(reports, followers, [share] * FOLLOWERS, range(FOLLOWERS)), start=[])
    for web in ring.webs:
        web.await_ready()

    records = all_records(ring.bot)

    assert len(receipts) > share
    assert len({receipt.number for receipt in receipts}) == len(receipts)
    for receipt in receipts:
        assert whole(records[receipt.number], receipt), records[receipt.number]
    # Those too whose receipt was lost on its way.
    opened = Counter(tuple(map(description_of, openings(record))) for record in records.values())
    assert set(opened.values()) == {1}
    assert {len(descriptions) for descriptions in opened} == {1}
    # WeChat had them all, so a kill is no reason to lose one.
    assert {medium.loss for record in records.values() for medium in media_of(record)} == {""}


def all_records(bot: Deployment) -> Mapping[str, Record]:
    """Every ticket by its number, once it is known of all media what became of them."""
    with desk_of(bot) as desk:
        for _ in range(START_S):
            numbers = [ticket.number for ticket in desk.find(Wanted(scope="all"))]
            assert len(set(numbers)) == len(numbers)
            records = {number: desk.record(number) for number in numbers}
            if all(medium.path or medium.loss for record in records.values() for medium in media_of(record)):
                return records
            time.sleep(1)
    raise AssertionError("media were neither saved nor given up")


def media_of(record: Record) -> list[Media]:
    return [medium for entry in record.entries for medium in entry.media]


def openings(record: Record) -> list[TicketEntry]:
    return [entry for entry in record.entries if entry.event is Event.OPENED]


def description_of(entry: TicketEntry) -> str:
    return entry.values[0].text


def whole(record: Record, receipt: Receipt) -> bool:
    """Theirs, opened once, with the words and pictures of the form and each addition once that was confirmed."""
    said = [entry.text for entry in record.entries if entry.event is Event.APPENDED]
    return (
        record.ticket.user == receipt.follower.openid
        and [description_of(entry) for entry in openings(record)] == [receipt.description]
        and [len(entry.media) for entry in openings(record)] == [receipt.pictures]
        and all(said.count(words) == 1 for words in receipt.additions)
    )


def test_what_staff_said_meanwhile_reaches_the_owners_once(ring: Ring) -> None:
    followers = [ring.bot.a_follower() for _ in range(FOLLOWERS)]
    receipts = [reports(follower, 1, 100 + at)[0] for at, follower in enumerate(followers)]

    with blows(ring), desk_of(ring.bot) as desk:
        for receipt in receipts:
            answer(desk, receipt)
            time.sleep(0.5)

    for receipt in receipts:
        assert comes(receipt.follower, f"答复{receipt.number}")
    await_true(lambda: "\nwxbot_jobs 0.0\n" in ring.webs[0].get("/metrics").text, START_S)
    for receipt in receipts:
        assert bubbles(receipt.follower, f"答复{receipt.number}", noted=False) <= 1


def comes(follower: Follower, words: str) -> bool:
    """Sent; or held, and given when the follower writes again."""
    for second in range(START_S):
        if bubbles(follower, words):
            return True
        if second % 10 == 9:
            follower.says("你好")
        time.sleep(1)
    return False


def bubbles(follower: Follower, words: str, *, noted: bool = True) -> int:
    """In how many the words stand. noted: also those that say that they may have come before."""
    texts = [bubble.get("text", "") for bubble in follower.chat]
    return sum(text.count(words) for text in texts if noted or NOTE not in text)


def answer(desk: Tickets, receipt: Receipt) -> None:
    """Staff try again when the store is away, and it counts once."""
    for _ in range(100):
        try:
            ticket: Ticket = desk.reply(receipt.number, f"答复{receipt.number}", "小王", occasion="一次")
        except StoreUnavailable:
            time.sleep(0.3)
        else:
            assert ticket.state is State.OPEN
            return
    raise AssertionError("the store never came back")
