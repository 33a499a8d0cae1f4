"""Chromium as the tests start it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
ON_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_ONE = "no browser: apt-get install chromium fonts-noto-cjk, or python -m playwright install chromium"


class NoBrowser(Exception):
    """There is none on this machine."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's, else Playwright's own. Raises NoBrowser."""
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ON_PATH)), playwright.chromium.executable_path)
        if not Path(found).exists():
            raise NoBrowser(HOW_TO_GET_ONE)
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
