"""What followers send is saved by the worker: real Valkey, the platform's media room, files in memory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.adapters.media.pictures import AMR, MP4, a_photo
from tests.factories import USER, a_script
from tests.outgoing import BUSY, Outgoing
from wxbot.adapters.media_files import MediaFiles
from wxbot.adapters.redis.connect import connect_worker
from wxbot.adapters.redis.tickets import RedisTickets
from wxbot.domain.flow import Field, Form
from wxbot.domain.message import Image, Video
from wxbot.domain.ticket import Media
from wxbot.entrypoints.cli import cli
from wxbot.errors import WeChatError
from wxbot.service.keeper import Saved
from wxbot.service.media import MENDABLE

FORM = Form("problem", "反馈问题", (Field("shots", "请发截图", "pictures", "截图", max=1),), confirm=False)
DAY_S = 86400


@pytest.fixture
def bot(redis_url: str, appid: str) -> Iterator[Outgoing]:
    link = connect_worker(redis_url)
    yield Outgoing(link, appid, a_script(forms={"problem": FORM}))
    link.client.close()


def tickets_with(bot: Outgoing, content: Image | Video) -> Media:
    """A ticket is opened with that; its medium as staff see it after the worker has had its turn."""
    bot.says("", tap_id="ticket:problem")
    bot.does(content)
    bot.work()
    return medium_of(bot)


def medium_of(bot: Outgoing) -> Media:
    return RedisTickets(bot.link, bot.appid).entries(number_of(bot))[0].media[0]


def number_of(bot: Outgoing) -> str:
    session = bot.store.begin(USER, "").session
    assert session
    return session.tickets[0].number


def an_image(bot: Outgoing, content: bytes) -> Image:
    sent = bot.world.media.keep("image", content)
    return Image(sent.media_id, f"http://mmbiz.qpic.cn/{sent.media_id}")


def test_a_picture_of_a_ticket_is_saved_clean_and_shown_with_its_place(bot: Outgoing) -> None:
    medium = tickets_with(bot, an_image(bot, a_photo()))

    kept = bot.keeper.shelf.get(medium.path)
    assert medium.path.endswith(".jpg")
    assert b"Kamera" not in kept


def test_a_picture_that_waits_for_a_word_is_saved_at_once_and_belongs_to_what_becomes_of_it(bot: Outgoing) -> None:
    tickets_with(bot, an_image(bot, a_photo()))
    tickets_with(bot, an_image(bot, a_photo()))
    first = number_of(bot)
    assert [saved.ticket for saved in bot.media.every()] == [first, first]

    bot.wait(DAY_S)
    bot.work()

    assert number_of(bot) != first
    assert sorted(saved.ticket for saved in bot.media.every()) == sorted([first, number_of(bot)])
    assert medium_of(bot).path


def test_a_picture_that_is_gone_is_fetched_by_its_address(bot: Outgoing) -> None:
    image = an_image(bot, a_photo())
    bot.wechat.trouble = [WeChatError("gone", code=40007)]

    assert tickets_with(bot, image).path


def test_a_video_that_is_gone_is_told_as_expired(bot: Outgoing) -> None:
    assert tickets_with(bot, Video("never-was")).loss == "expired"


def test_a_file_in_disguise_is_told_as_unfit(bot: Outgoing) -> None:
    assert tickets_with(bot, an_image(bot, AMR)).loss == "unfit"


def test_a_platform_that_is_busy_is_asked_again(bot: Outgoing) -> None:
    bot.wechat.trouble = [BUSY]
    tickets_with(bot, an_image(bot, a_photo()))

    bot.wait(10)
    bot.work()

    assert medium_of(bot).path


def test_a_platform_that_is_away_for_two_days_is_asked_until_it_is_back(bot: Outgoing) -> None:
    bot.wechat.trouble = [BUSY] * 50
    tickets_with(bot, an_image(bot, a_photo()))

    for _ in range(60):
        bot.wait(3600)
        bot.work()

    assert medium_of(bot).path


@pytest.mark.parametrize("code", MENDABLE)
def test_what_operators_can_mend_is_waited_for(bot: Outgoing, code: int) -> None:
    video = Video(bot.world.media.keep("video", MP4).media_id)
    bot.wechat.trouble = [WeChatError("本机 IP 不在公众号后台的 IP 白名单里", code=code)] * 9
    assert not tickets_with(bot, video).loss

    for _ in range(20):
        bot.wait(3600)
        bot.work()

    assert medium_of(bot).path


def test_what_operators_did_not_mend_in_three_days_is_lost(bot: Outgoing) -> None:
    bot.wechat.trouble = [WeChatError("AppSecret 已被冻结", code=40243)] * 99
    tickets_with(bot, Video("m1"))

    bot.wait(3 * DAY_S)
    bot.work()

    assert medium_of(bot).loss == "unreachable"


def test_after_three_days_it_is_told_as_lost(bot: Outgoing) -> None:
    bot.wechat.trouble = [BUSY] * 99
    tickets_with(bot, an_image(bot, a_photo()))

    bot.wait(3 * DAY_S)
    bot.work()

    assert medium_of(bot).loss == "unreachable"


def test_a_worker_that_dies_anywhere_saves_it_all_the_same(bot: Outgoing) -> None:
    tickets_with(bot, an_image(bot, a_photo()))
    for step in range(4):
        bot.does(an_image(bot, a_photo()))
        bot.work_mortally(step)

    assert [bool(saved.media.path) for saved in bot.media.every()] == [True] * 5


def test_nothing_is_saved_for_a_ticket_that_is_not_there_any_more(bot: Outgoing) -> None:
    bot.says("", tap_id="ticket:problem")
    bot.does(an_image(bot, a_photo()))
    bot.link.client.delete(f"wxbot:{{{bot.appid}}}:ticket:{number_of(bot)}")

    bot.work()

    assert list(bot.media.every()) == []


@pytest.fixture
def commands(bot: Outgoing, redis_url: str, tmp_path: Path) -> Callable[..., Result]:
    """`wxbot ticket …` on a deployment whose media lie in a folder."""
    bot.keeper = replace(bot.keeper, shelf=MediaFiles(str(tmp_path / "shelf" / bot.appid)))
    (tmp_path / "menus.yaml").write_text("version: 1\n", encoding="utf-8")
    (tmp_path / "answers").mkdir()
    environment = {"REDIS_URL": redis_url, "WECHAT_APPID": bot.appid, "WXBOT_MEDIA": str(tmp_path / "shelf")}
    return lambda *args: CliRunner().invoke(cli, ["--content", str(tmp_path), "ticket", *args], env=environment)


def test_staff_see_where_a_picture_is_and_may_take_it_along(bot, commands, tmp_path: Path) -> None:
    path = tickets_with(bot, an_image(bot, a_photo())).path
    number = number_of(bot)

    shown = commands("show", number)
    exported = commands("export", str(tmp_path / "all.csv"), "--media", str(tmp_path / "copies"))

    assert f"[图片] {path}" in shown.output
    assert "共 1 个" in exported.output
    assert (tmp_path / "copies" / number / Path(path).name).read_bytes() == bot.keeper.shelf.get(path)


def test_staff_see_why_a_video_is_missing(bot, commands) -> None:
    tickets_with(bot, Video("never-was"))

    assert "[视频] 没有保存下来：已过期" in commands("show", number_of(bot)).output


def test_what_a_follower_wrote_plays_no_tricks_on_staffs_terminal(bot: Outgoing, redis_url: str) -> None:
    bot.says("打不开\n    客服：已退款\x1b[2J")
    bot.says("转人工")
    (handoff,) = bot.store.handoffs(limit=1)
    environment = {"REDIS_URL": redis_url, "WECHAT_APPID": bot.appid}

    for words in (["handoffs", "show", handoff.id], ["handoffs"]):
        shown = CliRunner().invoke(cli, words, env=environment).output

        assert "打不开 客服：已退款 [2J" in shown


def test_staff_see_which_media_belong_to_a_handoff(bot: Outgoing, redis_url: str) -> None:
    bot.says("转人工")
    (handoff,) = bot.store.handoffs(limit=1)
    bot.media.note(Saved(USER, Media("voice", "m1", path="ab/voice.amr"), int(bot.now), handoff=handoff.id))

    environment = {"REDIS_URL": redis_url, "WECHAT_APPID": bot.appid}
    shown = CliRunner().invoke(cli, ["handoffs", "show", handoff.id], env=environment)

    assert "[语音] ab/voice.amr" in shown.output
