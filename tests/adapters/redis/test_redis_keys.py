"""What lies in Redis: under which keys, for how long, and in which shapes it can still be read."""

from typing import Any

import pytest
from redis.crc import key_slot

from wxbot.adapters.redis.connect import Link, connect
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.lanes import RedisLanes
from wxbot.adapters.redis.queue import RedisQueue
from wxbot.adapters.redis.store import RedisStore
from wxbot.adapters.redis.vault import RedisVault
from wxbot.domain.handoff import Handoff, Reason, State
from wxbot.domain.job import Job, Send, Timer
from wxbot.domain.outbound import Delivery
from wxbot.domain.quota import Window
from wxbot.domain.rating import Rating
from wxbot.domain.reply import TextPart
from wxbot.domain.session import Session
from wxbot.domain.turn import Question, Turn
from wxbot.service.ports import Step

NOW = 1_790_000_000
USER = "oABCD-1234_openid"
JOB = Job("job-1", Send(USER, (TextPart("稍后"),)))
TURN = Turn(
    "human",
    Session(USER),
    TextPart("好的"),
    jobs=(JOB,),
    timers=(Timer("t", NOW, JOB),),
    questions=(Question(USER, NOW, "退款", "none", "", 0.1),),
    handoffs=(Handoff("open", USER, Reason.ASKED, NOW), Handoff("over", USER, Reason.MENU, NOW, State.CLOSED)),
    window=Window("message", NOW),
    ratings=(Rating("r1", USER, "answer", "refund", NOW, mark=5),),
)


@pytest.fixture
def link(redis_url: str) -> Link:
    return connect(redis_url)


@pytest.fixture
def client(link: Link) -> Any:
    return link.client


def lifetimes(client: Any, appid: str) -> dict[str, int]:
    """Seconds that each key of the account has to live, -1 for ever, by its name without the account."""
    keys = client.keys(f"wxbot:{{{appid}}}:*")
    return {key.decode().split("}:")[1]: client.ttl(key) for key in keys}


def test_what_may_expire_has_a_lifetime_and_what_was_promised_has_none(link: Link, client: Any, appid: str) -> None:
    store, queue, vault = RedisStore(link, appid), RedisQueue(link, appid), RedisVault(link, appid)
    store.commit(USER, "m1", 0, TURN, NOW)
    lanes = RedisLanes(link, appid)
    lanes.finish("job-1", Step(done=1), Delivery("job-1", USER, NOW, "ticket", "held"))
    lanes.await_report("1", JOB)
    queue.beat("w1")
    vault.put("token", 7000)
    queue.set_timer(Timer("later", 2 * NOW, JOB))
    queue.bury(queue.claim("w1", limit=1, block_s=0)[0], "why")

    lives = lifetimes(client, appid)

    promises = {
        "handoff:open",
        "handoffs",
        "jobs",
        "timers",
        "timer-jobs",
        "dead",
        "questions",
        "ratings",
        "deliveries",
        "delivered",
    }
    assert {key for key, seconds in lives.items() if seconds == -1} == promises
    assert lives.pop(f"reply:{USER}:m1") <= 600
    assert {key: round(seconds / 86400) for key, seconds in lives.items() if seconds > 7200} == {
        f"session:{USER}": 180, "handoff:over": 365, "stats:2026-09-21": 400, "progress:job-1": 3, "template:1": 2,
        f"window:{USER}:message": 2,
    }  # fmt: skip


def test_an_erased_session_leaves_only_its_version_and_that_not_for_long(link: Link, client: Any, appid: str) -> None:
    store = RedisStore(link, appid)
    store.commit(USER, "m1", 0, TURN, NOW)

    store.commit(USER, "m2", 1, Turn("unfollow", None, TextPart("")), NOW)

    assert client.get(Keys(appid).session(USER)) == b"2 "
    assert 0 < client.ttl(Keys(appid).session(USER)) <= 3600


def test_a_closed_handoff_that_expired_makes_room_in_the_list(link: Link, client: Any, appid: str) -> None:
    store = RedisStore(link, appid)
    store.commit(USER, "m1", 0, TURN, NOW)
    client.delete(Keys(appid).handoff("over"))

    assert [handoff.id for handoff in store.handoffs(limit=1)] == ["open"]
    assert client.zcard(Keys(appid).handoffs) == 1


def test_all_keys_of_an_account_share_a_slot_and_no_key_of_another() -> None:
    keys, others = Keys("wx01"), Keys("wx02")
    names = [keys.session("a"), keys.reply("b{x}", "1"), keys.jobs, keys.handoff("h"), keys.stats("d"), keys.token]

    assert {key_slot(name.encode()) for name in names} == {key_slot(b"wx01")}
    assert not {*names} & {others.session("a"), others.jobs, others.token}


def test_a_session_of_another_version_is_read_as_far_as_it_is_known(link: Link, client: Any, appid: str) -> None:
    client.set(Keys(appid).session(USER), '7 {"user": "u", "follows": 2, "mood": "fine"}')

    begun = RedisStore(link, appid).begin(USER, "m1")

    assert (begun.version, begun.session) == (7, Session("u", follows=2))


def test_an_unreadable_session_counts_as_absent_and_its_content_stays_out_of_the_log(
    link: Link, client: Any, appid: str, caplog: pytest.LogCaptureFixture
) -> None:
    client.set(Keys(appid).session(USER), '7 {"user": "u", "follows": "geheim"}')

    begun = RedisStore(link, appid).begin(USER, "m1")

    assert (begun.version, begun.session) == (7, None)
    assert "unreadable Session" in caplog.text
    assert "geheim" not in caplog.text


def test_an_unreadable_job_is_buried_and_does_not_hold_up_the_next(link: Link, client: Any, appid: str) -> None:
    store, queue = RedisStore(link, appid), RedisQueue(link, appid)
    client.xadd(Keys(appid).jobs, {"job": '{"job": {"id": "x", "task": {"kind": "unheard-of"}}}'})
    store.commit(USER, "m1", 0, TURN, NOW)

    claimed = queue.claim("w1", limit=9, block_s=0)

    assert {each.job for each in claimed} == {JOB}
    assert [(letter.job, letter.why) for letter in store.dead_jobs(limit=9)] == [(None, "unreadable")]


def test_questions_older_than_their_season_are_trimmed(link: Link, client: Any, appid: str) -> None:
    key = Keys(appid).questions
    with client.pipeline() as pipeline:
        for number in range(1, 500):
            pipeline.xadd(key, {"question": "{}"}, id=f"{number}-0")
        pipeline.execute()

    RedisStore(link, appid).commit(USER, "m1", 0, TURN, NOW)

    assert client.xlen(key) < 200


def test_statistics_that_were_counted_name_by_name_are_counted_on(link: Link, client: Any, appid: str) -> None:
    client.hset(Keys(appid).stats("2026-09-21"), mapping={"turns": 5, "rule:human": 2, "outcome:answer": 3})
    store = RedisStore(link, appid)

    store.commit(USER, "m1", 0, TURN, NOW)

    expected = {"turns": 6, "rule:human": 3, "outcome:answer": 3, "outcome:none": 1, "rating:answer:5": 1}
    assert store.stats("2026-09-21") == expected


def test_a_server_that_lost_its_scripts_and_data_is_served_on(link: Link, client: Any, appid: str) -> None:
    store, queue = RedisStore(link, appid), RedisQueue(link, appid)
    store.commit(USER, "m1", 0, TURN, NOW)
    queue.claim("w1", limit=9, block_s=0)

    client.script_flush()
    client.delete(*client.keys(f"wxbot:{{{appid}}}:*"))

    assert queue.claim("w1", limit=9, block_s=0) == []
    assert store.commit(USER, "m1", 0, TURN, NOW)
    assert queue.claim("w1", limit=9, block_s=0)


def test_a_killed_worker_does_not_stay_in_the_books_for_ever(link: Link, client: Any, appid: str) -> None:
    queue = RedisQueue(link, appid, gone_s=-1)
    queue.claim("killed", limit=1, block_s=0)

    queue.beat("alive")

    assert client.xinfo_consumers(Keys(appid).jobs, "workers") == []
