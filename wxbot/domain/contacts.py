"""The contact book: how else we can be reached, and for whom each way is."""

from dataclasses import dataclass
from typing import Protocol

from wxbot.domain.hours import Hours


class ForWhom(Protocol):
    """Whose line it is; nothing named is for everybody."""

    @property
    def tiers(self) -> tuple[str, ...]: ...

    @property
    def regions(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Phone:
    """number: as shown. hours: as shown, in words. note: whom the line is for. service: when somebody answers it."""

    name: str
    number: str
    hours: str = ""
    note: str = ""
    service: Hours | None = None
    tiers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Email:
    """reply_time: as shown, in words."""

    name: str
    address: str
    reply_time: str = ""
    tiers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A community, a guide or another page of ours."""

    name: str
    url: str
    note: str = ""
    tiers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contacts:
    """no_phone: the operator declared that there is no phone line, and we say so."""

    phones: tuple[Phone, ...] = ()
    emails: tuple[Email, ...] = ()
    pages: tuple[Page, ...] = ()
    no_phone: bool = False

    def __bool__(self) -> bool:
        return bool(self.no_phone or self.ways)

    @property
    def ways(self) -> bool:
        """Whether there is any way at all."""
        return bool(self.phones or self.emails or self.pages)


def is_for(line: ForWhom, tier: str, region: str) -> bool:
    """Whether a follower should be shown this line; tier, region: '' while unknown, when all of them are shown."""
    return (not line.tiers or tier in ("", *line.tiers)) and (not line.regions or region in ("", *line.regions))
