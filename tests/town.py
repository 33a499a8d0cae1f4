"""A bot whose followers and agents meet on a platform in the same process: its desk, its queue, its events."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from tests.factories import ACCOUNT, a_script
from tests.outgoing import UNREACHABLE, Outgoing
from wxbot.adapters.redis.connect import Link
from wxbot.domain.hours import Hours, Span, is_open
from wxbot.domain.message import AgentJoined, AgentLeft, AgentSwitched, Event, Inbound, Unfollow, UserMessage
from wxbot.domain.quota import opened_by
from wxbot.domain.reply import Reply, Silence, Transfer
from wxbot.domain.session import Mode, Session
from wxbot.domain.staffing import UNKNOWN, OnlineAgent, Presence, Staffing, Topic
from wxbot.errors import WeChatError
from wxbot.sandbox import bubbles, staff
from wxbot.sandbox.contents import AnyFields
from wxbot.sandbox.denied import Denied
from wxbot.sandbox.refusal import Json, Refusal
from wxbot.sandbox.world import World
from wxbot.service.ports import Queue, Record
from wxbot.service.presence import BELIEVED_S, look

FOLLOWERS = "oFollower-1", "oFollower-2"
KF1, KF2 = "kf1@shop", "kf2@shop"
TOPIC = "退款没到账"
"""Said by who is transferred to the first agent alone."""

MORNING, AFTERNOON = Span(9 * 60, 12 * 60), Span(13 * 60 + 30, 18 * 60)
WEEK = ((MORNING, AFTERNOON),) * 5 + ((), ())
HOURS = Hours("Asia/Shanghai", WEEK, {date(2026, 11, 25): (), date(2026, 11, 28): WEEK[0]})
"""A holiday on a Wednesday, worked for on the Saturday after."""

_EVENTS: dict[str, Callable[[Json], Event]] = {
    "kf_create_session": lambda fields: AgentJoined(fields["KfAccount"]),
    "kf_close_session": lambda fields: AgentLeft(fields["KfAccount"]),
    "kf_switch_session": lambda fields: AgentSwitched(fields["FromKfAccount"], fields["ToKfAccount"]),
}


@dataclass(frozen=True, slots=True)
class WorldDesk:
    """An `AgentsDesk`: the world's, without the wire. away: whether it cannot be reached."""

    world: World
    away: Callable[[], bool]

    def online_agents(self) -> list[OnlineAgent]:
        agents = self._ask(self.world.agents.list_online, {})["kf_online_list"]
        return [OnlineAgent(agent["kf_account"], agent["accepted_case"]) for agent in agents]

    def agent_names(self) -> dict[str, str]:
        return {}

    def queue(self) -> Queue:
        cases = self._ask(self.world.desk.queue_list, {})
        return Queue(tuple(case["openid"] for case in cases["waitcaselist"]), cases["count"])

    def agent_of(self, user: str) -> str:
        return str(self._ask(self.world.desk.session, {"openid": user})["kf_account"])

    def open_session(self, user: str, account: str) -> None:
        self._ask(self.world.desk.create, {"openid": user, "kf_account": account})

    def records(self, start: int, end: int) -> Iterator[Record]:
        return iter(())

    def _ask(self, method: Callable[[Json], Json], request: Json) -> Json:
        if self.away():
            raise UNREACHABLE
        try:
            with self.world.acting():
                return method(request)
        except Refusal as refusal:
            raise WeChatError(str(refusal), code=refusal.code) from None


@dataclass
class Post:
    """Events on their way to the bot, each with when it happened. copies: of the next one that arrive."""

    clock: Callable[[], float]
    waiting: list[tuple[str, int, Event]] = field(default_factory=list)
    copies: int = 1

    def push(self, user: str, fields: AnyFields) -> None:
        self.waiting.append((user, int(self.clock()), _EVENTS[str(fields["Event"])](fields)))

    def collect(self) -> Iterator[tuple[str, int, Event, int]]:
        """What has waited, with the copies that arrive; what these lead to waits for the next time."""
        collected, self.waiting = self.waiting, []
        for user, at, event in collected:
            yield user, at, event, self.copies
            self.copies = 1


class Town(Outgoing):
    """
    Two followers, and two agents who are not at the desk yet; the second takes one follower, and by themselves.

    down_until: unix seconds until which WeChat's API is away.
    """

    def __init__(self, link: Link, appid: str, *, open_on_tap: bool = False) -> None:
        topics = {"退款": Topic((TOPIC,), "售后")}
        staffing = Staffing(topics=topics, groups={"售后": (KF1,)}, open_on_tap=open_on_tap, capacity=1)
        super().__init__(link, appid, a_script(staffing=staffing, hours=HOURS))
        self.down_until, self.post = 0.0, Post(self.clock)
        self.wechat.away, self.desk = self.is_down, WorldDesk(self.world, self.is_down)
        self.world.desk.push = self.post.push
        self._seen, self._seen_at = UNKNOWN, 0.0
        for account in (KF1, KF2):
            self.world.agents.hire(account, online=False)
        staff.do(self.world, KF2, {"what": "set", "limit": 1, "auto_accept": True})

    def is_down(self) -> bool:
        return self.now < self.down_until

    def presence(self) -> Presence:
        return self._seen if self.now - self._seen_at <= BELIEVED_S else UNKNOWN

    def looks(self) -> None:
        """What the bot knows of the desk is what it is now, where that can be asked."""
        with suppress(WeChatError):
            self._seen, self._seen_at = look(self.desk, {}), self.now

    def session(self, user: str) -> Session:
        return self.store.begin(user, "").session or Session(user)

    def does(self, content: UserMessage | Event, user: str = FOLLOWERS[0]) -> Reply:
        """What WeChat does with it: to the agent who serves them, else to the bot, and to the desk if that says so."""
        self.arrive()
        self.now += 1
        inbound = Inbound(next(self.ids), user, ACCOUNT, int(self.now), content)
        window = opened_by(inbound)
        if isinstance(content, Unfollow):
            self.world.followers.left(user)
            self.world.desk.forget(user)
        elif window:
            self.world.followers.did(user, window.trigger)
        if inbound.is_message and self.world.desk.serving(user):
            return Silence()
        before, reply = self.session(user).mode, self.turns.handle(inbound).reply
        if isinstance(reply, Transfer):
            self._transfer(inbound, reply, is_first=before is not Mode.QUEUED)
        return reply

    def _transfer(self, inbound: Inbound, reply: Transfer, *, is_first: bool) -> None:
        assert inbound.is_message
        assert not is_first or (is_open(HOURS, int(self.now)) and not self.presence().is_empty)
        assert not reply.account or self.script.staffing.has_room(reply.account, self.presence())
        self.world.desk.queue(inbound.user, bubbles.text("……"), reply.account)

    def agent(self, account: str, what: str, **fields: str) -> None:
        """Nothing happens where they cannot."""
        with suppress(Denied), self.world.acting():
            staff.do(self.world, account, {"what": what, **fields})

    def arrive(self) -> None:
        """Everything that WeChat has to tell the bot by itself does so now."""
        with self.world.acting():
            pass
        for user, at, event, copies in self.post.collect():
            inbound = Inbound(next(self.ids), user, ACCOUNT, at, event)
            for _ in range(copies):
                assert not isinstance(self.turns.handle(inbound).reply, Transfer)

    def counted_on(self, user: str) -> int:
        """Messages that the bot believes it may still send."""
        return sum(window.left for window in self.lanes.windows(user) if window.closes > self.now)

    def left_for(self, user: str) -> float:
        """Messages that WeChat would still let through."""
        followers = self.world.followers
        return sum(window.left for window in followers.open_windows(followers.get(user)))

    def goes_on(self, hours: int) -> None:
        """Nobody does anything for so long, and the worker works."""
        for _ in range(hours * 6):
            self.wait(600)
            self.arrive()
            self.work()
