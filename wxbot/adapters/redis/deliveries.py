"""How windows, deliveries and ratings lie in Redis; the commit and the ledger both write them."""

from collections.abc import Iterator

from wxbot.adapters.redis.keys import Keys
from wxbot.adapters.redis.scripts import Command
from wxbot.domain.outbound import Delivery
from wxbot.domain.quota import ALLOWANCES, Trigger, Window
from wxbot.domain.rating import Rating
from wxbot.service import retention
from wxbot.service.records import dump

TRIGGERS: tuple[Trigger, ...] = tuple(ALLOWANCES)


def opened(keys: Keys, user: str, window: Window | None) -> tuple[str, bytes, int]:
    """Key, value and lifetime of a window; no value where none is opened."""
    if window is None:
        return keys.window(user, TRIGGERS[0]), b"", 0
    return keys.window(user, window.trigger), written(window), ALLOWANCES[window.trigger].seconds


def close_windows(keys: Keys, user: str) -> Iterator[Command]:
    for trigger in TRIGGERS:
        yield "DEL", keys.window(user, trigger)


def written(window: Window) -> bytes:
    return b"%d %d" % (window.at, window.sent)


def read_window(trigger: Trigger, value: bytes) -> Window:
    at, sent = value.split()
    return Window(trigger, int(at), int(sent))


def note(keys: Keys, delivery: Delivery) -> Iterator[Command]:
    """What simply arrived is only counted: everything else may be asked about."""
    yield "HINCRBY", keys.delivered, f"{delivery.way or 'none'}:{delivery.result}", 1
    if delivery.result != "sent":
        oldest_ms = (delivery.at - retention.DELIVERIES_S) * 1000
        yield "XADD", keys.deliveries, "MINID", "~", oldest_ms, "*", "delivery", dump(delivery)


def note_rating(keys: Keys, rating: Rating, now: int) -> Command:
    oldest_ms = (now - retention.QUESTIONS_S) * 1000
    return "XADD", keys.ratings, "MINID", "~", oldest_ms, "*", "rating", dump(rating)
