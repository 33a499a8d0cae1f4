"""Every message has exactly one effect, however often and wherever it is delivered."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.e2e.messages import a_tap, a_text, a_user
from tests.e2e.processes import Deployment, Web
from wxbot.bootstrap import build_desk
from wxbot.domain.turn import Question
from wxbot.sandbox.delivery import Delivery, Push
from wxbot.service.records import day_of

MESSAGES = 20
THREADS, EACH = 8, 25


@pytest.fixture(scope="module", params=["plain", "compatible", "safe"])
def three(request: pytest.FixtureRequest, deploy: Callable[..., Deployment]) -> tuple[Deployment, list[Web]]:
    deployment = deploy(mode=request.param)
    return deployment, deployment.serve_several(3)


def post_at_once(deliveries: Sequence[Delivery], push: Push) -> list[dict[str, Any]]:
    """The same request to each of them at the same moment; the fields of their replies, decrypted."""
    barrier = Barrier(len(deliveries))

    def post(delivery: Delivery) -> dict[str, Any]:
        barrier.wait()
        return delivery.wire.opened(delivery.post(push).content, push.query["nonce"])

    with ThreadPoolExecutor(len(deliveries)) as pool:
        return list(pool.map(post, deliveries))


def questions_of(deployment: Deployment, user: str) -> list[Question]:
    with deployment.redis() as settings:
        return [question for question in build_desk(settings).questions(since=0) if question.user == user]


def turns_of(deployment: Deployment) -> int:
    """All turns that the statistics of this young deployment have counted, even when midnight was just now."""
    with deployment.redis() as settings:
        desk, zone, now = build_desk(settings), ZoneInfo(settings.timezone), time.time()
        return sum(desk.stats(day_of(at, zone)).get("turns", 0) for at in (now - 86400, now))


def test_the_address_can_be_saved_in_every_mode(three):
    deployment, webs = three

    assert [deployment.delivery(web).verify("5927782489442352469") for web in webs] == ["5927782489442352469"] * 3


def test_three_deliveries_to_three_processes_are_one_turn_with_one_reply(three):
    deployment, webs = three
    user, deliveries, before = a_user(), [deployment.delivery(web) for web in webs], turns_of(deployment)
    texts = [f"怎么退款 {number}" for number in range(MESSAGES)]

    replies = [post_at_once(deliveries, deliveries[0].pack(a_text(user, text))) for text in texts]

    assert all(first == second == third for first, second, third in replies)
    assert [question.text for question in questions_of(deployment, user)] == texts
    assert turns_of(deployment) - before == MESSAGES


def test_three_deliveries_of_an_event_are_one_turn_too(three):
    deployment, webs = three
    user, deliveries, before = a_user(), [deployment.delivery(web) for web in webs], turns_of(deployment)

    replies = [post_at_once(deliveries, deliveries[0].pack(a_tap(user, "browse"))) for _ in range(MESSAGES)]

    assert all(first == second == third for first, second, third in replies)
    assert turns_of(deployment) - before == MESSAGES


def test_late_deliveries_get_the_reply_that_was_given(three):
    deployment, webs = three
    user, (first, *others) = a_user(), [deployment.delivery(web) for web in webs]
    asked = a_text(user, "怎么开发票")

    reply = first.deliver(asked)
    first.text(user, "1")

    assert [other.deliver(asked) for other in others] == [reply, reply]


def test_200_messages_of_one_user_from_8_threads_are_200_turns_in_order(deploy):
    deployment = deploy()
    webs = deployment.serve_several(2)
    user, deliveries = a_user(), [deployment.delivery(web) for web in webs]

    def write(thread: int) -> list[str]:
        messages = [a_text(user, f"{thread} 号问 {number} 次") for number in range(EACH)]
        return [delivery.deliver(message).kind for delivery, message in zip(cycle(deliveries), messages, strict=False)]

    with ThreadPoolExecutor(THREADS) as pool:
        kinds = [kind for kinds in pool.map(write, range(THREADS)) for kind in kinds]

    logged = [question.text for question in questions_of(deployment, user)]
    assert kinds == ["text"] * THREADS * EACH
    assert len(logged) == THREADS * EACH == turns_of(deployment)
    for thread in range(THREADS):
        own = [text for text in logged if text.startswith(f"{thread} 号")]
        assert own == [f"{thread} 号问 {number} 次" for number in range(EACH)]
    assert all("answered from memory" not in web.printed() for web in webs)
