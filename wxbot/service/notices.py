"""What staff are told, and how it gets to each of their channels without one holding up another."""

import logging

from wxbot.domain.job import Flag, FlagTicket, Job, Notify, Post, Timer
from wxbot.service.cards import handoff_card, ticket_card
from wxbot.service.ports import Claimed
from wxbot.service.privacy import tag
from wxbot.service.tools import Tools

log = logging.getLogger(__name__)


def flag(task: Flag, claimed: Claimed, tools: Tools) -> None:
    """Tell staff that a follower asks for a person."""
    notify(handoff_card(task.handoff), claimed, tools)


def flag_ticket(task: FlagTicket, claimed: Claimed, tools: Tools) -> None:
    """Tell staff of a new ticket, of what its owner has added, and of promises."""
    notify(ticket_card(task.ticket, task.entry, tools.changes.script().hours.zone), claimed, tools)


def notify(task: Notify, claimed: Claimed, tools: Tools) -> None:
    """Hand the notice to each channel that operators chose for its event, or to all that are configured."""
    about = (f"用户：{tag(task.user)}",) if task.user else ()
    text = "\n".join([*about, *task.lines])
    for channel in channels_of(task.event, tools):
        job = Job(f"{claimed.job.id}:{channel}", Post(channel, task.title, text))
        tools.queue.set_timer(Timer(f"notice:{job.id}", int(tools.clock()), job))


def post(task: Post, claimed: Claimed, tools: Tools) -> None:
    """
    Raises NoticeError. A channel that was taken out of the settings meanwhile is left alone.

    Staff may read it twice, when a worker dies in the middle: better than not at all.
    """
    if task.channel in tools.notifier.channels:
        tools.notifier.post(task.channel, task.title, task.text, id=claimed.job.id)


def channels_of(event: str, tools: Tools) -> list[str]:
    """Where this event is told; what operators chose and the environment does not configure is logged."""
    configured = tools.notifier.channels
    chosen = tools.changes.script().notices.get(event, configured)
    missing = [channel for channel in chosen if channel not in configured]
    if missing:
        log.warning("notices of %s have no settings for %s", event, ", ".join(missing))
    return [channel for channel in chosen if channel in configured]
