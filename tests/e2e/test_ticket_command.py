"""`wxbot ticket` over real processes: what followers report, staff find, answer, solve and take away."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.e2e.conftest import MENUS
from tests.e2e.followers import Follower
from tests.e2e.processes import Deployment, await_true
from wxbot.domain.ticket import find_number

FORMS = """\
forms:
  problem:
    name: 反馈问题
    type: 技术问题
    words: [反馈问题]
    confirm: false
    fields:
      - {id: description, name: 描述, ask: 请描述问题}
tickets:
  promise: {一般: 8小时}
  urgency: [{is: 一般}]
"""
SCRIPT = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'


@pytest.fixture(scope="module")
def bot(deploy: Callable[..., Deployment]) -> Deployment:
    bot = deploy(menus=MENUS + FORMS)
    bot.start("worker")
    bot.serve()
    return bot


@pytest.fixture
def follower(bot: Deployment) -> Follower:
    return bot.a_follower()


def report(follower: Follower, description: str) -> str:
    """Fill in the form; the number on the receipt."""
    follower.says("反馈问题")
    receipt = follower.says(description).text
    mention = find_number(receipt)
    assert mention, receipt
    return mention.number


def ticket(bot: Deployment, *words: str) -> str:
    result = bot.run("ticket", *words)
    assert result.returncode == 0, result.stderr
    return result.stdout


def hears(follower: Follower, words: str) -> None:
    await_true(lambda: any(words in message for message in follower.messages), 15)


def test_a_ticket_goes_from_the_chat_to_staff_and_back(bot, follower):
    number = report(follower, "打印机连不上")
    assert f"{number}  待受理" in ticket(bot, "list")

    ticket(bot, "ask", number, "什么型号？", "--by", "小王")
    hears(follower, "什么型号？")
    answered = follower.says("型号是 M1").text
    ticket(bot, "close", number, "已更新驱动", "--by", "小王")
    hears(follower, "已更新驱动")
    follower.says("解决了")

    assert "已经转给同事" in answered
    told = ticket(bot, "show", number)
    assert f"{number}  已关闭" in told
    assert "描述：打印机连不上" in told
    assert "客服（小王） 追问\n    什么型号？" in told
    assert "用户 补充\n    型号是 M1" in told


def test_owners_of_linked_tickets_hear_of_one_solution(bot):
    owners = [bot.a_follower(), bot.a_follower()]
    numbers = [report(owner, "登录时一直转圈") for owner in owners]

    ticket(bot, "link", "登录服务故障", *numbers)
    solved = ticket(bot, "close", "--cause", "登录服务故障", "--note", "服务已恢复")

    assert all(f"{number}：已解决" in solved for number in numbers)
    for owner in owners:
        hears(owner, "服务已恢复")


def test_exports_hold_script_harmlessly(bot, follower, tmp_path: Path):
    number = report(follower, SCRIPT)
    paths = [tmp_path / f"tickets.{kind}" for kind in ("csv", "xlsx", "json")]
    for path in paths:
        ticket(bot, "export", str(path), "--all")

    assert paths[0].read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(paths[0].read_text("utf-8-sig"), newline="")))
    (line,) = [row for row in rows if row["工单号"] == number]
    assert line["标题"].startswith("'=HYPERLINK")
    book = load_workbook(paths[1])
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    found = [json.loads(line) for line in paths[2].read_text("utf-8").splitlines()]
    assert next(each for each in found if each["number"] == number)["entries"][0]["values"][0]["text"] == SCRIPT


def test_script_is_shown_to_its_owner_as_words(follower):
    number = report(follower, SCRIPT)

    shown = follower.says(number).text

    assert "<script>" not in shown
    assert "＜script＞" in shown


def test_another_persons_number_is_refused_in_the_chat(bot, follower):
    number = report(follower, "账号里的私事")
    stranger = bot.a_follower()

    for words in (number, f"追加 {number} 请发到我邮箱", f"催办 {number}"):
        assert "没有找到您的工单" in stranger.says(words).text
    assert "用户 追加" not in ticket(bot, "show", number)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "261101-00000"), "没有这张工单"),
        (("reply", "abc", "好"), "不是工单号"),
        (("list", "--state", "飞了"), "没有「飞了」这种状态"),
        (("close",), "两者选一"),
        (("export", "a.txt"), "结尾"),
    ],
)
def test_what_cannot_be_done_is_told(bot, words, told):
    result = bot.run("ticket", *words)

    assert result.returncode in (1, 2)
    assert told in result.stderr


def test_what_is_not_possible_any_more_is_refused(bot, follower):
    number = report(follower, "重复提交的")
    ticket(bot, "close", number, "--final")

    result = bot.run("ticket", "ask", number, "还在吗")

    assert (result.returncode, f"{number}：现在是「已关闭」，不能这样做" in result.stderr) == (1, True)
    assert "已整理" in ticket(bot, "reindex")
