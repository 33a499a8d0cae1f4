"""Chromium as the tests start it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

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
HOW_TO_GET_ONE = (
    "no browser: apt-get install chromium fonts-noto-cjk libatomic1, "
    "or python -m playwright install --with-deps chromium"
)


class NoBrowser(Exception):
    """There is none on this machine that starts. Says why, and how to get one."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's, else Playwright's own. Raises NoBrowser."""
    _try_driver()
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, ON_PATH)), playwright.chromium.executable_path)
        if not Path(found).exists():
            raise NoBrowser(HOW_TO_GET_ONE)
        try:
            browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        except Error as error:
            raise NoBrowser(f"{HOW_TO_GET_ONE} ({found}: {error.message})") from error
        yield browser
        browser.close()


def _try_driver() -> None:
    """Playwright only says that its driver is gone; the driver itself says which library it misses."""
    driver = subprocess.run(
        [sys.executable, "-m", "playwright", "--version"], capture_output=True, text=True, check=False
    )
    if driver.returncode:
        raise NoBrowser(f"{HOW_TO_GET_ONE} ({driver.stderr.strip()})")
