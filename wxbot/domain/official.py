"""
The register of what is ours: phone numbers, addresses, links and accounts (product J).

Where the operator keeps one, the bot sends nothing of the kind that is not in it: `wxbot check` refuses such content,
and what staff and followers put into texts is cleared on its way out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

MentionKind = Literal["phone", "address", "link", "account"]

_TOP_LEVEL = (
    "com|cn|net|org|io|app|top|xyz|vip|cc|info|biz|me|shop|site|online|club|co|tv|mobi|edu|gov|hk|tw|ltd|link|wang|icu"
)
_MENTION = re.compile(
    r"(?P<address>[A-Za-z0-9_.+\-]+@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)"
    r"|(?:https?://|(?<![A-Za-z0-9_@.\-/]))(?P<link>(?:[A-Za-z0-9\-]+\.)+(?:" + _TOP_LEVEL + r"))(?![A-Za-z0-9\-])"
    r"(?::\d+)?(?:[/?#][!#-&(-;=?-~]*)?"
    r"|https?://(?P<host>[^\s/\"'<>:?#]+)[!#-&(-;=?-~]*"
    r"|(?<![A-Za-z0-9_.+/=\-])(?P<phone>"
    r"(?:(?:\+|00)?86[ \-]?)?(?:1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}"
    r"|[48]00[ \-]?\d{3}[ \-]?\d{4}|[48]00[ \-]?\d{4}[ \-]?\d{3}|0\d{2,3}[ \-]?\d{7,8})"
    r"|\+(?!86)\d(?:[ \-]?\d){6,14})(?![A-Za-z0-9_%]|\.\d)"
    r"|(?:拨打?|致电|电话|热线|专线|号码|来电)[^\d\n，。；]{0,6}(?P<short>9[56]\d{3,4}|1\d{2}|1[02]\d{3})(?![A-Za-z0-9_%]|\.\d)"
    r"|(?:公众号|服务号|订阅号|小程序|视频号|微信号|微博|抖音号?|QQ\s?群?号?)\s*[:：]?\s*"
    r"[「『“\"](?P<account>[^」』”\"\n]{1,30})[」』”\"]"
    r"|(?:微信号|QQ\s?群?号?)\s*[:：]\s*(?P<handle>[A-Za-z][\w\-]{4,19}|\d{5,12})"
)
_KINDS: dict[str, MentionKind] = {
    "address": "address", "link": "link", "host": "link", "phone": "phone", "short": "phone", "account": "account",
    "handle": "account",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """
    A way to reach somebody, named in a text.

    text: as written; of a link its host. start, end: of what is hidden where it may not be sent.
    """

    kind: MentionKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Register:
    """
    phones: as `plain_number` gives them. domains: with everything below them. All in lower case.

    kept: the operator keeps a register, so that what is not in it is not ours. Without one nothing is held back.
    """

    phones: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    kept: bool = False

    def __contains__(self, mention: Mention) -> bool:
        name = mention.text.lower()
        match mention.kind:
            case "phone":
                return plain_number(name) in self.phones
            case "address":
                return name in self.addresses or self._is_below(name.rpartition("@")[2])
            case "link":
                return self._is_below(name)
            case "account":
                return name in self.accounts

    def _is_below(self, host: str) -> bool:
        steps = host.split(".")
        return any(".".join(steps[at:]) in self.domains for at in range(len(steps)))

    def admitting(self, found: Iterable[Mention]) -> "Register":
        """With these in it too."""
        names: dict[MentionKind, set[str]] = {kind: set() for kind in get_args(MentionKind)}
        for mention in found:
            names[mention.kind].add(mention.text.lower())
        return replace(
            self,
            phones=self.phones | set(map(plain_number, names["phone"])),
            addresses=self.addresses | names["address"],
            domains=self.domains | names["link"],
            accounts=self.accounts | names["account"],
        )

    def strangers(self, text: str) -> tuple[Mention, ...]:
        """What the text names that is not registered."""
        return tuple(mention for mention in mentions(text) if mention not in self)

    def cleared(self, text: str, instead: str) -> str:
        """The text with `instead` where something was that is not ours."""
        pieces, at = [], 0
        for stranger in self.strangers(text):
            pieces += [text[at : stranger.start], instead]
            at = stranger.end
        return "".join([*pieces, text[at:]])


def mentions(text: str) -> Iterator[Mention]:
    """Every phone number, address, link and account that a text names, in order."""
    for match in _MENTION.finditer(text):
        group = match.lastgroup or ""
        whole = group in ("link", "host")
        start, end = match.span() if whole else match.span(group)
        yield Mention(_KINDS[group], match[group], start, end)


def plain_number(number: str) -> str:
    """A phone number by its digits, without the country's code and without an extension."""
    digits = re.sub(r"\D", "", re.split(r"[转,，*#]", number)[0])
    return digits.removeprefix("00").removeprefix("86") if len(digits) > 11 else digits
