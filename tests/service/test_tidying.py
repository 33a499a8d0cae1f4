"""What was kept for long enough goes, and nothing else: real Valkey, real files."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.adapters.media.pictures import a_photo
from tests.factories import USER
from tests.outgoing import Outgoing, with_files
from wxbot.adapters.media_check import check
from wxbot.adapters.redis.tickets import RedisTickets
from wxbot.domain.dialogue import ticket_desk
from wxbot.domain.flow import Field, Form
from wxbot.domain.handoff import State as HandoffState
from wxbot.domain.job import EmptyTickets, Job, Tidy, Timer
from wxbot.domain.message import Image
from wxbot.domain.retention import DAY_S
from wxbot.domain.ticket import Media, State, Ticket
from wxbot.service.keeper import Saved
from wxbot.service.own_tickets import OwnTickets
from wxbot.service.tickets import TicketRefused, Tickets
from wxbot.service.tidying import keep_tidy
from wxbot.service.uploads import Uploads

FIELDS = (Field("description", "请描述", "text", "描述"), Field("shots", "请发截图", "pictures", "截图", max=1))
FORM = Form("problem", "反馈问题", FIELDS, confirm=False)


@pytest.fixture
def bot(redis_url: str, appid: str, tmp_path: Path) -> Iterator[Outgoing]:
    with with_files(redis_url, appid, tmp_path / "media", FORM) as bot:
        yield bot


def a_ticket(bot: Outgoing, words: str = "打印机冒烟了") -> str:
    """Opened with a picture, and not closed yet; its number."""
    bot.says("", tap_id="ticket:problem")
    bot.says(words)
    bot.does(Image(bot.world.media.keep("image", a_photo()).media_id))
    bot.work()
    session = bot.store.begin(USER, "").session
    assert session
    return session.tickets[0].number


def staff(bot: Outgoing) -> Tickets:
    return Tickets(RedisTickets(bot.link, bot.appid), bot.changes, bot.clock)


def a_closed_ticket(bot: Outgoing, words: str = "打印机冒烟了") -> str:
    number = a_ticket(bot, words)
    staff(bot).close(number, "", "小王")
    bot.work()
    return number


def head(bot: Outgoing, number: str) -> Ticket:
    return staff(bot).record(number).ticket


def history(bot: Outgoing, number: str) -> str:
    return str([(entry.text, entry.values, entry.media) for entry in staff(bot).record(number).entries])


def tidies(bot: Outgoing, step: int = -1) -> bool:
    """All that is due, by a worker who dies at that step, and then by one who does not; whether the first did die."""
    bot.queue.set_timer(Timer("tidy", int(bot.now), Job(f"tidy-{bot.now}", Tidy())))
    return bot.work_mortally(step)


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "media").rglob("*") if path.is_file()]


def test_a_ticket_that_was_closed_long_ago_keeps_number_type_and_times(bot: Outgoing, tmp_path: Path) -> None:
    number = a_closed_ticket(bot)
    before = head(bot, number)
    bot.wait(365 * DAY_S)

    tidies(bot)

    assert head(bot, number) == replace(before, user="", title="", contact="", words="")
    assert "打印机" not in history(bot, number)
    assert (files(tmp_path), list(bot.media.every())) == ([], [])


def test_a_ticket_that_was_closed_lately_or_never_keeps_its_words(bot: Outgoing, tmp_path: Path) -> None:
    lately, never = a_closed_ticket(bot), a_ticket(bot, "另一台不开机")
    bot.wait(179 * DAY_S)

    tidies(bot)

    assert "打印机" in history(bot, lately)
    assert "不开机" in history(bot, never)
    assert len(files(tmp_path)) == 2


def test_operators_may_keep_less(bot: Outgoing) -> None:
    number = a_closed_ticket(bot)
    bot.script = replace(bot.script, retention=replace(bot.script.retention, tickets=30 * DAY_S))
    bot.wait(30 * DAY_S)

    tidies(bot)

    assert not head(bot, number).user


def test_an_emptied_ticket_is_not_written_back_by_its_owner(bot: Outgoing) -> None:
    number = a_closed_ticket(bot)
    bot.script = replace(bot.script, retention=replace(bot.script.retention, tickets=30 * DAY_S))
    bot.wait(30 * DAY_S)
    tidies(bot)

    bot.says(f"还没解决 {number}")

    assert (head(bot, number).state, head(bot, number).title) == (State.CLOSED, "")
    with pytest.raises(TicketRefused):
        staff(bot).reopen(number, "", "小王")


def test_a_ticket_that_is_opened_again_meanwhile_keeps_what_is_new(bot: Outgoing) -> None:
    number = a_closed_ticket(bot)
    stale = head(bot, number)
    bot.wait(DAY_S)
    staff(bot).reopen(number, "又冒烟了", "小王")

    emptied = bot.tidier.empty(stale)

    assert not emptied
    assert head(bot, number).user == USER
    assert "又冒烟了" in history(bot, number)


def test_a_worker_that_dies_anywhere_leaves_nothing_half_done(bot: Outgoing, tmp_path: Path) -> None:
    for step in range(100):
        number = a_closed_ticket(bot)
        bot.wait(365 * DAY_S)
        died = tidies(bot, step)
        assert not head(bot, number).user
        assert "打印机" not in history(bot, number)
        assert (files(tmp_path), list(bot.media.every())) == ([], [])
        if not died:
            return
    pytest.fail("it never got through")


def test_old_media_of_a_closed_ticket_leave_a_note(bot: Outgoing, tmp_path: Path) -> None:
    number = a_closed_ticket(bot)
    bot.wait(180 * DAY_S)

    tidies(bot)

    (medium,) = [medium for entry in staff(bot).record(number).entries for medium in entry.media]
    assert (medium.path, medium.loss, files(tmp_path)) == ("", "outlived", [])
    assert "打印机" in history(bot, number)


def test_media_of_what_is_gone_go_at_once(bot: Outgoing, tmp_path: Path) -> None:
    path = bot.keeper.shelf.put(a_photo(), ".jpg")
    bot.media.note(Saved(USER, Media("image", "stray", path=path), int(bot.now), handoff="gone"))

    tidies(bot)

    assert (files(tmp_path), list(bot.media.every())) == ([], [])


def uploaded(bot: Outgoing) -> Media:
    """A picture chosen on the page, and no word yet what it is for."""
    (medium,) = Uploads(bot.keeper.shelf, bot.media, check, bot.clock).keep(USER, [a_photo()])
    return medium


def on_the_page(bot: Outgoing) -> OwnTickets:
    return OwnTickets(RedisTickets(bot.link, bot.appid), bot.changes, bot.clock)


def test_the_commit_that_takes_a_picture_says_whose_it_is(bot: Outgoing, tmp_path: Path) -> None:
    number, medium = a_ticket(bot), uploaded(bot)

    on_the_page(bot).append(USER, number, "", (medium,), occasion="once")
    bot.wait(4 * DAY_S)
    tidies(bot)

    (saved,) = bot.media.saved([medium.media_id]).values()
    assert (saved.ticket, saved.media) == (number, medium)
    assert len(files(tmp_path)) == 2


def test_a_picture_waits_with_its_draft(bot: Outgoing, tmp_path: Path) -> None:
    a_ticket(bot)
    medium, page = uploaded(bot), on_the_page(bot)
    page.report(USER, FORM, {"description": "打印机冒烟了", "shots": (medium,)}, occasion="form")
    tidies(bot)

    turn = page.settle(USER, merged=False, occasion="draft")

    assert turn
    assert bot.media.saved([medium.media_id])[medium.media_id].ticket == turn.tickets[0].after.number
    assert len(files(tmp_path)) == 2


def test_a_picture_that_no_ticket_took_goes_after_three_days(bot: Outgoing, tmp_path: Path) -> None:
    uploaded(bot)
    bot.wait(3 * DAY_S - 1)
    tidies(bot)
    assert len(files(tmp_path)) == 1

    bot.wait(1)
    tidies(bot)

    assert (files(tmp_path), list(bot.media.every())) == ([], [])


def test_handoffs_that_were_over_long_ago_go_and_later_ones_stay(bot: Outgoing) -> None:
    bot.says("转人工")
    bot.says("取消")
    bot.says("转人工")
    bot.wait(90 * DAY_S)

    tidies(bot)

    assert [handoff.state for handoff in bot.store.handoffs(limit=10)] == [HandoffState.MISSED]


def test_old_questions_go(bot: Outgoing) -> None:
    bot.link.client.xadd(f"wxbot:{{{bot.appid}}}:questions", {"question": "{}"}, id=f"{int(bot.now) * 1000}-1")
    bot.link.client.xadd(f"wxbot:{{{bot.appid}}}:questions", {"question": "{}"}, id=f"{int(bot.now + DAY_S) * 1000}-1")
    bot.wait(90 * DAY_S + 1)

    tidies(bot)

    assert bot.link.client.xlen(f"wxbot:{{{bot.appid}}}:questions") == 1


def test_one_line_tells_how_much_went(bot: Outgoing, caplog: pytest.LogCaptureFixture) -> None:
    a_closed_ticket(bot)
    bot.wait(365 * DAY_S)

    with caplog.at_level("INFO", "wxbot.service.tidying"):
        tidies(bot)

    (line,) = [record.getMessage() for record in caplog.records if record.name == "wxbot.service.tidying"]
    assert "tickets=1" in line
    assert USER not in line


def test_tidying_comes_again_a_day_later(bot: Outgoing) -> None:
    tidies(bot)

    assert due_of(bot, "tidy") == int(bot.now) + DAY_S


def due_of(bot: Outgoing, key: str) -> float | None:
    due: float | None = bot.link.client.zscore(f"wxbot:{{{bot.appid}}}:timers", f"timer:{key}")
    return due


def test_workers_that_start_do_not_put_it_off(bot: Outgoing) -> None:
    keep_tidy(bot.queue, bot.clock)
    first = due_of(bot, "tidy")
    bot.wait(60)

    keep_tidy(bot.queue, bot.clock)

    assert due_of(bot, "tidy") == first


def test_only_one_tidies_at_a_time(bot: Outgoing) -> None:
    number = a_closed_ticket(bot)
    bot.wait(365 * DAY_S)
    assert bot.tidier.attic.hold("somebody-else")

    tidies(bot)

    assert head(bot, number).user == USER


def test_who_unfollowed_has_their_closed_tickets_emptied_after_a_month(bot: Outgoing) -> None:
    closed, still_open = a_closed_ticket(bot), a_ticket(bot, "另一台不开机")
    bot.leaves()
    bot.wait(30 * DAY_S)
    bot.work()

    assert not head(bot, closed).user
    assert "不开机" in history(bot, still_open)


def test_a_ticket_closed_after_they_left_is_emptied_a_month_later(bot: Outgoing) -> None:
    number = a_ticket(bot)
    bot.leaves()
    bot.wait(30 * DAY_S)
    bot.work()
    bot.changes.apply(USER, "closed", partial(ticket_desk.close, number=number, text="", name="小王"))
    bot.wait(29 * DAY_S)
    bot.work()
    assert head(bot, number).user == USER

    for _ in range(2):
        bot.wait(30 * DAY_S)
        bot.work()

    assert (head(bot, number).user, due_of(bot, f"unfollowed:{USER}")) == ("", None)


def test_who_comes_back_keeps_their_tickets(bot: Outgoing) -> None:
    number = a_closed_ticket(bot)
    bot.leaves()
    bot.follows()
    bot.wait(31 * DAY_S)
    bot.work()

    assert head(bot, number).user == USER


def test_emptying_for_somebody_without_tickets_does_nothing(bot: Outgoing) -> None:
    bot.queue.set_timer(Timer("t", 0, Job("job-1", EmptyTickets(USER))))

    assert bot.work() == ["done"]
