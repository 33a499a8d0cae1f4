"""
100,000 tickets: what it takes to find one's own, and for staff to find the pressing ones.

    python -m tests.bench.tickets [--tickets 100000]

Starts the embedded server in a temporary folder. Times move by a quarter on a busy machine; trust the ratios.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from wxbot.adapters import embedded
from wxbot.adapters.redis.connect import connect, connect_worker
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.store import RedisStore
from wxbot.adapters.redis.tickets import RedisTickets, commands
from wxbot.domain.reply import Silence
from wxbot.domain.session import Session
from wxbot.domain.ticket import Event, Given, State, Ticket, TicketChange, TicketEntry, kept
from wxbot.domain.turn import Turn
from wxbot.service.records import dump
from wxbot.service.ticket_lists import Wanted

APPID, NOW = "wx0123456789abcdef", 1_795_399_200
LIMIT_MS = 20.0
PAGE = 50
"""Tickets on one screen of staff."""
_STATES = (State.NEW, State.OPEN, State.WAITING, State.RESOLVED, *[State.CLOSED] * 16)
"""Most tickets of a year are over."""
_TYPES = ("技术问题", "账户问题", "投诉", "功能建议")
_LISTS = {
    "live, most pressing first": Wanted(),
    "overdue": Wanted(overdue=True),
    "waiting for the follower": Wanted(state=State.WAITING),
    "of one member of staff": Wanted(assignee="客服7"),
    "urgent and technical": Wanted(urgency="紧急", type="技术问题"),
    "everything, newest first": Wanted(scope="all"),
    "closed, of one type": Wanted(state=State.CLOSED, type="投诉"),
    "of one cause": Wanted(scope="all", cause="故障3"),
}


def a_ticket(number: int) -> Ticket:
    opened = NOW - number * 300
    state = _STATES[number % len(_STATES)]
    return Ticket(
        number=f"{261122 - number // 100_000:06}-{number % 100_000:05}",
        user=f"oFollower-{number % 30_000:06}",
        form="problem",
        type=_TYPES[number % len(_TYPES)],
        title=f"第 {number} 个问题：打开文件以后过一会儿就闪退，重启也没有用",
        opened=opened,
        urgency="紧急" if number % 50 == 0 else "一般",
        state=state,
        updated=opened + 600,
        since=opened + 600,
        due=opened + 8 * 3600,
        answered=0 if state is State.NEW else opened + 600,
        contact="13800000000",
        cause=f"故障{number % 997}" if number % 100 == 0 else "",
        assignee=f"客服{number % 40}" if state is not State.NEW else "",
        words="请把软件更新到最新版本再试一次。",
    )


def entries_of(ticket: Ticket) -> tuple[TicketEntry, ...]:
    given = (Given("description", "问题描述", ticket.title), Given("system", "系统", "Windows"))
    opened = TicketEntry(ticket.number, ticket.opened, "user", Event.OPENED, values=given)
    return opened, TicketEntry(ticket.number, ticket.updated, "staff", Event.REPLIED, ticket.words, name="小王")


def fill(url: str, count: int) -> None:
    """As commits write them, without the scripts around."""
    client, keys = connect_worker(url, block_s=60).client, Keys(APPID)
    numbers = iter(range(count))
    while page := list(islice(numbers, 500)):
        pipeline = client.pipeline(transaction=False)
        for number in page:
            ticket = a_ticket(number)
            turn = Turn("opened", None, Silence(), tickets=(TicketChange(ticket),), entries=entries_of(ticket))
            for command in commands(keys, turn):
                pipeline.execute_command(*command)
        pipeline.execute()


def milliseconds(act: Callable[[], object], times: int = 30) -> float:
    """The median."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


def measures(url: str) -> Iterator[tuple[str, float]]:
    link = connect(url)
    store, desk = RedisStore(link, APPID), RedisTickets(link, APPID)
    user = a_ticket(7).user
    tickets: tuple[Ticket, ...] = ()
    for ticket in desk.tickets(Wanted(scope="all", user=user), NOW):
        tickets = kept(tickets, ticket)
    store.commit(user, "m1", 0, Turn("opened", Session(user, tickets=tickets), Silence()), NOW)
    yield "my tickets, from the session", milliseconds(lambda: store.begin(user, "m2"))
    yield "an old one of mine, by number", milliseconds(lambda: store.ticket_of(user, a_ticket(7).number))
    for name, wanted in _LISTS.items():
        yield name, milliseconds(lambda wanted=wanted: list(islice(desk.tickets(wanted, NOW), PAGE)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    count = parser.parse_args().tickets
    with tempfile.TemporaryDirectory() as folder:
        server = embedded.start(Path(folder))
        try:
            report(server.url, count)
        finally:
            server.close()


def report(url: str, count: int) -> None:
    client = connect_worker(url).client
    before = client.info("memory")["used_memory"]
    fill(url, count)
    used = client.info("memory")["used_memory"] - before
    head, history = dump(a_ticket(7)), b"".join(map(dump, entries_of(a_ticket(7))))
    print(f"{count} tickets, {used / count:.0f} bytes each (head {len(head)}, history {len(history)} of them as JSON)")
    ping = milliseconds(client.ping)
    for name, taken in measures(url):
        verdict = "" if taken < LIMIT_MS else f"  OVER {LIMIT_MS:.0f} ms"
        print(f"{taken:8.2f} ms  {taken / ping:6.1f} pings  {name}{verdict}")
    started = time.perf_counter()
    found = RedisTickets(connect_worker(url), APPID).reindex()
    print(f"{found} tickets reindexed in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
