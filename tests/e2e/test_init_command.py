"""`wxbot init`: what it makes is sound and does what it says, whatever was wished for."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from tests.e2e.processes import Newcomer
from wxbot.adapters.content import examine
from wxbot.domain.account import AccountType
from wxbot.domain.script import Script
from wxbot.entrypoints.cli import cli
from wxbot.entrypoints.first_questions import ask_for


def init(*words: object) -> Result:
    return CliRunner().invoke(cli, ["init", *map(str, words)])


def made(folder: Path) -> Script:
    """What it made, once it is sure that nothing is wrong with it."""
    examined = examine(folder)
    assert examined.errors + examined.warnings == ()
    return examined.loaded.script


@pytest.mark.parametrize("name", ["whatsapp", "wps"])
def test_an_example_has_no_doubtful_line_and_does_what_its_cases_and_dialogs_promise(
    name: str, home: Path, tmp_path: Path
) -> None:
    operator = Newcomer(home, tmp_path, tmp_path / "content")
    assert init(operator.content, "--like", name).exit_code == 0

    checked, tried = operator.run("check", "--strict"), operator.run("test")

    assert checked.returncode == 0, checked.stdout
    assert tried.returncode == 0, tried.stdout
    assert "段对话，全部通过" in tried.stdout


@pytest.mark.parametrize("words", ["--phone 400-000-0001 --email support@example.com", "--type 未认证 --no-humans"])
def test_a_new_folder_passes_its_own_cases_and_dialogs(words: str, home: Path, tmp_path: Path) -> None:
    operator = Newcomer(home, tmp_path, tmp_path / "content")
    assert init(operator.content, "--yes", *words.split()).exit_code == 0

    checked, tried = operator.run("check", "--strict"), operator.run("test")

    assert (checked.returncode, tried.returncode) == (0, 0), checked.stdout + tried.stdout


@pytest.mark.parametrize("kind", AccountType)
@pytest.mark.parametrize("humans", ["--humans", "--no-humans"])
def test_every_kind_of_account_gets_a_sound_folder(kind: AccountType, humans: str, tmp_path: Path) -> None:
    result = init(tmp_path, "--yes", "--type", kind, *([humans] if kind.startswith("认证") else []))

    assert result.exit_code == 0, result.output
    assert made(tmp_path).agents is (kind.startswith("认证") and humans == "--humans")


def test_what_was_said_stands_in_the_files(tmp_path: Path) -> None:
    hours = "周一至周六 9:30-18:00；周日 10:00-16:00"
    init(tmp_path, "--yes", "--name", "小店: #1 '好'", "--hours", hours, "--phone", "400-000-0001", "--no-humans")

    script = made(tmp_path)

    assert (script.name, script.agents, script.contacts.no_phone) == ("小店: #1 '好'", False, False)
    assert [line.number for line in script.contacts.phones] == ["400-000-0001"]
    assert [span.start for span in script.hours.weekly[6]] == [600]


def test_a_folder_in_use_is_left_alone_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "menus.yaml").write_text("version: 1\n", encoding="utf-8")

    refused, forced = init(tmp_path, "--yes"), init(tmp_path, "--yes", "--force")

    assert (refused.exit_code, "已经有 menus.yaml" in refused.output) == (1, True)
    assert forced.exit_code == 0
    assert made(tmp_path).forms


def test_nothing_is_written_that_does_not_go_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    own = "category: 我的\nanswers:\n  - {id: hello, question: 你好, answer: 好}\n"
    (tmp_path / "answers/own.yaml").write_text(own, encoding="utf-8")

    result = init(tmp_path, "--yes", "--force")

    assert (result.exit_code, "hello" in result.output) == (1, True)
    assert not (tmp_path / "menus.yaml").exists()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("--yes --hours 工作日9:00", "缺了日子或时间"),
        ("--yes --phone 你好", "不像电话号码"),
        ("--yes --phone 400-000-0001 --no-phones", "只能写一个"),
        ("--yes --type 测试号 --humans", "不能转人工客服"),
        ("--like wps --name 小店", "完整的例子"),
        ("--name 小店", "请加 --yes"),
    ],
)
def test_a_call_that_makes_no_sense_is_told_why(words: str, reason: str, tmp_path: Path) -> None:
    result = init(tmp_path / "new", *words.split())

    assert (result.exit_code, reason in result.output) == (2, True), result.output
    assert not (tmp_path / "new").exists()


def answered(known: dict[str, object], *typed: str) -> dict[str, object]:
    """What somebody says at a terminal who types that."""

    def ask() -> dict[str, object]:
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            keys.send_text("".join(typed))
            return ask_for(known)

    # The questions run an event loop, and whoever ran before may have left one in this thread.
    with ThreadPoolExecutor(1) as terminal:
        return terminal.submit(ask).result()


def test_somebody_at_a_terminal_is_asked_for_what_was_not_said() -> None:
    known = {"name": "小店", "type": AccountType.VERIFIED_SERVICE}

    said = answered(known, "\r", "y", "12\x08\x08400-000-0001 400-000-0002\r", "\r")

    assert said["humans"] is True
    assert (said["hours"], said["email"]) == ((("工作日", "9:00-18:00"),), "")
    assert said["phones"] == ("400-000-0001", "400-000-0002")


def test_an_account_that_cannot_have_people_is_not_asked_about_them() -> None:
    said = answered({}, "\x01\x0b小店\r", "\x1b[B\x1b[B\r", "\r", "\r", "\r")

    assert (said["name"], said["type"], said["humans"]) == ("小店", AccountType.UNVERIFIED, False)
