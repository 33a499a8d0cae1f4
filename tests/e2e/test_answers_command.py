"""`wxbot answers export` and `import` over real files."""

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from wxbot.adapters.content.tables import read_table, write_table
from wxbot.entrypoints.cli import cli

REPOSITORY = Path(__file__).parents[2]
MENUS = 'version: 1\nmenu: [{name: 退款, action: "answer:refund"}]\n'
ORDERS = """\
category: 订单   # 最常问
answers:
  # 退款
  - id: refund
    question: 怎么退款
    similar: [我要退款, 退钱]   # 真实问法
    answer: 在订单页点「申请退款」。
    related: [phone]
  - id: phone
    question: 怎么打电话
    answer: -86 开头的都不是我们
    keywords: [电话]
"""
MEDIA = """\
category: 图解
answers:
  - id: picture
    question: 怎么安装
    answer:
      - 请看图：
      - image: MEDIA_1
    variants:
      - when: {hours: 服务时间外}
        answer: 明天再说。
"""
TITLES = ["id", "分类", "问题", "相似问法", "回答", "固定问法", "关键词", "相关问题", "分情况的说法"]


class Operator:
    """At a terminal, in a folder of content, with a spreadsheet program at hand."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sheet = folder / "content", folder / "faq.csv"
        (self.folder / "answers").mkdir(parents=True)
        for name, text in {"menus": MENUS, "answers/orders": ORDERS, "answers/media": MEDIA}.items():
            (self.folder / f"{name}.yaml").write_text(text, encoding="utf-8")

    def answers(self, *words: object, typed: str = "") -> Result:
        command = ["--content", str(self.folder), "answers", *map(str, words)]
        return CliRunner().invoke(cli, command, input=typed)

    def edits(self, edit: Callable[[list[list[str]]], object], *words: str, typed: str = "") -> Result:
        """Export, change the rows, import."""
        assert self.answers("export", self.sheet, "--yes").exit_code == 0
        rows = read_table(self.sheet).rows
        edit(rows)
        write_table(self.sheet, rows)
        return self.answers("import", self.sheet, *words, typed=typed)

    @property
    def files(self) -> dict[str, str]:
        return {path.stem: path.read_bytes().decode() for path in sorted(self.folder.glob("answers/*.yaml"))}


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


UNTOUCHED = {"media": MEDIA, "orders": ORDERS}


class TestExport:
    def test_every_answer_is_a_row_and_what_a_cell_cannot_hold_is_marked(self, operator) -> None:
        result = operator.answers("export", operator.sheet)

        rows = list(csv.reader(io.StringIO(operator.sheet.read_bytes().decode("utf-8-sig"), newline="")))
        assert result.exit_code == 0, result.output
        assert rows == [
            TITLES,
            ["picture", "图解", "怎么安装", "", "见文件", "", "", "", "见文件"],
            ["refund", "订单", "怎么退款", "我要退款\n退钱", "在订单页点「申请退款」。", "", "", "phone", ""],
            ["phone", "订单", "怎么打电话", "", "'-86 开头的都不是我们", "", "电话", "", ""],
        ]

    def test_a_workbook_says_the_same(self, operator) -> None:
        workbook = operator.sheet.with_suffix(".xlsx")
        operator.answers("export", workbook)
        operator.answers("export", operator.sheet)

        assert read_table(workbook) == read_table(operator.sheet)
        assert load_workbook(workbook).active.freeze_panes == "B2"

    def test_an_existing_file_is_not_overwritten_unasked(self, operator) -> None:
        operator.sheet.write_text("我的表")

        assert operator.answers("export", operator.sheet, typed="n\n").exit_code == 1
        assert operator.sheet.read_text() == "我的表"

    def test_another_kind_of_file_is_a_wrong_call(self, operator) -> None:
        assert operator.answers("export", operator.sheet.with_suffix(".xls")).exit_code == 2


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_a_round_trip_of_the_shipped_answers_changes_no_byte(tmp_path, suffix) -> None:
    folder, table = tmp_path / "content", tmp_path / f"t{suffix}"
    shutil.copytree(REPOSITORY / "answers", folder / "answers")
    shutil.copyfile(REPOSITORY / "menus.yaml", folder / "menus.yaml")
    CliRunner().invoke(cli, ["--content", str(folder), "answers", "export", str(table)])

    result = CliRunner().invoke(cli, ["--content", str(folder), "answers", "import", str(table), "--yes"])

    assert (result.exit_code, result.output) == (0, "表格和文件一致，没有要改的。\n")
    for path in (REPOSITORY / "answers").rglob("*.yaml"):
        assert (folder / path.relative_to(REPOSITORY)).read_bytes() == path.read_bytes()


class TestImport:
    def test_only_what_was_changed_is_written(self, operator) -> None:
        def edit(rows: list[list[str]]) -> None:
            rows[2][3] += "\n退货"
            rows[3][4] = "=86 开头的也不是"

        result = operator.edits(edit, "--yes")

        assert result.exit_code == 0, result.output
        assert operator.files == {
            "media": MEDIA,
            "orders": ORDERS.replace("退钱]", "退钱, 退货]").replace("-86 开头的都不是我们", "=86 开头的也不是"),
        }

    def test_the_changes_are_shown_and_nothing_is_written_without_a_yes(self, operator) -> None:
        result = operator.edits(lambda rows: rows[2].__setitem__(3, "我要退款\n退货"), typed="n\n")

        assert (result.exit_code, operator.files) == (1, UNTOUCHED)
        assert "~ 修改 refund「怎么退款」\n    相似问法 - 退钱\n    相似问法 + 退货\n" in result.output

    def test_a_new_row_gets_an_id_and_goes_to_its_category(self, operator) -> None:
        result = operator.edits(lambda rows: rows.append(["", "订单", "多久 发货？", "发货", "两天。"]), "--yes")

        assert result.exit_code == 0, result.output
        assert operator.files["orders"] == ORDERS + (
            "  - id: 多久-发货\n    question: 多久 发货？\n    similar: [发货]\n    answer: 两天。\n"
        )

    def test_a_sheet_with_new_rows_may_be_imported_again(self, operator) -> None:
        operator.edits(lambda rows: rows.append(["", "订单", "多久 发货？", "发货", "两天。"]), "--yes")

        again = operator.answers("import", operator.sheet, "--yes")

        assert (again.exit_code, again.output) == (0, "表格和文件一致，没有要改的。\n")

    def test_a_row_without_an_id_changes_the_answer_of_its_category_and_question(self, operator) -> None:
        write_table(operator.sheet, [["id", "分类", "问题", "回答"], ["", "订单", "怎么退款", "在「我的」里退。"]])

        result = operator.answers("import", operator.sheet, "--yes")

        assert "~ 修改 refund「怎么退款」" in result.output
        assert operator.files["orders"] == ORDERS.replace("在订单页点「申请退款」。", "在「我的」里退。")

    def test_two_rows_without_an_id_are_not_one_answer_twice(self, operator) -> None:
        result = operator.edits(lambda rows: rows.extend([["", "订单", "怎么退款", "", "点这里。"]] * 2), "--yes")

        assert (result.exit_code, operator.files) == (1, UNTOUCHED)
        told = "A 列（id）：这个分类里的这个问题就是第 3 行的「refund」。请合成一行；确实是另一条，就换一个问题"
        assert result.output.splitlines()[:2] == [f"faq.csv 第 {number} 行 {told}" for number in (5, 6)]

    def test_another_category_moves_an_answer(self, operator) -> None:
        result = operator.edits(lambda rows: rows[3].__setitem__(1, "联系我们"), "--yes")

        assert "> 移动 phone「怎么打电话」：订单 → 联系我们" in result.output
        assert operator.files["orders"] == ORDERS[: ORDERS.index("  - id: phone")]
        assert operator.files["联系我们"].endswith(ORDERS[ORDERS.index("  - id: phone") :])

    def test_missing_rows_stay_unless_removal_is_asked_for(self, operator) -> None:
        kept = operator.edits(lambda rows: rows.pop(1), "--yes")
        assert (kept.exit_code, operator.files) == (0, UNTOUCHED)
        assert "表里没有的 picture：保留不动" in kept.output

        removed = operator.edits(lambda rows: rows.pop(1), "--remove", "--yes")

        assert removed.exit_code == 0, removed.output
        assert operator.files == {"media": "category: 图解\nanswers: []\n", "orders": ORDERS}

    def test_what_the_menu_leads_to_cannot_be_removed(self, operator) -> None:
        result = operator.edits(lambda rows: rows.pop(2), "--remove", "--yes")

        assert (result.exit_code, operator.files) == (1, UNTOUCHED)
        assert "menus.yaml:2:" in result.output
        assert "没有 id 为「refund」的答案" in result.output

    def test_every_mistake_is_told_at_its_cell(self, operator) -> None:
        def spoil(rows: list[list[str]]) -> None:
            rows[1][4] = "自己写的"
            rows[2][2] = ""
            rows[3][6] = "电话，热线"
            rows[3][7] = "refunds"
            rows += [["refund", "订单", "重复", "", "答"], ["a*", "", "新的", "", "见文件", "", "", "", "有"]]

        result = operator.edits(spoil, "--yes")

        assert (result.exit_code, operator.files) == (1, UNTOUCHED)
        assert [line.removeprefix("faq.csv ") for line in result.output.splitlines()] == [
            "第 2 行 E 列（回答）：这里的内容表格放不下，只能在文件里改。请改回“见文件”",
            "第 3 行 C 列（问题）：「问题」不能是空的。请写上内容",
            "第 4 行 G 列（关键词）：「电话，热线」里有标点。一行写一个，中间不要标点",
            "第 4 行 H 列（相关问题）：没有 id 为「refunds」的答案。是不是想写「refund」",
            "第 5 行 A 列（id）：id「refund」和第 3 行的重复。请换一个 id，或合成一行",
            "第 6 行 A 列（id）：「a*」不能当 id。id 只用字母、数字、汉字、_ . -，最多 64 个字，例如 reset-password",
            "第 6 行 B 列（分类）：没有写分类。请写上这条答案属于哪个分类",
            "第 6 行 E 列（回答）：新的一行不能写“见文件”。请写上内容，或者留空",
            "第 6 行 I 列（分情况的说法）：分情况的说法只能在文件里改。请留空，或写“见文件”",
            "表里有错误，没有写入。",
        ]

    def test_columns_may_be_left_out_and_stand_in_any_order(self, operator) -> None:
        write_table(operator.sheet, [["question", "id"], ["怎样退款", "refund"], ["", ""]])

        result = operator.answers("import", operator.sheet, "--yes")

        assert result.exit_code == 0, result.output
        assert operator.files["orders"] == ORDERS.replace("怎么退款", "怎样退款")

    def test_a_sheet_without_the_right_titles_is_refused(self, operator) -> None:
        write_table(operator.sheet, [["编码", "问题", "问题", ""], ["refund", "怎样退款", "", "备注"]])

        told = operator.answers("import", operator.sheet).output

        assert "不认识的列「编码」" in told
        assert "「问题」这一列写了两次" in told
        assert "缺少「id」这一列" in told

    def test_content_with_errors_is_not_touched(self, operator) -> None:
        operator.answers("export", operator.sheet)
        (operator.folder / "menus.yaml").write_text("version: 1\nmenus: []\n", encoding="utf-8")

        assert operator.answers("import", operator.sheet, "--yes").exit_code == 1

    def test_a_sheet_saved_by_excel_in_gbk_is_read(self, operator) -> None:
        operator.answers("export", operator.sheet)
        text = operator.sheet.read_bytes().decode("utf-8-sig").replace("我要退款\n", "我要退款\r\n退回\r\n")
        operator.sheet.write_bytes(text.encode("gbk"))

        assert operator.answers("import", operator.sheet, "--yes").exit_code == 0
        assert operator.files["orders"] == ORDERS.replace("[我要退款,", "[我要退款, 退回,")
