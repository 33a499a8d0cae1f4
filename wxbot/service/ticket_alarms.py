"""The clock of tickets."""

from functools import partial

from wxbot.domain.dialogue.ticket_desk import strike
from wxbot.domain.job import TicketAlarm
from wxbot.service.ports import Claimed
from wxbot.service.tools import Tools


def on_alarm(task: TicketAlarm, claimed: Claimed, tools: Tools) -> None:
    """Look at the ticket, once for each job."""
    tools.changes.apply(task.user, claimed.job.id, partial(strike, number=task.number))
