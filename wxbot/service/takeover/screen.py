"""What the operator's register does not know must not come into the files: nothing of the kind may be sent."""

from collections.abc import Mapping

from wxbot.domain.official import Mention, MentionKind, Register
from wxbot.service.takeover.replies import Part, shortened

REGISTERED: Mapping[MentionKind, tuple[str, str]] = {
    "phone": ("电话", "phones"),
    "address": ("邮箱", "emails"),
    "link": ("链接", "links"),
    "account": ("账号", "accounts"),
}
"""By kind: its name, and the key of `official` that lists them."""


class Screen:
    """Compares texts with the register. met: what was not in it, each once."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.met: dict[tuple[MentionKind, str], Mention] = {}

    def objection(self, *texts: str) -> str:
        """Why these texts cannot be taken, with the cure, in Chinese; '' where they can."""
        found = {(one.kind, one.text.lower()): one for text in texts for one in self._strangers(text)}
        self.met = {**found, **self.met}
        names = "、".join(f"{REGISTERED[one.kind][0]}「{shortened(one.text)}」" for one in found.values())
        return f"{names}没有登记为官方。核对后登记进 menus.yaml 的 official，再手工补上" if found else ""

    def first_free(self, *texts: str) -> str:
        """The first of these that is not empty and names nobody else; the last one if need be."""
        return next((text for text in texts if text and not self._strangers(text)), texts[-1])

    def cleared(self, text: str) -> str:
        return self._register.cleared(text, "…")

    def _strangers(self, text: str) -> tuple[Mention, ...]:
        return self._register.strangers(text) if self._register.kept else ()


def words_of(part: Part) -> list[str]:
    """The texts of a part that followers see or open."""
    if isinstance(part, str):
        return [part]
    return [str(value) for name, value in part.get("article", {}).items() if name != "picture"]
