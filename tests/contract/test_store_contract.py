"""What every store promises, asked of the real one and of the one for tests."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from wxbot.adapters.memory import MemoryStore
from wxbot.adapters.redis.connect import connect, connect_worker
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.redis.store import RedisStore
from wxbot.adapters.redis.tickets import RedisTickets
from wxbot.adapters.redis.vault import RedisVault
from wxbot.domain.action import Action, Option
from wxbot.domain.handoff import Handoff, Reason, State
from wxbot.domain.history import Line
from wxbot.domain.job import CancelTimer, Job, Send, Timer
from wxbot.domain.reply import Silence, TextPart, Transfer, VideoPart
from wxbot.domain.session import Mode, Session
from wxbot.domain.turn import Question, Turn
from wxbot.service.ports import Claimed, Desk, JobQueue, Roster, StoredReply, TicketDesk, TokenVault, TurnStore

NOW = 1_790_000_000
DAY = "2026-09-21"
USER = "oABCD-1234_openid"


@dataclass
class Clock:
    """Stands still until it is told to go on."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Store:
    """All ports of one store. take_over: claims as a worker who takes every other for dead."""

    turns: TurnStore
    desk: Desk
    tickets: TicketDesk
    queue: JobQueue
    take_over: Callable[[str], list[Claimed]]
    roster: Roster
    vault: TokenVault
    clock: Clock


@pytest.fixture(params=["redis", "memory"])
def store(request: pytest.FixtureRequest, appid: str) -> Store:
    clock = Clock()
    if request.param == "memory":
        memory = MemoryStore(clock)
        take_over = partial(_claim_impatiently, memory)
        return Store(memory, memory, memory.desk, memory, take_over, memory, memory, clock)
    url = request.getfixturevalue("redis_url")
    link, worker = connect(url), connect_worker(url)
    queue, tardy = RedisQueue(worker, appid, clock=clock), RedisQueue(worker, appid, clock=clock, idle_s=0)
    conversations = RedisStore(link, appid)
    take_over = partial(tardy.claim, limit=9, block_s=0)
    desk, vault = RedisTickets(link, appid), RedisVault(link, appid)
    return Store(conversations, conversations, desk, queue, take_over, queue, vault, clock)


def _claim_impatiently(memory: MemoryStore, worker: str) -> list[Claimed]:
    patience, memory.idle_s = memory.idle_s, 0
    try:
        return memory.claim(worker, limit=9, block_s=0)
    finally:
        memory.idle_s = patience


def a_turn(session: Session | None = Session(USER), **fields: Any) -> Turn:  # noqa: B008
    return Turn(**{"rule": "answer", "session": session, "reply": TextPart("好的"), **fields})


def a_job(id: str = "job-1", text: str = "稍后发送") -> Job:
    return Job(id, Send(USER, (TextPart(text),)))


def a_handoff(id: str, opened: int = NOW, **fields: Any) -> Handoff:
    return Handoff(id, USER, Reason.ASKED, opened, **fields)


def commit(store: Store, turn: Turn, message_id: str = "1", version: int = 0) -> bool:
    return store.turns.commit(USER, message_id, version, turn, int(store.clock()))


def take(store: Store, worker: str = "w1", limit: int = 10) -> list[Claimed]:
    return store.queue.claim(worker, limit=limit, block_s=0)


def names(claimed: list[Claimed]) -> list[str]:
    return [each.job.id for each in claimed]


class TestTurns:
    def test_a_stranger_has_neither_session_nor_version(self, store: Store) -> None:
        begun = store.turns.begin(USER, "1")

        assert (begun.version, begun.session, begun.reply) == (0, None, None)

    def test_the_session_comes_back_as_it_was_committed(self, store: Store) -> None:
        session = Session(
            USER,
            Mode.QUEUED,
            mode_since=NOW,
            handoff=a_handoff("h1", history=(Line("user", "转人工 🙏", NOW),)),
            options=(Option("退款", Action("browse", "账号", 2)),),
            pending=(TextPart("]]>\x00"), VideoPart("m1")),
            follows=2,
        )

        commit(store, a_turn(session))

        assert store.turns.begin(USER, "2").session == session
        assert store.turns.begin(USER, "2").version == 1

    @pytest.mark.parametrize("reply", [Silence(), Transfer("kf1@x"), TextPart("好"), VideoPart("m", "标题")])
    def test_a_retry_gets_the_stored_reply(self, store: Store, reply: Any) -> None:
        commit(store, a_turn(reply=reply))

        assert store.turns.begin(USER, "1").reply == StoredReply(reply, NOW)
        assert store.turns.begin(USER, "2").reply is None
        assert store.turns.begin("another", "1").reply is None

    def test_a_turn_decided_on_an_old_version_writes_nothing(self, store: Store) -> None:
        commit(store, a_turn())

        late = a_turn(Session("changed"), jobs=(a_job(),), handoffs=(a_handoff("h1"),))
        assert not commit(store, late, message_id="2", version=0)

        assert store.turns.begin(USER, "2").reply is None
        assert store.turns.begin(USER, "2").session == Session(USER)
        assert not take(store)
        assert not store.desk.handoffs(limit=9)
        assert store.desk.stats(DAY)["turns"] == 1

    def test_a_message_answered_meanwhile_is_not_answered_again(self, store: Store) -> None:
        commit(store, a_turn())

        assert not commit(store, a_turn(jobs=(a_job(),)), message_id="1", version=1)

        assert not take(store)

    def test_no_commit_of_eight_threads_is_lost(self, store: Store) -> None:
        def follow(thread: int) -> None:
            for number in range(25):
                again = True
                while again:
                    begun = store.turns.begin(USER, f"{thread}-{number}")
                    session = begun.session or Session(USER)
                    turn = a_turn(replace(session, follows=session.follows + 1), jobs=(a_job(f"{thread}-{number}"),))
                    again = not commit(store, turn, f"{thread}-{number}", begun.version)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(follow, range(8)))

        session = store.turns.begin(USER, "last").session
        assert session is not None
        assert session.follows == 200
        assert len(set(names(take(store, limit=300)))) == 200

    def test_an_erased_session_still_guards_against_older_turns(self, store: Store) -> None:
        commit(store, a_turn())

        assert commit(store, a_turn(None), message_id="2", version=1)

        begun = store.turns.begin(USER, "3")
        assert (begun.session, begun.version) == (None, 2)
        assert not commit(store, a_turn(), message_id="3", version=1)
        assert commit(store, a_turn(), message_id="3", version=2)


class TestDesk:
    def test_handoffs_are_listed_newest_first_and_updated_in_place(self, store: Store) -> None:
        commit(store, a_turn(handoffs=(a_handoff("old", NOW - 60), a_handoff("new"))))
        closed = a_handoff("old", NOW - 60, state=State.CLOSED, closed=NOW, agent="kf1@x")

        commit(store, a_turn(handoffs=(closed,)), message_id="2", version=1)

        assert store.desk.handoffs(limit=9) == [a_handoff("new"), closed]
        assert store.desk.handoffs(limit=1) == [a_handoff("new")]
        assert store.desk.handoffs(limit=0) == []

    def test_questions_are_read_from_a_moment_on(self, store: Store) -> None:
        asked = [Question(USER, NOW + second, f"问题{second}", "suggest", "", 0.4) for second in range(3)]
        commit(store, a_turn(questions=tuple(asked)))

        assert list(store.desk.questions(NOW)) == asked
        assert list(store.desk.questions(NOW + 1)) == asked[1:]

    def test_statistics_count_turns_rules_and_outcomes_by_day(self, store: Store) -> None:
        asked = Question(USER, NOW, "退款", "answer", "refund", 0.9)
        commit(store, a_turn(questions=(asked,)))
        commit(store, a_turn(rule="follow"), message_id="2", version=1)

        assert store.desk.stats(DAY) == {"turns": 2, "rule:answer": 1, "rule:follow": 1, "outcome:answer": 1}
        assert store.desk.stats("2026-09-20") == {}


class TestQueue:
    def test_jobs_of_a_turn_are_handed_out_once_and_in_order(self, store: Store) -> None:
        commit(store, a_turn(jobs=(a_job("a"), a_job("b"), a_job("c"))))

        assert names(take(store, "w1", limit=2)) == ["a", "b"]
        assert names(take(store, "w2")) == ["c"]
        assert take(store, "w3") == []

    def test_a_job_comes_back_as_it_was_committed(self, store: Store) -> None:
        commit(store, a_turn(jobs=(a_job(),)))

        claimed = take(store)[0]

        assert (claimed.job, claimed.tries) == (a_job(), 1)

    def test_a_finished_job_is_not_handed_out_again(self, store: Store) -> None:
        commit(store, a_turn(jobs=(a_job(),)))

        store.queue.done(take(store)[0])

        assert store.take_over("w2") == []

    def test_the_job_of_a_dead_worker_is_taken_over_and_counted(self, store: Store) -> None:
        commit(store, a_turn(jobs=(a_job(),)))
        take(store, "dead")

        taken = store.take_over("alive")

        assert [(each.job.id, each.tries) for each in taken] == [("job-1", 2)]

    def test_a_worker_that_lost_its_job_can_neither_keep_nor_retry_nor_bury_it(self, store: Store) -> None:
        commit(store, a_turn(jobs=(a_job(),)))
        lost = take(store, "slow")[0]
        held = store.take_over("quick")[0]

        store.queue.retry(lost, NOW, "too late")
        store.queue.bury(lost, "too late")

        assert not store.queue.renew(lost)
        assert store.queue.renew(held)
        assert take(store) == []
        assert store.desk.dead_jobs(limit=9) == []

    def test_a_retried_job_waits_and_goes_on_counting(self, store: Store) -> None:
        commit(store, a_turn(jobs=(a_job(),)))
        store.take_over("dead")
        again = store.take_over("w1")[0]

        store.queue.retry(again, NOW + 5, "busy")

        assert take(store) == []
        store.clock.now += 5
        assert [(each.job, each.tries) for each in take(store)] == [(a_job(), 3)]

    def test_a_buried_job_lies_with_its_reason_and_is_over(self, store: Store) -> None:
        commit(store, a_turn(jobs=(a_job("a"), a_job("b"))))
        for claimed in take(store):
            store.queue.bury(claimed, f"45015 {claimed.job.id}")

        letters = store.desk.dead_jobs(limit=1)

        assert [(letter.job, letter.why, letter.tries, letter.at) for letter in letters] == [
            (a_job("b"), "45015 b", 1, NOW)
        ]
        assert store.take_over("w1") == []

    def test_a_waiting_worker_gets_a_new_job_at_once(self, store: Store) -> None:
        later = threading.Timer(0.1, commit, [store, a_turn(jobs=(a_job(),))])
        later.start()

        claimed = store.queue.claim("w1", limit=1, block_s=1.0)

        later.join()
        assert names(claimed) == ["job-1"]


class TestTimers:
    def test_timers_become_jobs_in_the_order_they_are_due(self, store: Store) -> None:
        timers = tuple(Timer(f"t{due}", NOW + due, a_job(f"job-{due}")) for due in (30, 10, 20))
        commit(store, a_turn(timers=timers))

        assert take(store) == []
        store.clock.now += 20
        assert names(take(store)) == ["job-10", "job-20"]
        store.clock.now += 20
        assert names(take(store)) == ["job-30"]

    def test_setting_a_timer_again_replaces_it(self, store: Store) -> None:
        commit(store, a_turn(timers=(Timer("t", NOW, a_job("first")),)))
        commit(store, a_turn(timers=(Timer("t", NOW + 60, a_job("second")),)), message_id="2", version=1)

        assert take(store) == []
        store.clock.now += 60
        assert names(take(store)) == ["second"]

    def test_a_cancelled_timer_never_fires(self, store: Store) -> None:
        commit(store, a_turn(timers=(Timer("t", NOW, a_job()), CancelTimer("unknown"))))
        commit(store, a_turn(timers=(CancelTimer("t"),)), message_id="2", version=1)

        assert take(store) == []

    def test_the_worker_sets_and_cancels_timers_too(self, store: Store) -> None:
        store.queue.set_timer(Timer("kept", NOW, a_job("kept")))
        store.queue.set_timer(Timer("dropped", NOW, a_job("dropped")))

        store.queue.cancel_timer("dropped")

        assert names(take(store)) == ["kept"]


class TestRoster:
    def test_a_worker_that_stops_beating_is_gone_after_a_minute(self, store: Store) -> None:
        store.roster.beat("w1")
        store.clock.now += 50
        store.roster.beat("w2")

        assert store.roster.workers() == {"w1": NOW, "w2": NOW + 50}
        store.clock.now += 20
        assert store.roster.workers() == {"w2": NOW + 50}


class TestVault:
    def test_a_token_is_kept_for_all_and_dropped_only_by_its_name(self, store: Store) -> None:
        assert store.vault.get() is None

        store.vault.put("fresh", 7200)
        store.vault.drop_if("stale")
        assert store.vault.get() == "fresh"

        store.vault.drop_if("fresh")
        assert store.vault.get() is None

    def test_one_at_a_time_fetches_a_token(self, store: Store) -> None:
        inside: list[str] = []

        def fetch(name: str) -> None:
            with store.vault.lock():
                inside.append(f"{name} in")
                threading.Event().wait(0.05)
                inside.append(f"{name} out")

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(fetch, "abc"))

        assert [line.split()[1] for line in inside] == ["in", "out"] * 3

    def test_the_lock_opens_when_fetching_fails(self, store: Store) -> None:
        def fail(lock: AbstractContextManager[None]) -> None:
            with lock:
                raise LookupError

        with pytest.raises(LookupError):
            fail(store.vault.lock())

        with store.vault.lock():
            pass
