"""What a check says."""

from dataclasses import dataclass
from typing import Literal

Mark = Literal["fine", "doubt", "fault"]
"""A doubt works, but deserves a look; a fault keeps followers from being served."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One line of the report, in Chinese.

    cure: one sentence that mends it, '' where all is well. page: of the back office where that is done, or ''.
    code: WeChat's errcode, None where it has not refused anything.
    """

    mark: Mark
    text: str
    cure: str = ""
    page: str = ""
    code: int | None = None


def fine(text: str) -> Finding:
    return Finding("fine", text)


def doubt(text: str, cure: str, page: str = "") -> Finding:
    return Finding("doubt", text, cure, page)


def fault(text: str, cure: str, page: str = "") -> Finding:
    return Finding("fault", text, cure, page)
