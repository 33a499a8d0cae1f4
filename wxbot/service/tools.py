"""What the handlers of jobs work with."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from wxbot.service.attic import Tidier
from wxbot.service.changes import Changes
from wxbot.service.gate import Gate
from wxbot.service.keeper import Keeper
from wxbot.service.ports import AccountBook, AgentsDesk, Clock, Followers, JobQueue, Notifier


@dataclass(frozen=True, slots=True)
class Tools:
    """
    What jobs are done with.

    accounts: None where no such system is configured.
    clock: unix seconds. sleep: takes seconds. chance: 0..1, spreads retries so that they do not come all at once.
    """

    queue: JobQueue
    gate: Gate
    followers: Followers
    changes: Changes
    agents: AgentsDesk
    notifier: Notifier
    keeper: Keeper
    tidier: Tidier
    clock: Clock = time.time
    sleep: Callable[[float], object] = time.sleep
    chance: Callable[[], float] = random.random
    accounts: AccountBook | None = None
