"""Real support organisations as content: what operators can express without a line of code."""

from pathlib import Path

import pytest

from tests.e2e.processes import REPOSITORY, Newcomer


@pytest.mark.parametrize("name", ["whatsapp", "wps"])
def test_an_example_has_no_doubtful_line_and_does_what_its_cases_and_dialogs_promise(
    name: str, home: Path, tmp_path: Path
) -> None:
    operator = Newcomer(home, tmp_path, REPOSITORY / "wxbot/examples" / name)

    checked, tried = operator.run("check", "--strict"), operator.run("test")

    assert checked.returncode == 0, checked.stdout
    assert tried.returncode == 0, tried.stdout
    assert "段对话，全部通过" in tried.stdout
