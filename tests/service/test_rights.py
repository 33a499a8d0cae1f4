"""A follower's copy, and their being forgotten: all of Redis and every file is searched for what they said."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.adapters.media.pictures import a_photo
from tests.factories import USER
from tests.outgoing import BUSY, Outgoing, with_files
from wxbot.adapters.media_files import MediaFiles
from wxbot.adapters.redis.tickets import RedisTickets
from wxbot.adapters.redis.traces import RedisTraces
from wxbot.domain.flow import Field, Form
from wxbot.domain.message import Image
from wxbot.domain.reply import Silence
from wxbot.domain.ticket import State
from wxbot.domain.turn import Turn
from wxbot.entrypoints.cli import cli
from wxbot.service.jobs import run
from wxbot.service.privacy import tag
from wxbot.service.retention import ERASED_S
from wxbot.service.rights import Rights

SECRETS = ("打印机冒烟了", "13812345678", "明天再问问", "欧阳的退款")
FIELDS = (
    Field("description", "请描述", "text", "描述"),
    Field("phone", "手机号", "phone", "手机号", remember=True),
    Field("shots", "请发截图", "pictures", "截图", max=1),
)
FORM = Form("problem", "反馈问题", FIELDS, confirm=False)


@pytest.fixture
def bot(redis_url: str, appid: str, tmp_path: Path) -> Iterator[Outgoing]:
    with with_files(redis_url, appid, tmp_path / "media", FORM) as bot:
        yield bot


@pytest.fixture
def rights(bot: Outgoing) -> Rights:
    tickets, traces = RedisTickets(bot.link, bot.appid), RedisTraces(bot.link, bot.appid)
    return Rights(tickets, bot.changes, traces, bot.keeper.shelf, bot.media)


def live_through_everything(bot: Outgoing) -> None:
    """A ticket with a picture, questions, held messages, a job that is tried again, timers and a handoff."""
    bot.follows()
    bot.says("", tap_id="ticket:problem")
    bot.says("打印机冒烟了")
    bot.says("13812345678")
    bot.does(Image(bot.world.media.keep("image", a_photo()).media_id))
    bot.work()
    bot.says("明天再问问")
    bot.tell("明天再问问", id="held")
    bot.wait(3 * 86400)
    bot.work()
    bot.says("欧阳的退款")
    bot.says("转人工")
    bot.says("", tap_id="ticket:problem")
    bot.wechat.trouble = [BUSY]
    bot.tell("明天再问问")
    bot.work()


def everything_in_redis(bot: Outgoing, but: str = "") -> str:
    """Names and values of all keys of this account, as one text. but: the name of one to leave out."""
    client: Any = bot.link.client
    readers = {
        b"string": client.get, b"hash": client.hgetall, b"zset": lambda key: client.zrange(key, 0, -1),
        b"list": lambda key: client.lrange(key, 0, -1), b"stream": client.xrange,
    }  # fmt: skip
    keys = [key for key in client.scan_iter(f"wxbot:{{{bot.appid}}}:*") if key != but.encode()]
    return "\n".join(_readable([key, readers[client.type(key)](key)]) for key in keys)


def _readable(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, dict):
        return "\n".join(_readable(each) for pair in value.items() for each in pair)
    return "\n".join(map(_readable, value)) if isinstance(value, (list, tuple)) else str(value)


def test_nothing_that_a_follower_said_or_is_called_by_outlives_them(bot: Outgoing, rights: Rights, tmp_path) -> None:
    live_through_everything(bot)
    before = everything_in_redis(bot)
    assert all(secret in before for secret in (*SECRETS, USER))

    rights.erase(USER)

    left = everything_in_redis(bot, but=f"wxbot:{{{bot.appid}}}:session:{USER}")
    assert [word for word in (*SECRETS, USER, tag(USER)) if word in left] == []
    assert [file for file in (tmp_path / "media").rglob("*") if file.is_file()] == []


def test_of_the_session_only_its_version_stays_for_an_hour(bot: Outgoing, rights: Rights) -> None:
    bot.says("打印机冒烟了")
    before = bot.store.begin(USER, "").version

    rights.erase(USER)

    key = f"wxbot:{{{bot.appid}}}:session:{USER}"
    assert bot.link.client.get(key) == b"%d " % (before + 1)
    assert 0 < bot.link.client.ttl(key) <= ERASED_S


def test_the_ticket_stays_for_statistics_without_a_word(bot: Outgoing, rights: Rights) -> None:
    live_through_everything(bot)
    (ticket,) = rights._tickets(USER)

    rights.erase(USER)

    kept = rights.desk.ticket(ticket.number)
    assert kept == replace(ticket, user="", title="", contact="", words="", state=State.CLOSED)
    assert {entry.text for entry in rights.desk.entries(ticket.number)} == {""}


def test_the_proof_counts_what_was_removed_and_a_second_time_finds_nothing(bot: Outgoing, rights: Rights) -> None:
    live_through_everything(bot)

    first, second = rights.erase(USER), rights.erase(USER)

    assert (first["session"], first["tickets"], first["media"]) == (1, 1, 1)
    assert sum(second.values()) == 0


def test_others_are_left_alone(bot: Outgoing, rights: Rights) -> None:
    live_through_everything(bot)
    before = everything_in_redis(bot)

    rights.erase("oSomebodyElse0000000000000000")

    after = everything_in_redis(bot)
    assert all(line in after for line in before.splitlines() if USER in line)


def test_a_message_that_is_being_answered_cannot_write_the_past_back(bot: Outgoing, rights: Rights) -> None:
    bot.says("打印机冒烟了")
    begun = bot.store.begin(USER, "m-late")

    rights.erase(USER)

    late = Turn("late", begun.session, Silence())
    assert not bot.store.commit(USER, "m-late", begun.version, late, int(bot.now))


def test_who_is_forgotten_can_begin_anew(bot: Outgoing, rights: Rights) -> None:
    live_through_everything(bot)
    rights.erase(USER)

    bot.says("你好")

    session = bot.store.begin(USER, "").session
    assert session
    assert (session.tickets, session.known, session.held) == ((), {}, ())


def test_a_picture_on_its_way_is_not_kept(bot: Outgoing, rights: Rights, tmp_path: Path) -> None:
    bot.says("", tap_id="ticket:problem")
    for words in ("打印机冒烟了", "13812345678"):
        bot.says(words)
    bot.does(Image(bot.world.media.keep("image", a_photo()).media_id))
    (claimed,) = bot.queue.claim("worker", limit=1, block_s=0)
    rights.erase(USER)

    run(claimed, bot.tools)

    assert [file for file in (tmp_path / "media").rglob("*") if file.is_file()] == []


def test_the_copy_holds_words_pictures_and_what_is_still_to_be_sent(bot: Outgoing, rights: Rights) -> None:
    live_through_everything(bot)

    portfolio = rights.export(USER)

    assert all(secret in str(portfolio.data) for secret in SECRETS)
    assert [len(portfolio.data[name]) > 0 for name in ("tickets", "handoffs", "questions", "media")] == [True] * 4
    assert rights.shelf.get(portfolio.paths[0])


def test_the_copy_holds_nothing_of_others(bot: Outgoing, rights: Rights) -> None:
    live_through_everything(bot)

    data = rights.export("oSomebodyElse0000000000000000").data

    assert not any(data.values())


def _command(bot: Outgoing, redis_url: str, folder: Path, *args: str) -> Result:
    environment = {"REDIS_URL": redis_url, "WECHAT_APPID": bot.appid, "WXBOT_MEDIA": str(folder)}
    return CliRunner().invoke(cli, ["privacy", *args], env=environment)


def test_the_commands_export_a_zip_and_prove_the_erasure(bot: Outgoing, redis_url: str, tmp_path: Path) -> None:
    bot.keeper = replace(bot.keeper, shelf=MediaFiles(str(tmp_path / "shelf" / bot.appid)))
    live_through_everything(bot)
    target = tmp_path / "copy.zip"

    exported = _command(bot, redis_url, tmp_path / "shelf", "export", USER, "--to", str(target))
    erased = _command(bot, redis_url, tmp_path / "shelf", "erase", USER, "--yes")

    assert "含 1 个媒体文件" in exported.output
    assert [name.split("/")[0] for name in zipfile.ZipFile(target).namelist()] == ["data.json", "media"]
    assert target.stat().st_mode & 0o077 == 0
    assert "图片、语音、视频文件：1" in erased.output


def test_of_somebody_unknown_there_is_nothing_to_erase(bot: Outgoing, redis_url: str, tmp_path: Path) -> None:
    for _ in range(2):
        erased = _command(bot, redis_url, tmp_path, "erase", "oSomebodyElse0000000000000000", "--yes")

        assert "没有这位用户的资料" in erased.output


def test_nothing_is_erased_without_a_yes(bot: Outgoing, redis_url: str, tmp_path: Path) -> None:
    bot.says("打印机冒烟了")

    assert _command(bot, redis_url, tmp_path, "erase", USER).exit_code == 2
    assert bot.store.begin(USER, "").session


@pytest.mark.parametrize("name", ["*", "o?CDE*", "{wx}", "../x", "", "openid with space"])
def test_what_is_no_openid_is_refused(bot: Outgoing, redis_url: str, tmp_path: Path, name: str) -> None:
    assert _command(bot, redis_url, tmp_path, "erase", name, "--yes").exit_code == 2
