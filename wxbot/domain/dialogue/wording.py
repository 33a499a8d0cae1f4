"""Options, messages and parts in words."""

import itertools
import re
from datetime import datetime
from urllib.parse import quote

from wxbot.domain import message as m
from wxbot.domain.action import Action, Option
from wxbot.domain.reply import (
    ArticlePart,
    ImagePart,
    MenuPart,
    MiniProgramPart,
    Sendable,
    TextPart,
    VideoPart,
    VoicePart,
)

_TAP_ID_LIMIT = 64
_UNSAFE = re.compile(r"[\x00-,/;-@\[-^`{-\x7f]+")
_MARKUP = re.compile(r"<[^>]*>")


def option_lines(options: tuple[Option, ...], *, numbered: bool) -> str:
    """
    One line an option. Taps work in most clients, numbers in all of them (protocol 3.3).

    The numbers are set apart from those of the steps that many answers hold.
    """
    marks = (f"【{index}】" if numbered else "· " for index in itertools.count(1))
    return "\n".join(mark + link(option) for mark, option in zip(marks, options, strict=False))


def link(option: Option) -> str:
    """The option as something to tap: a page, a mini program, or a text that the client sends for the user."""
    label, action = option.label, option.action
    if action.kind == "url":
        return f'<a href="{action.target}">{label}</a>'
    if action.kind == "miniprogram":
        appid, _, path = action.target.partition("/")
        return miniprogram_link(label, appid, path)
    return tap_link(label, tap_id(action))


def tap_link(label: str, id: str) -> str:
    """A text that the client sends for the user when it is tapped, with an id of ours (protocol 3.3)."""
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={_encoded(label)}&msgmenuid={id}">{label}</a>'


def miniprogram_link(label: str, appid: str, path: str) -> str:
    """A mini program inside a text (protocol 3.3)."""
    return f'<a data-miniprogram-appid="{appid}" data-miniprogram-path="{path}" href="">{label}</a>'


def tap_id(action: Action) -> str:
    """The action itself, so that a tap still works when the talk is long forgotten; `0` where it would be too long."""
    identifier = _encoded(str(action))
    return identifier if len(identifier) <= _TAP_ID_LIMIT and action.kind != "say" else "0"


def _encoded(text: str) -> str:
    # The client decodes it as a URL; Chinese may stay as it is (protocol 3.3).
    return _UNSAFE.sub(lambda found: quote(found[0], safe=""), text)


def moment(when: datetime, now: int) -> str:
    """A moment ahead as people say it: 今天 13:30, 明天（周一）9:00, 11月30日（周一）9:00. now: unix seconds."""
    days = (when.date() - datetime.fromtimestamp(now, when.tzinfo).date()).days
    clock = f"{when.hour}:{when.minute:02}"
    weekday = f"（周{'一二三四五六日'[when.weekday()]}）"
    if days == 0:
        return f"今天 {clock}"
    return f"明天{weekday}{clock}" if days == 1 else f"{when.month}月{when.day}日{weekday}{clock}"


def describe(content: m.UserMessage | m.Event) -> str:
    """What the user did, for the history; '' for what they did not do themselves."""
    match content:
        case m.Text(words):
            return words
        case m.Sticker():
            return "[表情]"
        case m.Image():
            return "[图片]"
        case m.Voice(recognition=recognition):
            return f"[语音]{recognition}"
        case m.Video():
            return "[视频]"
        case m.Location(label=label) | m.LocationPicked(label=label):
            return f"[位置]{label}"
        case m.Link(title):
            return f"[链接]{title}"
        case m.File(title):
            return f"[文件]{title}"
        case m.MenuClick(key):
            return f"[菜单]{key}"
        case m.ScanCode(result=result):
            return f"[扫码]{result}"
        case m.Follow():
            return "[关注]"
        case m.Scan():
            return "[扫描二维码]"
    return ""


def part_text(part: Sendable) -> str:
    """What a part says, without markup."""
    match part:
        case TextPart(text):
            return _MARKUP.sub("", text)
        case ImagePart():
            return "[图片]"
        case VoicePart():
            return "[语音]"
        case VideoPart(title=title):
            return f"[视频]{title}"
        case ArticlePart(title, url):
            return f"{title} {url}"
        case MenuPart(head):
            return head
        case MiniProgramPart(title):
            return f"[小程序]{title}"
