"""Publishing on a real server: all processes or none, and nothing that is live is ever dropped."""

import random
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wxbot.adapters import content
from wxbot.adapters.redis.connect import connect, connect_worker
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.shelf import RedisShelf
from wxbot.errors import ContentError, PublishRefused, StoreUnavailable
from wxbot.service.content import LiveContent
from wxbot.service.origins import FolderContent, LastGood
from wxbot.service.ports import Loaded
from wxbot.service.published import PublishedContent
from wxbot.service.publishing import Draft, publish, rollback, version_before
from wxbot.service.snapshot import Snapshot
from wxbot.service.versions import KEPT_VERSIONS, PACKED_LIMIT_BYTES, Shelf, Version

ANSWERS = "category: 订单\nanswers: [{{id: refund, question: 怎么退款, answer: {}}}]\n"
NOBODY = "redis://127.0.0.1:1/0"


def a_snapshot(answer: str) -> Snapshot:
    return Snapshot({"menus.yaml": b"version: 1\n", "answers/shop.yaml": ANSWERS.format(answer).encode()})


def a_draft(answer: str) -> Draft:
    return Draft(a_snapshot(answer), answers=1, by="小林", note=answer, at=1_790_000_000)


@pytest.fixture
def shelf(redis_url: str, appid: str) -> Shelf:
    return RedisShelf(connect_worker(redis_url), appid)


Start = Callable[..., LiveContent]
Open = Callable[[Snapshot], Loaded]


@pytest.fixture
def start(shelf: Shelf, tmp_path: Path) -> Start:
    """Makes what a process follows; its files say 文件."""
    content.write(a_snapshot("文件"), tmp_path / "files")

    def start(name: str, opened: Open = content.load_snapshot, on: Shelf = shelf) -> LiveContent:
        last = LastGood(content.KeptContent(tmp_path / f"{name}.zip"), opened)
        files = FolderContent(content.ContentFolder(tmp_path / "files"), last, settle_s=0)
        return LiveContent(PublishedContent(on, files, last, name))

    return start


@contextmanager
def watched(*processes: LiveContent) -> Iterator[None]:
    stop = threading.Event()
    threads = [process.watch(stop, every_s=0.02) for process in processes]
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


def answer_of(process: LiveContent) -> str:
    (part,) = process.current.script.answers["refund"].parts
    return part.text


def old_only(snapshot: Snapshot) -> Loaded:
    """As a program that does not know what the new version uses."""
    if "新" in snapshot.files["answers/shop.yaml"].decode():
        raise ContentError(content.examine(Path("/nonexistent")).problems)
    return content.load_snapshot(snapshot)


def test_without_a_published_version_processes_follow_the_files_until_the_first(shelf, start):
    process = start("a")
    assert answer_of(process) == "文件"

    with watched(process):
        publish(shelf, a_draft("新"))

    assert (answer_of(process), process.origin.running.version) == ("新", 1)


def test_all_processes_switch_and_say_so(shelf, start):
    first, second = start("a"), start("b")

    with watched(first, second):
        switched = publish(shelf, a_draft("新"))

    assert [(runner.name, runner.version) for runner in switched.runners] == [("a", 1), ("b", 1)]
    assert (answer_of(first), answer_of(second), switched.late) == ("新", "新", [])


def test_one_process_that_cannot_load_a_version_keeps_all_from_switching(shelf, start):
    publish(shelf, a_draft("旧"))
    able, unable = start("able"), start("unable", old_only)

    with watched(able, unable), pytest.raises(PublishRefused, match="进程 unable 加载不了版本 2"):
        publish(shelf, a_draft("新"))

    assert (answer_of(able), answer_of(unable)) == ("旧", "旧")
    assert [version.number for version in shelf.versions()] == [1]


def test_a_version_that_is_called_off_leaves_nothing_in_memory(shelf, start):
    publish(shelf, a_draft("旧"))
    opened: list[weakref.ref[Snapshot]] = []

    def remember(snapshot: Snapshot) -> Loaded:
        opened.append(weakref.ref(snapshot))
        return content.load_snapshot(snapshot)

    able, unable = start("able", remember), start("unable", old_only)
    with watched(able, unable), pytest.raises(PublishRefused):
        publish(shelf, a_draft("新"))
    able.refresh()

    assert (len(opened), opened[-1]()) == (2, None)


def test_a_forced_switch_leaves_behind_who_cannot_follow_and_names_them(shelf, start):
    publish(shelf, a_draft("旧"))
    able, unable = start("able"), start("unable", old_only)

    with watched(able, unable):
        switched = publish(shelf, a_draft("新"), force=True)

    assert (answer_of(able), answer_of(unable)) == ("新", "旧")
    assert [runner.name for runner in switched.late] == ["unable"]


def test_a_process_that_hangs_is_waited_for_and_then_nobody_switches(shelf, start):
    start("hangs")

    with pytest.raises(PublishRefused, match="进程 hangs 在 0 秒内没有准备好"):
        publish(shelf, a_draft("新"), patience_s=0)

    assert shelf.standing().live is None


def test_two_people_cannot_publish_at_once(shelf):
    announced = shelf.announce(publish(shelf, a_draft("一")).version)

    with pytest.raises(PublishRefused, match="有人正在发布"):
        publish(shelf, a_draft("二"))

    shelf.call_off(announced)
    assert publish(shelf, a_draft("二")).version.number == 2


def test_a_rollback_is_an_event_and_goes_to_the_version_before(shelf):
    publish(shelf, a_draft("一"))
    publish(shelf, a_draft("二"))

    switched = rollback(shelf, version_before(shelf), by="小王", note="写错了", at=5)

    assert shelf.fetch(shelf.standing().live) == a_snapshot("一")
    assert (switched.version.number, switched.before.number) == (1, 2)
    event, *_ = shelf.events(10)
    assert (event.what, event.version, event.before, event.by, event.note) == ("rollback", 1, 2, "小王", "写错了")


def test_a_second_rollback_passes_over_what_was_rolled_back_from(shelf):
    good = publish(shelf, a_draft("好")).version
    publish(shelf, a_draft("坏"))
    roll_back(shelf)
    publish(shelf, a_draft("又坏"))

    assert version_before(shelf) == good


def test_rolling_back_again_goes_on_to_what_was_live_before(shelf):
    first = publish(shelf, a_draft("一")).version
    publish(shelf, a_draft("二"))
    publish(shelf, a_draft("三"))
    roll_back(shelf)

    assert version_before(shelf) == first


def test_without_a_note_of_what_was_live_the_newest_older_version_counts(shelf, redis_url, appid):
    for words in ("一", "二", "三"):
        publish(shelf, a_draft(words))
    connect(redis_url).client.delete(Keys(appid).content_events)

    assert version_before(shelf).number == 2


def test_the_first_version_has_none_before_it(shelf):
    publish(shelf, a_draft("一"))

    with pytest.raises(PublishRefused, match="没有更早的版本"):
        version_before(shelf)


def test_what_was_live_until_now_is_kept_however_old_it_is(shelf):
    first = publish(shelf, a_draft("一")).version
    for number in range(KEPT_VERSIONS):
        publish(shelf, a_draft(f"第 {number} 版"))
    rollback(shelf, first, by="小王", note="", at=5)

    publish(shelf, a_draft("新"))

    assert version_before(shelf) == first
    assert shelf.fetch(first) == a_snapshot("一")


def roll_back(shelf: Shelf) -> None:
    rollback(shelf, version_before(shelf), by="小王", note="", at=5)


def test_only_the_live_and_the_newest_versions_are_kept(shelf, redis_url, appid):
    for number in range(KEPT_VERSIONS + 3):
        publish(shelf, a_draft(f"第 {number} 版"))

    numbers = [version.number for version in shelf.versions()]
    assert numbers == list(range(KEPT_VERSIONS + 3, 2, -1))
    archives = connect(redis_url).client.keys(Keys(appid).content_archive("*"))
    assert len(archives) == len(numbers)
    assert all(connect(redis_url).client.ttl(archive) == -1 for archive in archives)


def test_content_that_is_too_big_is_refused(shelf):
    noise = random.Random(1).randbytes(PACKED_LIMIT_BYTES + 1024 * 1024)

    with pytest.raises(PublishRefused, match="上限"):
        publish(shelf, Draft(Snapshot({"menus.yaml": noise}), 0, "", "", 0))


def test_a_process_that_starts_while_the_server_is_away_begins_with_the_last_good_version(shelf, start):
    publish(shelf, a_draft("新"))
    start("a")

    later = start("a", on=RedisShelf(connect(NOBODY), "wx"))

    assert (answer_of(later), later.origin.running.source) == ("新", "kept")


class Stumbling(RedisShelf):
    """The first archive that it is asked for does not come."""

    fetched = 0

    def fetch(self, version: Version) -> Snapshot:
        self.fetched += 1
        if self.fetched == 1:
            raise StoreUnavailable
        return super().fetch(version)


def test_a_process_that_starts_while_the_server_stumbles_soon_follows_what_is_live(shelf, start, redis_url, appid):
    publish(shelf, a_draft("旧"))
    start("a")
    publish(shelf, a_draft("新"))

    later = start("a", on=Stumbling(connect_worker(redis_url), appid))

    assert (answer_of(later), later.origin.running.source) == ("旧", "kept")
    assert later.refresh() is True
    assert (answer_of(later), later.origin.running.version) == ("新", 2)


def test_without_server_and_last_good_version_a_process_does_not_start(start):
    with pytest.raises(StoreUnavailable):
        start("a", on=RedisShelf(connect(NOBODY), "wx"))


def test_an_archive_that_is_damaged_is_told_from_a_good_one(shelf, redis_url, appid):
    live = publish(shelf, a_draft("新")).version
    connect(redis_url).client.set(Keys(appid).content_archive(live.digest), a_snapshot("别的").packed)

    with pytest.raises(ContentError, match="已经损坏"):
        shelf.fetch(live)


@pytest.mark.parametrize("harm", ["set", "delete"])
def test_publishing_again_mends_an_archive(shelf, redis_url, appid, harm):
    live = publish(shelf, a_draft("新")).version
    redis, archive = connect(redis_url).client, Keys(appid).content_archive(live.digest)
    redis.set(archive, b"no zip") if harm == "set" else redis.delete(archive)

    again = publish(shelf, a_draft("新")).version

    assert (again.number, shelf.fetch(again), shelf.fetch(live)) == (2, a_snapshot("新"), a_snapshot("新"))
    assert redis.ttl(archive) == -1


def test_an_archive_that_an_announcement_writes_anew_stays_when_that_is_called_off(shelf, redis_url, appid):
    live = publish(shelf, a_draft("新")).version

    shelf.call_off(shelf.announce(live, a_snapshot("新")))

    assert connect(redis_url).client.ttl(Keys(appid).content_archive(live.digest)) == -1
