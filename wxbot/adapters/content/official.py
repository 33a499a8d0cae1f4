"""The register of what is ours, and what the files name that is not in it."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from wxbot.adapters.content.document import Document
from wxbot.adapters.content.format import MenusFile, OfficialSection
from wxbot.adapters.content.sent import sent_texts
from wxbot.domain.official import Mention, MentionKind, Register, plain_number
from wxbot.errors import Problem

_CURES: dict[MentionKind, tuple[str, str]] = {
    "phone": ("电话", "确实是官方的，就写进 menus.yaml 的 contacts.phones 或 official.phones"),
    "address": ("邮箱", "确实是官方的，就写进 menus.yaml 的 contacts.emails 或 official.emails"),
    "link": ("链接", "确实是官方的，就把域名写进 menus.yaml 的 official.links"),
    "account": ("账号", "确实是官方的，就写进 menus.yaml 的 official.accounts"),
}


def register_of(content: MenusFile) -> Register:
    """Everything in the contact book is registered by standing there; so is the account's own name."""
    own = content.official or OfficialSection()
    book = content.contacts
    return Register(
        phones=frozenset(map(plain_number, [*(line.number for line in book.lines), *own.phones])),
        addresses=_lower([*(mailbox.address for mailbox in book.emails), *own.emails]),
        domains=_lower([*own.links, *(urlsplit(page.url).hostname or "" for page in book.pages)]),
        accounts=_lower([content.account.name, *own.accounts]),
        kept=content.official is not None,
    )


def problems_of(documents: Iterable[Document], register: Register) -> Iterator[Problem]:
    """What would reach followers without being registered; a warning a name while the operator keeps no register."""
    warned: set[str] = set()
    for document, loc, text in sent_texts(documents):
        for stranger in register.strangers(text):
            if not register.kept and stranger.text in warned:
                continue
            warned.add(stranger.text)
            what, cure = _CURES[stranger.kind]
            yield document.problem_within(
                loc,
                stranger.text,
                f"{what}「{_shown(stranger)}」没有登记为官方",
                cure,
                before=text.count(stranger.text, 0, stranger.start),
                severity="error" if register.kept else "warning",
            )


def _shown(mention: Mention) -> str:
    return mention.text if len(mention.text) <= 60 else f"{mention.text[:60]}…"


def _lower(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names if name)
