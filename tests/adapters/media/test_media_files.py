"""Files in a folder, and in a store that is none."""

import traceback
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest
from fsspec.spec import AbstractFileSystem

from wxbot.adapters.media_files import MediaFiles
from wxbot.errors import MediaUnavailable


@pytest.fixture(params=["folder", "store"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> MediaFiles:
    urls: dict[str, Callable[[], str]] = {
        "folder": lambda: str(tmp_path / "media"),
        "store": lambda: f"memory://{uuid4().hex}",
    }
    return MediaFiles(urls[request.param]())


def test_a_file_comes_back_as_it_was_put(shelf: MediaFiles) -> None:
    assert shelf.get(shelf.put(b"hello", ".jpg", "m1")) == b"hello"


def test_the_same_file_again_is_the_same_file(shelf: MediaFiles) -> None:
    assert shelf.put(b"hello", ".jpg", "m1") == shelf.put(b"hello", ".jpg", "m1")


def test_two_people_who_send_the_same_have_a_file_each(shelf: MediaFiles) -> None:
    assert shelf.put(b"hello", ".jpg", "m1") != shelf.put(b"hello", ".jpg", "m2")


def test_a_deleted_file_is_gone_and_deleting_it_again_is_fine(shelf: MediaFiles) -> None:
    path = shelf.put(b"hello", ".jpg", "m1")

    assert [shelf.delete(path), shelf.delete(path)] == [True, False]
    with pytest.raises(MediaUnavailable):
        shelf.get(path)


def test_nobody_else_on_the_machine_can_read_it_and_no_draft_stays(tmp_path: Path) -> None:
    path = tmp_path / "media" / MediaFiles(str(tmp_path / "media")).put(b"hello", ".jpg")

    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_store_that_cannot_be_written_says_so_without_its_address(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where a folder should be")

    with pytest.raises(MediaUnavailable) as error:
        MediaFiles(str(tmp_path / "media")).put(b"hello", ".jpg")

    assert str(tmp_path) not in str(error.value)


def test_a_store_of_an_unknown_kind_says_so() -> None:
    with pytest.raises(MediaUnavailable):
        MediaFiles("nonsense://place").put(b"hello", ".jpg")


class WithoutCredentials(AbstractFileSystem):
    """A driver whose library has errors of its own."""

    protocol = "nokey"

    def pipe_file(self, *args: object, **options: object) -> None:
        raise LookupError("no key for nokey://hush")


def test_an_error_of_the_drivers_own_is_told_without_its_text() -> None:
    fsspec.register_implementation("nokey", WithoutCredentials, clobber=True)

    with pytest.raises(MediaUnavailable) as error:
        MediaFiles("nokey://hush").put(b"hello", ".jpg")

    assert "no key for" not in "".join(traceback.format_exception(error.value))
