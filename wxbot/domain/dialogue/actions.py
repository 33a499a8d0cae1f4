"""What a tap does: the one vocabulary of actions, performed."""

from urllib.parse import unquote

from wxbot.domain import message as m
from wxbot.domain.action import Action, Option, parse_action
from wxbot.domain.dialogue.begun import Onward
from wxbot.domain.dialogue.contacts import contacts
from wxbot.domain.dialogue.forms import begin_form
from wxbot.domain.dialogue.guides import follow_guide
from wxbot.domain.dialogue.handover import ask_for_human
from wxbot.domain.dialogue.moves import move
from wxbot.domain.dialogue.ratings import with_helpful_taps
from wxbot.domain.dialogue.talk import NO_EFFECTS, Effects, Talk, speak
from wxbot.domain.dialogue.tickets import on_my_tickets
from wxbot.domain.dialogue.wording import link
from wxbot.domain.handoff import Reason
from wxbot.domain.hours import is_open
from wxbot.domain.menu import buttons_by_key
from wxbot.domain.reply import Part, TextPart
from wxbot.domain.script import Answer, Condition, Script
from wxbot.domain.session import Mode, Session
from wxbot.domain.turn import Turn

PAGE_OPTIONS = 6
"""Options of one page of a list; with the way on and back they stay within single digits."""

_FORGEABLE = frozenset({"answer", "browse", "guide", "ticket", "my-tickets", "human", "phones", "flow"})
"""What a tap id or an unknown key may ask for: public things only, never words of the sender's own choosing."""


def perform(talk: Talk, action: Action) -> Turn:
    """Do what an operator attached to a tap."""
    match action.kind:
        case "answer" if action.target in talk.script.answers:
            return give(talk, talk.script.answers[action.target], "answer")
        case "browse":
            return browse(talk, action)
        case "guide" | "ticket" | "flow":
            return _flow(talk, action)
        case "human":
            return ask_for_human(talk, _reason(talk), action.target)
        case "phones":
            return contacts(talk)
        case "my-tickets":
            return on_my_tickets(talk, action.target)
        case "say" if action.target:
            return speak(talk, "say", action.target)
        case "url" | "miniprogram":
            return speak(talk, "link", link(Option(talk.say("link_label"), action)))
    return gone(talk)


def _flow(talk: Talk, action: Action) -> Turn:
    """A guide or form, from its beginning or within."""
    match action.kind:
        case "guide":
            outcome = follow_guide(talk, action.target)
        case "ticket":
            outcome = begin_form(talk, action.target)
        case _:
            outcome = move(talk, action.target)
    if isinstance(outcome, Onward):
        return perform(outcome.talk, outcome.action)
    return outcome or gone(talk)


def _reason(talk: Talk) -> Reason:
    """Why a person was picked from what was offered: a bad mark that was given just now, or the offer itself."""
    return Reason.LOW_RATING if talk.session.low else Reason.MENU


def gone(talk: Talk) -> Turn:
    """What was picked is no more; a list that is still on the screen goes on to count."""
    if not talk.inbound.is_message:
        return speak(talk, "gone", talk.say("menu_gone"), options=_categories(talk.script))
    return speak(
        talk, "gone", talk.say("option_gone"), options=() if talk.session.options else _categories(talk.script)
    )


def give(talk: Talk, answer: Answer, rule: str, effects: Effects = NO_EFFECTS) -> Turn:
    """Say an answer and offer the related questions."""
    related = tuple(
        Option(talk.script.answers[name].question, Action("answer", name))
        for name in answer.related
        if name in talk.script.answers
    )
    parts = _parts_now(talk, answer)
    if answer.smalltalk:
        return speak(talk, "smalltalk", *parts, options=related, effects=effects)
    rateable = with_helpful_taps(talk, answer, parts)
    tried = (*(name for name in talk.session.tried if name != answer.id), answer.id)[-8:]
    return speak(
        talk,
        rule,
        *(_leading_to(talk.say("related"), rateable) if related else rateable),
        options=related,
        effects=effects,
        misses=0,
        topic=answer.id,
        tried=tried,
    )


def _parts_now(talk: Talk, answer: Answer) -> tuple[Part, ...]:
    """What the answer says to this follower at this hour."""
    return next((variant.parts for variant in answer.variants if _holds(talk, variant.when)), answer.parts)


def _holds(talk: Talk, when: Condition) -> bool:
    return (
        (when.open is None or when.open == is_open(talk.script.hours, talk.now))
        and when.tier in ("", talk.session.tier)
        and when.region in ("", talk.session.region)
    )


def _leading_to(lead: str, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The answer with the line that leads to the related questions, in one message with its last text."""
    *first, last = parts
    if isinstance(last, TextPart):
        return (*first, TextPart(f"{last.text.rstrip()}\n\n{lead}"))
    return (*parts, TextPart(lead))


def browse(talk: Talk, action: Action) -> Turn:
    """The categories, or one page of the questions in one of them."""
    names = talk.script.categories.get(action.target)
    if names is None:
        options = _categories(talk.script)
        return speak(talk, "browse", talk.say("browse" if options else "browse_empty"), options=options)
    start = (action.page - 1) * PAGE_OPTIONS
    page = names[start : start + PAGE_OPTIONS]
    options = tuple(Option(talk.script.answers[name].question, Action("answer", name)) for name in page)
    if names[start + PAGE_OPTIONS :]:
        options += (Option(talk.say("browse_next"), Action("browse", action.target, action.page + 1)),)
    options += (Option(talk.say("browse_back"), Action("browse")),)
    return speak(talk, "browse", talk.say("browse_category", category=action.target), options=options)


def _categories(script: Script) -> tuple[Option, ...]:
    return tuple(Option(name, Action("browse", name)) for name in script.categories)


def tapped_menu(talk: Talk) -> Turn | None:
    """A tap on the bottom menu; keys of earlier menus go on arriving for a day (protocol 5.3)."""
    match talk.inbound.content:
        case m.MenuClick(key) | m.ScanCode(key=key) | m.PicturesPicked(key=key) | m.LocationPicked(key=key):
            return perform(talk, _action_of_key(talk.script, key))
    return None


def _action_of_key(script: Script, key: str) -> Action:
    button = buttons_by_key(script.menu).get(key)
    known = (button and button.action) or script.old_keys.get(key)
    return known or _public(key) or Action("say")


def tapped_link(talk: Talk) -> Turn | None:
    """A tap link that names its action; while waiting for an agent it still gives information, and the wait goes on."""
    content = talk.inbound.content
    action = _public(unquote(content.tap_id)) if isinstance(content, m.Text) else None
    if action is None or (action.kind == "human" and talk.session.mode is Mode.QUEUED):
        return None
    return perform(talk, action)


def picked(talk: Talk) -> Turn | None:
    """An option typed as its number or its words, or tapped where the link could not name its action."""
    content = talk.inbound.content
    if not isinstance(content, m.Text):
        return None
    action = _chosen(talk.session, content.content.strip(), talk.facts.text)
    return perform(talk, action) if action else None


def is_number(text: str) -> bool:
    """Whether this looks like the number of an option."""
    return text.isascii() and text.isdigit() and len(text) < 3


def _public(text: str) -> Action | None:
    action = parse_action(text)
    return action if action and action.kind in _FORGEABLE else None


def _chosen(session: Session, words: str, text: str) -> Action | None:
    options = session.options
    if is_number(text) and 1 <= int(text) <= len(options):
        return options[int(text) - 1].action
    return next((option.action for option in options if option.label == words), None)
