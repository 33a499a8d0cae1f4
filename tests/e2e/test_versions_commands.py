"""`wxbot publish` and `wxbot rollback` when what they look back at is gone, damaged, or was wrong too."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wxbot.adapters.redis.connect import connect, connect_worker
from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.shelf import RedisShelf
from wxbot.entrypoints.cli import cli

ANSWERS = "category: 订单\nanswers: [{{id: refund, question: 怎么退款, answer: {}}}]\n"


@dataclass
class Operator:
    """At a terminal."""

    folder: Path
    redis_url: str
    appid: str

    def publishes(self, answer: str) -> Result:
        (self.folder / "answers/shop.yaml").write_text(ANSWERS.format(answer), encoding="utf-8")
        return self.runs("publish", "--yes")

    def runs(self, *words: str) -> Result:
        return CliRunner().invoke(cli, ["--content", str(self.folder), *words])

    @property
    def live(self) -> int:
        return RedisShelf(connect_worker(self.redis_url), self.appid).standing().live.number

    def loses_what_is_live(self, instead: bytes | None) -> None:
        """instead: what its archive is then, None for nothing."""
        redis, shelf = connect(self.redis_url).client, RedisShelf(connect_worker(self.redis_url), self.appid)
        archive = Keys(self.appid).content_archive(shelf.standing().live.digest)
        redis.set(archive, instead) if instead else redis.delete(archive)


@pytest.fixture
def operator(tmp_path: Path, redis_url: str, appid: str, monkeypatch: pytest.MonkeyPatch) -> Operator:
    folder = tmp_path / "content"
    (folder / "answers").mkdir(parents=True)
    (folder / "menus.yaml").write_text("version: 1\n", encoding="utf-8")
    for name, value in {"WECHAT_APPID": appid, "REDIS_URL": redis_url, "WXBOT_DATA": str(tmp_path / "data")}.items():
        monkeypatch.setenv(name, value)
    return Operator(folder, redis_url, appid)


def test_the_same_files_are_not_published_twice(operator) -> None:
    operator.publishes("一天")

    assert "完全一样，不用发布" in operator.publishes("一天").output
    assert operator.live == 1


@pytest.mark.parametrize("instead", [None, b"no zip"])
def test_the_same_files_are_published_again_where_the_live_ones_are_lost(operator, instead) -> None:
    operator.publishes("一天")
    operator.loses_what_is_live(instead)

    again = operator.publishes("一天")

    assert (again.exit_code, operator.live) == (0, 2), again.output
    assert "版本 1 读不出来，没法比较" in again.output
    assert "完全一样" in operator.publishes("一天").output


@pytest.mark.parametrize("instead", [None, b"no zip"])
def test_a_rollback_gets_away_from_a_version_that_is_lost(operator, instead) -> None:
    operator.publishes("一天")
    operator.publishes("两天")
    operator.loses_what_is_live(instead)

    back = operator.runs("rollback", "--yes")

    assert (back.exit_code, operator.live) == (0, 1), back.output
    assert "版本 2 读不出来，没法比较" in back.output


def test_a_rollback_without_a_number_never_goes_to_what_was_rolled_back_from(operator) -> None:
    operator.publishes("一天")
    operator.publishes("写错了")
    operator.runs("rollback", "--yes")
    operator.publishes("又写错了")

    back = operator.runs("rollback", "--yes")

    assert "从版本 3 退回到版本 1" in back.output
    assert operator.live == 1
