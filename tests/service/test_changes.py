"""Turns that no message makes."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.factories import NOW, USER, a_bot_only_script, a_script
from wxbot.adapters.memory import MemoryStore
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.job import Send
from wxbot.domain.reply import Silence, TextPart
from wxbot.domain.script import Script
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn
from wxbot.errors import StoreUnavailable
from wxbot.service.changes import Change, Changes


def the_changes(store: MemoryStore, script: Script | None = None, patience_s: float = 5) -> Changes:
    script = script or a_script()
    return Changes(store, lambda: script, lambda: NOW, iter(lambda: uuid4().hex, None), patience_s)


def saying(words: str) -> Change:
    return lambda talk: speak(talk, "told", words)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(lambda: NOW)


def test_what_is_said_goes_out_as_a_message(store):
    turn = the_changes(store).apply(USER, "job-1", saying("客服回来了"))

    assert turn.reply == Silence()
    assert [job.task for job in store.jobs()] == [Send(USER, (TextPart("客服回来了"),), "notice")]


def test_an_account_that_may_not_reply_passively_still_leaves_it_to_the_worker(store):
    the_changes(store, a_bot_only_script()).apply(USER, "job-1", saying("客服回来了"))

    assert [job.task for job in store.jobs()] == [Send(USER, (TextPart("客服回来了"),), "notice")]


def test_the_same_occasion_changes_nothing_again(store):
    changes = the_changes(store)

    first = changes.apply(USER, "job-1", saying("您的工单有进展"))
    second = changes.apply(USER, "job-1", saying("您的工单有进展"))

    assert first is not None
    assert second is None
    assert len(store.jobs()) == 1


def test_an_occasion_is_remembered_longer_than_a_message(store):
    the_changes(store).apply(USER, "job-1", saying("好的"))

    store.clock = lambda: NOW + 86400

    assert the_changes(store).apply(USER, "job-1", saying("好的")) is None


def test_leaving_everything_as_it_is_uses_up_no_occasion(store):
    changes = the_changes(store)

    assert changes.apply(USER, "job-1", lambda talk: None) is None

    assert changes.apply(USER, "job-1", saying("好的")) is not None


def test_every_change_raises_the_version(store):
    the_changes(store).apply(USER, "job-1", saying("好的"))
    the_changes(store).apply(USER, "job-2", saying("好的"))

    assert store.begin(USER, "m1").version == 2


def test_a_change_is_no_visit(store):
    store.commit(USER, "m1", 0, Turn("answered", Session(USER, misses=2, last_seen=NOW - 9999), Silence()), NOW)

    the_changes(store).apply(USER, "job-1", saying("好的"))

    session = store.begin(USER, "m2").session
    assert (session.misses, session.last_seen) == (2, NOW - 9999)


@dataclass
class Overtaken(MemoryStore):
    """Somebody else commits before each of the first few commits."""

    times: int = 1

    def commit(self, user, message_id, version, turn, now, **keep):
        if self.times > 0:
            self.times -= 1
            super().commit(user, uuid4().hex, version, Turn("other", Session(user, follows=7), Silence()), now)
        return super().commit(user, message_id, version, turn, now, **keep)


def counting(seen: list[int]) -> Callable[[Talk], Turn]:
    def change(talk: Talk) -> Turn:
        seen.append(talk.session.follows)
        return speak(talk, "told", "好的")

    return change


def test_who_was_overtaken_looks_again(store):
    seen: list[int] = []

    the_changes(Overtaken(lambda: NOW)).apply(USER, "job-1", counting(seen))

    assert seen == [0, 7]


def test_who_is_overtaken_for_ever_gives_up(store):
    with pytest.raises(StoreUnavailable):
        the_changes(Overtaken(lambda: NOW, times=10**9), patience_s=0.1).apply(USER, "job-1", saying("好的"))
