"""The agents of WeChat's own customer-service desk: who is online, who waits, who is served (protocol 4.1, 4.2)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from wxbot.sandbox.refusal import Json, Refusal

WAITING_SHOWN = 100


@dataclass(slots=True)
class Agent:
    """account: `kf2001@shop`."""

    account: str
    nick: str
    number: str
    online: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """One follower with one agent. since: unix seconds."""

    account: str
    since: int


@dataclass(slots=True)
class Agents:
    """waiting: openid → unix seconds of the last message that was handed over, longest wait first."""

    clock: Callable[[], float]
    known: dict[str, Agent] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    serving: dict[str, Sitting] = field(default_factory=dict)

    def hire(self, account: str, nick: str = "客服", *, online: bool = True) -> Agent:
        agent = Agent(account, nick, str(1001 + len(self.known)), online)
        self.known[account] = agent
        return agent

    def queue(self, openid: str) -> None:
        """A message of this follower was handed over and nobody has taken it yet."""
        self.waiting[openid] = int(self.clock())

    def accept(self, openid: str, account: str) -> None:
        self.waiting.pop(openid, None)
        self.serving[openid] = Sitting(account, int(self.clock()))

    def close(self, openid: str) -> None:
        self.serving.pop(openid, None)

    def list_all(self, request: Json) -> Json:
        """`getkflist`."""
        agents = self.known.values()
        return {"kf_list": [{"kf_account": a.account, "kf_nick": a.nick, "kf_id": a.number} for a in agents]}

    def list_online(self, request: Json) -> Json:
        """`getonlinekflist`: only those who are online."""
        online = [agent for agent in self.known.values() if agent.online]
        return {"kf_online_list": [self._online(agent) for agent in online]}

    def session(self, request: Json) -> Json:
        """`kfsession/getsession`: an empty account means that nobody serves them."""
        if not request.get("openid"):
            raise Refusal(40003, "invalid openid")
        sitting = self.serving.get(request["openid"], Sitting("", 0))
        return {"kf_account": sitting.account, "createtime": sitting.since}

    def queue_list(self, request: Json) -> Json:
        """`kfsession/getwaitcase`: longest wait first, no more than 100."""
        cases = [{"openid": openid, "latest_time": at} for openid, at in self.waiting.items()]
        return {"count": len(cases), "waitcaselist": cases[:WAITING_SHOWN]}

    def _online(self, agent: Agent) -> Json:
        served = sum(sitting.account == agent.account for sitting in self.serving.values())
        return {"kf_account": agent.account, "status": 1, "kf_id": agent.number, "accepted_case": served}
