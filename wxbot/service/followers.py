"""Errands that learn more about a follower."""

from functools import partial

from wxbot.domain.dialogue.tiers import tags_learned
from wxbot.domain.job import LearnTags
from wxbot.service.ports import Claimed
from wxbot.service.tools import Tools


def learn_tags(task: LearnTags, claimed: Claimed, tools: Tools) -> None:
    """Raises WeChatError and StoreUnavailable."""
    tags = tools.followers.tags_of(task.user)
    tools.changes.apply(task.user, claimed.job.id, partial(tags_learned, tags=tags))
