"""A form that is checked by the operator's own system and makes the follower a known customer (product G)."""

from collections.abc import Mapping
from typing import Any

from wxbot.domain.binding import Binding
from wxbot.domain.dialogue.talk import Effects, Talk, speak
from wxbot.domain.flow import Form, Value
from wxbot.domain.job import Bind, Job
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn


def ask_to_bind(talk: Talk, form: Form, values: Mapping[str, Value]) -> Turn:
    """The end of such a form: the answer comes from another system, so it follows by itself. values: by field id."""
    given = {field: value for field, value in values.items() if isinstance(value, str) and value}
    errand = Job(talk.new_id(), Bind(talk.inbound.user, form.id, given))
    return speak(talk, "binding", talk.say("bind_checking"), effects=Effects(jobs=(errand,)))


def asked_to_unbind(talk: Talk) -> Turn | None:
    """Only who is bound means it."""
    if not talk.session.bound or talk.facts.text not in talk.script.words.unbind:
        return None
    return speak(talk, "unbound", talk.say("unbound"), bound=False, **_without_its_tier(talk.session))


def bound(talk: Talk, binding: Binding) -> Turn:
    """What the operator's system has said; where it names no tier, that of a tag or QR code stays."""
    if not binding.bound:
        return speak(talk, "bind_refused", binding.reason or talk.say("bind_refused"))
    told = talk.say("bind_tier", tier=binding.tier) if binding.tier else ""
    tier = {"tier": binding.tier, "tier_from": "binding"} if binding.tier else _without_its_tier(talk.session)
    region = binding.region or talk.session.region
    return speak(talk, "bound", talk.say("bound", tier=told), bound=True, region=region, **tier)


def _without_its_tier(session: Session) -> dict[str, Any]:
    """Changes of the session: a tier that a binding gave goes with it, and tags may give another."""
    return {"tier": "", "tier_from": "", "tags_at": 0} if session.tier_from == "binding" else {}


def bind_failed(talk: Talk) -> Turn:
    """The operator's system could not be asked."""
    return speak(talk, "bind_failed", talk.say("bind_failed"))
