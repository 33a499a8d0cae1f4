"""What can be found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One thing to answer with.

    question, similar: phrasings of users. keywords: words that speak for it when a question holds them.
    exact: texts that always get it. smalltalk: greetings, thanks, abuse, which compete among themselves.
    """

    id: str
    question: str
    similar: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    smalltalk: bool = False

    @property
    def phrasings(self) -> tuple[str, ...]:
        return (self.question, *self.similar)
