"""`wxbot test`, `eval` and `replay` on real folders, with a real engine and a real Redis."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wxbot.adapters.redis.connect import connect
from wxbot.adapters.redis.store import RedisStore
from wxbot.domain.reply import TextPart
from wxbot.domain.session import Session
from wxbot.domain.turn import Question, Turn
from wxbot.entrypoints.cli import cli

ANSWERS = """\
category: 订单
answers:
  - {id: refund, question: 怎么退款, similar: [我要退款, 申请退钱], answer: 在订单页点「申请退款」。}
  - {id: invoice, question: 怎么开发票, similar: [要一张发票], answer: 在订单页点「开发票」。}
"""
CASES = """\
cases:
  - {ask: 我要退款, expect: refund}
  - {ask: 宇宙有多大, expect: none}
  - {ask: 转人工, expect: human}
"""
OPENID = "oSecretFollower-0123456789"

Wxbot = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "content")


@pytest.fixture
def wxbot(folder: Path) -> Wxbot:
    return lambda *words: CliRunner().invoke(cli, ["--content", str(folder), *map(str, words)])


def a_folder(folder: Path, answers: str = ANSWERS) -> Path:
    (folder / "answers").mkdir(parents=True)
    (folder / "menus.yaml").write_text("version: 1\n", encoding="utf-8")
    (folder / "answers/orders.yaml").write_text(answers, encoding="utf-8")
    (folder / "answers/orders.cases.yaml").write_text(CASES, encoding="utf-8")
    return folder


def expect_invoice(folder: Path) -> None:
    (folder / "answers/more.cases.yaml").write_text("cases:\n  - {ask: 申请退钱, expect: invoice}\n", encoding="utf-8")


class TestTest:
    def test_cases_that_are_all_met_exit_with_0(self, wxbot) -> None:
        result = wxbot("test")

        assert (result.exit_code, result.output) == (0, "3 条用例，全部通过\n")

    def test_a_failed_case_is_shown_as_a_difference(self, wxbot, folder) -> None:
        expect_invoice(folder)

        result = wxbot("test")

        assert result.exit_code == 1
        place, wanted, got, _, summary = result.output.splitlines()
        assert place == "answers/more.cases.yaml:2: 申请退钱"
        assert wanted == "    - 应为  invoice「怎么开发票」"
        assert got == "    + 实为  回答 refund「怎么退款」（把握 1.00）"
        assert summary == "4 条用例，1 条没有通过：答错 1"

    def test_only_the_files_that_are_named_are_tried(self, wxbot, folder) -> None:
        expect_invoice(folder)

        result = wxbot("test", folder / "answers/orders.cases.yaml")

        assert (result.exit_code, result.output) == (0, "3 条用例，全部通过\n")

    def test_json_gives_one_object_a_case(self, wxbot, folder) -> None:
        expect_invoice(folder)

        failed, *met = [json.loads(line) for line in wxbot("test", "--json").output.splitlines()]

        assert [case["met"] for case in met] == [True, True, True]
        assert failed["got"] == {"kind": "answer", "ids": ["refund"], "confidence": 1.0}
        assert failed["rivals"][0]["id"] == "refund"

    def test_a_folder_without_cases_says_how_to_begin(self, wxbot, folder) -> None:
        (folder / "answers/orders.cases.yaml").unlink()

        result = wxbot("test")

        assert result.exit_code == 0
        assert "还没有用例" in result.output

    def test_broken_cases_are_told_by_the_installed_command(self, folder) -> None:
        (folder / "answers/more.cases.yaml").write_text("cases: [{ask: 退钱, expect: refunds}]\n", encoding="utf-8")

        done = subprocess.run(
            [sys.executable, "-m", "wxbot", "--content", str(folder), "test"], capture_output=True, text=True
        )

        assert done.returncode == 1
        assert "answers/more.cases.yaml:1:27: 没有 id 为「refunds」的答案。是不是想写「refund」" in done.stderr

    def test_a_file_that_is_not_there_is_a_wrong_call(self, wxbot, folder) -> None:
        assert wxbot("test", folder / "nowhere.yaml").exit_code == 2

    def test_a_thousand_cases_take_a_few_seconds(self, wxbot, folder) -> None:
        cases = "".join(f"  - {{ask: 我要退款{number}号单, expect: [refund, none]}}\n" for number in range(1000))
        (folder / "answers/many.cases.yaml").write_text(f"cases:\n{cases}", encoding="utf-8")

        started = time.monotonic()
        result = wxbot("test")

        assert result.exit_code == 0, result.output[-300:]
        assert time.monotonic() - started < 10


class TestEval:
    def test_a_report_is_aligned_and_marks_the_threshold_in_use(self, wxbot, folder) -> None:
        result = wxbot("eval", folder / "answers/orders.cases.yaml")

        assert result.exit_code == 0
        lines = result.output.splitlines()
        assert lines[0] == "2 个问题：1 个该回答，1 个不该回答"
        assert "答对                    1  100.0%" in lines
        assert any(line.endswith("← 现在") for line in lines)

    def test_what_is_answered_wrong_is_listed(self, wxbot, tmp_path) -> None:
        (tmp_path / "set.csv").write_text("query,gold\n我要退款,invoice\n怎么开发票,\n", encoding="utf-8")

        lines = [line.split() for line in wxbot("eval", tmp_path / "set.csv").output.splitlines()]

        assert ["1", "invoice", "refund", "我要退款"] in lines
        assert ["1.00", "invoice", "不回答", "怎么开发票"] in lines

    def test_json_gives_shares(self, wxbot, tmp_path) -> None:
        rows = [{"query": "我要退款", "gold": ["refund"]}, {"query": "宇宙有多大", "gold": []}]
        (tmp_path / "set.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

        report = json.loads(wxbot("eval", tmp_path / "set.jsonl", "--json").output)

        assert (report["top1"], report["right"], report["wrong"], report["leak"]) == (1.0, 1.0, 0.0, 0.0)
        assert report["sweep"][0]["right"] == 1

    def test_ids_that_the_content_does_not_have_are_named(self, wxbot, tmp_path) -> None:
        (tmp_path / "set.csv").write_text("query,gold\n我要退款,refunds\n", encoding="utf-8")

        assert "内容里没有这些答案，问到它们的都算错：refunds" in wxbot("eval", tmp_path / "set.csv").stderr

    def test_an_empty_set_is_measured_without_a_stumble(self, wxbot, tmp_path) -> None:
        (tmp_path / "set.jsonl").write_text("", encoding="utf-8")

        assert wxbot("eval", tmp_path / "set.jsonl").exit_code == 0


class TestReplay:
    @pytest.fixture(autouse=True)
    def _account(self, redis_url: str, appid: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("REDIS_URL", redis_url)
        monkeypatch.setenv("WECHAT_APPID", appid)
        self.store = RedisStore(connect(redis_url), appid)
        self.turns = 0

    def were_asked(self, *questions: tuple[str, str, str], days_ago: float = 0.5) -> None:
        """Text, outcome and id of each."""
        at = int(time.time() - days_ago * 86400)
        asked = tuple(Question(OPENID, at, *question, 0.5) for question in questions)
        turn = Turn("answered", Session(OPENID), TextPart("好"), questions=asked)
        assert self.store.commit(OPENID, f"m{self.turns}", self.turns, turn, at)
        self.turns += 1

    def test_nothing_asked_is_said(self, wxbot) -> None:
        result = wxbot("replay")

        assert (result.exit_code, result.output) == (0, "最近 7 天没有记录到问题\n")

    def test_answers_as_they_were_exit_with_0(self, wxbot) -> None:
        self.were_asked(("我要退款", "answer", "refund"), ("宇宙有多大", "none", ""))

        result = wxbot("replay", "--days", "2")

        assert (result.exit_code, result.output) == (0, "最近 2 天的问题共 2 次：回答都不变\n")

    def test_changes_are_grouped_and_nobody_is_named(self, wxbot) -> None:
        self.were_asked(("我要退款", "none", ""), ("我要退款", "none", ""), ("要一张发票", "answer", "old-invoice"))

        result = wxbot("replay")

        assert result.exit_code == 1
        assert result.output.splitlines() == [
            "2 次  没有回答 → 回答 refund「怎么退款」",
            "    我要退款 ×2",
            "1 次  回答 old-invoice（已经没有这条答案） → 回答 invoice「怎么开发票」",
            "    要一张发票",
            "最近 7 天的问题共 3 次：3 次的回答会不同",
        ]

    def test_older_questions_are_left_out(self, wxbot) -> None:
        self.were_asked(("我要退款", "none", ""), days_ago=3)

        assert wxbot("replay", "--days", "2").exit_code == 0
        assert wxbot("replay", "--days", "4").exit_code == 1

    def test_two_folders_can_be_compared(self, wxbot, tmp_path) -> None:
        other = a_folder(tmp_path / "other", ANSWERS.replace("id: refund", "id: give-back"))
        self.were_asked(("我要退款", "none", ""), ("怎么开发票", "none", ""))

        result = wxbot("replay", "--against", other)

        assert result.exit_code == 1
        assert result.output.splitlines()[0] == "1 次  回答 give-back「怎么退款」 → 回答 refund「怎么退款」"

    def test_json_gives_one_object_a_change(self, wxbot) -> None:
        self.were_asked(("我要退款", "none", ""))

        (change,) = map(json.loads, wxbot("replay", "--json").output.splitlines())

        assert (change["was"]["kind"], change["now"]["ids"]) == ("none", ["refund"])
        assert (change["count"], change["examples"]) == (1, [["我要退款", 1]])
        assert OPENID not in json.dumps(change)
