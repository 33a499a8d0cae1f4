"""Which kind of follower this is, by QR code, WeChat tag or bound account (product G)."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from wxbot.domain.account import Capability
from wxbot.domain.dialogue.talk import Talk, silent
from wxbot.domain.job import Job, LearnTags
from wxbot.domain.session import Session
from wxbot.domain.turn import Turn

TAGS_S = 24 * 3600
"""Seconds for which the tags of a follower count as known."""


def tier_by_scene(session: Session, tier: str) -> dict[str, Any]:
    """Changes of the session: what a QR code says counts until WeChat or the operator's own system says more."""
    return {"tier": tier, "tier_from": "scene"} if tier and session.tier_from in ("", "scene") else {}


def learning_tags(talk: Talk, turn: Turn) -> Turn:
    """The turn, and the errand to ask WeChat for the follower's tags, where tiers depend on them and it is time."""
    session = turn.session
    by_tags = any(tier.tag for tier in talk.script.tiers) and talk.script.can(Capability.FOLLOWERS)
    if session is None or session.gone or talk.facts.degraded or not by_tags or talk.now - session.tags_at < TAGS_S:
        return turn
    errand = Job(talk.new_id(), LearnTags(talk.inbound.user))
    return replace(turn, session=replace(session, tags_at=talk.now), jobs=(*turn.jobs, errand))


def tags_learned(talk: Talk, tags: Collection[str]) -> Turn | None:
    """A follower who carries none of the tags loses the tier that a tag had given; a bound account stays above all."""
    session = talk.session
    if session.gone or session.tier_from == "binding":
        return None
    tier = next((tier.name for tier in talk.script.tiers if tier.tag and tier.tag in tags), "")
    if tier:
        return silent(talk, "tags", tier=tier, tier_from="tag")
    return silent(talk, "tags", tier="", tier_from="") if session.tier_from == "tag" else None
