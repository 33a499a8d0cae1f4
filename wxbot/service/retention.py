"""
How long the store keeps things, in seconds. What was promised (open handoffs, jobs, timers) has no such number.

Of what operators set limits for themselves (`wxbot.domain.retention`), the store keeps as much as they may ask for, and
the daily tidying goes by what they do ask for.
"""

from wxbot.domain.retention import BOUNDS

REPLY_S = 10 * 60
"""WeChat delivers again within seconds (protocol 3.1); this meets a delivery that was long on its way, too."""
CHANGE_S = 3 * 86400
"""As for a reply, of what was no message: a job is tried again for hours, and by an engineer's hand for days."""
SESSION_S = 180 * 86400
"""Since the last turn. Who comes back within half a year is a returning follower; later they start afresh."""
ERASED_S = 60 * 60
"""How long an erased session leaves its version behind: longer than a turn that began before it can take."""
_, CLOSED_HANDOFF_S = BOUNDS["handoffs"]
"""At most."""
_, QUESTIONS_S = BOUNDS["questions"]
"""At most; a season of them is what the quality loop usually looks at."""
STATS_S = 400 * 86400
"""A year can be compared with the one before, with a month's time to do so."""
PROGRESS_S = 3 * 86400
"""Nobody may be written to later than two days after their last message (protocol 4.4): no job is of use longer."""
DELIVERIES_S = 30 * 86400
"""A month back, one can say why somebody heard nothing."""
DRIVER_S = 86400
"""Longer than anybody sends in one go; it only keeps marks of users who went away from piling up."""
TEMPLATE_S = 2 * 86400
"""WeChat reports within seconds; later than this it will not."""
WORKER_S = 60
"""Workers beat every few seconds; one that was not heard of for so long is gone."""
ANNOUNCED_S = 15
"""Whoever publishes renews it several times a second; a publication that broke off is forgotten so soon."""
ANNOUNCED_ARCHIVE_S = 10 * 60
"""Longer than anybody waits for the processes to get ready."""
UNCLAIMED_S = 3 * 86400
"""Of a file that belongs to nothing yet: longer than a draft waits for the word that makes a ticket of it."""
TIDYING_S = 10 * 60
"""Longer than one batch can take; who tidies renews it after each."""
RUNNERS_S = 86400
"""Processes report every second; what is left of a deployment that was shut down goes."""
