"""The script: everything operators wrote, validated and frozen. Adapters build it; the dialogue reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from wxbot.domain.account import CAPABILITIES, AccountType, Capability
from wxbot.domain.action import Action, Option
from wxbot.domain.contacts import Contacts
from wxbot.domain.flow import Form, Guide
from wxbot.domain.hours import Hours
from wxbot.domain.menu import Menu
from wxbot.domain.official import Register, mentions
from wxbot.domain.outbound import SpareWays
from wxbot.domain.promises import TicketRules
from wxbot.domain.rating import RatingRules
from wxbot.domain.reply import Part
from wxbot.domain.retention import Limits
from wxbot.domain.staffing import Staffing


@dataclass(frozen=True, slots=True)
class Condition:
    """open: whether it is service time, None for either. tier, region: of the follower, '' for any."""

    open: bool | None = None
    tier: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """Other parts for an answer, where the condition holds."""

    when: Condition
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One entry of `answers/`.

    phrasings: the question first, then the similar ones. exact: texts that always get this answer.
    smalltalk: greetings, thanks, abuse; answered, but never counted as help with a problem.
    related: ids offered as taps below the answer. variants: the first that holds is said instead of `parts`.
    """

    id: str
    category: str
    question: str
    parts: tuple[Part, ...]
    similar: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    smalltalk: bool = False
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Greeting:
    """
    What a follower is shown; options become tap links and numbers.

    tier, region: what coming by this way says about the follower, '' for nothing.
    """

    text: str
    options: tuple[Option, ...] = ()
    tier: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Welcome:
    """
    first, returning: on a first and on a repeated follow. closed: added outside service hours, '' for nothing.
    scenes: by the QR code's scene; a name ending in `*` fits every scene that starts so, the longest wins.
    """

    first: Greeting
    returning: Greeting | None = None
    closed: str = ""
    scenes: Mapping[str, Greeting] = field(default_factory=dict)

    def for_scene(self, scene: str) -> Greeting | None:
        """The greeting of this scene, if it has one of its own."""
        if scene in self.scenes:
            return self.scenes[scene]
        patterns = [name for name in self.scenes if name.endswith("*") and scene.startswith(name[:-1])]
        return self.scenes[max(patterns, key=len)] if patterns and scene else None


TicketDeed = Literal["show", "append", "nudge", "solved", "reopen"]
"""What a follower does with a ticket."""

LONGEST_WISH = 40
"""Characters up to which a text may be a wish with politeness around it."""


@dataclass(frozen=True, slots=True)
class Words:
    """
    Short texts with a fixed meaning, normalised. A text means it when it is one of them.

    human: asks for a person. leave: leaves the queue. browse: asks for the categories. contacts: asks for phone and
    e-mail. more: shows what is pending. anger, doubts: wherever they stand in a text, it is angry, or asks whether
    something is really ours.
    cancel, back, restart, resume, skip, done, send: steer a guide or form.
    unbind: gives up a bound account.
    tickets: asks for the own tickets. ticket_append, …: what to do with one; a number may stand before or behind.
    before, after: polite words around a wish that change nothing about it.
    """

    human: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()
    browse: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    anger: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()
    cancel: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    restart: frozenset[str] = frozenset()
    resume: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    send: frozenset[str] = frozenset()
    unbind: frozenset[str] = frozenset()
    tickets: frozenset[str] = frozenset()
    ticket_append: frozenset[str] = frozenset()
    ticket_nudge: frozenset[str] = frozenset()
    ticket_solved: frozenset[str] = frozenset()
    ticket_reopen: frozenset[str] = frozenset()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def wants_human(self, text: str) -> bool:
        return not self.human.isdisjoint(self._readings(text))

    def wants_contacts(self, text: str) -> bool:
        return not self.contacts.isdisjoint(self._readings(text))

    def has_doubts(self, text: str) -> bool:
        return any(word in text for word in self.doubts)

    def asks_of_ticket(self, text: str) -> TicketDeed | None:
        readings = self._readings(text)
        wishes: tuple[tuple[TicketDeed, frozenset[str]], ...] = (
            ("show", self.tickets),
            ("append", self.ticket_append),
            ("nudge", self.ticket_nudge),
            ("solved", self.ticket_solved),
            ("reopen", self.ticket_reopen),
        )
        return next((deed for deed, words in wishes if not readings.isdisjoint(words)), None)

    def wants_to_leave(self, text: str) -> bool:
        return not self.leave.isdisjoint(self._readings(text))

    def wants_to_cancel(self, text: str) -> bool:
        return not self.cancel.isdisjoint(self._readings(text))

    def sounds_angry(self, text: str) -> bool:
        return any(word in text for word in self.anger)

    def _readings(self, text: str) -> frozenset[str]:
        return _less_and_less_polite(text, self.before, self.after)


@lru_cache(maxsize=64)
def _less_and_less_polite(text: str, before: tuple[str, ...], after: tuple[str, ...]) -> frozenset[str]:
    """
    The text with ever more of the politeness around it taken off; a wish may itself end like one.

    Kept for a moment, because several rules ask for the same words, one after the other.
    """
    if len(text) > LONGEST_WISH:
        return frozenset((text,))
    fronts = [text]
    while fronts[-1].startswith(before):
        word = next(word for word in before if fronts[-1].startswith(word))
        fronts.append(fronts[-1][len(word) :])
    readings = []
    for reading in fronts:
        readings.append(reading)
        while reading.endswith(after):
            word = next(word for word in after if reading.endswith(word))
            reading = reading[: -len(word)]
            readings.append(reading)
    return frozenset(readings)


@dataclass(frozen=True, slots=True)
class Tier:
    """A kind of follower. tag: the WeChat tag that makes one, '' where only a QR code or a bound account does."""

    name: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """
    answers, categories: in the order of the files. texts: every wording by name, with `{placeholders}`.
    old_keys: click keys of earlier or foreign menus. agents: whether people answer here at all; staffing: how.
    notices: channels of staff by the name of the event; an event that is not named is told everywhere.
    guides, forms: by id. tiers: the first whose tag a follower carries is theirs.
    retention: how long what followers told us is kept.
    official: what is ours. report: what to offer to who asks about something that is not, None for nothing.
    """

    name: str = ""
    account_type: AccountType = AccountType.VERIFIED_SERVICE
    agents: bool = True
    staffing: Staffing = field(default_factory=Staffing)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    menu: Menu = field(default_factory=Menu)
    old_keys: Mapping[str, Action] = field(default_factory=dict)
    welcome: Welcome = field(default_factory=lambda: Welcome(Greeting("")))
    hours: Hours = field(default_factory=Hours)
    contacts: Contacts = field(default_factory=Contacts)
    tiers: tuple[Tier, ...] = ()
    guides: Mapping[str, Guide] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    words: Words = field(default_factory=Words)
    spare_ways: SpareWays = field(default_factory=SpareWays)
    ratings: RatingRules = field(default_factory=RatingRules)
    retention: Limits = field(default_factory=Limits)
    notices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    tickets: TicketRules = field(default_factory=TicketRules)
    official: Register = field(default_factory=Register)
    report: Action | None = None

    def can(self, capability: Capability) -> bool:
        return capability in CAPABILITIES[self.account_type]

    @property
    def has_people(self) -> bool:
        """Whether anybody answers here, at any hour."""
        return self.agents and self.can(Capability.AGENTS)

    def ours_only(self, text: str, theirs: str = "") -> str:
        """The text as it may be sent: nothing in it that is not registered as ours. theirs: words of its reader."""
        if not self.official.kept:
            return text
        known = self.official.admitting(mentions(theirs)) if theirs else self.official
        return known.cleared(text, self.texts["withheld"])

    def say(self, name: str, **values: object) -> str:
        """The wording of that name, filled in."""
        return self.texts[name].format_map({"name": self.name, **values})


def actions(script: Script) -> Iterator[Action]:
    """Everything that a tap can do by the operator's own wish, each as often as it is written."""
    welcome, menu = script.welcome, script.menu
    greetings = [welcome.first, *filter(None, [welcome.returning]), *welcome.scenes.values()]
    yield from (option.action for greeting in greetings for option in greeting.options)
    for buttons in (menu.buttons, *(conditional.buttons for conditional in menu.conditional)):
        for button in buttons:
            yield from (item.action for item in button.items or (button,) if item.action)
    yield from script.old_keys.values()
    for guide in script.guides.values():
        yield from (choice.action for step in guide.steps.values() for choice in step.choices if choice.action)
    if script.report:
        yield script.report
