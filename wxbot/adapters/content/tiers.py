"""Tiers of followers, and whether the files mean the same ones."""

from collections.abc import Iterable, Iterator

from wxbot.adapters.content.document import Data, Document, Loc
from wxbot.adapters.content.format import TierSection
from wxbot.adapters.content.suggest import did_you_mean
from wxbot.domain.script import Tier
from wxbot.errors import Problem


def tiers_of(sections: Iterable[TierSection]) -> tuple[Tier, ...]:
    return tuple(Tier(section.name, section.tag) for section in sections)


def problems_of(documents: Iterable[Document], menus: Document, sections: list[TierSection]) -> Iterator[Problem]:
    """Where tiers are declared, each name that is used must be one of them; else any name will do."""
    names = [section.name for section in sections]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield menus.problem(("tiers", number, "name"), f"级别「{name}」写了两次", "请合并成一个")
    for document in documents if names else ():
        for loc, name in _named(document.data, ()):
            if name not in names:
                hint = did_you_mean(name, names) or f"menus.yaml 的 tiers 里有：{'、'.join(names)}"
                yield document.problem(loc, f"没有名为「{name}」的级别", hint, key=loc[-1] == name)


def _named(data: Data, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every tier that is named: `tier: x`, `tiers: [x]`, `tiers: {x: …}`."""
    pieces = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, piece in pieces:
        at = (*loc, step)
        if step == "tier" and isinstance(piece, str) and piece:
            yield at, piece
        elif step == "tiers" and loc:
            names = piece if isinstance(piece, list | dict) else ()
            yield from (
                ((*at, name if isinstance(piece, dict) else number), name)
                for number, name in enumerate(names)
                if isinstance(name, str)
            )
        else:
            yield from _named(piece, at)
