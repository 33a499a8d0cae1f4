"""What of the files reaches followers."""

from collections.abc import Iterable, Iterator

from wxbot.adapters.content.document import Data, Document, Loc

_NOT_SENT = frozenset(
    {"official", "contacts", "question", "similar", "exact", "keywords", "vocabulary", "synonyms", "words", "picture"}
)
"""Keys whose texts never reach a follower, or are the register itself."""


def sent_texts(documents: Iterable[Document]) -> Iterator[tuple[Document, Loc, str]]:
    """Every text that may be sent, as it is written."""
    for document in documents:
        for loc, text in _sent(document.data, ()):
            yield document, loc, text


def _sent(data: Data, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(data, str):
        yield loc, data
    elif isinstance(data, dict):
        for key, piece in data.items():
            if key not in _NOT_SENT:
                yield from _sent(piece, (*loc, key))
    elif isinstance(data, list):
        for number, piece in enumerate(data):
            yield from _sent(piece, (*loc, number))
