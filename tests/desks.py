"""An agents' desk of WeChat's, and staff channels, that are there at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wxbot.adapters.media_check import check
from wxbot.domain.staffing import OnlineAgent
from wxbot.errors import NoticeError, WeChatError
from wxbot.service.attic import Tidier
from wxbot.service.keeper import Keeper
from wxbot.service.ports import Queue, Record


@dataclass
class PaperDesk:
    """
    An `AgentsDesk`.

    online: sessions of each agent who is there. waiting, serving: users, and by whom. refusals: error codes of
    `open_session` by account. away: nothing can be asked.
    """

    online: dict[str, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    serving: dict[str, str] = field(default_factory=dict)
    said: list[Record] = field(default_factory=list)
    refusals: dict[str, WeChatError] = field(default_factory=dict)
    asked: list[tuple[int, int]] = field(default_factory=list)
    away: bool = False

    def online_agents(self) -> Sequence[OnlineAgent]:
        self._answer()
        return [OnlineAgent(account, serving) for account, serving in self.online.items()]

    def agent_names(self) -> Mapping[str, str]:
        self._answer()
        return {account: f"客服{account[:3]}" for account in self.online}

    def queue(self) -> Queue:
        self._answer()
        return Queue(tuple(self.waiting[:100]), len(self.waiting))

    def agent_of(self, user: str) -> str:
        self._answer()
        return self.serving.get(user, "")

    def open_session(self, user: str, account: str) -> None:
        self._answer()
        if account in self.refusals:
            raise self.refusals[account]
        self.serving[user] = account

    def records(self, start: int, end: int) -> Iterator[Record]:
        self.asked.append((start, end))
        return (record for record in self.said if start <= record.at <= end)

    def _answer(self) -> None:
        if self.away:
            raise WeChatError("微信系统繁忙", code=-1, retryable=True)


@dataclass
class Board:
    """A `Notifier` whose channels are lists of titles and texts. broken: channels that fail."""

    channels: tuple[str, ...] = ("wecom", "email")
    posted: list[tuple[str, str, str]] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)

    def post(self, channel: str, title: str, text: str, *, id: str) -> None:
        if channel in self.broken:
            raise NoticeError("机器人不在", retryable=True)
        self.posted.append((channel, title, text))


def an_idle_keeper() -> Keeper:
    """For where nobody sends media."""
    nothing: Any = None
    return Keeper(nothing, nothing, nothing, check)


def an_idle_tidier() -> Tidier:
    """For where nothing grows old."""
    nothing: Any = None
    return Tidier(nothing, nothing, nothing, nothing, nothing)
