"""The content in force, on real folders."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import pytest

from tests.factories import a_script
from tests.unit.answering.meanings import Thesaurus
from wxbot.adapters import content
from wxbot.adapters.content import ContentFolder
from wxbot.answering.vectors import Vectors
from wxbot.answering.verdict import NOTHING, Verdict
from wxbot.errors import ContentError
from wxbot.service.content import REMEMBERED, Live, LiveContent
from wxbot.service.origins import Folder, FolderContent, LastGood
from wxbot.service.ports import Loaded

MENUS = "version: 1\n"
ANSWERS = "category: 订单\nanswers:\n  - {{id: refund, question: 怎么退款, answer: {answer}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "answers").mkdir()
    (tmp_path / "menus.yaml").write_text(MENUS, "utf-8")
    write(tmp_path, "旧的答案")
    return tmp_path


@pytest.fixture
def live(folder: Path) -> LiveContent:
    return a_live_content(folder)


def a_live_content(folder: Path, **more: object) -> LiveContent:
    return LiveContent(an_origin(ContentFolder(folder)), **more)


def an_origin(folder: Folder) -> FolderContent:
    kept = content.KeptContent(folder.path.parent / f"{folder.path.name}-kept.zip")
    return FolderContent(folder, LastGood(kept, content.load_snapshot), settle_s=0)


@dataclass(frozen=True)
class Troubled(ContentFolder):
    """A folder that is read in these ways, one after the other."""

    loads: Iterator[Callable[[Path], Loaded]]

    def load(self) -> Loaded:
        return next(self.loads)(self.path)


def write(folder: Path, answer: str) -> None:
    (folder / "answers" / "orders.yaml").write_text(ANSWERS.format(answer=answer), "utf-8")


def break_it(folder: Path) -> None:
    (folder / "answers" / "orders.yaml").write_text("category: 订单\nanswers:\n  - {id: refund\n", "utf-8")


def answer_of(live: LiveContent) -> str:
    (id,) = live.current.find("怎么退款").ids
    (part,) = live.current.script.answers[id].parts
    return part.text


def test_content_is_there_from_the_start(live):
    assert answer_of(live) == "旧的答案"


def test_content_that_is_broken_from_the_start_is_refused(folder):
    break_it(folder)

    with pytest.raises(ContentError):
        a_live_content(folder)


def test_nothing_is_done_while_nothing_changes(live):
    before = live.current

    assert live.refresh() is False
    assert live.current is before


def test_an_edit_comes_into_force(folder, live):
    write(folder, "新的答案在这里")

    assert live.refresh() is True
    assert answer_of(live) == "新的答案在这里"


def test_a_new_file_and_its_removal_come_into_force(folder, live):
    extra = folder / "answers" / "more.yaml"
    extra.write_text("category: 账号\nanswers:\n  - {id: login, question: 怎么登录, answer: 点登录}\n", "utf-8")
    live.refresh()
    assert live.current.find("怎么登录").ids == ("login",)

    extra.unlink()
    live.refresh()
    assert "login" not in live.current.find("怎么登录").ids


def test_script_and_engine_are_swapped_as_one(folder, live):
    before = live.current
    write(folder, "新的答案在这里")
    live.refresh()

    assert before.script.answers["refund"].parts[0].text == "旧的答案"
    assert live.current.engine is not before.engine


def test_a_broken_edit_keeps_the_last_good_version_and_is_reported(folder, live, caplog):
    before = live.current
    break_it(folder)

    assert live.refresh() is False
    assert live.current is before
    assert live.problems[0].file == "answers/orders.yaml"
    assert "answers/orders.yaml:" in caplog.text


def test_a_broken_edit_is_reported_once_and_not_every_second(folder, live, caplog):
    break_it(folder)
    for _ in range(3):
        live.refresh()

    assert [record.name for record in caplog.records] == ["wxbot.service.content"]


def test_mending_a_broken_edit_brings_it_into_force(folder, live):
    break_it(folder)
    live.refresh()
    write(folder, "修好的答案")

    assert live.refresh() is True
    assert (answer_of(live), live.problems) == ("修好的答案", ())


def test_a_folder_that_loses_its_menus_keeps_the_last_good_version(folder, live):
    (folder / "menus.yaml").unlink()
    live.refresh()

    assert answer_of(live) == "旧的答案"
    assert live.problems


def test_files_that_change_while_they_are_read_wait_until_they_are_left_alone(folder):
    def halfway(path: Path) -> Loaded:
        loaded = content.load(path)
        write(path, "全写完的答案")
        return loaded

    live = LiveContent(an_origin(Troubled(folder, chain([content.load, halfway], repeat(content.load)))))
    write(folder, "写了一半")

    assert (live.refresh(), answer_of(live)) == (False, "旧的答案")
    assert (live.refresh(), answer_of(live)) == (True, "全写完的答案")


def test_a_process_starts_from_the_last_good_version_while_the_files_are_broken(folder, live, caplog):
    write(folder, "新的答案在这里")
    live.refresh()
    break_it(folder)

    later = a_live_content(folder)

    assert answer_of(later) == "新的答案在这里"
    assert (later.origin.running.source, len(later.problems)) == ("kept", 1)
    assert "STARTED FROM THE LAST GOOD VERSION" in caplog.text


def test_what_was_started_from_the_last_good_version_follows_the_mended_files(folder, live):
    break_it(folder)
    later = a_live_content(folder)
    write(folder, "修好的答案")

    assert later.refresh() is True
    assert (answer_of(later), later.origin.running.source, later.problems) == ("修好的答案", "files", ())


def test_who_only_looks_at_the_files_keeps_nothing(folder, tmp_path):
    kept = content.KeptContent(tmp_path / "looked.zip", read_only=True)

    LiveContent(FolderContent(ContentFolder(folder), LastGood(kept, content.load_snapshot)))

    assert kept.read() is None


def test_a_last_good_version_that_is_damaged_does_not_count(folder, live):
    (folder.parent / f"{folder.name}-kept.zip").write_bytes(b"no zip")
    break_it(folder)

    with pytest.raises(ContentError, match="orders.yaml"):
        a_live_content(folder)


def test_a_disk_that_fails_once_is_looked_at_again(folder):
    loads = chain([content.load, fail], repeat(content.load))
    live = LiveContent(an_origin(Troubled(folder, loads)))
    write(folder, "新的答案在这里")
    with pytest.raises(OSError, match="disk"):
        live.refresh()

    assert live.refresh() is True
    assert answer_of(live) == "新的答案在这里"


def fail(folder: Path) -> Loaded:
    raise OSError("the disk is away")


def test_a_watched_folder_is_refreshed_by_itself_even_after_a_failure(folder):
    loads = chain([content.load, fail], repeat(content.load))
    live = LiveContent(an_origin(Troubled(folder, loads)))
    stop = threading.Event()
    watcher = live.watch(stop, every_s=0.01)
    write(folder, "新的答案在这里")

    waited_until = time.monotonic() + 10
    while answer_of(live) == "旧的答案" and time.monotonic() < waited_until:
        time.sleep(0.01)
    stop.set()
    watcher.join(timeout=10)

    assert answer_of(live) == "新的答案在这里"
    assert not watcher.is_alive()


def test_a_question_that_was_asked_before_is_not_searched_for_again():
    live = a_version()

    assert live.find("怎么退款") is live.find("怎么退款")
    assert live.engine.asked == ["怎么退款"]


def test_only_the_last_questions_are_remembered():
    live = a_version()
    live.find("怎么退款")
    for number in range(REMEMBERED):
        live.find(f"第{number}问")

    live.find("怎么退款")

    assert live.engine.asked.count("怎么退款") == 2


def test_what_an_edit_changes_is_not_remembered(folder, live):
    assert live.current.find("怎么登录").outcome != "answer"
    extra = folder / "answers" / "more.yaml"
    extra.write_text("category: 账号\nanswers:\n  - {id: login, question: 怎么登录, answer: 点登录}\n", "utf-8")
    live.refresh()

    assert live.current.find("怎么登录").ids == ("login",)


def test_meanings_are_compared_once_they_have_been_read(live, in_an_empty_folder):
    by_words = live.current

    assert live.deepen(Thesaurus()) is True
    assert by_words.engine.meaning is None
    assert live.current.engine.meaning is not None
    assert answer_of(live) == "旧的答案"


def test_the_meanings_of_one_version_are_read_once(live, in_an_empty_folder):
    live.deepen(Thesaurus())

    assert live.deepen(Thesaurus()) is False


def test_an_edit_while_meanings_are_read_stays_in_force(folder, live, in_an_empty_folder):
    assert live.deepen(Interrupted(partial(edit, folder, live))) is False
    assert answer_of(live) == "改好的答案"

    assert live.deepen(Thesaurus()) is True
    assert answer_of(live) == "改好的答案"


def test_meanings_that_cannot_be_read_leave_the_words(live, in_an_empty_folder):
    with pytest.raises(OSError, match="disk"):
        live.deepen(Interrupted(partial(fail, Path())))

    assert live.deepen(Thesaurus()) is False
    assert answer_of(live) == "旧的答案"


def test_a_watched_folder_is_deepened_by_itself_after_each_edit(folder, in_an_empty_folder):
    live = a_live_content(folder, find_encoder=Thesaurus)
    stop = threading.Event()
    live.watch(stop, every_s=0.01)
    write(folder, "新的答案在这里")

    assert eventually(lambda: answer_of(live) == "新的答案在这里" and live.current.engine.meaning is not None)
    stop.set()


@pytest.fixture
def in_an_empty_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where vectors are kept."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


class Listening:
    """An engine that knows nothing and takes down what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, text: str) -> Verdict:
        self.asked.append(text)
        return NOTHING


def a_version() -> Live:
    return Live(a_script(), Listening())  # type: ignore[arg-type]


class Interrupted(Thesaurus):
    """Something happens while it reads its first text."""

    def __init__(self, by: Callable[[], object]) -> None:
        super().__init__()
        self.by = by

    def encode(self, text: str) -> Vectors:
        if not self.asked:
            self.by()
        return super().encode(text)


def edit(folder: Path, live: LiveContent) -> None:
    write(folder, "改好的答案")
    live.refresh()


def eventually(happens: Callable[[], bool]) -> bool:
    waited_until = time.monotonic() + 10
    while not happens() and time.monotonic() < waited_until:
        time.sleep(0.01)
    return happens()
