"""The agents of WeChat's own customer-service desk and their accounts (protocol 4.2, 4.3)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from wxbot.sandbox.media import Upload, type_of
from wxbot.sandbox.refusal import OK, Json, Refusal

MOST, NICK_CHARACTERS = 100, 16
AUTO_ACCEPTED = 10
INVITATION_S = 86400
_ACCOUNT = re.compile(r"[A-Za-z0-9_]{1,10}@[A-Za-z0-9_-]+")
_WECHAT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{5,19}|1\d{10}|.+@.+")


@dataclass(slots=True)
class Agent:
    """
    account: `kf2001@shop`. limit: sessions that auto-accept gives at most. wechat: the bound WeChat id, '' for none.

    invited: the id that has an open invitation, until invited_until, unix seconds.
    """

    account: str
    nick: str
    number: str
    online: bool = False
    limit: int = AUTO_ACCEPTED
    auto_accept: bool = False
    wechat: str = ""
    invited: str = ""
    invited_until: int = 0

    @property
    def may_serve(self) -> bool:
        return self.online and bool(self.wechat)


@dataclass(slots=True)
class Agents:
    """
    alias: the account's WeChat id, the end of every kf account. served: sessions in progress of one agent.

    let_go: an agent is removed; their sessions end.
    """

    clock: Callable[[], float]
    alias: str
    served: Callable[[str], int] = lambda account: 0
    let_go: Callable[[str], None] = lambda account: None
    known: dict[str, Agent] = field(default_factory=dict)
    _hired: int = 0

    def hire(self, account: str, nick: str = "客服", *, online: bool = True) -> Agent:
        """In the back office: bound at once."""
        agent = self._join(account, nick)
        agent.online, agent.wechat = online, f"wxid_{agent.number}"
        return agent

    def get(self, account: object) -> Agent:
        """Raises Refusal 65401."""
        agent = self.known.get(str(account))
        if not agent:
            raise Refusal(65401, "invalid kf_account")
        return agent

    def leave(self, account: str = "") -> None:
        """Go offline; '' for all of them. Sessions stay: they are closed by hand, or after 30 minutes."""
        for agent in self.known.values():
            if account in ("", agent.account):
                agent.online = False

    def dismiss(self, account: str) -> None:
        self.let_go(account)
        self.known.pop(account, None)

    # The API

    def list_all(self, request: Json) -> Json:
        """`getkflist`."""
        return {"kf_list": [self._listed(agent) for agent in self.known.values()]}

    def list_online(self, request: Json) -> Json:
        """`getonlinekflist`: only those who are online."""
        online = [agent for agent in self.known.values() if agent.online]
        return {"kf_online_list": [self._online(agent) for agent in online]}

    def add(self, request: Json) -> Json:
        """`kfaccount/add`: bound to nobody yet."""
        account = str(request.get("kf_account", ""))
        nick = _nick(request)
        if not _ACCOUNT.fullmatch(account) or account.partition("@")[2] != self.alias:
            raise Refusal(65404, "invalid kf_account format")
        if account in self.known:
            raise Refusal(65406, "kf_account exists already")
        if len(self.known) >= MOST:
            raise Refusal(65405, "too many kf accounts")
        self._join(account, nick)
        return OK

    def update(self, request: Json) -> Json:
        self.get(request.get("kf_account")).nick = _nick(request)
        return OK

    def delete(self, request: Json) -> Json:
        self.dismiss(self.get(request.get("kf_account")).account)
        return OK

    def set_picture(self, request: Json) -> Json:
        """`uploadheadimg`."""
        self.get(request.get("kf_account"))
        upload = request.get("media")
        if not isinstance(upload, Upload) or type_of(upload.content) not in ("image/jpeg", "image/png"):
            raise Refusal(40005, "invalid file type")
        return OK

    def invite(self, request: Json) -> Json:
        """`kfaccount/inviteworker`."""
        agent, wechat = self.get(request.get("kf_account")), str(request.get("invite_wx", ""))
        if not _WECHAT_ID.fullmatch(wechat):
            raise Refusal(65409, "invalid WeChat id")
        if agent.wechat:
            raise Refusal(65412, "kf_account is bound already")
        if self._invitation(agent) == "waiting":
            code = 65408 if agent.invited == wechat else 65411
            raise Refusal(code, "an invitation is pending")
        if wechat in [other.wechat for other in self.known.values()]:
            raise Refusal(65407, "the invitee is an agent of this account already")
        agent.invited, agent.invited_until = wechat, int(self.clock()) + INVITATION_S
        return OK

    def bind(self, account: str) -> bool:
        """The invited person agrees; False where there is no open invitation."""
        agent = self.known[account]
        if self._invitation(agent) != "waiting":
            return False
        agent.wechat, agent.invited = agent.invited, ""
        return True

    def _join(self, account: str, nick: str) -> Agent:
        self._hired += 1
        self.known[account] = Agent(account, nick, str(1000 + self._hired))
        return self.known[account]

    def _invitation(self, agent: Agent) -> str:
        if not agent.invited:
            return ""
        return "waiting" if self.clock() < agent.invited_until else "expired"

    def _listed(self, agent: Agent) -> Json:
        listed = {"kf_account": agent.account, "kf_nick": agent.nick, "kf_id": agent.number, "kf_headimgurl": ""}
        if agent.wechat:
            return {**listed, "kf_wx": agent.wechat}
        if agent.invited:
            invitation = {"invite_wx": agent.invited, "invite_expire_time": agent.invited_until}
            return {**listed, **invitation, "invite_status": self._invitation(agent)}
        return listed

    def _online(self, agent: Agent) -> Json:
        served = self.served(agent.account)
        return {"kf_account": agent.account, "status": 1, "kf_id": agent.number, "accepted_case": served}


def _nick(request: Json) -> str:
    nick = request.get("nickname")
    if not isinstance(nick, str) or not 1 <= len(nick) <= NICK_CHARACTERS:
        raise Refusal(65403, "invalid nickname")
    return nick
