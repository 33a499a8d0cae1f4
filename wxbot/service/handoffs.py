"""What the worker does about handoffs: ask the desk, open a session, fetch what was said (protocol 4.2)."""

import logging
from functools import partial

from wxbot.domain.dialogue.desk import Seen, not_opened, reconcile, with_transcript
from wxbot.domain.handoff import Handoff, State
from wxbot.domain.history import Line, shortened
from wxbot.domain.job import CheckHandoff, FetchTranscript, OpenSession
from wxbot.errors import WeChatError
from wxbot.service.ports import AgentsDesk, Claimed, Queue
from wxbot.service.presence import look
from wxbot.service.tools import Tools

OPEN_TRIES = 3
"""How often a desk that is busy is asked for one session; the user waits meanwhile."""
SERVED_BY_ANOTHER = 65414
RECORDS_SPAN_S = 24 * 3600
"""Longest span of one question for records."""
TRANSCRIPT_LINES = 200

log = logging.getLogger(__name__)


def check(task: CheckHandoff, claimed: Claimed, tools: Tools) -> None:
    """Bring a handoff to where the desk says it is."""
    seen = _look(task.user, tools.agents)
    tools.changes.apply(task.user, claimed.job.id, partial(reconcile, handoff_id=task.handoff, seen=seen))


def open_session(task: OpenSession, claimed: Claimed, tools: Tools) -> None:
    """
    Give the user to the first agent who can take them, while they wait for one; its event tells the rest.

    Raises WeChatError while it is worth another try.
    """
    for account in task.accounts:
        if not _still_waits(task, tools):
            return
        try:
            tools.agents.open_session(task.user, account)
            return
        except WeChatError as error:
            if error.retryable and claimed.tries < OPEN_TRIES:
                raise
            log.warning("job %s: no session with %s: %s", claimed.job.id, account, error)
            if error.code == SERVED_BY_ANOTHER:
                break
    seen = _look(task.user, tools.agents)
    tools.changes.apply(task.user, claimed.job.id, partial(not_opened, handoff_id=task.handoff, seen=seen))


def fetch_transcript(task: FetchTranscript, claimed: Claimed, tools: Tools) -> None:
    """Raises WeChatError."""
    lines = _said(task.handoff, tools.agents)
    if lines:
        tools.changes.apply(
            task.user, claimed.job.id, partial(with_transcript, handoff=task.handoff, lines=tuple(lines))
        )


def _still_waits(task: OpenSession, tools: Tools) -> bool:
    handoff = tools.changes.look(task.user).session.handoff
    return handoff is not None and handoff.id == task.handoff and handoff.state is State.WAITING


def _look(user: str, desk: AgentsDesk) -> Seen | None:
    """None where the desk cannot be asked: that is no news about the user."""
    try:
        agent = desk.agent_of(user)
        if agent:
            return Seen(agent)
        return Seen("", _ahead(user, desk.queue()), look(desk, {}))
    except WeChatError as error:
        log.warning("the agents' desk was not reached: %s", error)
        return None


def _ahead(user: str, queue: Queue) -> int | None:
    if user in queue.users:
        return queue.users.index(user)
    # WeChat shows the first hundred only; whoever is behind them cannot be told from who is not there at all.
    return len(queue.users) if queue.count > len(queue.users) else None


def _said(handoff: Handoff, desk: AgentsDesk) -> list[Line]:
    """The lines of this session, oldest first."""
    lines: list[Line] = []
    start = handoff.joined
    while start < handoff.closed and len(lines) < TRANSCRIPT_LINES:
        end = min(start + RECORDS_SPAN_S, handoff.closed)
        for record in desk.records(start, end):
            if record.user == handoff.user:
                lines.append(Line("agent" if record.by_agent else "user", shortened(record.text), record.at))
        start = end
    return lines[:TRANSCRIPT_LINES]
