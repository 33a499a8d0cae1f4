"""Who could take a user: the agents that WeChat's desk shows, and the groups that operators send users to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

CAPACITY = 5
"""Sessions that one agent takes at a time, where nothing is written; WeChat does not tell (protocol 4.2)."""


@dataclass(frozen=True, slots=True)
class OnlineAgent:
    """An agent who is online. account: `kf2001@shop`. serving: sessions in progress."""

    account: str
    serving: int = 0


@dataclass(frozen=True, slots=True)
class Presence:
    """
    WeChat's desk as it was some seconds ago.

    known: it could be looked at. waiting: users in the queue. names: of all agents, by account.
    """

    known: bool = False
    agents: tuple[OnlineAgent, ...] = ()
    waiting: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is there, for certain."""
        return self.known and not self.agents


UNKNOWN = Presence()
"""The desk cannot be looked at, or the last look is too old to count."""


@dataclass(frozen=True, slots=True)
class Topic:
    """words: normalised; a text that holds one of them is about it. group: who answers it; tiers: others by tier."""

    words: tuple[str, ...] = ()
    group: str = ""
    tiers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Staffing:
    """
    How operators let people take over.

    misses: failed answers after which a person is offered. groups: accounts of agents by the name of the group.
    tiers: groups by the follower's tier, where the topic names none. capacity: sessions that one agent takes at a time.
    open_on_tap: a menu tap opens the session itself (`kfsession/create`). ticket: the form that is offered where nobody
    is there, '' for none.
    """

    misses: int = 3
    topics: Mapping[str, Topic] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    capacity: int = CAPACITY
    open_on_tap: bool = False
    ticket: str = ""

    def topic_of(self, text: str) -> str:
        """The topic whose words the text holds, the longest word first; '' for none. text: normalised."""
        found = [(len(word), name) for name, topic in self.topics.items() for word in topic.words if word in text]
        return max(found)[1] if found else ""

    def group_of(self, topic: str, tier: str) -> tuple[str, ...]:
        """Accounts that users of that topic and tier are meant for; () for anybody."""
        about = self.topics.get(topic, Topic())
        return self.groups.get(about.tiers.get(tier) or about.group or self.tiers.get(tier, ""), ())

    def free(self, presence: Presence) -> list[OnlineAgent]:
        """Agents with room, the least busy first."""
        return sorted((a for a in presence.agents if a.serving < self.capacity), key=lambda agent: agent.serving)

    def has_room(self, account: str, presence: Presence) -> bool:
        return any(agent.account == account for agent in self.free(presence))

    def pick(self, presence: Presence, topic: str, tier: str, user: str) -> str:
        """
        The agent to name in a transfer; '' to let WeChat distribute.

        Only one who is known to be online with room: a user is bound to who is named, there or not (protocol 4.1-6).
        Users who ask at the same time are spread over equally busy ones.
        """
        return _one_of([a for a in self.free(presence) if a.account in self.group_of(topic, tier)], user)

    def takers(self, presence: Presence, topic: str, tier: str) -> tuple[str, ...]:
        """Accounts to try for a session that is opened at once: those of the group first, then anybody with room."""
        group = self.group_of(topic, tier)
        return tuple(a.account for a in sorted(self.free(presence), key=lambda agent: agent.account not in group))


def _one_of(agents: Sequence[OnlineAgent], user: str) -> str:
    idle = [agent.account for agent in agents if agent.serving == agents[0].serving]
    return idle[crc32(user.encode()) % len(idle)] if idle else ""
