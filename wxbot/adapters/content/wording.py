"""The bot's own sentences and the words with a fixed meaning: what is shipped, and what operators make of it."""

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from pydantic import TypeAdapter

from wxbot.adapters.content.complaints import Checked
from wxbot.adapters.content.entries import too_long
from wxbot.adapters.content.format import MenusFile
from wxbot.adapters.content.parsing import parse
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.answering.normalise import normalise
from wxbot.domain.script import Words
from wxbot.errors import Problem

LABELS = frozenset({
    "browse_back", "browse_next", "contacts_label", "human_label", "human_ticket_label", "link_label",
    "miss_human_label", "rating_helped", "rating_unhelped",
    "flow_again_label", "flow_back_label", "flow_begin_label", "flow_cancel_label", "flow_resume_label",
    "flow_skip_label", "form_again_label", "form_done_label", "form_edit_label", "form_other_label",
    "form_send_label", "form_use_label", "official_report", "ticket_all_label", "ticket_another_label", "ticket_line",
    "ticket_merge_label", "ticket_nudge_label", "ticket_reopen_label", "ticket_show_label", "ticket_solved_label",
})  # fmt: skip
"""Texts that stand inside a tap link."""

_SHIPPED_TEXTS = TypeAdapter(dict[str, str])
_SHIPPED_WORDS = TypeAdapter(dict[str, list[str]])


@functools.cache
def shipped_texts() -> Mapping[str, str]:
    return MappingProxyType(_SHIPPED_TEXTS.validate_python(_shipped("texts.yaml")))


@functools.cache
def shipped_words() -> Words:
    words = _SHIPPED_WORDS.validate_python(_shipped("words.yaml"))
    return Words(
        human=_normalised(words["human"]),
        leave=_normalised(words["leave"]),
        browse=_normalised(words["browse"]),
        contacts=_normalised(words["contacts"]),
        more=_normalised(words["more"]),
        tickets=_normalised(words["tickets"]),
        ticket_append=_normalised(words["ticket_append"]),
        ticket_nudge=_normalised(words["ticket_nudge"]),
        ticket_solved=_normalised(words["ticket_solved"]),
        ticket_reopen=_normalised(words["ticket_reopen"]),
        doubts=tuple(sorted(_normalised(words["doubts"]))),
        cancel=_normalised(words["cancel"]),
        back=_normalised(words["back"]),
        restart=_normalised(words["restart"]),
        resume=_normalised(words["resume"]),
        skip=_normalised(words["skip"]),
        done=_normalised(words["done"]),
        send=_normalised(words["send"]),
        unbind=_normalised(words["unbind"]),
        anger=_normalised(words["anger"]),
        before=_longest_first(words["before"]),
        after=_longest_first(words["after"]),
    )


def _normalised(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(normalise, texts)))


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_normalised(texts), key=lambda text: (-len(text), text)))


def _shipped(name: str) -> object:
    return parse(name, (Path(__file__).parent / name).read_text(encoding="utf-8")).data


def texts_of(content: MenusFile) -> Mapping[str, str]:
    return MappingProxyType({**shipped_texts(), **content.texts})


def words_of(content: MenusFile) -> Words:
    shipped, human = shipped_words(), content.human
    return replace(
        shipped, human=shipped.human | _normalised(human.words), anger=shipped.anger | _normalised(human.anger)
    )


def problems_of(file: Checked[MenusFile]) -> Iterator[Problem]:
    shipped = shipped_texts()
    for name, text in file.content.texts.items():
        loc = ("texts", name)
        if name not in shipped:
            hint = did_you_mean(name, shipped) or "可以改写的文字见说明"
            yield file.sound.problem(loc, f"没有名为「{name}」的文字", hint, key=True)
            continue
        yield from too_long(file.sound, loc, text)
        for message, hint in _faults(name, text, shipped[name]):
            yield file.sound.problem(loc, message, hint)


def _faults(name: str, text: str, shipped: str) -> Iterator[tuple[str, str]]:
    allowed = sorted({"name", *_placeholders(shipped)})
    shown = "、".join(f"{{{placeholder}}}" for placeholder in allowed)
    if name in LABELS and any(sign in text for sign in '<>"\n'):
        yield f"{name} 是可以点的文字，里面有不能用的字符", '不能有 < > " 和换行'
    try:
        used = _placeholders(text)
    except ValueError:
        yield f"{name} 里的花括号没有配对", f"可以用 {shown}；要显示花括号本身就写两个：{{{{ 和 }}}}"
        return
    for placeholder in used:
        if placeholder not in allowed:
            yield f"{name} 里没有「{{{placeholder}}}」可以填", did_you_mean(placeholder, allowed) or f"可以用 {shown}"


def _placeholders(text: str) -> list[str]:
    """As `{name}`; with a format or conversion they count as part of the name. Raises ValueError for lone braces."""
    return [
        name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    ]
