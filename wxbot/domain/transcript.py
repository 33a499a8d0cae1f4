"""A talk written by operators: what the user, the agent and the platform do, and what should come of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from wxbot.domain.hours import Hours

What = Literal[
    "follow", "unfollow", "scan", "say", "speak", "send", "tap", "menu", "old_key",
    "agent_online", "agent_offline", "agent_accept", "agent_say", "agent_transfer", "agent_close",
    "tag", "queue", "wait", "fault",
]  # fmt: skip
"""
Things that happen: `old_key` is a tap on a menu that is no longer there, `tag` one that staff give the user, `queue` so
many others who wait for an agent, `wait` time that passes.
"""

Outcome = Literal["reply", "silence", "transfer", "agent", "failed"]
"""The bot replied; said nothing; handed over; an agent got it; the user read WeChat's word that the service failed."""

DAYS_AHEAD = 60


@dataclass(frozen=True, slots=True)
class Deed:
    """argument: the words, the label, the kind …, '' where there is none. seconds: of `wait`. written: in the file."""

    what: What
    line: int
    written: str
    argument: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Expectation:
    """
    What should have come since the last deed; each that is not empty counts.

    answer: id. reply: pieces of what the bot replied. message: pieces of what it sent by itself. absent: what neither
    may hold. options: labels to tap.
    """

    line: int
    answer: str = ""
    reply: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    message: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    outcome: Outcome | None = None


Step = Deed | Expectation


@dataclass(frozen=True, slots=True)
class Start:
    """When a talk begins. day: a date, or a weekday from Monday 0. minute: after midnight."""

    day: date | int
    minute: int

    def moment(self, hours: Hours, now: float) -> float:
        """
        Unix seconds. A weekday is the next one that is still to come and has no hours of its own.

        now: unix seconds.
        """
        zone = ZoneInfo(hours.zone)
        if isinstance(self.day, date):
            return self._on(self.day, zone).timestamp()
        today = datetime.fromtimestamp(now, zone).date()
        ahead = [today + timedelta(days=days) for days in range(1, DAYS_AHEAD)]
        fitting = [day for day in ahead if day.weekday() == self.day]
        plain = next((day for day in fitting if day not in hours.special), fitting[0])
        return self._on(plain, zone).timestamp()

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(day, time(self.minute // 60, self.minute % 60), zone)


@dataclass(frozen=True, slots=True)
class Transcript:
    """start: None for the machine's own time."""

    title: str
    steps: tuple[Step, ...]
    file: str = ""
    start: Start | None = None
