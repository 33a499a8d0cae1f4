"""What is wrong with a text that is not YAML, in the words of somebody who has never heard of tokens."""

import re
from collections.abc import Iterator

import yaml

from wxbot.errors import Problem

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?= |\r?$)", re.MULTILINE)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_LINE_TRAPS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"[ ]*(?=\t)"), "行首有制表符（Tab）", "缩进只能用空格"),
    (re.compile(r"\s*(?=－)"), "“－”是全角的", "请用半角的减号加一个空格：- "),
    (re.compile(r"\s*(?:-\s+)?[a-z_]{2,}\s*(?=：)"), "“：”是全角的", "键的后面请用半角冒号加一个空格"),
    (re.compile(r"\s*(?:-\s+)?(?=[“”][a-z_]+[“”]\s*[:：])"), "“ ”是全角的引号", "键不用加引号；要加就用半角的"),
    (re.compile(r"\s*(?:-\s+)?[a-z_]{2,}(?=:[^\s/])"), "冒号后面少一个空格", "写成“键: 值”"),
    (re.compile(r"\s*(?:-\s+)?[a-z_]{2,}:\s+(?=[［【｛])"), "括号是全角的", "请用半角的 [ ] 和 { }"),
    (re.compile(r"\s*(?=＃)"), "“＃”是全角的", "注释请用半角的 #"),
)
"""What people type where YAML's own signs were meant. Looked for only where YAML has given up already."""

_QUOTE_HINT = "把整段内容放进半角引号里"
_SENTENCES: tuple[tuple[str, str, str], ...] = (
    ("mapping values are not allowed", "一行里有两个“: ”，或者缩进和上面不一致", f"内容里有冒号时，{_QUOTE_HINT}"),
    ("could not find expected ':'", "这一行没有写成“键: 值”", "请检查冒号、缩进，或给多行内容加引号"),
    ("did not find expected key", "这一行的缩进和上面不一致", "同一层的内容要左对齐"),
    ("expected <block end>", "这一行的缩进和上面不一致", "同一层的内容要左对齐"),
    ("did not find expected '-' indicator", "这一行的缩进和上面的列表不一致", "同一个列表的“- ”要左对齐"),
    ("expected ',' or ']'", "方括号 [ 没有配上 ]，或者中间少了逗号", "请补上 ]，各项之间用半角逗号"),
    ("expected ',' or '}'", "花括号 { 没有配上 }，或者中间少了逗号", "请补上 }，各项之间用半角逗号"),
    ("found unexpected end of stream", "引号没有配对", "请在这段内容的结尾补上引号"),
    ("found unexpected document indicator", "引号没有配对", "请在这段内容的结尾补上引号"),
    ("found unknown escape character", "双引号里的反斜杠 \\ 后面不能是这个字符", "改用单引号，或写成 \\\\"),
    ("found character", "内容不能以这个字符开头", _QUOTE_HINT),
    ("alphabetic or numeric character", "内容不能以 * 或 & 开头", _QUOTE_HINT),
    ("undefined tag handle", "内容不能以 ! 开头", _QUOTE_HINT),
    ("did not find expected whitespace or line break", "内容不能以 ! 开头", _QUOTE_HINT),
    ("found unexpected ':'", "花括号、方括号里的内容有冒号", _QUOTE_HINT),
    ("second occurrence", "锚点（&）的名字写了两次", "请换一个名字"),
    ("did not find expected node content", "这里的符号没有配对，或多了一个逗号", f"内容以符号开头时，{_QUOTE_HINT}"),
    ("a tab character where an indentation space", "行首有制表符（Tab）", "缩进只能用空格"),
    ("expected <document start>", "这一行不能写在这里", "请检查缩进，整个文件应是一组“键: 值”"),
)  # fmt: skip
_POINTS_AT_START = ("while scanning a quoted scalar", "while parsing a flow sequence", "while parsing a flow mapping")


def unusable_text(file: str, text: str) -> Problem | None:
    """What must not be in any of the files, however YAML reads it: marks of a merge conflict, control characters."""
    conflict = _CONFLICT.search(text)
    if conflict:
        line, column = _place(text, conflict.start())
        return Problem(
            file, line, column, "这里有没解决完的合并冲突", "请留下要的那一份，删掉 <<<<<<<、=======、>>>>>>> 三行"
        )
    odd = _UNPRINTABLE.search(text)
    if odd:
        line, column = _place(text, odd.start())
        return Problem(file, line, column, f"这里有一个看不见的字符（U+{ord(odd[0]):04X}）", "请删掉这个字符")
    return None


def explain_yaml_error(file: str, text: str, error: yaml.YAMLError) -> Problem:
    """The problem at the place where it was made, which is often a line above the one where YAML gave up."""
    said = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None)
    if getattr(error, "context", None) in _POINTS_AT_START and "escape" not in said:
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = lines_of(text)
    for number in _suspects(lines, line):
        for trap, message, hint in _LINE_TRAPS:
            found = trap.match(lines[number])
            if found:
                return Problem(file, number + 1, found.end() + 1, message, hint)
    message, hint = next(
        ((message, hint) for part, message, hint in _SENTENCES if part in said), ("这里不符合 YAML 的写法", _QUOTE_HINT)
    )
    return Problem(file, line + 1, column + 1, message, hint)


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    return re.split("\r\n|[\r\n\x85\u2028\u2029]", text)


def _suspects(lines: list[str], line: int) -> Iterator[int]:
    """The line where YAML gave up and the two with content above it, nearest first."""
    written = [number for number in range(min(line, len(lines) - 1), -1, -1) if lines[number].strip()]
    yield from written[:3]


def _place(text: str, at: int) -> tuple[int, int]:
    before = lines_of(text[:at])
    return len(before), len(before[-1]) + 1
