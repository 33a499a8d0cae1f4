"""What is wrong with a text that is not YAML, in the words of somebody who has never heard of tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from wxbot.adapters.content.traps import BROKEN_QUOTE, LINE_TRAPS, QUOTE_HINT
from wxbot.errors import Problem

_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?= |\r?$)", re.MULTILINE)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_BLOCK_HEAD = re.compile(r"(\s*(?:-\s+)*)[^\s#].*:\s+[|>][-+0-9]*\s*$")

_SENTENCES: tuple[tuple[str, str, str], ...] = (
    (
        "mapping values are not allowed",
        "这一行的缩进和上面不一致",
        "同一层的内容要左对齐；如果它是上面那段文字的下一行，请在那个键的冒号后面写 |，文字另起一行",
    ),
    ("could not find expected ':'", "这一行没有写成“键: 值”", "请检查冒号、缩进，或给多行内容加引号"),
    ("did not find expected key", "这一行的缩进和上面不一致", "同一层的内容要左对齐"),
    ("expected <block end>", "这一行的缩进和上面不一致", "同一层的内容要左对齐"),
    ("did not find expected '-' indicator", "这一行的缩进和上面的列表不一致", "同一个列表的“- ”要左对齐"),
    ("expected ',' or ']'", "方括号 [ 没有配上 ]，或者中间少了逗号", "请补上 ]，各项之间用半角逗号"),
    ("expected ',' or '}'", "花括号 { 没有配上 }，或者中间少了逗号", "请补上 }，各项之间用半角逗号"),
    ("found unexpected end of stream", "引号没有配对", "请在这段内容的结尾补上引号"),
    ("found unexpected document indicator", "引号没有配对", "请在这段内容的结尾补上引号"),
    ("found unknown escape character", "双引号里的反斜杠 \\ 后面不能是这个字符", "改用单引号，或写成 \\\\"),
    ("found character", "内容不能以这个字符开头", QUOTE_HINT),
    ("alphabetic or numeric character", "内容不能以 * 或 & 开头", QUOTE_HINT),
    ("undefined tag handle", "内容不能以 ! 开头", QUOTE_HINT),
    ("did not find expected whitespace or line break", "内容不能以 ! 开头", QUOTE_HINT),
    ("found unexpected ':'", "花括号、方括号里的内容有冒号", QUOTE_HINT),
    ("second occurrence", "锚点（&）的名字写了两次", "请换一个名字"),
    ("did not find expected node content", "这里的符号没有配对，或多了一个逗号", f"内容以符号开头时，{QUOTE_HINT}"),
    ("a tab character where an indentation space", "行首有制表符（Tab）", "缩进只能用空格"),
    ("directive", "一行不能以 % 开头", QUOTE_HINT),
    ("expected <document start>", "这一行不能写在这里", "请检查缩进，整个文件应是一组“键: 值”"),
)  # fmt: skip
_POINTS_AT_START = ("while scanning a quoted scalar", "while parsing a flow sequence", "while parsing a flow mapping")
_POINTS_AT_LINE = ("mapping values are not allowed", "did not find expected key", "expected <block end>")
_CLOSED_BY = {"引号": "\"'", "方括号": "]", "花括号": "}"}
QUOTED_LINES = 40
"""How far above the place where YAML gave up a quote is looked for that was never closed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """
    Where a text stops being YAML.

    mended: its line as it must have been meant, so that what follows can be looked at too; None where that is unclear.
    """

    problem: Problem
    mended: str | None = None


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


def explain_yaml_error(file: str, lines: list[str], error: yaml.YAMLError) -> Fault:
    """The fault at the place where it was made, which is often a line above the one where YAML gave up."""
    said = str(getattr(error, "problem", None) or "")
    mark = getattr(error, "problem_mark", None)
    at_start = getattr(error, "context", None) in _POINTS_AT_START and "escape" not in said
    if at_start:
        mark = getattr(error, "context_mark", None) or mark
    line, column = (min(mark.line, len(lines) - 1), mark.column) if mark else (0, 0)
    trapped = _trapped(file, lines, line) or (None if at_start else _above(file, lines, line))
    if trapped:
        return trapped
    message, hint = next(
        ((message, hint) for part, message, hint in _SENTENCES if part in said), ("这里不符合 YAML 的写法", QUOTE_HINT)
    )
    if any(part in said for part in _POINTS_AT_LINE):
        column = len(lines[line]) - len(lines[line].lstrip())
    return Fault(
        Problem(file, line + 1, column + 1, message, hint), _closed(message, lines[line]) if at_start else None
    )


def lines_of(text: str) -> list[str]:
    """The lines as YAML counts them."""
    return re.split("\r\n|[\r\n\x85\u2028\u2029]", text)


def _trapped(file: str, lines: list[str], line: int) -> Fault | None:
    for number in _suspects(lines, line):
        for trap in LINE_TRAPS:
            found = trap.pattern.match(lines[number])
            if found:
                bad, (start, end) = found["bad"], found.span("bad")
                column = found.start("at") if "at" in trap.pattern.groupindex else start
                problem = Problem(file, number + 1, column + 1, trap.message.format(sign=bad[:1]), trap.hint)
                return Fault(problem, lines[number][:start] + trap.meant(bad) + lines[number][end:])
    return None


def _above(file: str, lines: list[str], line: int) -> Fault | None:
    """A block of text that is not indented, or a quote that was not closed, which YAML notices only lines later."""
    for number in range(line, max(-1, line - QUOTED_LINES), -1):
        head = _BLOCK_HEAD.match(lines[number])
        below = next((text for text in lines[number + 1 :] if text.strip()), "")
        if head and number >= line - 2 and below and _indent(below) <= len(head[1]):
            message = "“|”下面的文字没有缩进"
            return Fault(Problem(file, number + 2, _indent(below) + 1, message, "每一行都要比上面的键多缩进两格"))
        quote = BROKEN_QUOTE.match(lines[number])
        if quote and number < line:
            message, hint = "引号没有配对", "请在这段内容的结尾补上引号"
            problem = Problem(file, number + 1, quote.start("quote") + 1, message, hint)
            return Fault(problem, lines[number] + quote["quote"])
    return None


def _closed(message: str, line: str) -> str | None:
    """The line with what the message misses, where one sign at its end will do."""
    signs = next((signs for what, signs in _CLOSED_BY.items() if message.startswith(what)), "")
    return next((line + sign for sign in signs if line.count(sign) == (sign in "\"'")), None)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _suspects(lines: list[str], line: int) -> Iterator[int]:
    """The line where YAML gave up and the two with content above it, nearest first."""
    written = [number for number in range(line, -1, -1) if lines[number].strip()]
    yield from written[:3]


def _place(text: str, at: int) -> tuple[int, int]:
    before = lines_of(text[:at])
    return len(before), len(before[-1]) + 1
