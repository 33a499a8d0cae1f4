"""Who waits for an agent, who is served, and when that ends (protocol 4.1)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wxbot.sandbox import contents
from wxbot.sandbox.agents import Agent, Agents
from wxbot.sandbox.chat import Chats, Content
from wxbot.sandbox.contents import AnyFields
from wxbot.sandbox.followers import Followers
from wxbot.sandbox.refusal import OK, Json, Refusal

WAITING_SHOWN = 100
SESSION_S = 30 * 60
"""A session that is still open after this is forwarded no more (4.1-4)."""


@dataclass(slots=True)
class Waiting:
    """since, latest: unix seconds of the first and last message handed over. agent: the only one who may take it."""

    openid: str
    since: float
    latest: float
    agent: str = ""
    messages: int = 0


@dataclass(frozen=True, slots=True)
class Sitting:
    """One follower with one agent. since: unix seconds."""

    openid: str
    account: str
    since: float

    @property
    def lapses(self) -> float:
        return self.since + SESSION_S


@dataclass(slots=True)
class Desk:
    """
    The queue and the sessions. A session never outlives 30 minutes: who looks finds none.

    waiting: longest wait first. chats: what the agents see. push: sends an event about a follower to the bot.
    lapsing: is told of each session, which will end by itself.
    """

    clock: Callable[[], float]
    followers: Followers
    agents: Agents
    chats: Chats
    push: Callable[[str, AnyFields], object]
    lapsing: Callable[[Sitting], None]
    waiting: dict[str, Waiting] = field(default_factory=dict)
    _sittings: dict[str, Sitting] = field(default_factory=dict)

    def serving(self, openid: str) -> Sitting | None:
        sitting = self._sittings.get(openid)
        if sitting and sitting.lapses <= self.clock():
            self.lapse(sitting)
            return None
        return sitting

    def sessions_of(self, account: str) -> list[Sitting]:
        sittings = [self.serving(openid) for openid in list(self._sittings)]
        return [sitting for sitting in sittings if sitting and sitting.account == account]

    def queue(self, openid: str, content: Content | None = None, agent: str = "") -> None:
        """
        A message of this follower was handed over; the first one asks for a session.

        agent: named by the bot: then nobody else can take it, whether they are there or not (4.1-6).
        """
        now = self.clock()
        if openid not in self.waiting:
            self.waiting[openid] = Waiting(openid, now, now)
            self.chats.note(openid, "queued", f"等待接入：{self._nick(agent)}" if agent else "等待接入", agent=agent)
        case = self.waiting[openid]
        case.latest, case.agent, case.messages = now, agent or case.agent, case.messages + 1
        if content:
            self.chats.add(openid, "user", content)
        self.followers.touched.add(openid)
        self.distribute()

    def distribute(self) -> None:
        """Give those who wait to agents who take them by themselves and have room (4.1-7)."""
        for case in list(self.waiting.values()):
            free = [agent for agent in self.agents.known.values() if self._takes(agent, case)]
            if free:
                self.accept(case.openid, min(free, key=lambda agent: self._load(agent.account)).account)

    def accept(self, openid: str, account: str) -> None:
        """The agent takes the follower, who may wait or not."""
        self.waiting.pop(openid, None)
        sitting = Sitting(openid, account, self.clock())
        self._sittings[openid] = sitting
        self.chats.note(openid, "joined", f"{self._nick(account)}已接入", agent=account)
        self.followers.touched.add(openid)
        self.lapsing(sitting)
        self.push(openid, contents.agent_joined(account))

    def close(self, openid: str) -> None:
        """The agent ends the session; nothing to do where there is none."""
        sitting = self._sittings.pop(openid, None)
        if sitting:
            self.chats.note(openid, "left", f"{self._nick(sitting.account)}已结束会话", agent=sitting.account)
            self.followers.touched.add(openid)
            self.push(openid, contents.agent_left(sitting.account))
            self.distribute()

    def switch(self, openid: str, account: str) -> None:
        """Another agent goes on; the 30 minutes do not start again."""
        before = self._sittings[openid]
        self._sittings[openid] = Sitting(openid, account, before.since)
        text = f"{self._nick(before.account)}转接给{self._nick(account)}"
        self.chats.note(openid, "switched", text, agent=account)
        self.followers.touched.add(openid)
        self.push(openid, contents.agent_switched(before.account, account))
        self.distribute()

    def lapse(self, sitting: Sitting) -> None:
        """The 30 minutes are over: messages go to the bot again, and no event says so (4.1-4)."""
        if self._sittings.get(sitting.openid) is None or self._sittings[sitting.openid].since != sitting.since:
            return
        ended = self._sittings.pop(sitting.openid)
        self.chats.note(sitting.openid, "lapsed", "会话超过 30 分钟未结束，消息不再转给客服", agent=ended.account)
        self.followers.touched.add(sitting.openid)
        self.distribute()

    def forget(self, openid: str) -> None:
        """The follower has gone."""
        self.waiting.pop(openid, None)
        self._sittings.pop(openid, None)
        self.followers.touched.add(openid)

    def release(self, account: str) -> None:
        """An agent has gone for good."""
        for sitting in self.sessions_of(account):
            self.close(sitting.openid)

    def clear(self) -> None:
        self.waiting.clear()
        self._sittings.clear()

    # The API

    def session(self, request: Json) -> Json:
        """`kfsession/getsession`: an empty account means that nobody serves them."""
        if not request.get("openid"):
            raise Refusal(40003, "invalid openid")
        sitting = self.serving(str(request["openid"]))
        return {"kf_account": sitting.account if sitting else "", "createtime": int(sitting.since) if sitting else 0}

    def session_list(self, request: Json) -> Json:
        """`kfsession/getsessionlist`."""
        account = self.agents.get(request.get("kf_account")).account
        return {"sessionlist": [{"openid": s.openid, "createtime": int(s.since)} for s in self.sessions_of(account)]}

    def queue_list(self, request: Json) -> Json:
        """`kfsession/getwaitcase`: longest wait first, no more than 100."""
        cases = [{"openid": case.openid, "latest_time": int(case.latest)} for case in self.waiting.values()]
        return {"count": len(cases), "waitcaselist": cases[:WAITING_SHOWN]}

    def create(self, request: Json) -> Json:
        """`kfsession/create`: asks neither whether the agent takes sessions by themselves nor for room (4.2)."""
        agent = self.agents.get(request.get("kf_account"))
        openid = self.followers.get(str(request.get("openid", ""))).openid
        if not agent.wechat:
            raise Refusal(65402, "kf_account is not bound to a WeChat id")
        if not agent.online:
            raise Refusal(65415, "kf_account is not online")
        sitting = self.serving(openid)
        if sitting and sitting.account != agent.account:
            raise Refusal(65414, "the user is served by another agent")
        if not sitting:
            self.accept(openid, agent.account)
        return OK

    def close_by_api(self, request: Json) -> Json:
        """`kfsession/close`."""
        account, openid = self.agents.get(request.get("kf_account")).account, str(request.get("openid", ""))
        sitting = self.serving(openid)
        if not sitting:
            raise Refusal(65413, "the user has no session")
        if sitting.account != account:
            raise Refusal(65414, "the user is served by another agent")
        self.close(openid)
        return OK

    def _takes(self, agent: Agent, case: Waiting) -> bool:
        meant = case.agent in ("", agent.account)
        return meant and agent.may_serve and agent.auto_accept and self._load(agent.account) < agent.limit

    def _load(self, account: str) -> int:
        return len(self.sessions_of(account))

    def _nick(self, account: str) -> str:
        agent = self.agents.known.get(account)
        return agent.nick if agent else account
