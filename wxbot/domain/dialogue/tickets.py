"""What a follower does with tickets: open, look, add, urge, close, open again."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from wxbot.domain import message as m
from wxbot.domain.account import Capability
from wxbot.domain.action import Action, Option
from wxbot.domain.dialogue.drafts import decided, drafted
from wxbot.domain.dialogue.ratings import ticket_to_rate
from wxbot.domain.dialogue.talk import Talk, speak
from wxbot.domain.dialogue.ticket_steps import Step, addition, like, nudges_today, opened, taken, ticket_of
from wxbot.domain.dialogue.ticket_wording import (
    deeds_on,
    described,
    harmless,
    option_of,
    promise_in_words,
    report_of,
    state_of,
    tap_on,
)
from wxbot.domain.dialogue.wording import describe
from wxbot.domain.flow import Form, Value
from wxbot.domain.script import LONGEST_WISH, TicketDeed
from wxbot.domain.ticket import Attention, Draft, Event, Media, Report, State, Ticket, find_number
from wxbot.domain.turn import Turn

ATTENTION_S = 10 * 60
"""Seconds for which what is said goes to the ticket that was looked at; the wording says ten minutes."""
LISTED = 9
"""Tickets in one list, so that each can be picked by one digit."""


def open_ticket(talk: Talk, form: Form, values: Mapping[str, Value]) -> Turn:
    """
    The end of a form: a receipt, or the question whether it is about a problem that is reported already.

    values: by field id; what was skipped is left out or ''.
    """
    if talk.facts.degraded:
        return speak(talk, "degraded", talk.say("degraded"))
    talk, loose = _gathered(talk)
    report = report_of(form, values)
    report = replace(report, media=(*report.media, *loose))
    ticket = like(talk, report)
    if ticket is None:
        return open_report(talk, report)
    options = (tap_on(talk, ticket, "merge"), tap_on(talk, ticket, "another"))
    first, effects, changes = drafted(talk, report, ticket)
    words = talk.say("ticket_again", number=ticket.number, title=harmless(ticket.title))
    said = "\n\n".join(filter(None, (first, words)))
    return speak(talk, "ticket_again", said, options=options, effects=effects, misses=0, **changes)


def on_my_tickets(talk: Talk, target: str) -> Turn:
    """The action `my-tickets`, alone or with `<number>` or `<number>/<deed>` behind it."""
    if talk.facts.degraded:
        return speak(talk, "degraded", talk.say("degraded"))
    number, _, deed = target.partition("/")
    if not number:
        return _all(talk)
    ticket = ticket_of(talk, number)
    if ticket is None:
        return speak(talk, "ticket_unknown", talk.say("ticket_unknown", number=number[:12]), options=_way_to_all(talk))
    return _ON_DRAFT.get(deed, _DEEDS.get(deed, _show))(talk, ticket)


def asked_about_tickets(talk: Talk) -> Turn | None:
    """我的工单, a number, or a wish such as 催办 with or without one."""
    words = talk.script.words
    mention = find_number(talk.facts.text)
    if mention is None:
        deed = words.asks_of_ticket(talk.facts.text)
        return _on_some(talk, deed) if deed else None
    spoken = find_number(talk.inbound.words)
    if spoken and spoken.after and words.asks_of_ticket(mention.before) == "append":
        return _with_ticket(talk, mention.number, lambda talk, ticket: _add(talk, ticket, spoken.after))
    around = mention.before + mention.after
    deed = words.asks_of_ticket(around)
    if deed is None and len(around) > LONGEST_WISH:
        return None
    return on_my_tickets(talk, f"{mention.number}/{deed or 'show'}")


def sent_to_ticket(talk: Talk) -> Turn | None:
    """A picture, voice, video, place or link while a ticket is talked about."""
    ticket = _attended(talk)
    if ticket is None:
        return None
    match talk.inbound.content:
        case m.Image(media_id, url):
            return _add(talk, ticket, "", (Media("image", media_id, url),))
        case m.Voice(media_id, recognition=""):
            return _add(talk, ticket, "", (Media("voice", media_id),))
        case m.Video(media_id):
            return _add(talk, ticket, "", (Media("video", media_id),))
        case m.Link(title, url):
            return _add(talk, ticket, f"{title} {url}".strip())
        case m.Location():
            return _add(talk, ticket, describe(talk.inbound.content))
    return None


def said_to_ticket(talk: Talk) -> Turn | None:
    """
    Words while a ticket is talked about, unless they are surely something else.

    Who was asked for words of theirs is taken at them, unless these are mere politeness.
    """
    ticket, attention = _attended(talk), talk.session.attention
    # Why a mark was bad is no addition to a ticket.
    if ticket is None or attention is None or not talk.facts.text or talk.session.low:
        return None
    found = talk.facts.find(talk.inbound.words)
    if found.outcome == "answer" and (not attention.strict or talk.script.answers[found.ids[0]].smalltalk):
        return None
    return _add(talk, ticket, talk.inbound.words)


def open_report(talk: Talk, report: Report) -> Turn:
    """A ticket for it, and the receipt."""
    step = opened(talk, report)
    number, promise = step.ticket.number, promise_in_words(talk, step.ticket.due)
    form = talk.script.forms.get(report.form)
    # Operators' own words, which may hold any signs; only these two are filled in.
    own = form.done.replace("{number}", number).replace("{promise}", promise) if form else ""
    words = own or talk.say("ticket_opened", number=number, promise=promise)
    return _tell(step, "ticket_opened", words, attend=True)


def _all(talk: Talk) -> Turn:
    tickets, page = talk.session.tickets, _way_to_page(talk)
    if not tickets:
        return speak(talk, "ticket_none", talk.say("ticket_none"), options=page)
    words = talk.say("ticket_list")
    if len(tickets) > LISTED:
        words = talk.say("ticket_list_page" if page else "ticket_list_latest", count=LISTED)
    return speak(talk, "ticket_list", words, options=(*(option_of(talk, each) for each in tickets[:LISTED]), *page))


def _show(talk: Talk, ticket: Ticket) -> Turn:
    """How it is getting on; where more can be added, what is said next will be."""
    words, attention = described(talk, ticket), talk.session.attention
    if addition(ticket):
        words, attention = f"{words}\n\n{talk.say('ticket_hint')}", _attention(talk, ticket)
    return speak(talk, "ticket", words, options=deeds_on(talk, ticket), attention=attention, misses=0)


def _append(talk: Talk, ticket: Ticket) -> Turn:
    if addition(ticket) is None:
        return _cannot(talk, ticket)
    words = talk.say("ticket_append", number=ticket.number)
    return speak(talk, "ticket_append", words, attention=_attention(talk, ticket, strict=True), misses=0)


def _add(talk: Talk, ticket: Ticket, text: str, media: tuple[Media, ...] = ()) -> Turn:
    """Put words or a picture into the history; an answer, where one was asked for."""
    event = addition(ticket)
    if event is None:
        return _cannot(talk, ticket)
    talk, loose = _gathered(talk)
    step = taken(talk, ticket, event, "user", text, media=(*loose, *media))
    return _tell(step, "ticket_appended", _thanks(step, event, ticket), attend=True)


def _gathered(talk: Talk) -> tuple[Talk, tuple[Media, ...]]:
    """What was sent shortly before and belongs to nothing yet; from here on it does."""
    loose = tuple(each.media for each in talk.session.loose)
    return replace(talk, session=replace(talk.session, loose=())), loose


def _merge(talk: Talk, ticket: Ticket) -> Turn:
    """The draft is about the same problem; where that ticket takes nothing any more, it becomes another."""
    draft, event = _draft_like(talk, ticket), addition(ticket)
    if draft is None:
        return _show(talk, ticket)
    if event is None:
        return open_report(decided(talk), draft.report)
    step = taken(decided(talk), ticket, event, "user", report=draft.report)
    return _tell(step, "ticket_appended", _thanks(step, event, ticket), attend=True)


def _another(talk: Talk, ticket: Ticket) -> Turn:
    """The draft is about another problem."""
    draft = _draft_like(talk, ticket)
    return open_report(decided(talk), draft.report) if draft else _show(talk, ticket)


def _draft_like(talk: Talk, ticket: Ticket) -> Draft | None:
    """The draft that the follower was asked about with this ticket; another that came later has its own question."""
    draft = talk.session.draft
    return draft if draft and draft.like == ticket.number else None


def _nudge(talk: Talk, ticket: Ticket) -> Turn:
    if not ticket.can(Event.NUDGED):
        return _cannot(talk, ticket)
    today = nudges_today(talk, ticket)
    if len(today) >= talk.script.tickets.nudges:
        words = talk.say("ticket_nudged_enough", number=ticket.number, count=len(today))
        return speak(talk, "ticket_nudged_enough", words)
    step = taken(talk, ticket, Event.NUDGED, "user", nudges=(*today, talk.now))
    return _tell(step, "ticket_nudged", talk.say("ticket_nudged", number=ticket.number))


def _solved(talk: Talk, ticket: Ticket) -> Turn:
    if not ticket.can(Event.CONFIRMED):
        return _cannot(talk, ticket)
    step = taken(talk, ticket, Event.CONFIRMED, "user")
    return _tell(step, "ticket_confirmed", talk.say("ticket_confirmed", number=ticket.number))


def _reopen(talk: Talk, ticket: Ticket) -> Turn:
    if not ticket.can(Event.REOPENED):
        return _cannot(talk, ticket)
    step = taken(talk, ticket, Event.REOPENED, "user")
    promise = promise_in_words(talk, step.ticket.due)
    words = f"{talk.say('ticket_reopened', number=ticket.number, promise=promise)}\n{talk.say('ticket_hint')}"
    return _tell(step, "ticket_reopened", words, attend=True)


_DEEDS: Mapping[str, Callable[[Talk, Ticket], Turn]] = {
    "append": _append,
    "nudge": _nudge,
    "solved": _solved,
    "reopen": _reopen,
}
_ON_DRAFT: Mapping[str, Callable[[Talk, Ticket], Turn]] = {"merge": _merge, "another": _another}
_NEEDS: Mapping[TicketDeed, tuple[Event, ...]] = {
    "append": (Event.APPENDED, Event.ANSWERED),
    "nudge": (Event.NUDGED,),
    "solved": (Event.CONFIRMED,),
    "reopen": (Event.REOPENED,),
}


def _on_some(talk: Talk, deed: TicketDeed) -> Turn | None:
    """A wish without a number: the ticket that is meant, or the choice of those that may be."""
    if deed == "show":
        return on_my_tickets(talk, "") if talk.session.tickets or talk.script.forms else None
    fitting = [ticket for ticket in talk.session.tickets if any(map(ticket.can, _NEEDS[deed]))][:LISTED]
    if not fitting:
        return speak(talk, "ticket_none_fit", talk.say("ticket_none_fit")) if talk.session.tickets else None
    meant = _meant(talk, deed, fitting)
    if meant:
        return _DEEDS[deed](talk, meant)
    options = tuple(option_of(talk, ticket, deed) for ticket in fitting)
    return speak(talk, "ticket_which", talk.say("ticket_which"), options=options)


def _meant(talk: Talk, deed: TicketDeed, fitting: list[Ticket]) -> Ticket | None:
    """The one that is talked about; else the only one, though "解决了" may be said of anything but what we call so."""
    attended = _attended(talk)
    if attended in fitting:
        return attended
    if deed in ("solved", "reopen"):
        fitting = [ticket for ticket in fitting if ticket.state is State.RESOLVED]
    return fitting[0] if len(fitting) == 1 else None


def _with_ticket(talk: Talk, number: str, act: Callable[[Talk, Ticket], Turn]) -> Turn:
    ticket = None if talk.facts.degraded else ticket_of(talk, number)
    return act(talk, ticket) if ticket else on_my_tickets(talk, number)


def _attended(talk: Talk) -> Ticket | None:
    """The ticket that takes what is said, if there is one that can."""
    attention = talk.session.attention
    if attention is None or attention.until < talk.now:
        return None
    ticket = ticket_of(talk, attention.number)
    return ticket if ticket and addition(ticket) else None


def _attention(talk: Talk, ticket: Ticket, *, strict: bool = False) -> Attention:
    return Attention(ticket.number, talk.now + ATTENTION_S, strict)


def _thanks(step: Step, event: Event, before: Ticket) -> str:
    number = step.ticket.number
    if before.state is State.RESOLVED:
        promise = promise_in_words(step.talk, step.ticket.due)
        return step.talk.say("ticket_reopened", number=number, promise=promise)
    if event is Event.ANSWERED:
        return step.talk.say("ticket_answered", number=number)
    return step.talk.say("ticket_appended", number=number)


def _cannot(talk: Talk, ticket: Ticket) -> Turn:
    words = talk.say("ticket_cannot", number=ticket.number, state=state_of(talk, ticket))
    return speak(talk, "ticket_cannot", words, options=deeds_on(talk, ticket))


def _tell(step: Step, rule: str, words: str, *, attend: bool = False) -> Turn:
    """Say it, with the options of the ticket as it stands now."""
    talk, ticket, effects = step.talk, step.ticket, step.effects
    attention, options = _attention(talk, ticket) if attend else None, (tap_on(talk, ticket),)
    numbered = not ticket_to_rate(talk, effects.tickets)
    return speak(talk, rule, words, options=options, numbered=numbered, effects=effects, attention=attention, misses=0)


def _way_to_page(talk: Talk) -> tuple[Option, ...]:
    """Where the account may ask WeChat who looks at a page."""
    if not talk.facts.page or not talk.script.can(Capability.PAGE_LOGIN):
        return ()
    return (Option(talk.say("ticket_page_label"), Action("url", talk.facts.page)),)


def _way_to_all(talk: Talk) -> tuple[Option, ...]:
    return (Option(talk.say("ticket_all_label"), Action("my-tickets")),) if talk.session.tickets else ()
