"""Content published, rolled back and broken while followers write at full speed."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.processes import Deployment, Web, await_true, kill
from tests.e2e.replayed import gap, replayed, write_edition

RATE = 1_000
SLOWEST = 100
"""Messages a second that any machine manages while it does everything else."""
TOGETHER_S = 0.3
"""How far apart two processes may switch on a machine that is busy with other things."""

ODD = "\ufeffcategory: 其他   # 注释\r\nanswers:\r\n  - {id: odd, question: 门店在哪, answer: 在街角。}\r\n"


@pytest.fixture(scope="module")
def bot(deploy: Callable[..., Deployment]) -> Deployment:
    """It has published edition 1."""
    bot = deploy(mode="plain", published=True)
    write_edition(bot.content, 1)
    publish(bot)
    return bot


@pytest.fixture(scope="module")
def webs(bot: Deployment) -> list[Web]:
    return bot.serve_several(2)


def publish(bot: Deployment, *more: str) -> str:
    published = bot.run("publish", "--yes", "--by", "小林", *more)
    assert published.returncode == 0, published.stderr
    return published.stdout


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.yaml")}


def version_of(web: Web) -> int:
    return web.get("/readyz").json()["content"]["version"]


def test_publishing_at_full_speed_gives_old_then_new_and_never_a_mix(bot, webs):
    with replayed(webs[0], bot.delivery(webs[0]), RATE) as replay:
        write_edition(bot.content, 2)
        publish(bot)
        (bot.content / "answers" / "more.yaml").write_text("category: 物流\nanswers: [{id", encoding="utf-8")
        assert bot.run("publish", "--yes").returncode == 1
        write_edition(bot.content, 3)
        publish(bot)

    print(f"{replay.rate:.0f} messages a second")
    assert replay.editions == {1, 2, 3}
    assert replay.relapses() == []
    assert replay.rate > SLOWEST


def test_two_processes_switch_together(bot, webs):
    write_edition(bot.content, 4)
    with (
        replayed(webs[0], bot.delivery(webs[0]), 100) as first,
        replayed(webs[1], bot.delivery(webs[1]), 100) as second,
    ):
        publish(bot)

    print(f"switched within {gap([first, second], 4) * 1000:.0f} ms")
    assert first.editions == second.editions == {3, 4}
    assert gap([first, second], 4) < TOGETHER_S


def test_a_rollback_brings_back_every_byte(bot, webs, tmp_path):
    odd = bot.content / "answers" / "odd.yaml"
    odd.write_bytes(ODD.encode())
    publish(bot, "-m", "加门店")
    before, number = files_in(bot.content), version_of(webs[0])
    odd.write_text("category: 其他\nanswers: []\n", encoding="utf-8")
    publish(bot)

    assert bot.run("rollback", "--yes").returncode == 0

    assert [version_of(web) for web in webs] == [number, number]
    assert bot.run("versions", "export", str(number), str(tmp_path / "out")).returncode == 0
    assert files_in(tmp_path / "out") == before
    assert f"退回版本 {number}" in bot.run("versions", "log").stdout


def test_versions_are_listed_with_who_why_and_where_they_run(bot, webs):
    listed = bot.run("versions").stdout

    assert "加门店" in listed
    assert "小林" in listed
    assert listed.count(f"：版本 {version_of(webs[0])}") == 2


def test_a_failing_case_keeps_content_from_being_published(bot, webs):
    write_edition(bot.content, 7)
    cases = bot.content / "answers" / "shop.cases.yaml"
    cases.write_text("cases:\n  - {ask: 怎么退款, expect: delivery}\n", encoding="utf-8")
    before = version_of(webs[0])

    refused = bot.run("publish", "--yes")

    cases.unlink()
    assert (refused.returncode, version_of(webs[0])) == (1, before)
    assert "有用例没有通过" in refused.stderr


def test_a_process_that_dies_comes_back_with_the_published_version_whatever_the_files_say(bot, webs):
    (bot.content / "menus.yaml").write_text("version: [", encoding="utf-8")
    before = version_of(webs[0])
    for pid in webs[0].children:
        kill(pid)

    await_true(lambda: webs[0].answers() and version_of(webs[0]) == before, 20)


def test_files_edited_at_full_speed_give_old_then_new_and_a_broken_edit_nothing(deploy):
    bot = deploy(mode="plain")
    write_edition(bot.content, 1)
    web = bot.serve()

    with replayed(web, bot.delivery(web), RATE) as replay:
        for edition in (2, 3):
            (bot.content / "answers" / "more.yaml").write_text("category: 物流\nanswers: [{id", encoding="utf-8")
            await_true(lambda: web.get("/readyz").json()["content_problems"] == 1, 5)
            write_edition(bot.content, edition)
            await_true(lambda: web.get("/readyz").json()["content_problems"] == 0, 5)
            time.sleep(0.5)

    print(f"{replay.rate:.0f} messages a second")
    assert replay.editions == {1, 2, 3}
    assert replay.relapses() == []
    assert replay.rate > SLOWEST
