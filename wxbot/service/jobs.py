"""One job: do it, and see to it that it ends done, tried again, or buried with its reason."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from wxbot.domain.job import (
    Bind,
    CheckHandoff,
    DraftDue,
    EmptyTickets,
    FetchTranscript,
    Flag,
    FlagTicket,
    LearnTags,
    Notify,
    OpenSession,
    Post,
    SaveMedia,
    Send,
    Task,
    TemplateFailed,
    TicketAlarm,
    Tidy,
)
from wxbot.errors import NoticeError, StoreUnavailable, WeChatError
from wxbot.service import handoffs, notices
from wxbot.service.binding import bind
from wxbot.service.followers import learn_tags
from wxbot.service.media import save_media
from wxbot.service.ports import Claimed
from wxbot.service.privacy import tag
from wxbot.service.retries import MAX_TRIES, LostJob, Postponed, delay_s
from wxbot.service.ticket_alarms import on_alarm, on_draft_due
from wxbot.service.tidying import empty_tickets, tidy
from wxbot.service.tools import Tools

SLOW = (OpenSession,)
"""What the user waits for while several calls are made."""

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
        if isinstance(claimed.job.task, SLOW):
            tools.gate.show_typing(claimed.job.task.user)
        _HANDLERS[type(claimed.job.task)](claimed.job.task, claimed, tools)
    except LostJob:
        return "lost"
    except Postponed as postponed:
        tools.queue.retry(replace(claimed, tries=postponed.tries), postponed.due, str(postponed))
        return "retried"
    except (WeChatError, NoticeError) as error:
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
    if isinstance(claimed.job.task, Send):
        tools.gate.abandon(claimed.job, why, tools.queue)
    log.error("job %s is given up after %d tries: %s", claimed.job.id, claimed.tries, why)
    tools.queue.bury(claimed, why)
    return "buried"


def _send(task: Send, claimed: Claimed, tools: Tools) -> None:
    tools.gate.drive(claimed, tools.queue)


def _template_failed(task: TemplateFailed, claimed: Claimed, tools: Tools) -> None:
    tools.gate.go_on_without_template(task.message_id, task.status, claimed, tools.queue)


_HANDLERS: Mapping[type[Task], Callable[[Any, Claimed, Tools], None]] = {
    Send: _send,
    LearnTags: learn_tags,
    Bind: bind,
    SaveMedia: save_media,
    TemplateFailed: _template_failed,
    TicketAlarm: on_alarm,
    DraftDue: on_draft_due,
    Tidy: tidy,
    EmptyTickets: empty_tickets,
    CheckHandoff: handoffs.check,
    OpenSession: handoffs.open_session,
    FetchTranscript: handoffs.fetch_transcript,
    Flag: notices.flag,
    FlagTicket: notices.flag_ticket,
    Notify: notices.notify,
    Post: notices.post,
}
"""Each raises WeChatError, NoticeError, StoreUnavailable, or LostJob."""
