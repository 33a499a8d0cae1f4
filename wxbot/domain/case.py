"""A question with what should come of it, written by operators to try their content with."""

from dataclasses import dataclass

NONE = "none"
"""Expected where nothing should be answered."""
RULES = frozenset({"human", "browse", "phones"})
"""Expected of texts that the rules before the engine take."""
RESERVED = RULES | {NONE}


@dataclass(frozen=True, slots=True)
class Case:
    """
    ask: as a follower would type it. expect: ids of answers, or words of RESERVED; any one of them is right.
    suggest_ok: being suggested is enough. file, line: where it was written.
    """

    ask: str
    expect: tuple[str, ...]
    suggest_ok: bool = False
    file: str = ""
    line: int = 0
