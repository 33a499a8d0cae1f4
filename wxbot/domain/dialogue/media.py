"""Pictures, voices and videos: kept for what they belong to, and saved before WeChat forgets them."""

from collections.abc import Iterator
from dataclasses import replace

from wxbot.domain import message as m
from wxbot.domain.dialogue.talk import Talk, silent, speak
from wxbot.domain.job import Job, SaveMedia
from wxbot.domain.session import Loose
from wxbot.domain.ticket import Media
from wxbot.domain.turn import Turn

MOST_LOOSE = 9
"""As many as WeChat lets one pick at a time."""
BUNCH_S = 15
"""Seconds between pictures that were sent together: one answer is enough for them."""


def medium_of(talk: Talk) -> Media | None:
    """What was sent, as far as it may be kept: a voice that tells a secret may not."""
    match talk.inbound.content:
        case m.Image(media_id, url):
            return Media("image", media_id, url)
        case m.Voice(media_id) if not talk.warning:
            return Media("voice", media_id)
        case m.Video(media_id):
            return Media("video", media_id)
    return None


def spoken(talk: Talk) -> Talk:
    """What is said is treated as words; how it sounded goes along with the ticket that comes of it."""
    content, medium = talk.inbound.content, medium_of(talk)
    if medium and isinstance(content, m.Voice) and content.recognition and _can_belong(talk):
        return _with(talk, medium)
    return talk


def kept_media(talk: Talk) -> Turn | None:
    """A picture or voice before its words, or after them: it goes along with the next ticket or handoff."""
    content, medium = talk.inbound.content, medium_of(talk)
    if medium is None or (isinstance(content, m.Voice) and content.recognition) or not _can_belong(talk):
        return None
    before, kept = talk.session.loose, _with(talk, medium)
    if before and before[-1].media.kind == medium.kind and talk.now - before[-1].at <= BUNCH_S:
        return silent(kept, "media")
    return speak(kept, "media", talk.say("voice_kept" if medium.kind == "voice" else "media_kept"))


def saving_media(talk: Talk, turn: Turn) -> Turn:
    """The turn with a job for each medium in what it adds to tickets, drafts and handoffs; what is saved needs none."""
    turn = saving_reports(talk, turn)
    of_handoffs = tuple(_for_agents(talk, turn))
    if of_handoffs and turn.session:
        turn = replace(turn, session=replace(turn.session, loose=()))
    return _with_jobs(talk, turn, of_handoffs)


def saving_reports(talk: Talk, turn: Turn) -> Turn:
    """The same of tickets and drafts alone; what a draft holds is kept with the ticket that it resembles."""
    added = [(entry.number, entry.media) for entry in turn.entries]
    draft = turn.session.draft if turn.session else None
    if draft and draft != talk.session.draft:
        added.append((draft.like, draft.report.media))
    tasks = (
        SaveMedia(talk.inbound.user, medium, talk.now, ticket=number)
        for number, media in added
        for medium in media
        if not medium.path
    )
    return _with_jobs(talk, turn, tuple(tasks))


def _with_jobs(talk: Talk, turn: Turn, tasks: tuple[SaveMedia, ...]) -> Turn:
    jobs = tuple(Job(talk.new_id(), task) for task in tasks)
    return replace(turn, jobs=turn.jobs + jobs) if jobs else turn


def _for_agents(talk: Talk, turn: Turn) -> Iterator[SaveMedia]:
    """What was sent shortly before the request for a person, or while waiting for one."""
    handoff = turn.session.handoff if turn.session else None
    if handoff is None or talk.facts.degraded:
        return
    loose = turn.session.loose if turn.session else ()
    waiting = medium_of(talk) if turn.rule == "queued" else None
    known = [each.media for each in loose]
    for medium in (*known, *((waiting,) if waiting and waiting not in known else ())):
        yield SaveMedia(talk.inbound.user, medium, talk.now, handoff=handoff.id)


def _can_belong(talk: Talk) -> bool:
    """Whether there is anything that it could belong to; while the store is away nothing is kept."""
    return bool(talk.script.forms or talk.script.has_people) and not talk.facts.degraded


def _with(talk: Talk, medium: Media) -> Talk:
    loose = (*talk.session.loose, Loose(medium, talk.now))[-MOST_LOOSE:]
    return replace(talk, session=replace(talk.session, loose=loose))
