"""Answers edited while followers write: every process switches, nobody notices, and a slip of the pen does no harm."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.e2e.conftest import ANSWERS
from tests.e2e.processes import Deployment, Web, await_true, kill

SWITCH_S = 3.0
ASKERS = 4
Ask = Callable[..., set[str]]
OLD, NEW, MENDED = "在订单页点「申请退款」。", "请找店主退款。", "请写信退款。"


@pytest.fixture(scope="module")
def bot(deploy: Callable[..., Deployment]) -> Deployment:
    return deploy()


@pytest.fixture(scope="module")
def webs(bot: Deployment) -> list[Web]:
    return bot.serve_several(2)


@pytest.fixture
def ask(bot: Deployment, webs: list[Web]) -> Ask:
    """What every process answers to somebody who has not asked before."""
    bot_file(bot).write_text(ANSWERS, encoding="utf-8")

    def ask(words: str = "怎么退款") -> set[str]:
        return {bot.a_follower(web).says(words).text for web in webs}

    await_true(lambda: ask() == {OLD}, 10)
    return ask


def bot_file(bot: Deployment):
    return bot.content / "answers" / "shop.yaml"


def edit(bot: Deployment, answer: str) -> None:
    bot_file(bot).write_text(ANSWERS.replace(OLD, answer), encoding="utf-8")


@contextmanager
def traffic(ask: Ask) -> Iterator[set[str]]:
    """Followers of every process ask without a pause; gives all that they were answered, in the end."""
    seen: set[str] = set()
    stop = threading.Event()

    def press() -> None:
        while not stop.is_set():
            seen.update(ask())

    with ThreadPoolExecutor(ASKERS) as pool:
        askers = [pool.submit(press) for _ in range(ASKERS)]
        try:
            yield seen
        finally:
            stop.set()
        for asker in askers:
            asker.result()


def test_an_edit_reaches_all_processes_while_messages_flow(bot, ask):
    with traffic(ask) as seen:
        edit(bot, NEW)
        await_true(lambda: ask() == {NEW}, SWITCH_S)

    assert seen == {OLD, NEW}


def test_a_broken_edit_changes_nothing_and_is_reported_with_its_place(bot, webs, ask):
    with traffic(ask) as seen:
        edit(bot, f"{NEW}\n    answre: 错")
        for web in webs:
            await_true(lambda web=web: web.get("/readyz").json()["content_problems"] == 1, SWITCH_S)
            assert "answers/shop.yaml:7:5" in web.printed()
        edit(bot, MENDED)
        await_true(lambda: ask() == {MENDED}, SWITCH_S)

    assert seen == {OLD, MENDED}
    assert [web.get("/readyz").json()["content_problems"] for web in webs] == [0, 0]


def test_a_process_that_dies_while_the_files_are_broken_comes_back(bot, webs, ask):
    edit(bot, f"{NEW}\n    answre: 错")
    for web in webs:
        for pid in web.children:
            kill(pid)
    for web in webs:
        await_true(lambda web=web: web.answers() and web.get("/readyz").json()["content"]["source"] == "kept", 20)
        assert "STARTED FROM THE LAST GOOD VERSION" in web.printed()

    assert ask() == {OLD}


def test_a_new_file_and_a_deleted_one_are_noticed_too(bot, ask):
    more = bot.content / "answers" / "more.yaml"
    more.write_text("category: 其他\nanswers: [{id: shop, question: 门店在哪, answer: 在街角。}]\n", encoding="utf-8")
    await_true(lambda: ask("门店在哪") == {"在街角。"}, SWITCH_S)

    more.unlink()

    await_true(lambda: "在街角。" not in ask("门店在哪"), SWITCH_S)
