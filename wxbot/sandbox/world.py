"""One account on a WeChat of our own: its rooms, and what passes between them."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from wxbot.sandbox import bubbles, contents
from wxbot.sandbox.account import Account
from wxbot.sandbox.agents import Agents
from wxbot.sandbox.answer import BROKEN, Reply
from wxbot.sandbox.board import Board
from wxbot.sandbox.bus import Bus
from wxbot.sandbox.chat import Chats, Content
from wxbot.sandbox.clock import Alarms, Clock
from wxbot.sandbox.contents import AnyFields
from wxbot.sandbox.courier import Courier, Letter
from wxbot.sandbox.desk import Desk, Sitting
from wxbot.sandbox.faults import Faults
from wxbot.sandbox.followers import TYPING_S, Follower, Followers, Trigger
from wxbot.sandbox.media import Media
from wxbot.sandbox.menus import Menus
from wxbot.sandbox.messages import Messages
from wxbot.sandbox.oauth import OAuth
from wxbot.sandbox.people import People
from wxbot.sandbox.postman import PATIENCE_S, Postman
from wxbot.sandbox.qrcodes import QrCodes
from wxbot.sandbox.quotas import Quotas
from wxbot.sandbox.records import AGENT_RECEIVED, AGENT_SENT, Records
from wxbot.sandbox.refusal import Json
from wxbot.sandbox.tags import Tags
from wxbot.sandbox.templates import Templates
from wxbot.sandbox.tokens import Tokens
from wxbot.sandbox.wire import InvalidAnswer
from wxbot.sandbox.wirelog import WireLog

PAUSED = "推送暂停中：连续多次没有得到有效回答，一分钟内不再推送"
UNPUSHED = "没有推送：服务器地址没有配置，或者没有通过校验"
TO_AI = "转给了微信的 AI 回复，由它来答"


class World:
    """
    The state of a platform; everything that acts on it does so inside `acting`, one at a time.

    calls: path of every API call that came in, in order. host: where the platform is served, once it is.
    autoreplies: what `get_current_autoreply_info` answers. pinned: openid → URL of the process that serves this user.
    patience_s: of a delivery.
    """

    def __init__(self, account: Account, *, clock: Clock | None = None, patience_s: float = PATIENCE_S) -> None:
        self.account = account
        self.host = ""
        self.calls: list[str] = []
        self.autoreplies: Json = {}
        self.clock = clock or Clock()
        self._lock = threading.RLock()
        self.bus = Bus()
        self.wire = WireLog(self.clock, self.bus)
        self.faults = Faults(self.clock)
        self.alarms = Alarms(self.clock, self.acting)
        self._furnish_followers()
        self._furnish_desk()
        self.tokens = Tokens(account.appid, account.secret, self.clock)
        self.oauth = OAuth(self.clock, self.followers, self.tokens.authenticate)
        self.quotas = Quotas(self.clock, account.appid, self.tokens.authenticate)
        self.pinned: dict[str, str] = {}
        postman = Postman(self.faults, self.wire, self._admit, patience_s)
        self.courier = Courier(account, self.clock, self.faults, postman, self.pinned)
        self.board = Board(self)

    def _furnish_followers(self) -> None:
        self.followers = Followers(self.clock)
        self.people = People(self.followers)
        self.tags = Tags(self.followers)
        self.chats = Chats("chat", self.clock, self.bus, self.followers.touched.add)
        self.media = Media(self.clock, self.link)
        self.menus = Menus(self.followers, self.media)
        self.qrcodes = QrCodes(self.clock)
        self.templates = Templates(self.followers, self._show_template)

    def _furnish_desk(self) -> None:
        self.desk_chats = Chats("desk", self.clock, self.bus, self.followers.touched.add)
        self.agents = Agents(self.clock, self.account.alias)
        self.desk = Desk(self.clock, self.followers, self.agents, self.desk_chats, self.report, self._await_lapse)
        self.agents.served = lambda account: len(self.desk.sessions_of(account))
        self.agents.let_go = self.desk.release
        self.records = Records(self.clock)
        self.messages = Messages(self.followers, self.media, self.agents, self._show_message)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Alone with the world: what is due happens first, and what has changed is told afterwards."""
        with self._lock:
            self.alarms.run_due()
            try:
                yield
            finally:
                self.board.publish()

    def link(self, path: str) -> str:
        return f"{self.host}{path}"

    # What a follower does

    def wrote(
        self, follower: Follower, content: Content, fields: AnyFields, trigger: Trigger = "message"
    ) -> Letter | None:
        """An ordinary message: to the agent who serves them, None then; otherwise to the bot (4.1)."""
        openid = follower.openid
        self.followers.did(openid, trigger)
        self.followers.exchanged(follower)
        self.chats.add(openid, "user", content)
        sitting = self.desk.serving(openid)
        if not sitting:
            return self.courier.send(openid, fields, partial(self._settled, content))
        self.desk_chats.add(openid, "user", content)
        self.records.note(openid, AGENT_RECEIVED, content, sitting.account)
        return None

    def caused(self, openid: str, fields: AnyFields) -> Letter:
        """An event that the follower caused and waits for; it goes to the bot in every case (4.1-3)."""
        return self.courier.send(openid, fields, partial(self._settled, None))

    def report(self, openid: str, fields: AnyFields) -> Letter:
        """An event that the follower does not know of: when it fails, they are not told."""
        return self.courier.send(openid, fields, self._answered)

    def forget_everybody(self) -> None:
        """The account stays, with its menus, templates and agents."""
        for forget in (
            self.followers.known.clear, self.chats.known.clear, self.desk_chats.known.clear, self.records.known.clear,
            self.desk.clear, self.faults.clear, self.wire.clear, self.alarms.clear, self.quotas.used.clear,
            self.pinned.clear, self.clock.reset, self.courier.health.forgive,
        ):  # fmt: skip
            forget()
        self.bus.publish("reset", {})

    # What comes back

    def _admit(self, reply: Reply) -> None:
        """Raises InvalidAnswer for what this account does not have: a medium, the AI reply (3.2)."""
        if reply.kind == "ai" and not self.account.ai_reply:
            raise InvalidAnswer("WeChat's AI reply is not switched on")
        with self.acting():
            if reply.media_id and not self.media.find(reply.media_id):
                raise InvalidAnswer(f"the media id {reply.media_id} has expired or never was")

    def _settled(self, content: Content | None, letter: Letter) -> None:
        notes = {"failed": BROKEN, "paused": PAUSED, "unpushed": UNPUSHED, "ai": TO_AI}
        with self.acting():
            if letter.openid not in self.followers.known:
                return  # forgotten meanwhile
            if letter.outcome in notes:
                self.chats.note(letter.openid, letter.outcome, notes[letter.outcome])
            elif letter.reply and letter.reply.kind == "transfer":
                self.desk.queue(letter.openid, content or _event(letter.fields), letter.reply.account)
            else:
                self._show_reply(letter)

    def _answered(self, letter: Letter) -> None:
        with self.acting():
            self._show_reply(letter)

    def _show_reply(self, letter: Letter) -> None:
        follower = self.followers.known.get(letter.openid)
        shown = bubbles.of_reply(letter.reply) if letter.reply else None
        # What answers an unfollow reaches nobody.
        if follower and follower.following and shown:
            self.chats.add(letter.openid, "account", shown, via="reply")
            self.followers.exchanged(follower)

    def _show_message(self, follower: Follower, body: Json, agent: str) -> None:
        content = bubbles.of_custom(body)
        self.chats.add(follower.openid, "account", content, via="custom", agent=agent)
        if agent:
            self.records.note(follower.openid, AGENT_SENT, content, agent)

    def _show_template(self, follower: Follower, content: Content, number: int) -> None:
        self.chats.add(follower.openid, "account", content, via="template")
        self.report(follower.openid, contents.template_finished(number))

    def typing(self, request: Json) -> Json:
        """The hint, which goes out by itself after 15 s."""
        answer = self.messages.typing(request)
        openid = str(request["touser"])
        self.alarms.at(self.clock() + TYPING_S, lambda: self.followers.touched.add(openid))
        return answer

    def _await_lapse(self, sitting: Sitting) -> None:
        self.alarms.at(sitting.lapses, lambda: self.desk.lapse(sitting))


def _event(fields: AnyFields) -> Content:
    """What an agent sees of an event that was handed over, which makes no sense to them (4.1-5)."""
    return bubbles.text(f"[{contents.name_of(fields)}]")
