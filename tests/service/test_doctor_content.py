"""Content in good and bad states, from the files and as it was published."""

import pytest

from tests.service.doctor_parts import found, marks
from wxbot.errors import Problem
from wxbot.service.doctor import content
from wxbot.service.doctor.content import Published
from wxbot.service.versions import Runner


def problems(*severities: str) -> list[Problem]:
    return [Problem("menus.yaml", 1, 1, "坏了", "改好", severity) for severity in severities]


@pytest.mark.parametrize(
    ("severities", "expected"), [([], "f"), (["warning"], "d"), (["error", "warning"], "x"), (["note"], "fd")]
)
def test_the_worst_of_the_content_is_told(severities, expected):
    assert marks(found(lambda: content.look_at_content(problems(*severities), 3))) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (Published(4), "f"),
        (Published(4, differs=True), "fd"),
        (Published(4, lost=True), "fx"),
        (Published(0), "fd"),
    ],
)
def test_a_version_that_is_not_what_operators_think_is_told(published, expected):
    findings = found(lambda: content.look_at_content([], 3, published))

    assert marks(findings) == expected
    assert all("wxbot publish" in finding.cure for finding in findings if finding.mark != "fine")


def test_errors_of_a_live_version_are_mended_by_another():
    (finding,) = found(lambda: content.look_at_content(problems("error"), 3, Published(4)))

    assert "线上的版本 4 有 1 个错误" in finding.text
    assert "wxbot publish" in finding.cure


@pytest.mark.parametrize(
    ("runner", "expected"),
    [
        (Runner("web-1", "published", "d", 4), "f"),
        (Runner("web-1", "published", "d", 3), "d"),
        (Runner("web-1", "published", "d", 3, "loads", 4), "d"),
        (Runner("web-1", "published", "d", 3, "failed", 4, "坏了"), "x"),
        (Runner("web-1", "kept", "d", 0), "d"),
    ],
)
def test_every_process_tells_which_version_it_runs(runner, expected):
    assert marks(found(lambda: content.look_at_runners([runner], 4, lambda runner: runner.name))) == expected


def test_processes_that_follow_the_files_are_missed():
    assert marks(found(lambda: content.look_at_runners([], 4, str))) == "d"
