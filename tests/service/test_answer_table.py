"""What an edited table asks for."""

import pytest

from wxbot.service.answer_table import Row, compare, readable_id, summary, told


def a_row(id: str = "refund", category: str = "订单", **values: str | tuple[str, ...]) -> Row:
    return Row(id, category, {"question": "怎么退款", "answer": "点退款。", **values})


def test_the_same_rows_in_another_order_ask_for_nothing() -> None:
    rows = [a_row("a"), a_row("b")]

    assert compare(rows, rows[::-1], remove=True).nothing


def test_what_differs_is_told_by_kind() -> None:
    before = [a_row("a", similar=("退钱", "退货")), a_row("b"), a_row("c")]
    after = [a_row("a", "售后", similar=("退货", "退回")), a_row("d", question="多久到")]

    changes = compare(before, after, remove=True)

    assert list(told(changes)) == [
        "+ 新增 d「多久到」（订单）",
        "> 移动 a「怎么退款」：订单 → 售后",
        "~ 修改 a「怎么退款」",
        "    相似问法 - 退钱",
        "    相似问法 + 退回",
        "- 删除 b「怎么退款」（订单）",
        "- 删除 c「怎么退款」（订单）",
    ]
    assert summary(changes) == "新增 1 条，修改 1 条，移动 1 条，删除 2 条"


def test_answers_that_the_table_does_not_have_stay_unless_asked() -> None:
    changes = compare([a_row("a"), a_row("b")], [a_row("a")], remove=False)

    assert changes.nothing
    assert list(told(changes)) == ["表里没有的 b：保留不动，要删除请加 --remove"]


def test_a_field_that_the_table_does_not_have_stays() -> None:
    after = Row("refund", "订单", {"question": "怎么退款"})

    assert compare([a_row(keywords=("退款",))], [after], remove=False).nothing


def test_an_emptied_cell_takes_the_field_out() -> None:
    changes = compare([a_row(keywords=("退款",))], [a_row(keywords=())], remove=False)

    assert changes.changed[0].values == {"keywords": ()}


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("怎么 退款？", "怎么-退款"),
        ("How to refund?", "How-to-refund"),
        ("？！", "answer"),
        ("怎么退款", "怎么退款-3"),
        ("长" * 99, "长" * 32),
    ],
)
def test_an_id_is_readable_and_new(text, id) -> None:
    assert readable_id(text, {"怎么退款", "怎么退款-2"}) == id
