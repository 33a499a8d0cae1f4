"""What a table asks for goes into the operators' files, and everything else stays as it was, byte by byte."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wxbot.adapters.content import examine
from wxbot.adapters.content.editing import EditRefused, write_all
from wxbot.adapters.content.rewriting import amended
from wxbot.adapters.content.sheet import rows_of
from wxbot.service.answer_table import LISTS, Row, compare

BLOCK = """\
# 订单
category: 订单
synonyms: [[退款, 退钱]]

answers:
  # 退款最常问
  - id: refund   # 不要改
    question: 怎么退款   # 标题
    similar:
      - 我要退款  # 真实问法
      # 下一句也是真的
      - "退: 钱"
      - 想退
    answer: |   # 多行
      在订单页点「申请退款」。

      三天到账。
    keywords: [退款, 到账]   # 词

  # 发票
  - {id: invoice, question: 怎么开发票, similar: [发票, 开票], answer: 在订单页点。}   # 一行的

  - id: delivery
    question: 多久发货
    answer: >-
      两天
      内。

# 结束
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
  answer: 点设置。   # 短
  related: [register]
"""


@pytest.fixture
def folder(a_folder):
    return a_folder({"answers/orders.yaml": BLOCK, "answers/account.yaml": BRACKETS})


def rows(folder: Path) -> list[Row]:
    return rows_of(examine(folder).written)


def rewrite(folder: Path, after: list[Row], *, remove: bool = False) -> None:
    write_all(amended(folder, compare(rows(folder), after, remove=remove)))


def edit(folder: Path, id: str, category: str = "", **values: str | tuple[str, ...]) -> str:
    """Both files after one answer has been changed."""
    after = [Row(row.id, category or row.category, {**row.values, **values}) for row in rows(folder) if row.id == id]
    rewrite(folder, after)
    assert [row for row in rows(folder) if row.id == id] == [Row(id, after[0].category, _filled(after[0]))]
    return both(folder)


def _filled(row: Row) -> dict[str, object]:
    return {name: value for name, value in row.values.items() if value or name in LISTS}


def both(folder: Path) -> str:
    return "".join((folder / f"answers/{name}.yaml").read_text("utf-8") for name in ("orders", "account"))


@pytest.mark.parametrize(
    ("id", "values", "old", "new"),
    [
        ("refund", {"question": "怎样退款"}, "怎么退款   # 标题", "怎样退款   # 标题"),
        ("refund", {"question": "退: #1"}, "怎么退款   # 标题", "'退: #1'   # 标题"),
        ("refund", {"answer": "点这里。"}, "在订单页点「申请退款」。\n\n      三天到账。\n", "点这里。\n"),
        ("refund", {"answer": "一\n\n二"}, "在订单页点「申请退款」。\n\n      三天到账。\n", "一\n\n      二\n"),
        ("refund", {"similar": ("我要退款", "退: 钱", "要退")}, "- 想退", "- 要退"),
        ("refund", {"similar": ("我要退款", "想退")}, '      - "退: 钱"\n', ""),
        ("refund", {"similar": ("新", "我要退款", "退: 钱", "想退")}, "      - 我要", "      - 新\n      - 我要"),
        ("refund", {"similar": ("我要退款", "甲", "退: 钱", "想退")}, "真实问法\n", "真实问法\n      - 甲\n"),
        ("refund", {"keywords": ("退款",)}, "[退款, 到账]   # 词", "[退款]   # 词"),
        ("refund", {"keywords": ()}, "    keywords: [退款, 到账]   # 词\n", ""),
        ("refund", {"exact": ("退",)}, "    keywords: [退款", "    exact:\n      - 退\n    keywords: [退款"),
        ("invoice", {"answer": "好, 的"}, "answer: 在订单页点。", "answer: '好, 的'"),
        ("invoice", {"similar": ()}, ", similar: [发票, 开票]", ""),
        ("invoice", {"related": ("refund",)}, "点。}", "点。, related: [refund]}"),
        ("delivery", {"answer": "三天内。"}, ">-\n      两天\n      内。\n", "|\n      三天内。\n"),
        ("close", {"answer": "一\n二"}, "点设置。   # 短\n", "|   # 短\n    一\n    二\n"),
        ("register", {"similar": ("注册", "开户")}, "[注册, 我想申请一个帐号,\n    '在哪里: 注册']", "[注册, 开户]"),
    ],
)
def test_only_what_changed_is_written(folder, id, values, old, new) -> None:
    before = both(folder)
    assert before.count(old) == 1

    assert edit(folder, id, **values) == before.replace(old, new)


def test_windows_line_ends_stay(a_folder) -> None:
    folder = a_folder({"answers/orders.yaml": BLOCK.replace("\n", "\r\n").encode()})
    after = [Row(row.id, row.category, {**row.values, "answer": "一\n二"}) for row in rows(folder)]

    rewrite(folder, after)

    text = (folder / "answers/orders.yaml").read_bytes().decode()
    assert text.count("\n") == text.count("\r\n") > 20
    assert rows(folder) == after


def test_a_moved_answer_takes_its_comments_along(folder) -> None:
    after = edit(folder, "refund", "账号", question="怎样退款")

    moved = BLOCK[BLOCK.index("  # 退款最常问") : BLOCK.index("\n  # 发票")].replace(
        "怎么退款   # 标", "怎样退款   # 标"
    )
    assert (folder / "answers/orders.yaml").read_text("utf-8") == BLOCK.replace(
        BLOCK[BLOCK.index("  # 退款最常问") : BLOCK.index("  # 发票")], "\n"
    )
    assert after.endswith("".join(line.removeprefix("  ") for line in moved.splitlines(keepends=True)))


def test_a_removed_answer_goes_with_its_comment(folder) -> None:
    rewrite(folder, [row for row in rows(folder) if row.id != "invoice"], remove=True)

    gone = BLOCK[BLOCK.index("\n  # 发票") : BLOCK.index("\n  - id: delivery")]
    assert (folder / "answers/orders.yaml").read_text("utf-8") == BLOCK.replace(gone, "")


def test_the_last_answers_of_a_file_can_go_and_others_come(folder) -> None:
    rewrite(folder, [row for row in rows(folder) if row.category != "账号"], remove=True)
    assert (folder / "answers/account.yaml").read_text("utf-8") == "category: 账号\nanswers: []\n"

    rewrite(folder, [*rows(folder), Row("login", "账号", {"question": "怎么登录", "answer": "扫码。"})])

    assert (folder / "answers/account.yaml").read_text("utf-8") == (
        "category: 账号\nanswers:\n  - id: login\n    question: 怎么登录\n    answer: 扫码。\n"
    )


def test_new_answers_of_a_new_category_share_a_file(folder) -> None:
    new = [Row(id, "会员", {"question": f"{id}问", "answer": f"{id}答", "keywords": ("词",)}) for id in ("甲", "乙")]

    rewrite(folder, [*rows(folder), *new])

    assert (folder / "answers/会员.yaml").read_text("utf-8") == (
        "category: 会员\n\nanswers:\n"
        "  - id: 甲\n    question: 甲问\n    answer: 甲答\n    keywords:\n      - 词\n\n"
        "  - id: 乙\n    question: 乙问\n    answer: 乙答\n    keywords:\n      - 词\n"
    )


def test_two_new_categories_never_share_a_file_name(folder) -> None:
    new = [Row(f"x{at}", name, {"question": f"{at}问", "answer": "答"}) for at, name in enumerate(("a/b", "a b"))]

    rewrite(folder, [*rows(folder), *new])

    assert (folder / "answers/a-b.yaml").exists()
    assert (folder / "answers/a-b-2.yaml").exists()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("category: 甲\nanswers: [{id: a, question: 问, answer: 答}]\n", None),
        ("category: 甲\nanswers:\n- id: a\n  question: &q 问\n  similar: [*q]\n  answer: 答\n", {"question": "别的"}),
        (
            "category: 甲\nanswers:\n- id: a\n  question: 问\n  similar: [b, # 留\n   c]\n  answer: 答\n",
            {"similar": ("c",)},
        ),
    ],
)
def test_a_file_that_cannot_be_edited_is_left_to_its_owner(a_folder, text, values) -> None:
    folder = a_folder({"answers/a.yaml": text})
    known = rows(folder)
    if values is None:
        after = [*known, Row("b", "甲", {"question": "问二", "answer": "答"})]
    else:
        after = [Row(known[0].id, known[0].category, {**known[0].values, **values})]

    with pytest.raises(EditRefused, match="手工改"):
        rewrite(folder, after)

    assert (folder / "answers/a.yaml").read_text("utf-8") == text


_text = st.text("退款 ab:#-'\"|>{}[],&*!%@\n", min_size=1, max_size=12).map(str.strip).filter(bool)
_line = st.text("退款 ab:#-'\"|>{}[],&*!%@", min_size=1, max_size=8).map(str.strip).filter(bool)
_lists = st.lists(_line, max_size=3, unique=True).map(tuple)
_row = st.fixed_dictionaries(
    {"question": _line, "answer": _text, "similar": _lists, "exact": _lists, "keywords": st.just(())}
)


@given(
    edited=st.dictionaries(st.sampled_from(["refund", "invoice", "delivery", "register", "new", "更多"]), _row),
    categories=st.lists(st.sampled_from(["订单", "账号", "别的"]), min_size=6, max_size=6),
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_edit_says_what_was_wanted_or_is_refused(a_folder, edited, categories) -> None:
    folder = a_folder({"answers/orders.yaml": BLOCK, "answers/account.yaml": BRACKETS})
    (folder / "answers/别的.yaml").unlink(missing_ok=True)
    after = [Row(id, category, values) for (id, values), category in zip(edited.items(), categories, strict=False)]
    edits = amended(folder, compare(rows(folder), after, remove=False))

    write_all(edits)

    said = {row.id: (row.category, _filled(row)) for row in rows(folder)}
    for row in after:
        category, values = said[row.id]
        assert category == row.category
        assert {**dict.fromkeys(LISTS, ()), **_filled(row)}.items() <= {**dict.fromkeys(LISTS, ()), **values}.items()
