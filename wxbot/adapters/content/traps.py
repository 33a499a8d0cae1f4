"""
What people type where YAML's own signs were meant, line by line, and what they meant.

Looked for only where YAML has given up already, so that the same signs may stand in any text that it understands.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

QUOTE_HINT = "把整段内容放进半角引号里"
_KEY = r"(?:[a-z_]{2,}|周[一二三四五六日天末至到\-、周]+|星期[一二三四五六日天]|工作日|每天)"
_HEAD = rf"\s*(?:-\s+)*(?:{_KEY}:\s+)?"
_HALF_WIDTH = str.maketrans("［］【】｛｝，：", "[][]{},:")
_QUOTED = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'"

BROKEN_QUOTE = re.compile(r"\s*(?:-\s+)*(?:\w+:\s+)?(?P<quote>[\"'])(?:(?!(?P=quote)).)*$")
"""A line whose value opens a quote and does not close it."""


@dataclass(frozen=True, slots=True)
class Trap:
    """
    pattern: matches a line from its start; `bad` is what is to be replaced, `at` where the caret belongs if not there.

    message: Chinese, `{sign}` is the first sign of what is bad. meant: from what was written to what was meant.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str
    meant: Callable[[str], str]


def _as(text: str) -> Callable[[str], str]:
    return lambda bad: text


def _quoted(bad: str) -> str:
    return json.dumps(bad.rstrip(), ensure_ascii=False)


def _trap(pattern: str, message: str, hint: str, meant: str | Callable[[str], str]) -> Trap:
    return Trap(re.compile(pattern), message, hint, _as(meant) if isinstance(meant, str) else meant)


LINE_TRAPS: tuple[Trap, ...] = (
    _trap(r" *(?P<bad>\t+)", "行首有制表符（Tab）", "缩进只能用空格", lambda bad: "  " * len(bad)),
    _trap(r" *(?P<bad>[\u3000\xa0]+)", "行首有全角空格", "缩进只能用半角空格",
          lambda bad: bad.replace("\u3000", "  ").replace("\xa0", " ")),
    _trap(r" *(?P<bad>[－—–]+\s*)(?=\S)", "“{sign}”是全角的", "请用半角的减号加一个空格：- ", "- "),
    _trap(rf"\s*(?:-\s+)?{_KEY}\s*(?P<bad>：\s*)", "“：”是全角的", "键的后面请用半角冒号加一个空格", ": "),
    _trap(r"\s*(?:-\s+)?(?P<bad>[“”][a-z_]+[“”])(?=\s*[:：])", "“ ”是全角的引号", "键不用加引号；要加就用半角的",
          lambda bad: bad.strip("“”")),
    _trap(rf"\s*(?:-\s+)?{_KEY}(?P<bad>:)(?=[^\s/])", "冒号后面少一个空格", "写成“键: 值”", ": "),
    _trap(rf"\s*(?:-\s+)?{_KEY}:(?P<bad>\u3000+)", "冒号后面的空格是全角的", "请改成半角空格", " "),
    _trap(r" *(?P<bad>-)(?=[^\s\-\d])", "“-”后面少一个空格", "列表的每一项用“- ”开头", "- "),
    _trap(rf"{_HEAD}(?P<bad>［.*|｛.*|【.*】\s*$)", "括号是全角的", "请用半角的 [ ] 和 { }",
          lambda bad: bad.translate(_HALF_WIDTH)),
    _trap(r".*?[\[{].*?(?P<bad>，\s*)(?=[a-z_]+:\s)", "“，”是全角的", "各项之间请用半角逗号", ", "),
    _trap(r"\s*(?P<bad>＃)", "“＃”是全角的", "注释请用半角的 #", "#"),
    _trap(r".*?\b(?:action|end|report):\s+(?:url|say|answer|browse|guide|ticket|human)(?P<bad>:\s+)(?=\S)",
          "动作里的冒号后面不能有空格", "连着写，例如 url:https://……、answer:<id>", ":"),
    _trap(rf"{_HEAD}(?P<bad>(?:{_QUOTED})(?P<at>)[^\S\n]*[^\s#,:\]}}].*)", "引号在这里就结束了，后面还有字",
          "把整段放进单引号里，里面的引号改用「」", _quoted),
    _trap(rf"{_HEAD}(?P<bad>[@`%*&!].*)", "内容不能以 {sign} 开头", QUOTE_HINT, _quoted),
    _trap(rf"{_HEAD}(?P<bad>[|>][^\S\n]*[^\s\d+\-#].*)", "内容不能以 {sign} 开头", QUOTE_HINT, _quoted),
    _trap(rf"{_HEAD}(?P<bad>(?:\[[^\[\]]*\]|\{{[^{{}}]*\}})[^\S\n]*[^\s#,:].*)", "内容不能以 {sign} 开头", QUOTE_HINT,
          _quoted),
    _trap(r"\s*(?:-\s+)*[\w\-]+:\s+(?P<bad>[^\s\"'\[{|>#].*?(?P<at>):(?:\s.*|$))", "一行里有两个“: ”",
          f"内容里有冒号时，{QUOTE_HINT}", _quoted),
)  # fmt: skip
