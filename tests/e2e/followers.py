"""Followers as tests see them: what they do on the platform, what they read, and what lies on the agents' desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.doors import Door

Bubble = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a deed, as docs/rehearsal.md lists it. text: of the passive reply, '' where there was none."""

    outcome: str
    tries: int
    delivery: int
    bubbles: Sequence[Bubble]

    @property
    def text(self) -> str:
        return "".join(bubble.get("text", "") for bubble in self.bubbles if bubble["via"] == "reply")


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody with a phone."""

    door: Door
    openid: str

    def follows(self) -> Done:
        return self._does("follow")

    def leaves(self) -> Done:
        return self._does("unfollow")

    def says(self, words: str) -> Done:
        return self._does("text", content=words)

    def shows(self) -> Done:
        """A picture."""
        return self._does("image")

    def taps(self, label: str) -> Done:
        """The latest link with that label in the chat."""
        (*_, link) = [part for bubble in self.chat for part in bubble.get("parts", ()) if part["text"] == label]
        return self._does("tap", **link["tap"])

    def presses(self, *names: str) -> Done:
        """A button of the bottom menu, by the names on the way to it."""
        buttons, path = self.door.get(f"users/{self.openid}")["menu"], []
        for name in names:
            path.append([button["name"] for button in buttons].index(name))
            buttons = buttons[path[-1]].get("sub_button", [])
        return self._does("menu", path=path)

    @property
    def chat(self) -> list[Bubble]:
        return self.door.chat(self.openid)

    @property
    def messages(self) -> list[str]:
        """Texts that the bot has sent by itself."""
        return [bubble["text"] for bubble in self.chat if bubble["via"] == "custom"]

    @property
    def read(self) -> list[str]:
        """Texts of the agents."""
        return [bubble["text"] for bubble in self.chat if bubble["who"] == "agent"]

    @property
    def at_the_desk(self) -> list[str]:
        """What the agents see that this follower has said."""
        return [bubble["text"] for bubble in self.door.desk(self.openid) if bubble["who"] == "user"]

    def _does(self, what: str, /, **fields: object) -> Done:
        done = self.door.does(self.openid, what, **fields)
        return Done(done["outcome"], done["tries"], done["delivery"], done["bubbles"])


def a_follower(door: Door, **more: object) -> Follower:
    """They follow, and have read the welcome. more: of `POST /sandbox/users`."""
    follower = Follower(door, door.joined(**more))
    follower.follows()
    return follower


def answers_to(door: Door, delivery: int) -> list[tuple[str, str]]:
    """Who answered each time that this was delivered, and what, decrypted."""
    entries = [entry for entry in door.pushes() if entry["delivery"] == delivery and entry["response"]]
    return [(entry["request"]["url"], entry["response"]["open"]) for entry in entries]
