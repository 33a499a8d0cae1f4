"""`wxbot check` and `wxbot schema`, as operators see them."""

import json
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from wxbot.adapters.content import schemas
from wxbot.adapters.content.public_holidays import unannounced
from wxbot.entrypoints.cli import cli


def run(folder, *arguments: str):
    return CliRunner().invoke(cli, ["--content", str(folder), *arguments])


def test_a_sound_folder_passes(a_folder) -> None:
    result = run(a_folder({"answers/a.yaml": "category: x\nanswers: [{id: a, question: q, answer: 好}]\n"}), "check")

    assert (result.exit_code, result.output) == (0, "2 个文件，1 条答案，1 个分类：没有问题\n")


def test_a_problem_is_shown_with_its_line_and_a_caret(a_folder) -> None:
    result = run(a_folder({"menus.yaml": "version: 1\nmenu: [{name: 问问, action: brows}]\n"}), "check")

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "menus.yaml:2:27: 没有「brows」这种动作。是不是想写「browse」",
        "    menu: [{name: 问问, action: brows}]",
        "                                ^",
        "1 个文件，0 条答案，0 个分类：1 个错误，0 个提醒",
    ]


def test_the_caret_of_a_very_long_line_stays_in_sight(a_folder) -> None:
    result = run(a_folder({"answers/a.yaml": f"category: {'x' * 500}#\n"}), "check")

    _, line, caret, _ = result.output.splitlines()
    assert len(line) <= 104
    assert len(caret) <= 104


def test_the_line_of_a_file_in_gbk_is_shown_as_it_reads_there(a_folder) -> None:
    result = run(a_folder({"answers/a.yaml": "category: 账号\nanswers: []\n".encode("gbk")}), "check")

    problem, line, caret, _ = result.output.splitlines()
    assert "像是 GBK" in problem
    assert (line, caret) == ("    category: 账号", "              ^")


@pytest.mark.parametrize("data", ["category: 账号\n".encode("utf-16"), b"category: \xff\xff\n"])
def test_no_line_is_shown_of_a_file_that_nobody_can_read(a_folder, data) -> None:
    result = run(a_folder({"answers/a.yaml": data}), "check")

    assert len(result.output.splitlines()) == 2


def test_a_problem_without_a_line_shows_none(tmp_path) -> None:
    assert len(run(tmp_path, "check").output.splitlines()) == 2


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--strict",), 1)])
def test_warnings_count_only_when_asked(a_folder, arguments, code) -> None:
    result = run(a_folder({"menus.yaml": "version: 1\ncontacts: {phones: []}\n"}), "check", *arguments)

    assert result.exit_code == code
    assert "0 个错误，1 个提醒" in result.output


def test_a_year_that_is_not_announced_is_told_but_no_problem(a_folder) -> None:
    result = run(a_folder({"menus.yaml": "version: 1\nhours: {holidays: 中国}\n"}), "check", "--strict")

    for year in unannounced(date.today().year):
        assert f"menus.yaml:2:19: 说明：{year} 年的放假和调休安排" in result.output
    assert result.exit_code == 0
    assert result.output.endswith("没有问题\n")


def test_without_a_register_each_name_is_doubted_once(a_folder) -> None:
    entries = "".join(f"- {{id: {id}, question: {id}, answer: 看 www.a.cn}}\n" for id in "ab")

    result = run(a_folder({"answers/a.yaml": f"category: x\nanswers:\n{entries}"}), "check")

    assert result.exit_code == 0
    assert result.output.count("链接「www.a.cn」没有登记为官方") == 1


def test_json_gives_one_object_a_problem(a_folder) -> None:
    result = run(a_folder({"menus.yaml": "version: 1\nmenu: [{name: 问问, action: brows}]\n"}), "check", "--json")

    assert [json.loads(line) for line in result.output.splitlines()] == [
        {
            "file": "menus.yaml",
            "line": 2,
            "column": 27,
            "message": "没有「brows」这种动作",
            "hint": "是不是想写「browse」",
            "severity": "error",
        }
    ]


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path) -> None:
    assert run(tmp_path / "nowhere", "check").exit_code == 2


def test_schemas_are_named_or_written(tmp_path) -> None:
    named = run(tmp_path, "schema")
    written = run(tmp_path, "schema", "--write", str(tmp_path / "out"))

    assert named.output.split() == list(schemas())
    assert written.exit_code == 0
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == schemas()


COLLIDING = """\
category: x
answers:
  - {id: a, question: 怎么开发票, answer: 好}
  - {id: b, question: 报销, similar: [发票如何开], answer: 不好}
"""


def test_answers_in_each_others_way_are_shown_with_their_line(a_folder) -> None:
    result = run(a_folder({"answers/a.yaml": COLLIDING}), "check")

    told, line, caret, _ = result.output.splitlines()
    assert result.exit_code == 0
    assert told.startswith("answers/a.yaml:4:37: 提醒：「发票如何开」和 a 的「怎么开发票」问的是同一件事。请")
    assert (line, caret) == (f"    {COLLIDING.splitlines()[3]}", " " * 42 + "^")


def test_answers_in_each_others_way_are_told_beside_the_errors_of_other_files(a_folder) -> None:
    result = run(a_folder({"answers/a.yaml": COLLIDING, "answers/b.yaml": "answers: 好\n"}), "check")

    assert "同一件事" in result.output
    assert "1 个错误，1 个提醒" in result.output


def test_the_shipped_content_is_free_of_doubts() -> None:
    result = run(Path(__file__).parents[3], "check", "--strict")

    assert result.exit_code == 0, result.output


def test_a_change_is_checked_again_until_ctrl_c(a_folder) -> None:
    folder = a_folder({})
    command = [sys.executable, "-m", "wxbot", "--content", str(folder), "check", "--watch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        (folder / "menus.yaml").write_text("version: 1\nwelcom: 您好\n", encoding="utf-8")
        between = [process.stdout.readline() for _ in range(2)][1]
        second = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.wait(10)

    assert (first.endswith("没有问题\n"), "文件改了" in between) == (True, True)
    assert second.startswith("menus.yaml:2:1: 不认识的键「welcom」")
    assert process.returncode == 0
