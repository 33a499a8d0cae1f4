"""The clock of tickets."""

from functools import partial

from wxbot.domain.dialogue.drafts import open_undecided
from wxbot.domain.dialogue.ticket_desk import strike
from wxbot.domain.job import DraftDue, TicketAlarm
from wxbot.service.ports import Claimed
from wxbot.service.tools import Tools


def on_alarm(task: TicketAlarm, claimed: Claimed, tools: Tools) -> None:
    """Look at the ticket, once for each job."""
    tools.changes.apply(task.user, claimed.job.id, partial(strike, number=task.number))


def on_draft_due(task: DraftDue, claimed: Claimed, tools: Tools) -> None:
    """Open what nobody has decided on, once for each job."""
    tools.changes.apply(task.user, claimed.job.id, open_undecided)
