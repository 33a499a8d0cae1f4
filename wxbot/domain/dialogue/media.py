"""Pictures, voices and videos that belong to a ticket are saved before WeChat forgets them."""

from dataclasses import replace

from wxbot.domain.dialogue.talk import Talk
from wxbot.domain.job import Job, SaveMedia
from wxbot.domain.turn import Turn


def saving_media(talk: Talk, turn: Turn) -> Turn:
    """The turn with a job for each medium in what it adds to tickets; what is saved already needs none."""
    jobs = tuple(
        Job(talk.new_id(), SaveMedia(talk.inbound.user, medium, talk.now, ticket=entry.number))
        for entry in turn.entries
        for medium in entry.media
        if not medium.path
    )
    return replace(turn, jobs=turn.jobs + jobs) if jobs else turn
