"""The contact book, shown to one follower (product G)."""

from collections.abc import Iterable
from typing import TypeVar

from wxbot.domain.contacts import Email, ForWhom, Page, Phone, is_for
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.dialogue.wording import moment
from wxbot.domain.hours import is_open, next_opening
from wxbot.domain.turn import Turn

Line = TypeVar("Line", bound=ForWhom)


def contacts(talk: Talk) -> Turn:
    """The lines that are for this follower, their own ones first; where there is no phone line, that is said."""
    book = talk.script.contacts
    blocks = [
        _block(talk.say("phones"), [_phone(talk, line) for line in _theirs(talk, book.phones)]),
        talk.say("phones_none") if book.no_phone else "",
        _block(talk.say("emails"), map(_email, _theirs(talk, book.emails))),
        _block(talk.say("pages"), map(_page, _theirs(talk, book.pages))),
    ]
    return speak(talk, "phones", "\n\n".join(filter(None, blocks)) or talk.say("contacts_empty"))


def asked_for_contacts(talk: Talk) -> Turn | None:
    """ "电话", "联系方式": the book itself, where there is one, rather than an answer about it."""
    return contacts(talk) if talk.script.contacts and talk.script.words.wants_contacts(talk.facts.text) else None


def _theirs(talk: Talk, lines: Iterable[Line]) -> list[Line]:
    fitting = [line for line in lines if is_for(line, talk.session.tier, talk.session.region)]
    return sorted(fitting, key=lambda line: not (talk.session.tier and talk.session.tier in line.tiers))


def _block(title: str, lines: Iterable[str]) -> str:
    shown = list(lines)
    return "\n".join([title, *shown]) if shown else ""


def _phone(talk: Talk, line: Phone) -> str:
    return " ".join(filter(None, (f"{line.name}：{line.number}", line.hours, line.note, _manned(talk, line))))


def _manned(talk: Talk, line: Phone) -> str:
    """Whether somebody answers now, and if not, when again."""
    if line.service is None:
        return ""
    if is_open(line.service, talk.now):
        return talk.say("phone_open")
    opening = next_opening(line.service, talk.now)
    return talk.say("phone_closed", opening=moment(opening, talk.now)) if opening else ""


def _email(line: Email) -> str:
    return " ".join(filter(None, (f"{line.name}：{line.address}", line.reply_time)))


def _page(line: Page) -> str:
    return " ".join(filter(None, (f'<a href="{line.url}">{line.name}</a>', line.note)))
