"""One message through the use case, on the store for tests."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from uuid import uuid4

import pytest

from tests.factories import NOW, USER, a_script, a_text, an_answer, an_inbound
from wxbot.adapters.memory import MemoryStore
from wxbot.domain import message as m
from wxbot.domain.message import Inbound
from wxbot.domain.reply import Silence, TextPart, Transfer
from wxbot.domain.ticket import Ticket
from wxbot.domain.turn import Turn
from wxbot.errors import StoreUnavailable
from wxbot.service.content import Live, ready
from wxbot.service.ports import Begun, Loaded, TurnStore
from wxbot.service.turn import Turns


@cache
def shop() -> Live:
    return ready(Loaded(a_script()))


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Bot:
    """The use case on a store; `content` and `store` may be exchanged between messages."""

    store: TurnStore
    content: Live = field(default_factory=shop)
    clock: Clock = field(default_factory=Clock)
    patience_s: float = 2.5
    by_message: bool = False
    looked_at_content: int = 0

    def handle(self, inbound: Inbound):
        ids = iter(lambda: uuid4().hex, None)
        return Turns(self.store, self._live, self.clock, ids, self.patience_s, self.by_message).handle(inbound)

    def _live(self) -> Live:
        self.looked_at_content += 1
        return self.content


@dataclass
class Overtaken:
    """A store in which, before the first commit, somebody else is faster."""

    inner: MemoryStore
    faster: Callable[[], object]
    commits: int = 0

    def begin(self, user: str, message_id: str) -> Begun:
        return self.inner.begin(user, message_id)

    def commit(self, user: str, message_id: str, version: int, turn: Turn, now: int) -> bool:
        self.commits += 1
        if self.commits == 1:
            self.faster()
        return self.inner.commit(user, message_id, version, turn, now)

    def ticket_of(self, user: str, number: str) -> Ticket | None:
        return self.inner.ticket_of(user, number)


@dataclass
class Failing:
    """A store that goes away, before reading or before writing."""

    inner: MemoryStore
    fails: str = "begin"

    def begin(self, user: str, message_id: str) -> Begun:
        if self.fails == "begin":
            raise StoreUnavailable("gone")
        return self.inner.begin(user, message_id)

    def commit(self, user: str, message_id: str, version: int, turn: Turn, now: int) -> bool:
        raise StoreUnavailable("gone")

    def ticket_of(self, user: str, number: str) -> Ticket | None:
        raise StoreUnavailable("gone")


class NeverFirst(MemoryStore):
    def commit(self, user: str, message_id: str, version: int, turn: Turn, now: int) -> bool:
        return False


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(Clock())


@pytest.fixture
def bot(store: MemoryStore) -> Bot:
    return Bot(store)


def test_a_question_is_answered_and_logged(bot, store):
    handled = bot.handle(a_text("怎么退款"))

    assert handled.reply == TextPart("在订单页点「申请退款」。")
    assert (handled.rule, handled.tries, handled.confidence, handled.degraded) == ("answered", 1, 1.0, False)
    assert [question.answer_id for question in store.questions(0)] == ["refund"]


def test_a_rehearsal_goes_by_the_time_that_messages_state(bot):
    bot.by_message = True

    handled = bot.handle(an_inbound(m.Text("怎么退款"), at=NOW + 3600))

    assert handled.at == NOW + 3600


def test_a_retry_gets_the_stored_reply_and_decides_nothing(bot, store):
    first = bot.handle(a_text("怎么退款", id="m1"))
    bot.content, bot.clock.now = ready(Loaded(a_script(an_answer("refund", "怎么退款", "改过了")))), NOW + 5

    second = bot.handle(a_text("怎么退款", id="m1"))

    assert (second.reply, second.at, second.rule, second.tries) == (first.reply, first.at, "repeat", 0)
    assert len(list(store.questions(0))) == 1


def test_a_retry_of_a_handover_opens_one_record_and_sends_one_notice(bot, store):
    replies = [bot.handle(a_text("转人工")).reply for _ in range(3)]

    assert replies == [Transfer()] * 3
    assert len(store.handoffs(limit=9)) == 1
    assert [job.task.kind for job in store.jobs()] == ["send", "flag"]


def test_a_retry_of_silence_is_silent(bot):
    report = an_inbound(m.LocationReport(), id="e1")

    assert [bot.handle(report).reply for _ in range(2)] == [Silence(), Silence()]


def test_the_same_words_in_another_message_are_another_turn(bot, store):
    bot.handle(a_text("火星移民", id="m1"))
    bot.handle(a_text("火星移民", id="m2"))

    assert store.begin(USER, "m3").session.misses == 2


def test_what_a_voice_was_heard_to_say_is_asked(bot):
    assert bot.handle(an_inbound(m.Voice("M1", recognition="怎么退款？"))).rule == "answered"


def test_whoever_was_overtaken_decides_again_on_the_newer_session(bot, store):
    bot.handle(a_text("火星移民", id="m1"))
    bot.store = Overtaken(store, lambda: Bot(store).handle(a_text("火星移民", id="m2")))

    handled = bot.handle(a_text("火星移民", id="m3"))

    assert (handled.rule, handled.tries) == ("missed_human", 2)
    assert store.begin(USER, "m4").session.misses == 3


def test_two_deliveries_at_once_make_one_turn(bot, store):
    bot.store = Overtaken(store, lambda: Bot(store).handle(a_text("转人工", id="m1")))

    handled = bot.handle(a_text("转人工", id="m1"))

    assert (handled.rule, handled.reply) == ("repeat", Transfer())
    assert len(store.handoffs(limit=9)) == 1


def test_a_turn_keeps_to_one_version_of_the_content(bot, store):
    bot.store = Overtaken(store, lambda: Bot(store).handle(a_text("你好", id="m2")))

    bot.handle(a_text("怎么退款", id="m1"))

    assert bot.looked_at_content == 1


@pytest.mark.parametrize("fails", ["begin", "commit"])
def test_with_the_store_away_questions_are_answered_from_memory(bot, store, fails):
    bot.store = Failing(store, fails)

    handled = bot.handle(a_text("怎么退款"))

    assert (handled.reply, handled.degraded, handled.tries) == (TextPart("在订单页点「申请退款」。"), True, 0)


def test_with_the_store_away_nothing_is_promised_or_kept(bot, store):
    bot.store = Failing(store)

    handled = bot.handle(a_text("转人工"))

    assert handled.reply.text.startswith("系统正在维护")
    assert (store.handoffs(limit=9), store.jobs(), store.begin(USER, "m1").reply) == ([], [], None)


def test_a_message_answered_from_memory_is_decided_in_full_when_the_store_is_back(bot, store):
    bot.store = Failing(store)
    bot.handle(a_text("转人工"))
    bot.store = store

    assert bot.handle(a_text("转人工")).reply == Transfer()


def test_a_race_that_is_always_lost_is_answered_from_memory_before_wechat_gives_up(bot):
    bot.store, bot.patience_s = NeverFirst(), 0.05

    handled = bot.handle(a_text("怎么退款"))

    assert (handled.rule, handled.degraded) == ("answered", True)


def test_messages_of_one_user_from_many_threads_all_count(bot, store):
    texts = [a_text("怎么退款", id=f"m{number}") for number in range(100)]

    with ThreadPoolExecutor(8) as threads:
        handled = list(threads.map(bot.handle, texts))

    assert not any(each.degraded for each in handled)
    assert len(list(store.questions(0))) == 100
    assert store.begin(USER, "next").version == 100
