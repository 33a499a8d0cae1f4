"""
One message, one turn.

`decide` asks an ordered tuple of small rules; the first that answers wins. The order is quoted, with its reasons, in
`docs/architecture.md`.
"""

from collections.abc import Callable
from dataclasses import replace

from wxbot.domain.dialogue.actions import picked, tapped_link, tapped_menu
from wxbot.domain.dialogue.agents import agent_event, in_queue, settle
from wxbot.domain.dialogue.arrivals import heard_of, unanswered, unfollowed, welcomed
from wxbot.domain.dialogue.binding import asked_to_unbind
from wxbot.domain.dialogue.contacts import asked_for_contacts
from wxbot.domain.dialogue.flows import asked_for_flow, in_flow
from wxbot.domain.dialogue.handover import asked_for_human, needs_human
from wxbot.domain.dialogue.held import release
from wxbot.domain.dialogue.keeping import placed, timed
from wxbot.domain.dialogue.media import kept_media, saving_media, spoken
from wxbot.domain.dialogue.questions import (
    answered,
    asked_to_browse,
    blank,
    more,
    not_words,
)
from wxbot.domain.dialogue.ratings import asked_to_rate, gave_reason, over, rated
from wxbot.domain.dialogue.safety import asked_if_official, shield
from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.dialogue.tickets import asked_about_tickets, said_to_ticket, sent_to_ticket
from wxbot.domain.dialogue.tiers import learning_tags
from wxbot.domain.facts import Facts
from wxbot.domain.message import Inbound
from wxbot.domain.quota import opened_by
from wxbot.domain.script import Script
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn

Rule = Callable[[Talk], Turn | None]

RULES: tuple[Rule, ...] = (
    unfollowed,
    agent_event,
    tapped_link,
    rated,
    in_queue,
    unanswered,
    welcomed,
    tapped_menu,
    in_flow,
    asked_about_tickets,
    sent_to_ticket,
    kept_media,
    not_words,
    more,
    picked,
    blank,
    asked_if_official,
    asked_for_human,
    needs_human,
    asked_for_flow,
    asked_to_unbind,
    asked_to_browse,
    asked_for_contacts,
    said_to_ticket,
    gave_reason,
)
"""In order of precedence; `answered` comes last and always has something to say."""


def decide(script: Script, session: Session, inbound: Inbound, facts: Facts) -> Turn:
    """
    What to do about one message. Pure: the same arguments give the same turn, and any text is legal.

    session: as stored, or a new one for a user we have not met.
    """
    talk = heard_of(Talk(script, session.fresh(facts.now), inbound, facts))
    talk = placed(spoken(shield(settle(talk))), session.mode)
    turns = (rule(talk) for rule in RULES)
    turn = next((turn for turn in turns if turn is not None), None) or answered(talk)
    turn = replace(timed(turn, talk, session.flow), window=opened_by(inbound))
    turn = saving_media(talk, release(talk, over(talk, asked_to_rate(talk, turn))))
    # Reports that WeChat sends by itself are no occasion.
    return turn if turn.rule == "quiet" else learning_tags(talk, turn)
