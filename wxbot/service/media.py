"""The errand that saves what a follower sent."""

import logging
from dataclasses import replace

from wxbot.domain.job import SaveMedia
from wxbot.domain.ticket import MEDIA_S, Loss, Media
from wxbot.errors import FileTooBig, MediaUnavailable, UnfitMedia, WeChatError
from wxbot.service.keeper import Keeper, MediaSource, Saved
from wxbot.service.ports import Claimed
from wxbot.service.retries import MAX_TRIES, Postponed, delay_s
from wxbot.service.tools import Tools

EXPIRED = 40007
MENDABLE = (40013, 40125, 40164, 40243, 48004, 50002)
"""What is wrong with our account and not with the medium, say a whitelist: operators may yet put it right."""
HOURLY_S = 3600
"""Between tries once the usual ones have failed; WeChat has the file for three days."""

log = logging.getLogger(__name__)


def save_media(task: SaveMedia, claimed: Claimed, tools: Tools) -> None:
    """
    Save one medium, once however often this runs, or note why that is not possible.

    Raises:
        Postponed: it may be possible later.
    """
    keeper, id = tools.keeper, task.media.media_id
    known = keeper.records.saved([id]).get(id)
    if not keeper.records.is_wanted(task):
        return
    if known and known.media.path:
        if known.ticket and task.ticket not in ("", known.ticket):
            # Kept with a draft, while nobody knew which ticket it would belong to.
            keeper.records.note(replace(known, ticket=task.ticket))
        return
    now = int(tools.clock())
    try:
        saved = _saved(task, keeper, now)
    except (WeChatError, MediaUnavailable, UnfitMedia) as error:
        loss = _loss(error, now - task.sent)
        if not loss:
            raise Postponed(_due(claimed, tools), str(error), tries=min(claimed.tries, MAX_TRIES - 1)) from None
        log.warning("job %s: a medium is lost (%s): %s", claimed.job.id, loss, error)
        saved = Saved(task.user, replace(task.media, loss=loss), now, ticket=task.ticket, handoff=task.handoff)
    keeper.records.note(saved)
    if not keeper.records.is_wanted(task):
        # Its owner was erased while it was on its way.
        keeper.drop(saved)


def _saved(task: SaveMedia, keeper: Keeper, now: int) -> Saved:
    fit = keeper.check(task.media.kind, _content(task.media, keeper.source))
    path = keeper.shelf.put(fit.content, fit.suffix, task.media.media_id)
    media = replace(task.media, path=path, size=len(fit.content))
    return Saved(task.user, media, now, task.ticket, task.handoff)


def _content(media: Media, source: MediaSource) -> bytes:
    """By its id; a picture that cannot be had so has an address besides, also where the account may not ask."""
    try:
        return source.download(media.media_id)
    except FileTooBig:
        raise
    except WeChatError as error:
        if error.retryable or not media.url:
            raise
    return source.picture(media.url)


def _loss(error: Exception, age_s: int) -> Loss | None:
    """Why it is lost; None while it may be had later. age_s: since it was sent."""
    match error:
        case UnfitMedia():
            return "unfit"
        case FileTooBig():
            return "too-big"
        case WeChatError(retryable=False) if error.code not in MENDABLE:
            return "expired" if error.code == EXPIRED or age_s >= MEDIA_S else "refused"
    return "unreachable" if age_s >= MEDIA_S else None


def _due(claimed: Claimed, tools: Tools) -> float:
    wait_s = delay_s(claimed.tries, tools.chance()) if claimed.tries < MAX_TRIES - 1 else HOURLY_S
    return tools.clock() + wait_s
