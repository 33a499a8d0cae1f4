"""What the page shows of the world, and the news when that changes."""

from typing import TYPE_CHECKING

from wxbot.sandbox.agents import Agent
from wxbot.sandbox.desk import Waiting
from wxbot.sandbox.followers import Follower, Window
from wxbot.sandbox.refusal import Json

if TYPE_CHECKING:
    from wxbot.sandbox.world import World


class Board:
    """Reads the world and changes nothing; used inside `World.acting`."""

    def __init__(self, world: "World") -> None:
        self._world = world
        self._told: dict[str, Json] = {}
        self._users: dict[str, Json] = {}

    def state(self) -> Json:
        world = self._world
        parts = self._parts()
        return {
            "clock": parts["clock"],
            "account": parts["account"],
            "users": [self.user(follower) for follower in world.followers],
            **parts["agents"],
            **parts["queue"],
            **parts["faults"],
            "tags": world.tags.view(),
            "menu": parts["menu"],
            "templates": [template.view() for template in world.templates.known.values()],
            "last": {"wire": world.wire.last, "events": world.bus.last},
        }

    def publish(self) -> None:
        """Tell what is not as it was told last."""
        world = self._world
        for name, part in self._parts().items():
            if name == "menu" and self._told.get(name) != part:
                world.followers.touched.update(world.followers.known)
            self._tell(name, part)
        for openid in list(world.followers.touched):
            world.followers.touched.discard(openid)
            if openid in world.followers.known:
                self._tell_user(world.followers.known[openid])

    def clock(self) -> Json:
        return {"now": self._world.clock(), "offset": self._world.clock.offset}

    def account(self) -> Json:
        health = self._world.courier.health
        paused_until = health.paused_until if health.is_paused else 0
        return {**self._world.account.view(), "url_checked": health.url_checked, "paused_until": paused_until}

    def user(self, follower: Follower) -> Json:
        world, openid = self._world, follower.openid
        windows = world.followers.open_windows(follower)
        sitting = world.desk.serving(openid)
        return {
            "openid": openid,
            "name": follower.name,
            "following": follower.following,
            "client": follower.client,
            "tags": world.tags.names_of(follower),
            "windows": [_window(window) for window in windows],
            "left": _finite(sum(window.left for window in windows)),
            "typing": world.followers.is_typing_to(follower),
            "bot": world.pinned.get(openid, ""),
            "queued": openid in world.desk.waiting,
            "agent": sitting.account if sitting else "",
            "menu": world.menus.seen_by(follower) if follower.following else [],
            "chat": world.chats.last(openid),
            "desk": world.desk_chats.last(openid),
        }

    def agent(self, agent: Agent) -> Json:
        serving = [
            {"openid": s.openid, "name": self._name(s.openid), "since": s.since, "lapses": s.lapses}
            for s in self._world.desk.sessions_of(agent.account)
        ]
        return {
            "account": agent.account, "nick": agent.nick, "online": agent.online, "limit": agent.limit,
            "auto_accept": agent.auto_accept, "bound": bool(agent.wechat), "invited": agent.invited, "serving": serving,
        }  # fmt: skip

    def queue(self) -> Json:
        waiting = enumerate(self._world.desk.waiting.values(), 1)
        return {"queue": [self._waiting(case, position) for position, case in waiting]}

    def _parts(self) -> dict[str, Json]:
        world = self._world
        return {
            "clock": self.clock(),
            "account": self.account(),
            "agents": {"agents": [self.agent(agent) for agent in world.agents.known.values()]},
            "queue": self.queue(),
            "faults": {"faults": world.faults.view()},
            "menu": world.menus.view(),
        }

    def _tell(self, name: str, part: Json) -> None:
        # Of the clock only a jump is news.
        compared = {"offset": part["offset"]} if name == "clock" else part
        if self._told.get(name) != compared:
            if name in self._told:
                self._world.bus.publish(name, part)
            self._told[name] = compared

    def _tell_user(self, follower: Follower) -> None:
        view, before = self.user(follower), self._users.get(follower.openid)
        if view == before:
            return
        if view["typing"] != (before or {}).get("typing", False):
            self._world.bus.publish("typing", {"openid": follower.openid, "on": view["typing"]})
        self._world.bus.publish("user", view)
        self._users[follower.openid] = view

    def _waiting(self, case: Waiting, position: int) -> Json:
        return {
            "openid": case.openid, "name": self._name(case.openid), "since": case.since, "latest": case.latest,
            "agent": case.agent, "messages": case.messages, "position": position,
        }  # fmt: skip

    def _name(self, openid: str) -> str:
        follower = self._world.followers.known.get(openid)
        return follower.name if follower else ""


def _window(window: Window) -> Json:
    return {"trigger": window.trigger, "left": _finite(window.left), "closes": window.closes}


def _finite(number: float) -> int | None:
    return None if number == float("inf") else int(number)
