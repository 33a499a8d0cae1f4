"""Tickets, as followers open them."""

from collections.abc import Mapping
from dataclasses import replace

from wxbot.domain.dialogue.talk import Effects, Talk, speak
from wxbot.domain.flow import Form, Value
from wxbot.domain.ticket import TITLE_CHARACTERS, Event, Given, Ticket, TicketChange, TicketEntry, kept, new_number
from wxbot.domain.turn import Turn


def open_ticket(talk: Talk, form: Form, values: Mapping[str, Value]) -> Turn:
    """Make a ticket of a filled-in form and give the receipt. values: by field id, without what was skipped."""
    number = new_number(talk.new_id(), talk.now, talk.script.hours.zone)
    given = tuple(
        Given(field.id, field.name, value) for field in form.fields if isinstance(value := values.get(field.id), str)
    )
    title = (given[0].text if given else form.name)[:TITLE_CHARACTERS]
    ticket = Ticket(number, talk.inbound.user, form.id, form.type, title, talk.now, updated=talk.now)
    media = tuple(picture for value in values.values() if not isinstance(value, str) for picture in value)
    entry = TicketEntry(number, talk.now, "user", Event.OPENED, values=given, media=media)
    receipt = form.done.replace("{number}", number) or talk.say("ticket_opened", number=number)
    talk = replace(talk, session=replace(talk.session, tickets=kept(talk.session.tickets, ticket)))
    return speak(
        talk, "ticket_opened", receipt, effects=Effects(tickets=(TicketChange(ticket),), entries=(entry,)), misses=0
    )
