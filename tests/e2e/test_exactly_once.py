"""Every message has exactly one effect, however often and wherever it is delivered."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.followers import Done, answers_to
from tests.e2e.processes import Deployment, await_true
from wxbot.bootstrap import build_desk
from wxbot.domain.turn import Question
from wxbot.service.records import day_of

MESSAGES = 20
THREADS, EACH = 8, 25


@pytest.fixture(scope="module", params=["plain", "compatible", "safe"])
def three(request: pytest.FixtureRequest, deploy: Callable[..., Deployment]) -> Deployment:
    """Three processes that get deliveries in turn."""
    deployment = deploy(mode=request.param)
    deployment.serve_several(3)
    deployment.publish_menu()
    return deployment


@pytest.fixture
def bot(three: Deployment) -> Deployment:
    three.door.delete("faults")
    return three


def questions_of(bot: Deployment, user: str) -> list[Question]:
    with bot.redis() as settings:
        return [question for question in build_desk(settings).questions(since=0) if question.user == user]


def turns_of(bot: Deployment) -> int:
    """All turns that the statistics of this young deployment have counted, even when midnight was just now."""
    with bot.redis() as settings:
        desk, zone, now = build_desk(settings), ZoneInfo(settings.timezone), time.time()
        return sum(desk.stats(day_of(at, zone)).get("turns", 0) for at in (now - 86400, now))


def are_alike(bot: Deployment, done: Done, *, processes: int) -> bool:
    """Whether so many processes were asked, and all said the same."""
    answers = answers_to(bot.door, done.delivery)
    return len({url for url, _ in answers}) == len(answers) == processes and len({reply for _, reply in answers}) == 1


def test_three_deliveries_to_three_processes_are_one_turn_with_one_reply(bot):
    follower = bot.a_follower()
    texts, before = [f"怎么退款 {number}" for number in range(MESSAGES)], turns_of(bot)
    bot.door.post("faults", path="push", kind="duplicate", value=3, times=None)

    done = [follower.says(text) for text in texts]

    assert all(are_alike(bot, one, processes=3) for one in done)
    assert [question.text for question in questions_of(bot, follower.openid)] == texts
    assert turns_of(bot) - before == MESSAGES


def test_three_deliveries_of_an_event_are_one_turn_too(bot):
    follower, before = bot.a_follower(), turns_of(bot)
    bot.door.post("faults", path="push", kind="duplicate", value=3, times=None)

    for _ in range(MESSAGES):
        assert are_alike(bot, follower.presses("常见问题"), processes=3)
        bot.door.post("clock", advance=1)  # as people do, or it were the same event again (protocol 3.1)

    assert turns_of(bot) - before == MESSAGES


def test_late_deliveries_get_the_reply_that_was_given(bot):
    follower = bot.a_follower()
    bot.door.post("faults", path="push", kind="repeat", value=0.5)

    asked = follower.says("怎么开发票")
    follower.says("1")

    await_true(lambda: len(answers_to(bot.door, asked.delivery)) == 2, 10)
    assert are_alike(bot, asked, processes=2)


def test_a_retry_after_a_lost_answer_is_the_same_turn_on_another_process(bot):
    follower, before = bot.a_follower(), turns_of(bot)
    bot.door.post("faults", path="push", kind="drop", after=True)

    asked = follower.says("怎么退款")

    assert (asked.tries, asked.text) == (2, "在订单页点「申请退款」。")
    assert turns_of(bot) - before == 1


def test_200_messages_of_one_user_from_8_threads_are_200_turns_in_order(deploy):
    bot = deploy()
    webs = bot.serve_several(2)
    follower = bot.a_follower()
    before = turns_of(bot)
    bot.door.post("faults", path="push", kind="overlap", times=None)

    def write(thread: int) -> list[str]:
        return [follower.says(f"{thread} 号问 {number} 次").outcome for number in range(EACH)]

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = [outcome for outcomes in pool.map(write, range(THREADS)) for outcome in outcomes]

    logged = [question.text for question in questions_of(bot, follower.openid)]
    assert outcomes == ["reply"] * THREADS * EACH
    assert len(logged) == THREADS * EACH == turns_of(bot) - before
    for thread in range(THREADS):
        own = [text for text in logged if text.startswith(f"{thread} 号")]
        assert own == [f"{thread} 号问 {number} 次" for number in range(EACH)]
    assert all("answered from memory" not in web.printed() for web in webs)
