"""A form that is checked by the operator's own system and makes the follower a known customer (product G)."""

from collections.abc import Mapping

from wxbot.domain.binding import Binding
from wxbot.domain.dialogue.talk import Effects, Talk, speak
from wxbot.domain.flow import Form, Value
from wxbot.domain.job import Bind, Job
from wxbot.domain.turn import Turn


def ask_to_bind(talk: Talk, form: Form, values: Mapping[str, Value]) -> Turn:
    """The end of such a form: the answer comes from another system, so it follows by itself. values: by field id."""
    given = {field: value for field, value in values.items() if isinstance(value, str) and value}
    errand = Job(talk.new_id(), Bind(talk.inbound.user, form.id, given))
    return speak(talk, "binding", talk.say("bind_checking"), effects=Effects(jobs=(errand,)))


def asked_to_unbind(talk: Talk) -> Turn | None:
    """Only who is bound means it."""
    if talk.session.tier_from != "binding" or talk.facts.text not in talk.script.words.unbind:
        return None
    return speak(talk, "unbound", talk.say("unbound"), tier="", tier_from="", tags_at=0)


def bound(talk: Talk, binding: Binding) -> Turn:
    """What the operator's system has said."""
    if not binding.bound:
        return speak(talk, "bind_refused", binding.reason or talk.say("bind_refused"))
    tier = talk.say("bind_tier", tier=binding.tier) if binding.tier else ""
    return speak(
        talk,
        "bound",
        talk.say("bound", tier=tier),
        tier=binding.tier,
        tier_from="binding",
        region=binding.region or talk.session.region,
    )


def bind_failed(talk: Talk) -> Turn:
    """The operator's system could not be asked."""
    return speak(talk, "bind_failed", talk.say("bind_failed"))
