"""`tickets:` in menus.yaml: what it becomes, and what is wrong with it."""

import pytest

from tests.adapters.content.test_content_broken import KNOWN, told
from wxbot.adapters import content
from wxbot.domain.promises import DAY_S, Promise, UrgencyRule

SOUND = """\
version: 1
forms: {account: {name: 账号, fields: [{id: d, ask: 怎么了}]}}
tickets:
  promise: {紧急: 2小时, 一般: 3天}
  urgency:
    - {when: {form: account, words: [盗 号]}, is: 紧急}
    - {is: 一般}
  nudges: 5
  close_after: 2天
"""


def test_rules_become_values(a_folder) -> None:
    rules = content.load(a_folder({"menus.yaml": SOUND, "answers/a.yaml": KNOWN})).script.tickets

    assert rules.promises == {"紧急": Promise(seconds=7200), "一般": Promise(days=3)}
    assert rules.urgency == (UrgencyRule("紧急", "account", ("盗号",)), UrgencyRule("一般"))
    assert (rules.nudges, rules.close_after_s, rules.waiting_after_s) == (5, 2 * DAY_S, DAY_S)


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (("2小时", "两小时"), "4:17", "「两小时」不是一段时间"),
        (("nudges: 5", "nudges: 很多"), "8:11", "「很多」不是个数"),
        (("is: 紧急", "is: 紧要"), "6:49", "promise 里没有写「紧要」多久回复"),
        (("form: account", "form: acount"), "6:21", "没有名为「acount」的表单"),
        (("{when: {form: account, words: [盗 号]}, is: 紧急}", "{is: 紧急}"), "7:7", "轮不到这一条"),
        (("    - {is: 一般}\n", ""), "4:22", "没有规则会把工单分到「一般」"),
        (("close_after: 2天", "close_after: 七天"), "9:16", "「七天」不是一段时间"),
    ],
)
def test_mistakes_are_told_at_their_place(a_folder, change, place, words) -> None:
    folder = a_folder({"menus.yaml": SOUND.replace(*change), "answers/a.yaml": KNOWN})

    problems = told(folder)

    assert any(problem.startswith(f"menus.yaml:{place}: ") and words in problem for problem in problems), problems
