"""A bot whose messages go out on a platform in the same process: real Valkey, the world of the sandbox, our clock."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.desks import Board, PaperDesk
from tests.factories import ACCOUNT, NOW, USER, a_script
from wxbot.adapters.media_check import check
from wxbot.adapters.media_files import MediaFiles
from wxbot.adapters.redis.attic import RedisAttic
from wxbot.adapters.redis.connect import Link, connect_worker
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.lanes import RedisLanes
from wxbot.adapters.redis.media import RedisMedia
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.redis.store import RedisStore
from wxbot.adapters.redis.tickets import RedisTickets
from wxbot.adapters.redis.traces import RedisTraces
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.flow import Form
from wxbot.domain.job import Job, Send, Timer
from wxbot.domain.message import Event, Follow, Inbound, MenuClick, Text, Unfollow, UserMessage
from wxbot.domain.outbound import Delivery, Held, Template
from wxbot.domain.quota import opened_by
from wxbot.domain.reply import Part, Reply, Silence, TextPart
from wxbot.domain.script import Script
from wxbot.domain.staffing import UNKNOWN, Presence
from wxbot.domain.turn import Turn
from wxbot.errors import SpareWayFailed, WeChatError
from wxbot.sandbox.account import Account
from wxbot.sandbox.clock import Clock
from wxbot.sandbox.refusal import Refusal
from wxbot.sandbox.world import World
from wxbot.service.attic import Tidier
from wxbot.service.changes import Changes
from wxbot.service.content import ready
from wxbot.service.gate import Gate
from wxbot.service.jobs import run
from wxbot.service.keeper import Keeper
from wxbot.service.ports import AgentsDesk, Loaded
from wxbot.service.spare import SpareSender
from wxbot.service.tools import Tools
from wxbot.service.turn import Turns

BUSY = WeChatError("微信系统繁忙", code=-1, retryable=True)
UNREACHABLE = WeChatError("连不上微信接口", retryable=True)
NO_ANSWER = WeChatError("等回答超时", retryable=True, delivered="maybe")


class Killed(BaseException):
    """The worker is gone, as after kill -9."""


@dataclass
class Fate:
    """Counts the steps of a worker; it dies at the one that is named. -1 for never."""

    step: int = -1
    steps: int = 0

    def tick(self) -> None:
        self.steps += 1
        if self.steps - 1 == self.step:
            raise Killed


@dataclass
class Mortal:
    """Something that a worker uses; it may die before and after each use."""

    it: Any
    fate: Fate

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.it, name)
        if not callable(method):
            return method

        def used(*args: Any, **named: Any) -> Any:
            self.fate.tick()
            result = method(*args, **named)
            self.fate.tick()
            return result

        return used


@dataclass
class WeChat:
    """
    The platform's API without the wire. trouble: happens to the next calls, one each; None for none.

    lost: the next call takes effect, and its answer is lost. refused: what WeChat has refused by itself. away: whether
    nothing is reached.
    """

    world: World
    trouble: list[Exception | None] = field(default_factory=list)
    lost: bool = False
    sent: list[str] = field(default_factory=list)
    templates: dict[str, Template] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    away: Callable[[], bool] = lambda: False

    def send(self, user: str, part: Part) -> None:
        self._fail()
        assert isinstance(part, TextPart)
        self._call(self.world.messages.send, {"touser": user, "msgtype": "text", "text": {"content": part.text}})
        self.sent.append(part.text)
        self._lose()

    def send_template(self, user: str, template: Template, *, id: str) -> str:
        self._fail()
        if id in self.templates:
            return ""
        self.templates[id] = template
        self._lose()
        return f"report-{len(self.templates)}"

    def typing(self, user: str) -> None:
        self._call(self.world.typing, {"touser": user, "command": "Typing"})

    def tags_of(self, user: str) -> list[str]:
        return self.tags

    def download(self, media_id: str) -> bytes:
        self._fail()
        self._call(self.world.media.get, media_id)
        return self.world.media.get(media_id).content

    def picture(self, url: str) -> bytes:
        """Addresses outlive media ids."""
        self._fail()
        return self.world.media.known[url.rpartition("/")[2]].content

    def _fail(self) -> None:
        if self.away():
            raise UNREACHABLE
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble:
            raise trouble

    def _lose(self) -> None:
        if self.lost:
            self.lost = False
            raise NO_ANSWER

    def _call(self, method: Callable[[Any], Any], request: Any) -> None:
        try:
            method(request)
        except Refusal as refusal:
            self.refused.append(refusal.code)
            raise WeChatError(str(refusal), code=refusal.code) from None


@dataclass
class Postbox:
    """Mail server and SMS hook. got: address, text. trouble: happens to the next message."""

    got: list[tuple[str, str]] = field(default_factory=list)
    trouble: SpareWayFailed | None = None

    def send(self, to: str, *text: str, id: str) -> None:
        if self.trouble:
            raise self.trouble
        self.got.append((to, text[-1]))


class Outgoing:
    """The bot and one follower. now: unix seconds."""

    def __init__(self, link: Link, appid: str, script: Script | None = None, *, spare: bool = False) -> None:
        self.link, self.appid = link, appid
        self.script, self.now, self.fate = script or a_script(), float(NOW), Fate()
        self.attic = RedisAttic(link, appid)
        self.world = World(Account(appid), clock=Clock(self.clock))
        self.wechat, self.postbox = WeChat(self.world), Postbox()
        self.desk: AgentsDesk = PaperDesk()
        self.store, self.lanes = RedisStore(link, appid), RedisLanes(link, appid, clock=self.clock)
        # Whoever claims takes every other worker for dead.
        self.queue = RedisQueue(link, appid, clock=self.clock, idle_s=0)
        self.ids: Iterator[str] = map("id{:04}".format, itertools.count(1))
        live = ready(Loaded(self.script))
        self.turns = Turns(self.store, lambda: live, self.clock, self.ids, presence=self.presence)
        self.changes = Changes(self.store, lambda: self.script, self.clock, self.ids)
        self.media = RedisMedia(link, appid)
        self.keeper = Keeper(self.wechat, MediaFiles(f"memory://{appid}"), self.media, check)
        self.spare = spare

    def clock(self) -> float:
        return self.now

    def presence(self) -> Presence:
        """What the bot knows of the desk."""
        return UNKNOWN

    # What the follower does

    def says(self, words: str, *, tap_id: str = "") -> Reply:
        return self.does(Text(words, tap_id))

    def follows(self) -> Reply:
        return self.does(Follow())

    def taps(self, key: str) -> Reply:
        return self.does(MenuClick(key))

    def leaves(self) -> None:
        self.does(Unfollow())

    def does(self, content: UserMessage | Event) -> Reply:
        self.now += 1
        inbound = Inbound(next(self.ids), USER, ACCOUNT, int(self.now), content)
        window = opened_by(inbound)
        if isinstance(content, Unfollow):
            self.world.followers.left(USER)
        elif window:
            self.world.followers.did(USER, window.trigger)
        return self.turns.handle(inbound).reply

    def has_left(self, **fields: Any) -> None:
        """Something of some time ago: fields of the session."""

        def changed(talk: Talk) -> Turn:
            return Turn("left", replace(talk.session, **fields), Silence())

        self.changes.apply(USER, next(self.ids), changed)

    # What the bot wants to say

    def tell(self, *texts: str, id: str = "", user: str = USER, **options: Any) -> str:
        """Something that nobody has asked for just now; the id of the job."""
        job = Job(id or next(self.ids), Send(user, tuple(map(TextPart, texts)), **{"importance": "ticket", **options}))
        self.queue.set_timer(Timer(job.id, 0, job))
        return job.id

    def is_waiting(self, data: bytes) -> None:
        """Something in the lane, as it lies there."""
        self.link.client.rpush(Keys(self.appid).lane(USER), data)

    # What the worker does

    @property
    def tools(self) -> Tools:
        lanes, wechat = Mortal(self.lanes, self.fate), Mortal(self.wechat, self.fate)
        changes, queue = Mortal(self.changes, self.fate), Mortal(self.queue, self.fate)
        postbox = Mortal(self.postbox, self.fate) if self.spare else None
        sender = SpareSender(wechat, lanes, postbox, postbox)  # type: ignore[arg-type]
        gate = Gate(lanes, lanes, wechat, sender, changes, self.clock, lambda s: None, lambda: 0.0)  # type: ignore[arg-type]
        return Tools(
            queue,
            gate,
            self.wechat,
            changes,
            Mortal(self.desk, self.fate),
            Board(()),
            self.keeper,
            self.tidier,
            self.clock,
            lambda s: None,
            lambda: 0.0,
        )  # type: ignore[arg-type]

    @property
    def tidier(self) -> Tidier:
        desk, traces = RedisTickets(self.link, self.appid), Mortal(RedisTraces(self.link, self.appid), self.fate)
        keeper = replace(self.keeper, records=Mortal(self.media, self.fate), shelf=Mortal(self.keeper.shelf, self.fate))
        return Tidier(desk, Mortal(self.changes, self.fate), traces, keeper, self.attic)  # type: ignore[arg-type]

    def work(self) -> list[str]:
        """Everything that is due now; the outcomes."""
        outcomes = []
        while claimed := self.queue.claim("worker", limit=1, block_s=0):
            outcomes.append(run(claimed[0], self.tools))
        return outcomes

    def work_mortally(self, step: int) -> bool:
        """As `work`, by a worker who dies at that step, and then by one who does not; whether the first did die."""
        self.fate = Fate(step)
        try:
            self.work()
        except Killed:
            return True
        finally:
            self.fate = Fate()
            self.work()
        return False

    def wait(self, seconds: float) -> None:
        self.now += seconds

    # What came of it

    @property
    def sent(self) -> list[str]:
        return self.wechat.sent

    @property
    def held(self) -> tuple[Held, ...]:
        session = self.store.begin(USER, "").session
        return session.held if session else ()

    @property
    def troubles(self) -> list[Delivery]:
        return list(self.store.deliveries(since=0))


@contextmanager
def with_files(redis_url: str, appid: str, folder: Path, form: Form) -> Iterator[Outgoing]:
    """A bot that knows this form, and keeps media as files of a real folder."""
    link = connect_worker(redis_url)
    bot = Outgoing(link, appid, a_script(forms={form.id: form}))
    bot.keeper = replace(bot.keeper, shelf=MediaFiles(str(folder)))
    yield bot
    link.client.close()
