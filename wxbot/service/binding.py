"""One request to bind an account: ask the operator's system, tell the follower."""

import logging
from functools import partial

from wxbot.domain.dialogue.binding import bind_failed, bound
from wxbot.domain.job import Bind
from wxbot.errors import HookFailed
from wxbot.service.ports import Claimed
from wxbot.service.retries import Postponed, delay_s
from wxbot.service.tools import Tools

TRIES = 3
"""Within half a minute; then the follower hears that it did not work, for they are waiting."""

log = logging.getLogger(__name__)


def bind(task: Bind, claimed: Claimed, tools: Tools) -> None:
    """
    Raises:
        Postponed: the system could not be asked yet.
        StoreUnavailable
    """
    try:
        if tools.accounts is None:
            raise HookFailed("没有配置（BINDING_HOOK_URL）", delivered="no")
        binding = tools.accounts.bind(task.user, task.form, dict(task.values), id=claimed.job.id)
    except HookFailed as error:
        if tools.accounts and claimed.tries < TRIES:
            due = tools.clock() + delay_s(claimed.tries, tools.chance())
            raise Postponed(due, f"账号绑定接口{error}", tries=claimed.tries) from None
        log.error("job %s: account binding failed: %s", claimed.job.id, error)
        tools.changes.apply(task.user, claimed.job.id, bind_failed)
        return
    tools.changes.apply(task.user, claimed.job.id, partial(bound, binding=binding))
