"""The worker: takes jobs from the queue, does them, and says that it is alive."""

import logging
import threading
from typing import TYPE_CHECKING

from wxbot.errors import StoreUnavailable
from wxbot.service.jobs import run
from wxbot.service.ports import Roster
from wxbot.service.presence import Lookout
from wxbot.service.tidying import keep_tidy
from wxbot.service.tools import Tools

if TYPE_CHECKING:
    from wxbot.bootstrap import WorkerParts

THREADS = 4
"""Jobs done at a time; they mostly wait for WeChat."""
BLOCK_S = 1.0
"""Longest wait for a job, and so the longest wait for a worker that is told to stop while idle."""
BEAT_S = 5.0
REST_S = 0.5
"""Before asking again a store that could not be reached."""

log = logging.getLogger(__name__)


def run_worker(parts: "WorkerParts", stop: threading.Event, *, threads: int = THREADS) -> None:
    """Work until `stop` is set; jobs at hand are finished first. Runs in any thread."""
    tools = Tools(
        parts.queue,
        parts.gate,
        parts.followers,
        parts.changes,
        parts.agents,
        parts.notifier,
        parts.keeper,
        parts.tidier,
        clock=parts.clock,
        accounts=parts.accounts,
    )
    parts.content.watch(stop)
    lookout = Lookout(parts.agents, parts.board, lambda: parts.content.current.has_people, parts.look_s)
    threading.Thread(target=lookout.watch, args=(stop,), name="lookout", daemon=True).start()
    hands = [
        threading.Thread(target=_work, args=(tools, f"{parts.name}.{number}", stop), name=f"worker-{number}")
        for number in range(1, threads + 1)
    ]
    for hand in hands:
        hand.start()
    log.info("worker %s started with %d threads", parts.name, threads)
    will_tidy = False
    while not stop.is_set():
        will_tidy = will_tidy or keep_tidy(parts.queue, parts.clock)
        _beat(parts.queue, parts.name)
        stop.wait(BEAT_S)
    for hand in hands:
        hand.join()
    log.info("worker %s stopped", parts.name)


def _work(tools: Tools, name: str, stop: threading.Event) -> None:
    reachable = True
    while not stop.is_set():
        try:
            # One at a time: a job that waits in here for its turn could be given to somebody else.
            for claimed in tools.queue.claim(name, limit=1, block_s=BLOCK_S):
                run(claimed, tools)
            reachable = True
        except StoreUnavailable as error:
            if reachable:
                log.warning("%s waits for the store: %s", name, error)
            reachable = False
            stop.wait(REST_S)
        except Exception:  # noqa: BLE001  the outer rim: a worker that dies of one job does no other
            log.exception("%s goes on after an unexpected error", name)
            stop.wait(REST_S)


def _beat(roster: Roster, name: str) -> None:
    try:
        roster.beat(name)
    except StoreUnavailable:
        log.debug("the beat of %s was not heard", name)
