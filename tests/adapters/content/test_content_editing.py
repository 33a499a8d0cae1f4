"""Phrasings and entries go into operators' files, and everything else stays as it was, byte by byte."""

import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wxbot.adapters.content import load
from wxbot.adapters.content.editing import Edit, EditRefused, rehearsed, with_entry, with_phrasings
from wxbot.adapters.content.pieces import NewEntry

BLOCK = """\
# 订单
category: 订单

answers:
  # 退款最常问
  - id: refund   # 不要改
    question: 怎么退款
    similar:
      - 我要退款  # 真实问法
      - "退: 钱"

      # 下面是回答
    answer: |
      在订单页点「申请退款」。

  - {id: invoice, question: 怎么开发票, answer: 在订单页点。}   # 一行的

  - id: delivery
    question: 多久发货
    answer: 两天内。
"""
BRACKETS = """\
category: 账号
answers:
- id: register
  question: 怎么注册
  similar: [注册, 我想申请一个帐号,
    '在哪里: 注册']   # 问法
  answer: 点右上角。
- id: close
  question: 怎么注销
  similar: []
  answer: 点设置。
- id: rename
  question: >-
    怎么
    改名
  answer: 点头像。
"""


@pytest.fixture
def folder(a_folder):
    return a_folder({"answers/orders.yaml": BLOCK, "answers/account.yaml": BRACKETS})


def added(edit: Edit) -> list[str]:
    """Lines that the diff adds, where it takes none away."""
    assert not [line for line in edit.diff if line.startswith("-") and not line.startswith("---")]
    return [line[1:] for line in edit.diff if line.startswith("+") and not line.startswith("+++")]


def changed(edit: Edit) -> tuple[str, str]:
    """The one line that changes, before and after."""
    lines = [line for line in edit.diff if line[:1] in "-+" and line[:3] not in ("---", "+++")]
    before, after = lines
    return before[1:], after[1:]


def test_a_list_of_lines_gets_more_lines(folder) -> None:
    edit = with_phrasings(folder, "refund", ["退款怎么弄", "钱怎么退"])

    assert added(edit) == ["      - 退款怎么弄", "      - 钱怎么退"]
    assert edit.after == BLOCK.replace('"退: 钱"\n', '"退: 钱"\n      - 退款怎么弄\n      - 钱怎么退\n')


def test_a_list_in_brackets_goes_on_in_brackets(folder) -> None:
    edit = with_phrasings(folder, "register", ["怎么开户", "a, b"])

    assert changed(edit)[1] == "    '在哪里: 注册', 怎么开户, 'a, b']   # 问法"


def test_a_line_in_brackets_that_gets_too_long_is_broken(folder) -> None:
    edit = with_phrasings(
        folder, "register", [f"第一次用这个软件应该怎么样注册一个属于自己的账号{number}" for number in "123"]
    )

    assert max(map(len, edit.after.splitlines())) <= 76
    assert "账号2,\n    第一次" in edit.after


def test_an_empty_list_in_brackets_is_filled(folder) -> None:
    assert changed(with_phrasings(folder, "close", ["销号", "注销"]))[1] == "  similar: [销号, 注销]"


def test_an_entry_without_similar_gets_it_in_the_style_of_its_file(folder) -> None:
    assert added(with_phrasings(folder, "delivery", ["何时发货"])) == ["    similar:", "      - 何时发货"]
    assert added(with_phrasings(folder, "rename", ["改名"])) == ["  similar: [改名]"]


def test_an_entry_on_one_line_stays_on_one_line(folder) -> None:
    edit = with_phrasings(folder, "invoice", ["要发票"])

    assert changed(edit)[1] == (
        "  - {id: invoice, question: 怎么开发票, similar: [要发票], answer: 在订单页点。}   # 一行的"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [("9:00", "'9:00'"), ("true", "'true'"), ("- 退", "'- 退'"), ("#1 号单", "'#1 号单'"), ("'退'", "'''退'''")],
)
def test_what_yaml_would_take_for_something_else_is_quoted(folder, text, written) -> None:
    edit = with_phrasings(folder, "refund", [text])

    assert added(edit) == [f"      - {written}"]


def test_line_ends_and_byte_order_mark_stay(a_folder) -> None:
    before = "\ufeff" + BLOCK.replace("\n", "\r\n")
    folder = a_folder({"answers/a.yaml": before})

    with_phrasings(folder, "refund", ["钱怎么退"]).write()

    after = (folder / "answers/a.yaml").read_bytes().decode()
    assert after == before.replace('"退: 钱"\r\n', '"退: 钱"\r\n      - 钱怎么退\r\n')


def test_a_file_that_ends_without_a_line_end_is_edited(a_folder) -> None:
    folder = a_folder({"answers/a.yaml": "category: x\nanswers:\n- id: a\n  answer: 好\n  question: 甲"})

    edit = with_phrasings(folder, "a", ["乙"])

    assert edit.after.endswith("question: 甲\n  similar:\n    - 乙\n")


def test_an_id_that_nobody_has_is_refused(folder) -> None:
    with pytest.raises(EditRefused, match="没有 id 为「refunds」的答案"):
        with_phrasings(folder, "refunds", ["退"])


@pytest.mark.parametrize(
    "entries",
    [
        "- {id: a, question: 甲, answer: 好, similar: &s [乙]}\n- {id: b, question: 丙, answer: 好, similar: *s}",
        "- id: b\n  question: 丙\n  answer: 好\n  similar: &s [丁]\n- {id: a, question: 甲, answer: 好, similar: *s}",
        "- {id: b, question: 丙, answer: &t 好, similar: [&p 乙]}\n- {id: a, question: 甲, answer: 好, similar: [*p]}",
    ],
)
def test_what_is_shared_between_entries_is_left_to_its_owner(a_folder, entries) -> None:
    folder = a_folder({"answers/a.yaml": f"category: x\nanswers:\n{entries}\n"})

    with pytest.raises(EditRefused, match="请手工改"):
        with_phrasings(folder, "a", ["戊"])


PHRASINGS = st.lists(
    st.text("退款怎么: #'\"[]{},-?!|>&*%@`~\\09aé😀", min_size=1).map(str.strip).filter(bool), min_size=1, unique=True
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(id=st.sampled_from(["refund", "invoice", "delivery", "register", "close", "rename"]), phrasings=PHRASINGS)
def test_whatever_is_written_reads_back(folder, id: str, phrasings: list[str]) -> None:
    before = load(folder).script.answers

    with rehearsed(folder, with_phrasings(folder, id, phrasings)) as copy:
        after = load(copy).script.answers

    assert after[id].similar == (*before[id].similar, *phrasings)
    assert {**after, id: before[id]} == dict(before)


ENTRY = NewEntry("cats", "怎么养猫", ("养猫", "猫: 怎么养"), "第一步。\n\n  第二步。")


def test_a_new_entry_goes_behind_the_others_of_its_category(folder) -> None:
    edit = with_entry(folder, "订单", ENTRY)

    assert edit.after == BLOCK + textwrap.indent(
        "\n- id: cats\n  question: 怎么养猫\n  similar:\n    - 养猫\n    - '猫: 怎么养'\n"
        "  answer: |\n    第一步。\n\n      第二步。\n",
        "  ",
    )


def test_a_new_entry_follows_the_style_of_its_file(folder) -> None:
    edit = with_entry(folder, "账号", NewEntry("cats", "怎么养猫", ("养猫", "猫怎么养"), "喂它。"))

    assert added(edit) == ["- id: cats", "  question: 怎么养猫", "  similar: [养猫, 猫怎么养]", "  answer: 喂它。"]


def test_a_new_category_gets_a_file_of_its_own(folder) -> None:
    edit = with_entry(folder, "宠物/猫", NewEntry("cats", "怎么养猫", (), "喂它。"))
    edit.write()

    assert edit.source.file == "answers/宠物-猫.yaml"
    assert load(folder).script.answers["cats"].category == "宠物/猫"


def test_a_taken_id_is_refused(folder) -> None:
    with pytest.raises(EditRefused, match=r"id「refund」已经有了，在 answers/orders\.yaml"):
        with_entry(folder, "宠物", NewEntry("refund", "怎么养猫", (), "喂它。"))


def test_a_file_changed_by_somebody_else_is_not_written_over(folder) -> None:
    edit = with_phrasings(folder, "refund", ["退"])
    (folder / "answers/orders.yaml").write_text(BLOCK + "# 我的\n", encoding="utf-8")

    with pytest.raises(EditRefused, match="刚刚被改过"):
        edit.write()

    assert (folder / "answers/orders.yaml").read_text(encoding="utf-8").endswith("# 我的\n")


def test_a_rehearsal_leaves_the_folder_alone(folder) -> None:
    with rehearsed(folder, with_phrasings(folder, "refund", ["退我钱"])) as copy:
        assert "退我钱" in load(copy).script.answers["refund"].similar

    assert (folder / "answers/orders.yaml").read_text(encoding="utf-8") == BLOCK
    assert not copy.exists()
