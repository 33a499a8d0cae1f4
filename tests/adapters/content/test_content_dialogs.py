"""Files of dialogs, as operators get them wrong and right."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from wxbot.adapters.content import examine, fingerprint, load
from wxbot.adapters.content.dialog_format import FaultName, Kind
from wxbot.domain.transcript import Deed, Expectation, Outcome, Start, Transcript, What

REPOSITORY = Path(__file__).parents[3]

MENUS = "version: 1\nmenu:\n  - {name: 自助, items: [{name: 目录, action: browse}]}\n  - {name: 人工, action: human}\n"
ANSWERS = "category: 订单\nanswers:\n  - {id: refund, question: 怎么退款, answer: 在订单页申请。}\n"
FILE = "answers/talks/a.dialog.yaml"

FolderWith = Callable[[str], Path]


@pytest.fixture
def folder_with(a_folder) -> FolderWith:
    """The text of a dialog → the folder it lies in, beside an answer and a menu."""
    return lambda dialog: a_folder({"menus.yaml": MENUS, "answers/a.yaml": ANSWERS, FILE: dialog})


def told(folder: Path) -> list[str]:
    return [str(problem).removeprefix(f"{FILE}:") for problem in examine(folder).problems]


def of_steps(*steps: str) -> str:
    """A dialog whose first step is in line 3."""
    return "对话: 试试\n步骤:\n" + "".join(f"  - {step}\n" for step in steps)


def test_a_dialog_is_read_with_its_places(folder_with: FolderWith) -> None:
    dialog = (
        "对话: 退款\n时间: 2027-01-01 9:30\n步骤:\n  - 关注\n  - 说: 2\n"
        "  - 应得: {答案: refund, 回复: 订单, 选项: [目录], 消息: [甲, 乙], 没有: 丙, 结果: 回复}\n"
        "  - 过: 31分钟\n  - 菜单: 自助/目录\n  - 标签: 101\n  - 排队: 60 人\n"
    )

    examined = examine(folder_with(dialog))

    assert examined.problems == ()
    steps = (
        Deed("follow", 4, "关注"),
        Deed("say", 5, "说: 2", "2"),
        Expectation(6, "refund", ("订单",), ("目录",), ("甲", "乙"), ("丙",), "reply"),
        Deed("wait", 7, "过: 31分钟", seconds=1860),
        Deed("menu", 8, "菜单: 自助/目录", "自助/目录"),
        Deed("tag", 9, "标签: 101", "101"),
        Deed("queue", 10, "排队: 60人", "60"),
    )
    assert examined.dialogs == (Transcript("退款", steps, FILE, Start(date(2027, 1, 1), 570)),)


BROKEN = [
    ("", "1:1: 文件是空的。请写上 对话 和 步骤，或者删掉这个文件"),
    ("步骤: [关注]\n", "1:1: 缺少 对话。请加上一行 对话: ……"),
    ("对话: 空\n", "1:1: 没有写步骤。请写上 步骤: 和下面的每一步，每一步用“- ”开头"),
    ("对话: 空\n步骤: 关注\n", "2:5: 「步骤」应为列表，这里写的是「关注」。写成 [甲, 乙]，或每项一行、用“- ”开头"),
    ("对话：空\n", "1:1: 整个文件应为一组“键: 值”，这里写的是「对话：空」"),
    ("对话: 空\n时间: 明天\n步骤: [关注]\n", "2:5: 「明天」不是日子和时间。写成 周三 10:00，或 2027-01-01 10:00"),
    ("对话: 空\n时间: 周三 25:00\n步骤: [关注]\n", "2:5: 「周三 25:00」不是日子和时间"),
    ("对话: 空\n时间: 周末 10:00\n步骤: [关注]\n", "2:5: 「周末」不止一天。只写一天，例如 周三 10:00"),
    ("对话: 空\n时间: 2027-02-30 10:00\n步骤: [关注]\n", "2:5: 没有 2027-02-30 这一天"),
    ("对话: 空\n步聚: [关注]\n", "2:1: 不认识的键「步聚」。这里可以写：对话、时间、步骤"),
    (of_steps("客服上班"), "3:5: 「客服上班」不是一个步骤。是不是想写「客服上线」"),
    (of_steps("说：你好"), "3:5: 「说：你好」不是一个步骤。写成“说: 你好”，冒号是半角的，后面空一格"),
    (of_steps("跳舞"), "3:5: 「跳舞」不是一个步骤。只有一个词的步骤有：关注、取关"),
    (of_steps("客服讲: 你好"), "3:5: 不认识的键「客服讲」"),
    (of_steps("{说: 你好, 点: 目录}"), "3:5: 一步里写了几件事。每一步只写一件事，各用一个“- ”开头"),
    (of_steps("说:"), "3:7: 「说」后面是空的"),
    (of_steps("发:"), "3:7: 「发」后面是空的"),
    (of_steps("应得:"), "3:8: 「应得」后面是空的"),
    (of_steps("应得: {结果: }"), "3:14: 「结果」后面是空的"),
    (of_steps("发: 照片"), "3:8: 「发」不能写「照片」。可以写：表情、图片、语音"),
    (of_steps("故障: 接口很慢"), "3:9: 「故障」不能写「接口很慢」"),
    (of_steps("过: 半小时"), "3:8: 「半小时」不是一段时间。写成 30秒、31分钟、2小时 或 3天"),
    (of_steps("标签: 企业客户"), "3:9: 「企业客户」不是标签的编号。写公众平台里标签的编号，例如 101"),
    (of_steps("排队: 很多人"), "3:9: 「很多人」不是人数。写成 60人，最多 1000 人"),
    (of_steps("排队: 0人"), "3:9: 「0人」不是人数"),
    (of_steps("标签:"), "3:8: 「标签」后面是空的"),
    (of_steps("菜单: 自助 / 目绿"), "3:9: 底部菜单里没有「自助 / 目绿」。是不是想写「自助 / 目录」"),
    (of_steps("菜单: 自助"), "3:9: 底部菜单里没有「自助」"),
    (of_steps("应得: {}"), "3:9: 没有写应得什么"),
    (of_steps("应得: 你好"), "3:9: 「应得」应为一组“键: 值”，这里写的是「你好」"),
    (of_steps("应得: {答案: refunds}"), "3:14: 没有 id 为「refunds」的答案。是不是想写「refund」"),
    (of_steps("应得: {结果: 转接}"), "3:14: 「结果」不能写「转接」"),
    (of_steps("应得: {文字: 你好}"), "3:10: 不认识的键「文字」。这里可以写：回复、没有、消息"),
]


@pytest.mark.parametrize(("dialog", "problem"), BROKEN, ids=[problem[:24] for _, problem in BROKEN])
def test_a_broken_dialog_is_told_in_chinese_at_its_place(folder_with: FolderWith, dialog: str, problem: str) -> None:
    assert any(line.startswith(problem) for line in told(folder_with(dialog))), told(folder_with(dialog))


def test_every_problem_is_told_at_once_and_hides_no_sound_step(folder_with: FolderWith) -> None:
    folder = folder_with(of_steps("关住", "说: 退款", "应得: {答案: 天书}", "发: 烟花"))

    assert [line.partition(": ")[0] for line in told(folder)] == ["3:5", "5:14", "6:8"]
    assert Deed("say", 4, "说: 退款", "退款") in examine(folder).dialogs[0].steps


def test_the_example_shows_every_step_and_every_outcome() -> None:
    steps = [step for dialog in examine(REPOSITORY).dialogs for step in dialog.steps]
    deeds = [step for step in steps if isinstance(step, Deed)]

    assert {deed.what for deed in deeds} == set(get_args(What))
    assert {deed.argument for deed in deeds if deed.what == "send"} == set(get_args(Kind))
    assert {deed.argument for deed in deeds if deed.what == "fault"} == set(get_args(FaultName))
    outcomes = {step.outcome for step in steps if isinstance(step, Expectation)}
    assert outcomes - {None} == set(get_args(Outcome)) - {"failed"}


def test_a_broken_dialog_keeps_no_answer_back(folder_with: FolderWith) -> None:
    folder = folder_with("对话: [\n")

    assert list(load(folder).script.answers) == ["refund"]
    assert examine(folder).errors


def test_an_edited_dialog_reloads_nothing(folder_with: FolderWith) -> None:
    folder = folder_with(of_steps("关注"))
    before = fingerprint(folder)

    (folder / FILE).write_text(of_steps("取关"), encoding="utf-8")

    assert fingerprint(folder) == before


def test_what_cannot_be_looked_up_is_not_missed(a_folder) -> None:
    steps = of_steps("菜单: 自助 / 目录", "应得: {答案: refund}")
    folder = a_folder({"menus.yaml": "version: 2\n", "answers/a.yaml": b"\xff\xfe", FILE: steps})

    assert [problem.file for problem in examine(folder).problems] == ["answers/a.yaml", "menus.yaml"]


def test_given_files_are_told_apart_by_their_names(folder_with: FolderWith, tmp_path: Path) -> None:
    folder = folder_with(of_steps("关注"))
    dialog, cases = tmp_path / "other.dialog.yaml", tmp_path / "other.yaml"
    dialog.write_text(of_steps("取关"), encoding="utf-8")
    cases.write_text("cases: [{ask: 退钱, expect: refund}]\n", encoding="utf-8")

    examined = examine(folder, [dialog, cases])

    assert [[step.written for step in one.steps if isinstance(step, Deed)] for one in examined.dialogs] == [["取关"]]
    assert [case.ask for case in examined.cases] == ["退钱"]
