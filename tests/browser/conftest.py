"""A running `wxbot demo`, a browser, and a window on the page."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import NoBrowser, chromium
from tests.browser.rehearsal_page import Rehearsal, SideDoor, window
from tests.browser.screenshot import always_open
from tests.e2e.processes import START_S, Newcomer, await_true
from wxbot.entrypoints.rehearsal import Address, running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as browser:
            yield browser
    except NoBrowser as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="package")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newcomer]:
    """Somebody with the shipped content, at any hour with people at the desk."""
    content = always_open(tmp_path_factory.mktemp("content"))
    newcomer = Newcomer(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("demo"), content)
    try:
        yield newcomer
    finally:
        newcomer.stop()


@pytest.fixture(scope="package")
def demo(newcomer: Newcomer) -> Address:
    """The demo that they run."""
    newcomer.start("demo", "--port", "0", "--no-browser")
    await_true(lambda: running(newcomer.data) is not None, START_S)
    address = running(newcomer.data)
    assert address
    return address


@pytest.fixture
def door(demo: Address) -> SideDoor:
    door = SideDoor(demo)
    door.start_over()
    return door


@pytest.fixture
def opened(browser: Browser, door: SideDoor) -> Iterator[Callable[[int], Rehearsal]]:
    """Opens windows; afterwards none of them has asked another host for anything, nor complained."""
    made = []

    def open_window(width: int = 1440) -> Rehearsal:
        context, rehearsal = window(browser, door.url, width, bot=door.bot)
        made.append((context, rehearsal))
        return rehearsal.open()

    yield open_window
    for context, rehearsal in made:
        context.close()
        assert (rehearsal.strayed, rehearsal.complaints) == ([], [])


@pytest.fixture
def rehearsal(opened: Callable[[int], Rehearsal]) -> Rehearsal:
    """A wide window."""
    return opened(1440)
