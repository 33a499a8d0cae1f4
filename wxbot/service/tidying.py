"""The errands that remove what was kept for long enough."""

import logging
from collections import Counter

from wxbot.domain.job import EmptyTickets, Job, Tidy, Timer, unfollowed_key
from wxbot.domain.ticket import State
from wxbot.errors import StoreUnavailable
from wxbot.service.ports import Claimed, Clock, JobQueue
from wxbot.service.retries import LostJob
from wxbot.service.ticket_lists import Wanted
from wxbot.service.tools import Tools

TIMER = "tidy"
EVERY_S = 86400
FIRST_S = 600
"""After the start of the first worker, which has more urgent things to do."""

log = logging.getLogger(__name__)


def keep_tidy(queue: JobQueue, clock: Clock) -> bool:
    """See to it that there will be tidying, unless that is so already; whether the store was there."""
    try:
        queue.set_timer(_timer(int(clock()) + FIRST_S), replacing=False)
    except StoreUnavailable:
        return False
    return True


def tidy(task: Tidy, claimed: Claimed, tools: Tools) -> None:
    """
    Remove all that is past its limit, and see to the next time first.

    Raises LostJob, StoreUnavailable, MediaUnavailable.
    """
    now, id = int(tools.clock()), claimed.job.id
    tools.queue.set_timer(_timer(now + EVERY_S))
    removed: Counter[str] = Counter()
    if not tools.tidier.attic.hold(id):
        return
    for batch in tools.tidier.tidy(tools.changes.script().retention, now):
        removed.update(batch)
        if not (tools.queue.renew(claimed) and tools.tidier.attic.hold(id)):
            raise LostJob
    tools.tidier.attic.release(id)
    counts = " ".join(f"{name}={count}" for name, count in sorted(removed.items()))
    log.info("job %s tidied %s", id, counts or "nothing")


def empty_tickets(task: EmptyTickets, claimed: Claimed, tools: Tools) -> None:
    """
    Empty the tickets of somebody who unfollowed, each a while after it was closed.

    Raises StoreUnavailable, MediaUnavailable.
    """
    now, limit = int(tools.clock()), tools.changes.script().retention.unfollowed
    tickets = list(tools.tidier.desk.tickets(Wanted(scope="all", user=task.user), now))
    dues = {ticket: (ticket.since if ticket.state is State.CLOSED else now) + limit for ticket in tickets}
    later = [due for due in dues.values() if due > now]
    if later:
        # Before the work, so that a follower who comes back meanwhile cancels it.
        again = Job(next(tools.changes.new_ids), task)
        tools.queue.set_timer(Timer(unfollowed_key(task.user), min(later), again))
    for ticket in (ticket for ticket, due in dues.items() if due <= now):
        tools.tidier.empty(ticket)


def _timer(due: int) -> Timer:
    return Timer(TIMER, due, Job(f"tidy-{due}", Tidy()))
