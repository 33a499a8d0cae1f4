"""WeChat's own desk: who is online, who waits, who serves whom, and what was said (protocol 4.2)."""

from collections.abc import Iterator

from wxbot.adapters.wechat.client import Client
from wxbot.domain.staffing import OnlineAgent
from wxbot.service.ports import Queue, Record

PAGE = 10_000
"""Records asked for at once, the most that WeChat allows."""
AGENT_SENT, AGENT_RECEIVED = 2002, 2003


class WeChatDesk:
    """`AgentsDesk`. Every method raises WeChatError."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def online_agents(self) -> list[OnlineAgent]:
        """Any status but 0 counts as online, old and new numbers alike."""
        agents = self._client.customservice.get_online_accounts()
        with_status = [agent for agent in agents if agent.get("status")]
        return [OnlineAgent(str(agent["kf_account"]), int(agent.get("accepted_case") or 0)) for agent in with_status]

    def agent_names(self) -> dict[str, str]:
        agents = self._client.customservice.get_accounts()
        return {str(agent["kf_account"]): str(agent.get("kf_nick") or "") for agent in agents}

    def queue(self) -> Queue:
        cases = self._client.customservice.get_wait_case()
        users = tuple(str(case["openid"]) for case in cases.get("waitcaselist") or ())
        return Queue(users, int(cases.get("count") or len(users)))

    def agent_of(self, user: str) -> str:
        return str(self._client.customservice.get_session(user).get("kf_account") or "")

    def open_session(self, user: str, account: str) -> None:
        self._client.customservice.create_session(user, account)

    def records(self, start: int, end: int) -> Iterator[Record]:
        message_id = 1
        while True:
            page = self._client.customservice.get_records(start, end, message_id, PAGE)
            records = page.get("recordlist") or []
            for record in records:
                if record.get("opercode") in (AGENT_SENT, AGENT_RECEIVED):
                    by_agent = record["opercode"] == AGENT_SENT
                    yield Record(str(record["openid"]), int(record["time"]), by_agent, str(record["text"]))
            if len(records) < PAGE:
                return
            message_id = int(page["msgid"])
