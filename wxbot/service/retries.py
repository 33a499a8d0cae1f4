"""How often a job that failed is tried again, and after what time."""

MAX_TRIES = 8
FIRST_DELAY_S = 5.0
MAX_DELAY_S = 600.0


class LostJob(Exception):
    """The queue gave this job to another worker."""


class Postponed(Exception):
    """A handler asks for another run. due: unix seconds. tries: so far, as it counts them. The text says why."""

    def __init__(self, due: float, why: str, *, tries: int = 0) -> None:
        super().__init__(why)
        self.due, self.tries = due, tries


def delay_s(tries: int, chance: float) -> float:
    """Seconds until the next try: 5, 10, 20 … at most 600, less up to a fifth by chance (0..1)."""
    return float(min(MAX_DELAY_S, FIRST_DELAY_S * 2 ** (tries - 1))) * (1 - chance / 5)
