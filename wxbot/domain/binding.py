"""Whether a follower is a known customer, as the operator's own system says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Binding:
    """tier, region: as operators name them, '' for none. reason: why not, a sentence for the follower, or ''."""

    bound: bool
    tier: str = ""
    region: str = ""
    reason: str = ""
