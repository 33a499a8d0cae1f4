"""Dialogs played by `wxbot test` and `wxbot demo --play`: real processes, from the user's tap to the bot's words."""

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.e2e.conftest import ANSWERS, MENUS
from tests.e2e.processes import START_S, Newcomer, await_true
from wxbot.sandbox.server import LocalServer

PLAYED = """\
对话: 问退款
步骤:
  - 关注
  - 应得: {回复: 欢迎关注小店, 选项: [常见问题]}
  - 菜单: 怎么退款
  - 应得: {答案: refund}
"""
DERAILED = """\
对话: 问发票，却想要发货
步骤:
  - 关注
  - 说: 开发票
  - 应得: {答案: delivery, 选项: [怎么退款, 怎么换货], 没有: 订单页, 结果: 转人工}
  - 说: 转人工
"""
IMPOSSIBLE = "对话: 没人排队\n步骤:\n  - 关注\n  - 客服上线\n  - 客服接入\n"
UNHEARD = "对话: 等一条不会来的消息\n步骤:\n  - 关注\n  - 点: 常见问题\n  - 点: 天书\n"

TOLD = """\
      机器人│ 在订单页点「开发票」。
      机器人│
      机器人│ 相关问题：
      机器人│
      机器人│ 【1】怎么退款
      机器人│ 【2】多久发货
      机器人│
      机器人│ 点击蓝字，或回复【】里的数字。
    - 应得  结果 转人工
    - 应得  答案 delivery「多久发货」
    - 应得  选项「怎么换货」
    - 应得  没有「订单页」
    + 实得  机器人「在订单页点「开发票」。 相关问题： 【1】怎么退款 【2】多久发货 点击蓝字，或回复【】里的数字。」
"""

HANDED_OVER = """\
对话: 找真人
步骤:
  - 关注
  - 客服上线
  - 说: 转人工
  - 应得: {结果: 转人工}
"""

Shop = Callable[..., Newcomer]


@pytest.fixture
def shop(home: Path, tmp_path: Path) -> Iterator[Shop]:
    """A small shop with these dialogs, by name."""
    made: list[Newcomer] = []

    def with_dialogs(**dialogs: str) -> Newcomer:
        content = tmp_path / "content"
        (content / "answers").mkdir(parents=True)
        (content / "menus.yaml").write_text(MENUS, encoding="utf-8")
        (content / "answers/shop.yaml").write_text(ANSWERS, encoding="utf-8")
        for name, text in dialogs.items():
            (content / f"answers/{name}.dialog.yaml").write_text(text, encoding="utf-8")
        made.append(Newcomer(home, tmp_path, content))
        return made[-1]

    yield with_dialogs
    for newcomer in made:
        newcomer.stop()


def test_a_dialog_that_fails_is_told_with_its_line_and_the_talk_so_far(shop: Shop) -> None:
    result = shop(a=PLAYED, b=DERAILED, c=IMPOSSIBLE, d=UNHEARD).run("test")

    assert result.returncode == 1, result.stderr
    assert "4 段对话，3 段没有通过" in result.stdout
    assert "a.dialog.yaml" not in result.stdout
    told = result.stdout.partition("answers/b.dialog.yaml:5: 问发票，却想要发货\n")[2].partition("answers/c")[0]
    assert told.partition("    » 说: 开发票\n")[2] == TOLD
    assert "answers/c.dialog.yaml:5: 没人排队" in result.stdout
    assert "用户没有在排队" in result.stdout
    assert "聊天里没有可以点的「天书」。可以点的有：订单" in result.stdout


def test_programs_read_what_became_of_each(shop: Shop) -> None:
    result = shop(a=PLAYED, c=IMPOSSIBLE).run("test", "--json")

    met, failed = [json.loads(line) for line in result.stdout.splitlines()]
    assert met == {"file": "answers/a.dialog.yaml", "dialog": "问退款", "met": True}
    assert (failed["met"], failed["line"], failed["came"]) == (False, 5, ["用户没有在排队"])


def test_dialogs_may_be_left_out(shop: Shop) -> None:
    result = shop(b=DERAILED).run("test", "--no-dialogs")

    assert (result.returncode, "段对话" in result.stdout) == (0, False)


def test_a_demo_plays_a_dialog_and_so_does_a_second_one_on_its_page(shop: Shop) -> None:
    newcomer = shop(a=PLAYED, c=IMPOSSIBLE)
    paths = [str(newcomer.content / f"answers/{name}.dialog.yaml") for name in "ac"]
    demo = newcomer.start("demo", "--port", "0", "--play", paths[0], "--pause", "0")
    await_true(lambda: "演完了" in demo.printed(), START_S)

    again = newcomer.run("demo", "--play", paths[1], "--pause", "0")

    assert "» 菜单: 怎么退款\n" in demo.printed()
    assert again.returncode == 1
    assert "+ 实得  用户没有在排队" in again.stdout
    assert demo.stop(signal.SIGINT) == 0
    assert newcomer.processes() == []


def test_dialogs_leave_the_operators_redis_and_group_alone(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    posted: list[object] = []
    app = Flask("group")
    app.add_url_rule("/robot", view_func=lambda: posted.append(1) or {"errcode": 0}, methods=["POST"], endpoint="robot")
    group = LocalServer(app)
    group.start()
    monkeypatch.setenv("NOTICE_WECOM_URL", f"{group.url}/robot")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1")

    result = shop(a=HANDED_OVER).run("test")
    group.stop()

    assert result.returncode == 0, result.stdout + result.stderr
    assert posted == []
