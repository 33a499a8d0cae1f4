"""What staff want to know of messages: those that have not got through."""

from collections.abc import Iterable

from wxbot.domain.outbound import Delivery


def troubles(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """
    The last that was heard of each, newest first; what has been released since is no trouble.

    deliveries: oldest first.
    """
    latest = {delivery.id: delivery for delivery in deliveries}
    waiting = [delivery for delivery in latest.values() if delivery.result != "released"]
    return sorted(waiting, key=lambda delivery: delivery.at, reverse=True)
