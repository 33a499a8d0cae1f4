"""Guides and forms in menus.yaml: what they become, and what is wrong with them."""

import pytest

from wxbot.adapters.content import examine, load
from wxbot.domain.action import Action
from wxbot.domain.flow import Choice, Field

GUIDE = """\
version: 1
guides:
  open:
    name: 打不开
    words: [排查 打不开]
    steps:
      - {id: new, text: 最新吗？, choices: [{label: 是, goto: restart, words: [是的]}, {label: 解决了, end: solved}]}
      - {id: restart, text: 重启, choices: [{label: 还不行, end: ticket:bug}]}
"""
FORM = """\
forms:
  bug:
    name: 反馈
    fields:
      - {id: what, ask: 怎么了, min: 5}
      - {id: system, ask: 什么系统, kind: choice, choices: [甲, 乙]}
      - {id: shots, name: 截图, ask: 请发截图, kind: pictures, optional: true}
"""
SOUND = GUIDE + FORM

WRONG = [
    (("goto: restart", "goto: restrat"), "7:58", "没有 id 为「restrat」的步骤。是不是想写「restart」"),
    ((", end: solved", ""), "7:81", "没有写接着做什么。goto 写下一步的 id"),
    (("end: solved", "end: solved, goto: new"), "7:81", "既有 goto 又有 end"),
    (("end: ticket:bug", "end: ticket:bog"), "8:61", "没有名为「bog」的工单表单。先在 menus.yaml 的 forms 里写它"),
    (("end: ticket:bug", "end: fertig"), "8:61", "没有「fertig」这种动作"),
    (("goto: restart", "end: human"), "8:14", "没有选项能走到「restart」这一步"),
    (("id: restart", "id: new"), "8:14", "前面已经有一个叫「new」的步骤"),
    (("label: 解决了", "label: 是"), "7:89", "前面已经有一个叫「是」的选项"),
    (("text: 重启", "text: '重启{name}'"), "8:32", "这里没有「{name}」可以填"),
    (("text: 重启", f"text: {'重' * 700}"), "8:29", "超过一条消息的 2048 字节"),
    ((", choices: [{label: 还不行, end: ticket:bug}]", ""), "8:9", "这一项缺少 choices"),
    (("[{label: 还不行, end: ticket:bug}]", "[]"), "8:42", "「choices」至少要有 1 项"),
    (("[{label: 还不行, end: ticket:bug}]", f"[{'{label: 甲, end: solved},' * 10}]"), "8:42", "有 10 项，最多 9 项"),
    (("words: [排查 打不开]", "words: [人工]"), "5:13", "「人工」这句话会直接转人工"),
    (("words: [排查 打不开]", "words: ['？']"), "5:13", "永远匹配不上"),
    (("name: 反馈", "name: 反馈\n    words: [排查打不开]"), "12:13", "「排查打不开」已经用来开始「open」"),
    (("    name: 打不开\n", ""), "4:5", "缺少 name"),
    ((FORM[FORM.index("    fields") :], ""), "11:5", "缺少 fields"),
    (("id: system", "id: what"), "14:14", "前面已经有一个叫「what」的一项"),
    (("choices: [甲, 乙]", "choices: [甲]"), "14:9", "「system」是选择题，却没有写选项"),
    (("choices: [甲, 乙]", "choices: [甲, 甲]"), "14:56", "选项「甲」写了不止一次"),
    (("kind: pictures", "kind: picture"), "15:48", "是不是想写「pictures」"),
    (("kind: pictures", "kind: pictures, max: 10"), "15:9", "max 最多写 9"),
    (("kind: pictures", "kind: phone, max: 3"), "15:9", "用不到 min 和 max"),
    (("min: 5", "min: 5, max: 3"), "13:9", "min 比 max 大"),
    (("min: 5", "min: 五"), "13:35", "「五」不是个数"),
    (("min: 5", "choices: [甲]"), "13:9", "用不到 choices"),
    (("min: 5", "past: true"), "13:9", "只有 datetime 能写 past"),
    (("name: 反馈", "name: 反馈\n    done: 编号{nubmer}"), "12:13", "只能用 {number}、{promise}"),
]  # fmt: skip


def told(folder) -> list[str]:
    return [str(problem) for problem in examine(folder).problems]


def test_a_sound_guide_and_form_have_no_problems(a_folder):
    assert told(a_folder({"menus.yaml": SOUND})) == []


@pytest.mark.parametrize(("change", "place", "message"), WRONG)
def test_what_is_wrong_is_told_at_its_place(a_folder, change, place, message):
    assert change[0] in SOUND

    problems = told(a_folder({"menus.yaml": SOUND.replace(*change)}))

    assert any(problem.startswith(f"menus.yaml:{place}: ") and message in problem for problem in problems), problems


def test_a_loop_without_a_way_out_is_told_at_every_step_of_it(a_folder):
    looped = SOUND.replace("end: solved", "goto: new").replace("end: ticket:bug", "goto: new")
    looped = looped.replace("name: 反馈\n", "name: 反馈\n    words: [我要反馈]\n")

    assert [problem.split("：")[0] for problem in told(a_folder({"menus.yaml": looped}))] == [
        "menus.yaml:7:14: 从「new」出发怎么选都结束不了。给其中一步加一个结束的选项，例如 end: solved",
        "menus.yaml:8:14: 从「restart」出发怎么选都结束不了。给其中一步加一个结束的选项，例如 end: solved",
    ]


def test_everything_wrong_is_told_at_once(a_folder):
    broken = SOUND.replace("goto: restart", "goto: x").replace("min: 5", "min: 五").replace("ticket:bug", "ticket:x")

    assert len(told(a_folder({"menus.yaml": broken}))) == 3


def test_a_phrasing_that_begins_a_guide_is_told_to_reach_no_answer(a_folder):
    answers = "category: x\nanswers:\n  - {id: a, question: 排查打不开, answer: 好}\n"

    (problem,) = told(a_folder({"menus.yaml": SOUND, "answers/a.yaml": answers}))
    assert problem.startswith("answers/a.yaml:3:23: 提醒：「排查打不开」这句话会直接开始「打不开」，轮不到这条答案")


def test_a_guide_leads_from_step_to_step(a_folder):
    guide = load(a_folder({"menus.yaml": SOUND})).script.guides["open"]

    assert (guide.start, guide.words) == ("new", frozenset({"排查打不开"}))
    assert guide.steps["new"].choices[0] == Choice("是", "restart", words=frozenset({"是的"}))
    assert guide.steps["restart"].choices == (Choice("还不行", action=Action("ticket", "bug")),)


def test_a_form_has_what_its_kinds_need(a_folder):
    form = load(a_folder({"menus.yaml": SOUND})).script.forms["bug"]

    assert form.type == "反馈"
    assert form.fields[0] == Field("what", "怎么了", name="怎么了", min=5)
    assert form.fields[2] == Field("shots", "请发截图", "pictures", "截图", optional=True, max=5)
