"""Tables as operators edit them: Excel workbooks and CSV files, as rows of texts."""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from wxbot.errors import ContentError, Problem

KINDS = (".xlsx", ".csv")
SIZE_LIMIT_BYTES = 16 * 1024 * 1024
CELL_CHARACTERS = 32_767
"""Most that Excel takes in one cell."""

_FORMULA = re.compile(r"'*[=+\-@\t]")
_UNHOLDABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x[0-9A-Fa-f]{4}_")
"""Signs that a workbook cannot hold, and what Excel would read as one."""
_WIDEST = 60
_DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, SyntaxError, LookupError, ValueError,
    TypeError, AttributeError,
)  # fmt: skip
"""What reading a workbook ends in, by where it is broken; XML: SyntaxError, a password on the archive: RuntimeError."""


@dataclass(frozen=True, slots=True)
class Table:
    """rows: as long as they are, all cells texts without white space around them. problems: cells that are no texts."""

    rows: list[list[str]]
    problems: tuple[Problem, ...] = ()


def holdable(text: str) -> bool:
    """Whether a cell gives back just this text."""
    return len(text) < CELL_CHARACTERS and not _UNHOLDABLE.search(text)


def read_table(path: Path) -> Table:
    """
    The first sheet of a workbook, or a CSV file in UTF-8, UTF-16 or GBK; what export has made harmless is restored.

    Raises:
        ContentError: it is no such file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _refusal(path, f"文件读不了（{error.strerror or error}）", "请检查文件名和权限") from error
    if len(data) > SIZE_LIMIT_BYTES:
        raise _refusal(path, f"文件超过 {SIZE_LIMIT_BYTES // 1024 // 1024} MB 的上限", "请拆成几个文件分别导入")
    return _read_csv(path, data) if path.suffix.lower() == ".csv" else _read_workbook(path, data)


def write_table(path: Path, rows: Sequence[Sequence[str]], *, title: str = "answers") -> None:
    """
    Rows of texts, the first of which names the columns. title: of the sheet in a workbook.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    harmless = [[_harmless(text) for text in row] for row in rows]
    path.write_bytes(_csv_bytes(harmless) if path.suffix.lower() == ".csv" else _workbook_bytes(harmless, title))


def column_name(number: int) -> str:
    """`A` for 1."""
    return str(get_column_letter(number))


def _harmless(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def _restored(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _csv_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    page = io.StringIO()
    csv.writer(page).writerows(rows)
    # Without the mark Excel reads it as GBK.
    return page.getvalue().encode("utf-8-sig")


def _read_csv(path: Path, data: bytes) -> Table:
    text = _decoded(path, data)
    head = text.partition("\n")[0]
    comma = max(",\t;", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=comma))
    except csv.Error as error:
        raise _refusal(path, "不是能读的 CSV 文件", "请在 Excel 里打开，另存为 CSV UTF-8") from error
    return Table([[_restored(cell) for cell in row] for row in rows])


def _decoded(path: Path, data: bytes) -> str:
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refusal(path, "看不出文件的编码", "请在 Excel 里打开，另存为 CSV UTF-8")


def _workbook_bytes(rows: Sequence[Sequence[str]], title: str) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    wrapped, bold = Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column, text or None)
            # As text, or Excel makes numbers and dates of what is typed over it.
            cell.number_format, cell.alignment = "@", wrapped
            if number == 1:
                cell.font = bold
    for column in range(1, len(rows[0]) + 1):
        widest = max(_width(row[column - 1]) for row in rows)
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, widest + 2)
    sheet.freeze_panes = "B2"
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _width(text: str) -> int:
    """In columns: Chinese takes two."""
    return max((sum(1 + (sign > "\u2e80") for sign in line) for line in text.splitlines()), default=0)


def _read_workbook(path: Path, data: bytes) -> Table:
    with _quietly():
        try:
            sheet = load_workbook(io.BytesIO(data), keep_links=False).worksheets[0]
        except _DAMAGED as error:
            raise _refusal(path, "不是能读的 Excel 文件", "请另存为 .xlsx（旧的 .xls 和加密的文件读不了）") from error
        problems: list[Problem] = []
        rows = [[_text_of(cell, path, problems) for cell in row] for row in sheet.iter_rows()]
    return Table(rows, tuple(problems))


def _text_of(cell: object, path: Path, problems: list[Problem]) -> str:
    value, kind = getattr(cell, "value", None), getattr(cell, "data_type", "s")
    if value is None:
        return ""
    if fault := _fault(value, kind):
        problems.append(Problem(path.name, cell.row, cell.column, *fault))  # type: ignore[attr-defined]
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _restored(str(value))


def _fault(value: object, kind: str) -> tuple[str, str] | None:
    if kind == "f":
        return "这一格是公式", "请改成文字；文字以 = 开头时前面加一个英文单引号"
    if kind == "e":
        return f"这一格是 Excel 的错误值 {value}", "请改成文字"
    if isinstance(value, date | time | timedelta):
        return "这一格被 Excel 变成了日期或时间", "请把单元格格式设成“文本”，再重新输入"
    return None


@contextmanager
def _quietly() -> Iterator[None]:
    """openpyxl warns of what it does not read: drop-down lists, pictures, the styles of other programs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _refusal(path: Path, message: str, hint: str) -> ContentError:
    return ContentError([Problem(path.name, 1, 1, message, hint)])
