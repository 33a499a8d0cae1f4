"""Signs that mean something elsewhere and that WeChat shows badly: markup, emoji, keys that fell into a text."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from wxbot.adapters.content.document import Document
from wxbot.adapters.content.files import MENUS
from wxbot.adapters.content.sent import sent_texts
from wxbot.errors import Problem

_TAGS = "b|strong|i|em|u|s|del|p|div|span|font|br|hr|img|h[1-6]|ul|ol|li|table|tr|td|th|center|code|pre|video|audio"
_OPENED = re.compile(r"<a\b(?P<attributes>[^<>]*)>|(?P<closed></a\s*>)", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*(?P<quote>[\"'“”]?)(?P<target>[^\"'“”\s>]*)", re.IGNORECASE)
_KEYS = "id|question|similar|answer|variants|exact|keywords|related|text|options|choices|steps|fields|action|items|name"


@dataclass(frozen=True, slots=True)
class _Sign:
    """hint: from what was found to its cure."""

    pattern: re.Pattern[str]
    message: str
    hint: Callable[[re.Match[str]], str]


def _sign(pattern: str, message: str, hint: str | Callable[[re.Match[str]], str]) -> _Sign:
    return _Sign(re.compile(pattern, re.IGNORECASE), message, (lambda found: hint) if isinstance(hint, str) else hint)


_SIGNS: tuple[_Sign, ...] = (
    _sign(r"!?\[(?P<words>[^\[\]\n]+)\]\((?P<target>[^()\s]+)\)", "“[文字](网址)”会原样显示",
          lambda found: f'微信的链接写成 <a href="{found["target"]}">{found["words"]}</a>'),
    _sign(r"\*\*(?=\S)[^*\n]+\*\*|~~[^~\n]+~~|(?<!\w)__[^_\n]+__(?!\w)", "“{}”的符号会原样显示",
          "微信的文字没有粗体和删除线，请去掉符号，要突出就用「」或【】"),
    _sign(r"(?m:^[ \t]*#{1,6} +\S.*$)", "“{}”的 # 会原样显示", "微信的文字没有标题，请去掉 #，要突出就用【】"),
    _sign(r"```", "“{}”会原样显示", "微信的文字没有代码块，请去掉它"),
    _sign(r"<br\s*/?>", "“{}”会原样显示", "请直接换行：键的后面写 |，文字从下一行开始写"),
    _sign(rf"</?(?:{_TAGS})(?:\s[^<>]*)?/?>", "“{}”会原样显示", "微信的文字里只能用 <a href=…>，请去掉它"),
    _sign(r"&(?:nbsp|lt|gt|amp|quot|apos|#\d{2,5}|#x[0-9a-f]{2,5});", "“{}”会原样显示",
          "请直接写那个符号；空格就写空格，< 和 > 可以写全角的"),
    _sign(r"(?<![a-z:\\])\\n(?![a-z])", "“{}”会原样显示，不是换行", "键的后面写 |，文字从下一行开始写"),
    _sign("[\ue000-\uf8ff]", "这里有一个别人的手机上显示不出来的符号", "请删掉它，或换成常见的表情"),
    _sign("[\U0001fa70-\U0001faff\U0001fac0-\U0001fac5]", "表情 {} 太新，旧手机上显示成方框", "请换成常见的表情"),
    _sign("[\U0001f1e6-\U0001f1ff]{2}|\\S\ufe0f?(?:\u200d\\S\ufe0f?)+", "表情 {} 在有些手机上会拆成几个，或显示成字母",
          "请换成单个的表情，或写成文字"),
    _sign("[\u200b\u200e\u200f\u2060\ufeff\xad]", "这里有一个看不见的字符", "多半是从网页复制来的，请删掉这个字符"),
    _sign(rf"(?m:(?<=\n)[ \t]*(?:- )?(?:{_KEYS})[:：](?=\s|$).*$)|\s(?:{_KEYS})：", "“{}”成了上面文字的一部分",
          "是键就和上面的键左对齐，冒号用半角；确实是文字就不用管"),
)  # fmt: skip
_PLACEHOLDER = _sign(
    r"(?<!\{)\{(?:name|nickname|user|username|openid|time|date|number|promise|phone)\}(?!\})",
    "{} 不会被替换，会原样显示",
    "这里没有可以填的内容，请直接写文字",
)
"""Told of answers only: in menus.yaml each text has placeholders of its own."""
_ANY = re.compile(
    "[*~`#<&{\\\\\u00ad\u200b-\u200f\u2060\ufeff\ue000-\uf8ff\U0001f1e6-\U0001f1ff\U0001fa70-\U0001faff]|__|\\]\\(|[a-z][:：]"
)
"""What each of them has somewhere; most texts have nothing of it, and need not be searched for each sign."""


def problems_of(documents: Iterable[Document]) -> Iterator[Problem]:
    for document, loc, text in sent_texts(documents):
        if _ANY.search(text):
            for sign in _SIGNS if document.file == MENUS else (*_SIGNS, _PLACEHOLDER):
                for found in sign.pattern.finditer(text):
                    piece = found[0].strip()
                    message, before = sign.message.format(piece[:30]), text.count(piece, 0, found.start())
                    yield document.problem_within(
                        loc, piece, message, sign.hint(found), before=before, severity="warning"
                    )
        if "<a" in text or "</a" in text:
            for piece, before, message, hint in _link_faults(text):
                yield document.problem_within(loc, piece, message, hint, before=before, severity="warning")


def _link_faults(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Of each link: what is wrong, how many times it stands before, message and hint."""
    opened: re.Match[str] | None = None
    for found in _OPENED.finditer(text):
        before = text.count(found[0], 0, found.start())
        if found["closed"]:
            if opened is None:
                yield found[0], before, "</a> 前面没有 <a href=…>", '链接写成 <a href="https://……">文字</a>'
            opened = None
            continue
        if opened is not None:
            yield _unclosed(text, opened)
        opened = found
        if fault := _attribute_fault(found["attributes"]):
            yield found[0], before, *fault
    if opened is not None:
        yield _unclosed(text, opened)


def _unclosed(text: str, opened: re.Match[str]) -> tuple[str, int, str, str]:
    return opened[0], text.count(opened[0], 0, opened.start()), "链接没有结束，后面的字点不了", "请在文字后面写上 </a>"


def _attribute_fault(attributes: str) -> tuple[str, str] | None:
    href = _HREF.search(attributes)
    if not href or not href["target"]:
        return "链接没有写 href，点了没有反应", '写成 <a href="https://……">文字</a>'
    if href["quote"] in ("“", "”", ""):
        return "href 的引号不是半角的双引号", f'写成 href="{href["target"]}"'
    if not re.match(r"https?://|weixin://|tel:|mailto:", href["target"], re.IGNORECASE):
        return f"「{href['target'][:40]}」不是完整的网址，点了打不开", "网址以 https:// 开头"
    extra = re.sub(r"\b(?:href|data-miniprogram-\w+)\s*=\s*(?:\"[^\"]*\"|'[^']*')", "", attributes).strip(" /")
    if extra:
        return f"链接里的 {extra[:30]} 微信不认识，有些手机会因此点不开", "请删掉，只留 href"
    return None
