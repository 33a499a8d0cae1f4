"""One job: do it, and see to it that it ends done, tried again, or buried with its reason."""

import logging
import time
from collections.abc import Callable
from typing import Literal

from wxbot.domain.job import LearnTags, Send, Task
from wxbot.errors import StoreUnavailable, WeChatError
from wxbot.service.followers import learn_tags
from wxbot.service.ports import Claimed
from wxbot.service.privacy import tag
from wxbot.service.tools import LostJob, Tools

MAX_TRIES = 8
FIRST_DELAY_S = 5.0
MAX_DELAY_S = 600.0
PAUSE_S = 0.5
"""Between two messages to one user; sent faster, they may arrive in the wrong order (protocol 4.4)."""
RECORD_TRIES = 20
"""Attempts, half a second apart, to record what was sent; a server that restarts is back by then."""

Outcome = Literal["done", "retried", "buried", "lost"]
log = logging.getLogger(__name__)


def run(claimed: Claimed, tools: Tools) -> Outcome:
    """
    Do one job, settle it with the queue, and log one line.

    Raises:
        StoreUnavailable: the job stays with the queue, which hands it out again.
    """
    started = time.perf_counter()
    outcome = _settle(claimed, tools)
    milliseconds = (time.perf_counter() - started) * 1000
    task = claimed.job.task
    log.info(
        "job %s %s user=%s %s tries=%d ms=%.0f",
        claimed.job.id, task.kind, tag(task.user), outcome, claimed.tries, milliseconds,
    )  # fmt: skip
    return outcome


def _settle(claimed: Claimed, tools: Tools) -> Outcome:
    if claimed.tries > MAX_TRIES:
        # It was never settled so often: it kills its workers.
        return _bury(claimed, tools, "its workers died")
    try:
        _HANDLERS[type(claimed.job.task)](claimed, tools)
    except LostJob:
        return "lost"
    except WeChatError as error:
        return _settle_failed(claimed, tools, str(error), retryable=error.retryable)
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001  the outer rim of a job: whatever is wrong with one, others go on
        log.exception("job %s failed", claimed.job.id)
        return _settle_failed(claimed, tools, repr(error), retryable=True)
    tools.queue.done(claimed)
    return "done"


def _settle_failed(claimed: Claimed, tools: Tools, why: str, *, retryable: bool) -> Outcome:
    if not retryable or claimed.tries >= MAX_TRIES:
        return _bury(claimed, tools, why)
    tools.queue.retry(claimed, tools.clock() + delay_s(claimed.tries, tools.chance()), why)
    return "retried"


def _bury(claimed: Claimed, tools: Tools, why: str) -> Outcome:
    log.error("job %s is given up after %d tries: %s", claimed.job.id, claimed.tries, why)
    tools.queue.bury(claimed, why)
    return "buried"


def delay_s(tries: int, chance: float) -> float:
    """Seconds until the next try: 5, 10, 20 … at most 600, less up to a fifth by chance (0..1)."""
    return float(min(MAX_DELAY_S, FIRST_DELAY_S * 2 ** (tries - 1))) * (1 - chance / 5)


def _send(claimed: Claimed, tools: Tools) -> None:
    """
    Send the parts that are not sent yet. Each is recorded as soon as it is out, so a second run goes on behind it.

    Raises WeChatError.
    """
    job, task = claimed.job, claimed.job.task
    assert isinstance(task, Send)
    done = tools.progress.steps_done(job.id)
    for number, part in enumerate(task.parts[done:], done):
        if number > done:
            tools.sleep(PAUSE_S)
            if not tools.queue.renew(claimed):
                raise LostJob
        try:
            tools.messenger.send(task.user, part)
        except WeChatError as error:
            if error.delivered == "no":
                raise
            # Better once or never than twice: nobody can take back what the user has read.
            log.warning("job %s part %d may not have arrived: %s", job.id, number + 1, error)
        _record_step(job.id, number + 1, tools)


def _record_step(job_id: str, steps: int, tools: Tools) -> None:
    """Try harder than elsewhere: the part is out, and what is not recorded is sent again."""
    for _ in range(RECORD_TRIES):
        try:
            return tools.progress.step_done(job_id, steps)
        except StoreUnavailable:
            tools.sleep(PAUSE_S)
    return tools.progress.step_done(job_id, steps)


_HANDLERS: dict[type[Task], Callable[[Claimed, Tools], None]] = {Send: _send, LearnTags: learn_tags}
