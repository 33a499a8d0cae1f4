"""Rows of texts go into workbooks and CSV files, and come back."""

import csv
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from wxbot.adapters.content.tables import column_name, holdable, read_table, write_table
from wxbot.errors import ContentError

ROWS = [["id", "回答"], ["a", '第一行\n第二行，“引号”"和,逗号'], ["0571", "=1+1"], ["'x", "'=1"]]
KINDS = ("table.xlsx", "table.csv", "TABLE.CSV")
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip).filter(holdable)


@pytest.mark.parametrize("name", KINDS)
def test_what_was_written_is_read_again(tmp_path, name) -> None:
    write_table(tmp_path / name, ROWS)

    table = read_table(tmp_path / name)

    assert (table.rows, table.problems) == (ROWS, ())


@pytest.mark.parametrize("name", KINDS[:2])
@given(cells=st.lists(_texts, min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_text_that_can_be_held_comes_back(tmp_path_factory, name, cells) -> None:
    path = tmp_path_factory.getbasetemp() / name
    write_table(path, [["标题"] * len(cells), cells])

    assert read_table(path).rows[1:2] == [cells]


def test_no_cell_is_a_formula_to_a_spreadsheet(tmp_path) -> None:
    texts = ["=1", "+1", "-1", "@x", "'=1"]
    write_table(tmp_path / "t.xlsx", [texts])
    write_table(tmp_path / "t.csv", [texts])

    cells = load_workbook(tmp_path / "t.xlsx").worksheets[0][1]
    line = next(csv.reader((tmp_path / "t.csv").read_text("utf-8-sig").splitlines()))

    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [cell.value for cell in cells] == line == ["'=1", "'+1", "'-1", "'@x", "''=1"]


def test_excel_finds_the_encoding_of_a_csv_file(tmp_path) -> None:
    write_table(tmp_path / "t.csv", [["问题"]])

    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("comma", [",", ";", "\t"])
def test_csv_is_read_as_programs_write_it(tmp_path, encoding, comma) -> None:
    (tmp_path / "t.csv").write_bytes(f'id{comma}问题\r\na{comma}"怎么\r\n退款"\r\n'.encode(encoding))

    assert read_table(tmp_path / "t.csv").rows == [["id", "问题"], ["a", "怎么\n退款"]]


def a_workbook(path: Path, *cells: object) -> Path:
    book = Workbook()
    for column, value in enumerate(cells, 1):
        book.active.cell(1, column, value)
    book.save(path)
    return path


def test_numbers_are_read_as_they_look(tmp_path) -> None:
    assert read_table(a_workbook(tmp_path / "t.xlsx", 12, 3.0, 2.5, True)).rows == [["12", "3", "2.5", "TRUE"]]


def test_cells_that_are_no_texts_are_told_with_their_place(tmp_path) -> None:
    table = read_table(a_workbook(tmp_path / "t.xlsx", "好", "=A1", date(2027, 1, 1), "#REF!"))

    told = [(problem.line, problem.column, problem.message) for problem in table.problems]
    assert told == [
        (1, 2, "这一格是公式"),
        (1, 3, "这一格被 Excel 变成了日期或时间"),
        (1, 4, "这一格是 Excel 的错误值 #REF!"),
    ]


@pytest.mark.parametrize("name", ["t.xlsx", "t.csv"])
def test_a_file_of_another_kind_is_refused_in_chinese(tmp_path, name) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\xff\x80")

    with pytest.raises(ContentError, match="请"):
        read_table(tmp_path / name)


def with_part(path: Path, name: str, content: bytes) -> Path:
    """The workbook with something else in one of its parts."""
    with zipfile.ZipFile(path) as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in {**parts, name: content}.items():
            archive.writestr(part, data)
    return path


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("content", [b"", b"<cut", b"<other/>"])
def test_a_workbook_with_a_damaged_part_is_read_or_refused(tmp_path, part, content) -> None:
    path = with_part(a_workbook(tmp_path / "t.xlsx", "好"), part, content)

    assert read_or_refused(path)


@given(at=st.floats(0, 0.999), byte=st.integers(0, 255))
@settings(max_examples=100, deadline=None)
def test_a_workbook_with_any_wrong_byte_is_read_or_refused(tmp_path_factory, at, byte) -> None:
    path = a_workbook(tmp_path_factory.getbasetemp() / "damaged.xlsx", "好", 1, "一\n二")
    data = bytearray(path.read_bytes())
    data[int(at * len(data))] = byte
    path.write_bytes(data)

    assert read_or_refused(path)


def read_or_refused(path: Path) -> bool:
    """Any other end is a fault of ours."""
    try:
        return isinstance(read_table(path).rows, list)
    except ContentError as error:
        return "请" in str(error)


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    assert [column_name(number) for number in (1, 26, 27)] == ["A", "Z", "AA"]
