"""What stands on a phone and on the agents' desk: numbered bubbles."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from wxbot.sandbox.bus import Bus
from wxbot.sandbox.refusal import Json

Who = Literal["user", "account", "agent", "system"]
Place = Literal["chat", "desk"]


@dataclass(frozen=True, slots=True)
class Content:
    """What one bubble shows. fields: by kind, as docs/rehearsal.md lists them."""

    kind: str
    fields: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bubble:
    """number: from 1, within one chat. at: unix seconds. via: how the account's came. agent: who spoke."""

    number: int
    at: float
    who: Who
    content: Content
    via: str = ""
    agent: str = ""

    def view(self) -> Json:
        head = {"number": self.number, "at": self.at, "who": self.who, "kind": self.content.kind}
        return {**head, "via": self.via, "agent": self.agent, **self.content.fields}


@dataclass(slots=True)
class Chats:
    """All chats of one place, by openid. added: is told whose chat has grown."""

    place: Place
    clock: Callable[[], float]
    bus: Bus
    added: Callable[[str], None]
    known: defaultdict[str, list[Bubble]] = field(default_factory=lambda: defaultdict(list))

    def add(self, openid: str, who: Who, content: Content, *, via: str = "", agent: str = "") -> None:
        bubbles = self.known[openid]
        bubble = Bubble(len(bubbles) + 1, self.clock(), who, content, via, agent)
        bubbles.append(bubble)
        self.bus.publish(self.place, {"openid": openid, "bubble": bubble.view()})
        self.added(openid)

    def note(self, openid: str, code: str, text: str, *, agent: str = "", **more: str) -> None:
        """What WeChat or the platform says. text: Chinese."""
        self.add(openid, "system", Content("note", {"code": code, "text": text, **more}), agent=agent)

    def since(self, openid: str, number: int) -> list[Bubble]:
        return self.known[openid][max(0, number) :] if openid in self.known else []

    def last(self, openid: str) -> int:
        """Number of the last bubble, 0 for an empty chat."""
        return len(self.known[openid]) if openid in self.known else 0

    def texts(self, openid: str) -> list[str]:
        """The words of text bubbles and notes, in order."""
        return [str(b.content.fields["text"]) for b in self.since(openid, 0) if "text" in b.content.fields]
