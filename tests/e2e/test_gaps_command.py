"""`wxbot gaps` on real folders, with a real engine and a real Redis."""

import json
import time
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
  # 退款
  - id: refund
    question: 怎么退款
    similar: [我要退款]   # 真实问法
    answer: 在订单页点「申请退款」。
  - {id: invoice, question: 怎么开发票, answer: 在订单页点「开发票」。}
"""
CASES = "cases:\n  - {ask: 我要退款, expect: refund}\n  - {ask: 大理石地板怎么打蜡, expect: none}\n"
OPENID = "oSecretFollower-0123456789"


class Operator:
    """At a terminal, in a folder of content; followers have asked things."""

    def __init__(self, folder: Path, store: RedisStore) -> None:
        self.folder, self._store, self._turns = folder, store, 0
        (folder / "answers").mkdir(parents=True)
        (folder / "menus.yaml").write_text("version: 1\n", encoding="utf-8")
        self.file.write_text(ANSWERS, encoding="utf-8")
        self.cases.write_text(CASES, encoding="utf-8")

    @property
    def file(self) -> Path:
        return self.folder / "answers/orders.yaml"

    @property
    def cases(self) -> Path:
        return self.folder / "answers/orders.cases.yaml"

    @property
    def written(self) -> str:
        return self.file.read_text(encoding="utf-8")

    def was_asked(self, *texts: str, user: str = OPENID, days_ago: float = 0) -> None:
        at = int(time.time() - days_ago * 86400)
        questions = tuple(Question(user, at, text, "none", "", 0.1) for text in texts)
        turn = Turn("missed", Session(user), TextPart("好"), questions=questions)
        assert self._store.commit(f"{user}{self._turns}", f"m{self._turns}", 0, turn, at)
        self._turns += 1

    def gaps(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["--content", str(self.folder), "gaps", *words], input=typed)


@pytest.fixture
def operator(tmp_path: Path, redis_url: str, appid: str, monkeypatch: pytest.MonkeyPatch) -> Operator:
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("WECHAT_APPID", appid)
    return Operator(tmp_path / "content", RedisStore(connect(redis_url), appid))


class TestList:
    def test_nothing_asked_is_said(self, operator) -> None:
        result = operator.gaps()

        assert (result.exit_code, result.output) == (0, "最近 30 天没有答不上的问题。\n")

    def test_gaps_are_numbered_by_frequency_and_nobody_is_named(self, operator) -> None:
        operator.was_asked(
            "大理石地板怎么打蜡", "大理石地板如何打蜡", "发票抬头写错了想重新弄", "转人工", "13800138000"
        )
        operator.was_asked("大理石地板怎么打蜡", user="oAnother")

        result = operator.gaps()

        first, variants, *_ = lines = result.output.splitlines()
        assert first.startswith("  1. 大理石地板怎么打蜡  —— 3 次，2 人，最近 ")
        assert variants == "     也问：大理石地板如何打蜡"
        assert any(line.startswith("     最接近：invoice「怎么开发票」 0.") for line in lines)
        assert lines[-2] == "最近 30 天没答上的问题共 4 次，归为 2 组。"
        assert OPENID not in result.output

    def test_json_gives_one_object_a_gap(self, operator) -> None:
        operator.was_asked("怎么养猫", "怎么养猫", "天气好不好")

        first, second = map(json.loads, operator.gaps("--json").output.splitlines())

        assert (first["number"], first["question"], first["count"], first["users"]) == (1, "怎么养猫", 2, 1)
        assert (second["variants"], second["question"]) == ([], "天气好不好")
        assert OPENID not in json.dumps([first, second])

    def test_a_limit_says_what_it_hides(self, operator) -> None:
        operator.was_asked("怎么养猫", "天气好不好", "唱首歌听听")

        assert "归为 3 组，列出前 2 组。" in operator.gaps("--limit", "2").output

    def test_older_questions_are_left_out(self, operator) -> None:
        operator.was_asked("怎么养猫", days_ago=3)

        assert "没有答不上的问题" in operator.gaps("--days", "2").output
        assert "gaps add 1 --to 答案的id --days 5" in operator.gaps("--days", "5").output


class TestAdd:
    def test_phrasings_go_where_they_belong_and_the_gap_is_closed(self, operator) -> None:
        operator.was_asked("钱能不能退给我", "钱能不能退给我", "钱可以退给我吗")

        result = operator.gaps("add", "1", "--to", "refund", "--yes")

        assert result.exit_code == 0, result.output
        assert operator.written == ANSWERS.replace("[我要退款]", "[我要退款, 钱能不能退给我, 钱可以退给我吗]")
        assert "试过 2 条用例，没有变差的。" in result.output
        assert "现在问「钱能不能退给我」：回答 refund「怎么退款」" in result.output
        assert "没有答不上的问题" in operator.gaps().output

    def test_the_difference_is_shown_and_nothing_written_without_a_yes(self, operator) -> None:
        operator.was_asked("钱能不能退给我")

        result = operator.gaps("add", "钱能不能退给我", "--to", "refund", typed="n\n")

        assert result.exit_code == 1
        assert "+    similar: [我要退款, 钱能不能退给我]   # 真实问法" in result.output.splitlines()
        assert operator.written == ANSWERS

    def test_a_case_that_would_fail_keeps_it_out(self, operator) -> None:
        operator.was_asked("大理石地板怎么打蜡")

        result = operator.gaps("add", "1", "--to", "refund", "--yes")

        assert (result.exit_code, operator.written) == (1, ANSWERS)
        assert "answers/orders.cases.yaml:3: 大理石地板怎么打蜡  应为 不回答，改后 回答 refund" in result.output

    def test_a_case_that_failed_before_does_not(self, operator) -> None:
        operator.cases.write_text("cases: [{ask: 宇宙有多大, expect: refund}]\n", encoding="utf-8")
        operator.was_asked("钱能不能退给我")

        assert operator.gaps("add", "1", "--to", "refund", "--yes").exit_code == 0

    def test_a_new_answer_takes_the_phrasings(self, operator) -> None:
        operator.was_asked("怎么养猫", "怎么养猫", "请问如何养猫")

        result = operator.gaps("add", "1", "--new", "cats", "--category", "宠物", "--answer", "喂它。", "--yes")

        assert result.exit_code == 0, result.output
        assert (operator.folder / "answers/宠物.yaml").read_text(encoding="utf-8") == (
            "category: 宠物\n\nanswers:\n  - id: cats\n    question: 怎么养猫\n    similar:\n      - 请问如何养猫\n"
            "    answer: 喂它。\n"
        )

    def test_what_check_refuses_is_not_written(self, operator) -> None:
        operator.was_asked("怎么养猫")

        result = operator.gaps("add", "1", "--new", "c:d", "--category", "订单", "--answer", "喂它。", "--yes")

        assert (result.exit_code, operator.written) == (1, ANSWERS)
        assert "改完有错误，没有写入" in result.output

    def test_numbers_of_people_are_never_written(self, operator) -> None:
        operator.was_asked("猫丢了请打13800138000")

        result = operator.gaps("add", "1", "--to", "refund", "--yes")

        assert (result.exit_code, operator.written) == (1, ANSWERS)
        assert "个人信息" in result.output

    def test_at_most_eight_phrasings_are_written(self, operator) -> None:
        operator.was_asked(*(f"实木地板怎么保养才好{sign}" for sign in "甲乙丙丁戊己庚辛壬癸"))

        operator.gaps("add", "1", "--to", "refund", "--yes")

        assert operator.written.count("实木") == 8

    def test_the_days_may_stand_before_the_word_add(self, operator) -> None:
        operator.was_asked("钱能不能退给我", days_ago=3)

        assert operator.gaps("--days", "2", "add", "1", "--to", "refund", "--yes").exit_code == 2
        assert operator.gaps("--days", "5", "add", "1", "--to", "refund", "--yes").exit_code == 0

    def test_an_answer_that_is_not_there_is_told(self, operator) -> None:
        operator.was_asked("怎么养猫")

        result = operator.gaps("add", "1", "--to", "cats")

        assert (result.exit_code, "没有 id 为「cats」的答案" in result.output) == (1, True)

    @pytest.mark.parametrize(
        "words",
        [
            ("9", "--to", "refund"),
            ("没人问过", "--to", "refund"),
            ("1",),
            ("1", "--to", "refund", "--new", "x"),
            ("1", "--new", "x"),
            ("1", "--to", "refund", "--category", "订单"),
        ],
    )
    def test_a_wrong_call_exits_with_2(self, operator, words) -> None:
        operator.was_asked("怎么养猫")

        assert operator.gaps("add", *words).exit_code == 2
